"""Addresses under `/download/`: tables as CSV, minutes and packages of meetings."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from sourcing.downloads import meeting_files, request, tables
from sourcing.errors import AccessError, FilterError, ReviewError, SourcingError
from sourcing.server.access import SIGNED, Access
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
    if table not in tables.TABLES:
        known = ", ".join(tables.TABLES)
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
    name = meeting_files.name_of(request.path_params["number"], request.path_params["kind"])
    try:
        if door.pairs(request, name):
            return _sentence("Minutes take no filters.", 400)
        body, kind = await run_in_threadpool(meeting_files.paper, Warehouse(default_path()), name)
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
    known = ", ".join(f"{table}.csv" for table in tables.TABLES)
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
    yield from request.csv(warehouse, table, pairs)


def _sentence(text: str, status: int) -> Response:
    return PlainTextResponse(text + "\n", status, headers={"X-Content-Type-Options": "nosniff"})


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
