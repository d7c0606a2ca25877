"""What the server answers beside Streamlit's pages: downloads, and its own scripts compressed.

Plain ASGI and Starlette; nothing here knows Streamlit.
"""

import asyncio
import gzip
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sourcing import frames, papers, requested
from sourcing.access import SIGNED, Access
from sourcing.errors import AccessError, FilterError, ReviewError, SourcingError
from sourcing.warehouse.snapshots import Warehouse, default_path


@dataclass(frozen=True)
class Door:
    """Who may have a download. user_of: the claims of who has signed in, by the cookies."""

    access: Callable[[], Access] = Access
    user_of: Callable[[Mapping[str, str]], Mapping[str, Any]] = lambda _: {}

    def pairs(self, request: Request, table: str) -> list[tuple[str, str]]:
        """What is asked for; raises AccessError where the asker may not have it."""
        pairs = request.query_params.multi_items()
        found = self.access()
        if not found.sign_in:
            return pairs
        if pairs and pairs[0][0] == SIGNED:
            if len(pairs) > 1:
                raise AccessError("A signed link takes no filters beside those inside it.")
            return found.signed(pairs[0][1], table)
        if found.role(self.user_of(request.cookies)) is None:
            raise AccessError("Sign in, or use a link that the dashboard made for this table.")
        return pairs


async def download(request: Request, door: Door) -> Response:
    """`/download/<table>.csv?<filters>`: the CSV of a table, streamed.

    404 where there is no such table, 403 where sign-in is configured and neither a signed link nor
    a session allows it, 400 where a filter does not exist (a spreadsheet must not get other numbers
    than it asked for), 503 where there is no snapshot; each with one sentence.
    """
    table = request.path_params["table"]
    try:
        pairs = door.pairs(request, table)
    except AccessError as error:
        return _sentence(str(error), 403)
    if table not in frames.TABLES:
        known = ", ".join(frames.TABLES)
        return _sentence(f"There is no table {table[:60]!r}. Tables: {known}.", 404)
    try:
        pieces = await run_in_threadpool(_pieces, table, pairs)
    except FilterError as error:
        return _sentence(str(error), 400)
    except SourcingError as error:
        return _sentence(str(error), 503)
    return StreamingResponse(
        pieces,
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{table}.csv"',
            "Cache-Control": "private, no-cache",
            "X-Content-Type-Options": "nosniff",
        },
    )


async def paper(request: Request, door: Door) -> Response:
    """`/download/meeting-<number>.html` and `.zip`: the minutes and the pack of a meeting.

    404 where there is no such meeting, 403 as for tables, 503 where its snapshot is gone.
    """
    name = papers.name_of(request.path_params["number"], request.path_params["kind"])
    try:
        if door.pairs(request, name):
            return _sentence("Minutes take no filters.", 400)
        body, kind = await run_in_threadpool(papers.paper, Warehouse(default_path()), name)
    except AccessError as error:
        return _sentence(str(error), 403)
    except (FilterError, ReviewError) as error:
        return _sentence(str(error), 404)
    except SourcingError as error:
        return _sentence(str(error), 503)
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(body, media_type=kind, headers=headers)


async def no_download(request: Request) -> Response:
    """Anything else under `/download/`, which Streamlit would answer with a page."""
    asked = request.path_params["rest"][:60]
    known = ", ".join(f"{table}.csv" for table in frames.TABLES)
    return _sentence(f"There is no download {asked!r}. Downloads: {known}.", 404)


def _pieces(table: str, pairs: list[tuple[str, str]]) -> Iterator[bytes]:
    """The pieces of the CSV; the first is made at once, so that errors come before any byte."""
    pieces = _generate(table, pairs)
    first = next(pieces)

    def every() -> Iterator[bytes]:
        yield first
        yield from pieces

    return every()


def _generate(table: str, pairs: list[tuple[str, str]]) -> Iterator[bytes]:
    warehouse = Warehouse(default_path())
    for name in ("snapshot", "other_snapshot"):
        wanted = next((value for found, value in pairs if found == name), None)
        if wanted and wanted not in warehouse.ids():
            raise FilterError(f"There is no snapshot {wanted[:60]!r}.")
    yield from requested.csv(warehouse, table, pairs)


