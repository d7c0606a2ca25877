"""Addresses under `/download/`: tables as CSV, minutes and packages of meetings."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from sourcing.downloads import meeting_files, request, tables
from sourcing.errors import AccessError, FilterError, ReviewError, SourcingError, without_folders
from sourcing.server.access import SIGNED, Access
from sourcing.server.turns import InTurn, Turns, slices
from sourcing.warehouse.snapshots import Warehouse, default_path


@dataclass(frozen=True)
class Door:
    """Access to downloads. user_of: the claims of the signed-in user, from the cookies.

    turns: those in which downloads are made, one after the other where there are many.
    """

    access: Callable[[], Access] = Access
    user_of: Callable[[Mapping[str, str]], Mapping[str, Any]] = lambda _: {}
    turns: Turns = field(default_factory=Turns)

    def pairs(self, request: Request, table: str) -> list[tuple[str, str]]:
        """The parameters of a request. Raises AccessError if access to the table is denied."""
        pairs = request.query_params.multi_items()
        access = self.access()
        if not access.sign_in:
            return pairs
        if pairs and pairs[0][0] == SIGNED:
            if len(pairs) > 1:
                raise AccessError("A signed link takes no other filters.")
            return access.signed(pairs[0][1], table)
        if access.role(self.user_of(request.cookies)) is None:
            raise AccessError("Sign in, or use a link that the dashboard made for this table.")
        return pairs


async def download(request: Request, door: Door) -> ASGIApp:
    """`/download/<table>.csv?<filters>`: the CSV of a table, streamed when its turn comes.

    404 if the table is unknown; 403 if sign-in is configured and neither a signed link nor a
    session grants access; 400 if a filter cannot be used (a spreadsheet must not get other numbers
    than it asked for); 503 if there is no snapshot, or too many wait. Each answer is one sentence.
    """
    table = request.path_params["table"]
    try:
        pairs = door.pairs(request, table)
    except AccessError as error:
        return _sentence(str(error), 403)
    if table not in tables.TABLES:
        names = ", ".join(tables.TABLES)
        return _sentence(f"There is no table {table[:60]!r}. Tables: {names}.", 404)
    return InTurn(door.turns, lambda: _table(table, pairs))


async def _table(table: str, pairs: list[tuple[str, str]]) -> Response:
    try:
        pieces = await run_in_threadpool(_pieces, table, pairs)
    except FilterError as error:
        return _sentence(str(error), 400)
    except SourcingError as error:
        return _sentence(str(error), 503)
    return StreamingResponse(
        slices(pieces),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{table}.csv"',
            "Cache-Control": "private, no-cache",
            "X-Content-Type-Options": "nosniff",
        },
    )


async def paper(request: Request, door: Door) -> ASGIApp:
    """`/download/meeting-<number>.html` and `.zip`: the minutes and the package of a meeting.

    404 if there is no such meeting, 403 as for tables, 503 if there is no snapshot.
    """
    name = meeting_files.name_of(request.path_params["number"], request.path_params["kind"])
    try:
        if door.pairs(request, name):
            return _sentence("Minutes take no filters.", 400)
    except AccessError as error:
        return _sentence(str(error), 403)
    return InTurn(door.turns, lambda: _paper(name))


async def _paper(name: str) -> Response:
    try:
        body, kind = await run_in_threadpool(meeting_files.paper, Warehouse(default_path()), name)
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
    """Answer 404 for other addresses under `/download/`, for which Streamlit would serve a page."""
    name = request.path_params["rest"][:60]
    names = ", ".join(f"{table}.csv" for table in tables.TABLES)
    return _sentence(f"There is no download {name!r}. Downloads: {names}.", 404)


def _pieces(table: str, pairs: list[tuple[str, str]]) -> Iterator[bytes]:
    """The pieces of the CSV; the first is made at once, so errors are raised before any output."""
    pieces = _generate(table, pairs)
    first = next(pieces)

    def every() -> Iterator[bytes]:
        yield first
        yield from pieces

    return every()


def _generate(table: str, pairs: list[tuple[str, str]]) -> Iterator[bytes]:
    warehouse = Warehouse(default_path())
    for name in ("snapshot", "other_snapshot"):
        snapshot_id = next((value for key, value in pairs if key == name), None)
        if snapshot_id and snapshot_id not in warehouse.ids():
            raise FilterError(f"There is no snapshot {snapshot_id[:60]!r}.")
    yield from request.csv(warehouse, table, pairs)


def _sentence(text: str, status: int) -> Response:
    """A sentence for readers, who have nothing to do with the folders of the server."""
    told = without_folders(text, default_path(), Path.cwd())
    return PlainTextResponse(told + "\n", status, headers={"X-Content-Type-Options": "nosniff"})


def base_path(option: object) -> str:
    """The server's base path as a prefix of addresses: empty, or such as `/sources`."""
    base = str(option or "").strip("/")
    return f"/{base}" if base else ""


def routes(base: str = "", door: Door | None = None) -> list[Route]:
    """The download routes under the server's base path (empty, or such as `/sources`)."""
    guarded = door or Door()

    def by(make: Callable[[Request, Door], Awaitable[ASGIApp]]) -> Any:
        async def answer(request: Request) -> ASGIApp:
            return await make(request, guarded)

        return answer

    return [
        Route(f"{base}/download/{{table}}.csv", by(download), methods=["GET"]),
        Route(f"{base}/download/meeting-{{number:int}}.{{kind}}", by(paper), methods=["GET"]),
        Route(f"{base}/download/{{rest:path}}", no_download, methods=["GET"]),
    ]