def _sentence(text: str, status: int) -> Response:
    return PlainTextResponse(text + "\n", status, headers={"X-Content-Type-Options": "nosniff"})


class CompressedStatic:
    """Serve scripts and styles under /static/ compressed: once, then from memory.

    Streamlit sends them as they are, 7 MB for a first view. Their names contain a hash of their
    content, so what was compressed once holds as long as the server runs.
    """

    _TYPES = (b"javascript", b"text/css", b"application/json", b"image/svg")

    def __init__(self, app: ASGIApp, prefix: str = "/static/") -> None:
        self.app = app
        self.prefix = prefix
        self._kept: dict[str, tuple[list[tuple[bytes, bytes]], bytes]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request for a static file compressed, pass on everything else untouched."""
        if not self._is_ours(scope):
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        if path not in self._kept:
            answer = await self._ask(scope)
            if not self._may_keep(answer):
                for message in answer:
                    await send(message)
                return
            self._kept[path] = await run_in_threadpool(self._compress, answer)
        headers, body = self._kept[path]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _is_ours(self, scope: Scope) -> bool:
        if scope["type"] != "http" or scope["method"] != "GET":
            return False
        headers = dict(scope["headers"])
        accepted = headers.get(b"accept-encoding", b"").replace(b" ", b"").split(b",")
        return (
            scope["path"].startswith(self.prefix)
            and any(item == b"gzip" or item.startswith(b"gzip;q=1") for item in accepted)
            and b"range" not in headers
            and b"if-none-match" not in headers
        )

    async def _ask(self, scope: Scope) -> list[Message]:
        """The whole answer, also where the reader leaves: what is cut must not be kept."""
        answer: list[Message] = []

        async def wait() -> Message:
            await asyncio.Event().wait()
            return {"type": "http.disconnect"}

        async def take(message: Message) -> None:
            answer.append(message)

        await self.app(scope, wait, take)
        return answer

    def _may_keep(self, answer: list[Message]) -> bool:
        headers = dict(answer[0]["headers"])
        kind = headers.get(b"content-type", b"")
        return (
            answer[0]["status"] == 200
            and any(wanted in kind for wanted in self._TYPES)
            and b"content-encoding" not in headers
        )

    @staticmethod
    def _compress(answer: list[Message]) -> tuple[list[tuple[bytes, bytes]], bytes]:
        body = gzip.compress(b"".join(part.get("body", b"") for part in answer[1:]), 6, mtime=0)
        changed: dict[bytes, bytes] = {
            b"content-encoding": b"gzip",
            b"content-length": str(len(body)).encode(),
            b"vary": b"Accept-Encoding",
        }
        headers: list[tuple[bytes, bytes]] = [
            (name, value) for name, value in answer[0]["headers"] if name not in changed
        ]
        return headers + list(changed.items()), body


class Preloaded:
    """Name scripts that a page will ask for late in the header of the page itself.

    The browser then fetches them beside the first scripts, not after those have asked the server
    what to draw. paths: their addresses.
    """

    def __init__(self, app: ASGIApp, paths: Sequence[str]) -> None:
        self.app = app
        self._links = [
            (b"link", f"<{path}>; rel=modulepreload; crossorigin".encode()) for path in paths
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; pages get the header."""

        async def with_links(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"]
                if any(name == b"content-type" and b"html" in value for name, value in headers):
                    message = {**message, "headers": [*headers, *self._links]}
            await send(message)

        await self.app(scope, receive, with_links)


def base_path(option: object) -> str:
    """The server's own base path as addresses start with it: nothing, or `/sources`."""
    base = str(option or "").strip("/")
    return f"/{base}" if base else ""


def routes(base: str = "", door: Door | None = None) -> list[Route]:
    """The routes of ours, under the server's base path (nothing, or `/sources`)."""
    guarded = door or Door()

    async def answer(request: Request) -> Response:
        return await download(request, guarded)

    async def answer_paper(request: Request) -> Response:
        return await paper(request, guarded)

    return [
        Route(f"{base}/download/{{table}}.csv", answer, methods=["GET"]),
        Route(f"{base}/download/meeting-{{number:int}}.{{kind}}", answer_paper, methods=["GET"]),
        Route(f"{base}/download/{{rest:path}}", no_download, methods=["GET"]),
    ]
