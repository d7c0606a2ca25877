"""What the server answers beside pages: downloads equal to exports, scripts compressed once."""

import asyncio
import gzip
import re
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pages_support
import pytest
import support
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sourcing import csv_format
from sourcing.downloads import tables
from sourcing.server import routes, static
from sourcing.warehouse.snapshots import VARIABLE, Warehouse

pytest_plugins = "pages_fixtures"

Pairs = list[tuple[str, str]]


@dataclass
class Answer:
    """What came back from an application: the pieces of the body one by one."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    pieces: list[bytes] = field(default_factory=list)
    raw: list[Message] = field(default_factory=list)

    @property
    def body(self) -> bytes:
        return b"".join(self.pieces)


def ask(
    app: ASGIApp,
    path: str,
    query: str = "",
    method: str = "GET",
    headers: dict[str, str] | None = None,
    kind: str = "http",
    gone: bool = False,
) -> Answer:
    """Ask an ASGI application as a server does, on a loop of its own; `gone`: and leave at once."""
    answer = Answer()
    scope: Scope = {
        "type": kind,
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "path": path,
        "raw_path": quote(path).encode(),
        "query_string": query.encode(),
        "root_path": "",
        "scheme": "http",
        "server": ("localhost", 80),
        "client": ("localhost", 1),
        "headers": [(k.encode(), v.encode()) for k, v in (headers or {}).items()],
    }

    async def run() -> None:
        never = asyncio.Event()
        asked = False

        async def receive() -> Message:
            nonlocal asked
            if gone:
                return {"type": "http.disconnect"}
            if asked:
                await never.wait()
            asked = True
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            answer.raw.append(message)
            if message["type"] == "http.response.start":
                answer.status = message["status"]
                answer.headers = {k.decode(): v.decode() for k, v in message["headers"]}
            elif message["type"] == "http.response.body" and message.get("body"):
                answer.pieces.append(message["body"])

        await app(scope, receive, send)

    asyncio.run(run())
    return answer


# Downloads ----------------------------------------------------------------------------------------

Download = Callable[..., Answer]
DOWNLOADS = Starlette(routes=routes.routes())


@pytest.fixture
def download(monkeypatch: pytest.MonkeyPatch) -> Download:
    """Ask for the CSV of a table of a warehouse."""

    def asked(warehouse: Warehouse, table: str, query: Pairs | str = (), **more: Any) -> Answer:
        monkeypatch.setenv(VARIABLE, str(warehouse.folder))
        text = query if isinstance(query, str) else urlencode(query)
        return ask(DOWNLOADS, f"/download/{table}.csv", text, **more)

    return asked


def used(table: str, query: Pairs) -> Pairs:
    """A query without what plays no part in the table, which would be refused."""
    names = tables.TABLES[table].filters | {"view", "weighting"}
    return [(name, value) for name, value in query if name in names]


def second(table: str) -> Pairs:
    """What a comparison compares with."""
    return [("other_until", "2024-12")] if tables.TABLES[table].paired else []


FILTERED: Pairs = [
    ("source", "demo-harbour-post"),
    ("source", "demo-basin-watch"),
    ("genre", "news"),
    ("view", "attribution"),
    ("weighting", "article"),
    ("label", "unsourced"),
    ("search", "the"),
]


@pytest.mark.parametrize("query", [[], FILTERED, [("since", "2025-02"), ("state", "majority")]])
@pytest.mark.parametrize("table", support.OF_ONE_SNAPSHOT)
def test_a_download_is_the_export_byte_for_byte(
    download: Download, demo_corpus: Warehouse, table: str, query: Pairs
) -> None:
    query = used(table, query) + second(table)
    answer = download(demo_corpus, table, query)
    options = [item for name, value in query for item in (f"--{name.replace('_', '-')}", value)]
    exported = support.etl("export", table, "--warehouse", demo_corpus.folder, *options)
    assert exported.code == 0
    assert answer.status == 200
    assert answer.body == exported.out
    assert answer.body.startswith(csv_format.BOM)
    lines = answer.body.decode("utf-8-sig").split("\r\n")
    assert len(lines) > 1


@pytest.mark.parametrize("table", support.OF_ONE_SNAPSHOT)
def test_a_filter_that_plays_no_part_in_a_table_is_refused(
    download: Download, demo_corpus: Warehouse, table: str
) -> None:
    """Else a reader would take all for what he asked for."""
    for name, value in FILTERED:
        answer = download(demo_corpus, table, [(name, value), *second(table)])
        if (name, value) in used(table, FILTERED):
            assert answer.status == 200
        else:
            assert answer.status == 400
            said = f"The table {table} cannot be filtered by {name}.\n"
            assert answer.body.decode() == said


def test_headers_of_a_download(download: Download, sample: Warehouse) -> None:
    answer = download(sample, "shares")
    assert answer.headers == {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": 'attachment; filename="shares.csv"',
        "cache-control": "private, no-cache",
        "x-content-type-options": "nosniff",
    }


def test_a_head_request_has_no_body(download: Download, sample: Warehouse) -> None:
    answer = download(sample, "shares", method="HEAD")
    assert answer.status == 200
    assert answer.headers["content-disposition"] == 'attachment; filename="shares.csv"'


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_downloads_are_only_read(download: Download, sample: Warehouse, method: str) -> None:
    assert download(sample, "shares", method=method).status == 405


def test_a_long_table_comes_in_pieces(download: Download, demo_corpus: Warehouse) -> None:
    answer = download(demo_corpus, "labels")
    assert len(answer.pieces) >= 3  # the header, then batches of 20,000
    assert max(map(len, answer.pieces)) < len(answer.body)
    assert "content-length" not in answer.headers


def test_an_older_snapshot(download: Download, two_snapshots: Warehouse) -> None:
    new, old = two_snapshots.ids()
    before = download(two_snapshots, "shares", [("snapshot", old), ("source", "mehr-news")])
    args = ["--warehouse", two_snapshots.folder, "--source", "mehr-news"]
    assert before.body == support.etl("export", "shares", "--snapshot", old, *args).out
    assert f"{old}," in before.body.decode()
    now = download(two_snapshots, "shares", [("source", "mehr-news")])
    assert f"{new}," in now.body.decode()
    assert now.body != before.body


def test_formulas_of_the_data_are_made_harmless(download: Download, odd: Warehouse) -> None:
    assert b",'=1+1," in download(odd, "claims").body


@pytest.mark.parametrize(
    "table",
    ["nothing", "claims; DROP TABLE claims", "../shares", "<script>", "a" * 5000, "%00", ""],
)
def test_an_unknown_table_is_404_with_a_sentence(
    download: Download, sample: Warehouse, table: str
) -> None:
    answer = download(sample, table)
    assert answer.status == 404
    if "/" not in table and table:  # else Starlette itself has no such route
        said = answer.body.decode()
        assert said.startswith(f"There is no table {table[:60]!r}. Tables: shares, ")
        assert said.count("\n") == 1
        assert len(said) < 500
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("source=no-such-source", "source=no-such-source"),
        ("colour=red", "colour=red"),
        ("since=2025-13", "since=2025-13"),
        ("since=2025-01%0A", "since=2025-01"),
        ("since=2025-06&until=2025-01", "since=2025-06"),
        ("view=labels&view=labels", "view=labels"),
        ("source=%3Cscript%3E", "source=<script>"),
        ("source=" + "a" * 5000, "source=aaa"),
        ("source=", "source="),
        ("of=mehr-news", "of=mehr-news"),
    ],
)
def test_a_filter_that_does_not_exist_is_400(
    download: Download, sample: Warehouse, query: str, named: str
) -> None:
    """A spreadsheet must not get other numbers than it asked for."""
    answer = download(sample, "shares", query)
    assert answer.status == 400
    said = answer.body.decode()
    assert said.startswith("There is no ")
    assert named in said
    assert len(said) < 600
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("rest", ["shares", "shares.csv/x", "shares.xlsx", "", "a/b", "a" * 500])
def test_no_download_under_that_name_is_404(rest: str) -> None:
    """Streamlit would answer with a page, which a spreadsheet takes for data."""
    answer = ask(DOWNLOADS, f"/download/{rest}")
    assert answer.status == 404
    said = answer.body.decode()
    assert said.startswith(f"There is no download {rest[:60]!r}. Downloads: shares.csv, ")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("snapshot", ["20200101T000000Z-00000000", "x", "../../x", "a" * 5000])
def test_a_snapshot_that_is_not_there_is_named(
    download: Download, sample: Warehouse, snapshot: str
) -> None:
    answer = download(sample, "shares", [("snapshot", snapshot)])
    assert answer.status == 400
    assert f"There is no snapshot {snapshot[:60]!r}" in answer.body.decode()


def test_an_empty_warehouse_is_503_and_says_what_to_do(
    download: Download, warehouse: Warehouse
) -> None:
    answer = download(warehouse, "shares")
    assert answer.status == 503
    assert "python -m etl load data/sample" in answer.body.decode()
    assert not warehouse.folder.exists()


def test_a_broken_snapshot_is_503(download: Download, warehouse: Warehouse) -> None:
    name = "20260101T000000Z-00000000"
    warehouse.snapshots_folder.mkdir(parents=True)
    (warehouse.folder / "current").write_text(name)
    warehouse.path(name).write_bytes(b"no database" * 1000)
    answer = download(warehouse, "shares")
    assert answer.status == 503
    assert "cannot be read as a snapshot" in answer.body.decode()


def test_downloads_hold_no_file_open(download: Download, sample: Warehouse, tmp_path: Path) -> None:
    """A snapshot that nobody reads can be pruned, on Windows too."""
    # A copy of its own: other tests may have the sample open in this process.
    copied = Warehouse(Path(shutil.copytree(sample.folder, tmp_path / "copy")))
    for _ in range(3):
        download(copied, "claims")
    held = [str(item.readlink()) for item in Path("/proc/self/fd").iterdir() if item.is_symlink()
            and item.exists()]  # fmt: skip
    assert str(copied.path(str(copied.current()))) not in held


# Scripts and styles -------------------------------------------------------------------------------

SCRIPT = b"export const answer = 42;\n" * 500
Body = Callable[[Scope, Receive, Send], Awaitable[None]]


class Files:
    """Stands for Streamlit: sends files as they are, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.answers: dict[str, tuple[int, str, bytes]] = {
            "/static/js/a.js": (200, "text/javascript; charset=utf-8", SCRIPT),
            "/static/css/a.css": (200, "text/css; charset=utf-8", SCRIPT),
            "/static/data.json": (200, "application/json", b"[1]"),
            "/static/a.svg": (200, "image/svg+xml", b"<svg/>"),
            "/static/a.png": (200, "image/png", b"\x89PNG"),
            "/static/font.woff2": (200, "font/woff2", b"wOF2"),
            "/static/index.html": (200, "text/html", b"<!doctype html>"),
            "/static/missing.js": (404, "text/javascript", b"no"),
            "/static/broken.js": (500, "text/javascript", b"oh"),
            "/": (200, "text/html", b"<!doctype html>"),
            "/other/a.js": (200, "text/javascript", SCRIPT),
        }
        self.more: list[tuple[bytes, bytes]] = [(b"etag", b'"1"'), (b"cache-control", b"public")]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del receive
        if scope["type"] != "http":
            self.asked.append((scope["type"], scope["path"]))
            await send({"type": "websocket.close", "code": 1000})
            return
        self.asked.append((scope["method"], scope["path"]))
        status, kind, body = self.answers[scope["path"]]
        headers = [
            (b"content-type", kind.encode()),
            (b"content-length", str(len(body)).encode()),
            *self.more,
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        half = len(body) // 2
        await send({"type": "http.response.body", "body": body[:half], "more_body": True})
        await send({"type": "http.response.body", "body": body[half:]})


@pytest.fixture
def streamlit() -> Files:
    return Files()


@pytest.fixture
def app(streamlit: Files) -> static.CompressedStatic:
    return static.CompressedStatic(streamlit)


GZIP = {"accept-encoding": "gzip, deflate, br"}


@pytest.mark.parametrize(
    "path", ["/static/js/a.js", "/static/css/a.css", "/static/data.json", "/static/a.svg"]
)
def test_scripts_are_compressed_once(
    app: static.CompressedStatic, streamlit: Files, path: str
) -> None:
    first, second = (ask(app, path, headers=GZIP) for _ in range(2))
    assert gzip.decompress(first.body) == streamlit.answers[path][2]
    assert first.headers == {
        "content-type": streamlit.answers[path][1],
        "etag": '"1"',
        "cache-control": "public",
        "content-encoding": "gzip",
        "content-length": str(len(first.body)),
        "vary": "Accept-Encoding",
    }
    assert (second.status, second.headers, second.body) == (200, first.headers, first.body)
    assert streamlit.asked == [("GET", path)]


@pytest.mark.parametrize(
    "accepted", ["gzip", "br, gzip", "deflate,gzip;q=1.0", "gzip;q=1", "br;q=0.5, gzip"]
)
def test_who_takes_gzip_gets_it(app: static.CompressedStatic, accepted: str) -> None:
    answer = ask(app, "/static/js/a.js", headers={"accept-encoding": accepted})
    assert answer.headers["content-encoding"] == "gzip"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"accept-encoding": ""},
        {"accept-encoding": "br, deflate"},
        {"accept-encoding": "gzip;q=0"},
        {"accept-encoding": "identity"},
        GZIP | {"range": "bytes=0-9"},
        GZIP | {"if-none-match": '"1"'},
    ],
    ids=str,
)
def test_who_asks_otherwise_gets_the_file_as_it_is(
    app: static.CompressedStatic, streamlit: Files, headers: dict[str, str]
) -> None:
    ask(app, "/static/js/a.js", headers=GZIP)
    answer = ask(app, "/static/js/a.js", headers=headers)
    assert answer.body == SCRIPT
    assert "content-encoding" not in answer.headers
    assert len(answer.pieces) == 2
    assert len(streamlit.asked) == 2


@pytest.mark.parametrize("method", ["HEAD", "POST", "OPTIONS"])
def test_other_methods_are_passed_on(
    app: static.CompressedStatic, streamlit: Files, method: str
) -> None:
    for _ in range(2):
        answer = ask(app, "/static/js/a.js", method=method, headers=GZIP)
        assert "content-encoding" not in answer.headers
    assert streamlit.asked == [(method, "/static/js/a.js")] * 2


def test_websockets_are_passed_on(app: static.CompressedStatic, streamlit: Files) -> None:
    answer = ask(app, "/static/stream", kind="websocket", headers=GZIP)
    assert answer.raw == [{"type": "websocket.close", "code": 1000}]
    assert streamlit.asked == [("websocket", "/static/stream")]


@pytest.mark.parametrize(
    "path",
    [
        "/static/a.png",
        "/static/font.woff2",
        "/static/index.html",
        "/static/missing.js",
        "/static/broken.js",
        "/",
        "/other/a.js",
    ],
)
def test_pages_errors_and_what_is_small_already_are_never_kept(
    app: static.CompressedStatic, streamlit: Files, path: str
) -> None:
    status, kind, body = streamlit.answers[path]
    for _ in range(2):
        answer = ask(app, path, headers=GZIP)
        assert (answer.status, answer.body) == (status, body)
        assert answer.headers["content-type"] == kind
        assert "content-encoding" not in answer.headers
    assert len(streamlit.asked) == 2


def test_a_reader_who_leaves_cuts_nothing_for_the_others(tmp_path: Path) -> None:
    """Starlette stops a file where the reader is gone; the rest of it was once missing for good."""
    (tmp_path / "a.js").write_bytes(SCRIPT * 100)
    app = static.CompressedStatic(
        Starlette(routes=[Mount("/static", StaticFiles(directory=tmp_path))])
    )
    ask(app, "/static/a.js", headers=GZIP, gone=True)
    answer = ask(app, "/static/a.js", headers=GZIP)
    assert gzip.decompress(answer.body) == SCRIPT * 100


def test_downloads_and_scripts_under_a_base_path(
    sample: Warehouse, monkeypatch: pytest.MonkeyPatch, streamlit: Files
) -> None:
    monkeypatch.setenv(VARIABLE, str(sample.folder))
    below = Starlette(routes=routes.routes("/sources"))
    assert ask(below, "/sources/download/shares.csv").status == 200
    assert ask(below, "/download/shares.csv").status == 404
    streamlit.answers["/sources/static/a.js"] = (200, "text/javascript", SCRIPT)
    app = static.CompressedStatic(streamlit, prefix="/sources/static/")
    answer = ask(app, "/sources/static/a.js", headers=GZIP)
    assert answer.headers["content-encoding"] == "gzip"


def test_an_error_now_does_not_stay_one(app: static.CompressedStatic, streamlit: Files) -> None:
    path = "/static/missing.js"
    assert ask(app, path, headers=GZIP).status == 404
    streamlit.answers[path] = (200, "text/javascript", SCRIPT)
    assert gzip.decompress(ask(app, path, headers=GZIP).body) == SCRIPT


def test_what_is_compressed_already_is_passed_on(
    app: static.CompressedStatic, streamlit: Files
) -> None:
    streamlit.more = [(b"content-encoding", b"br")]
    answer = ask(app, "/static/js/a.js", headers=GZIP)
    assert answer.headers["content-encoding"] == "br"
    assert answer.body == SCRIPT


def test_two_files_are_not_mixed_up(app: static.CompressedStatic, streamlit: Files) -> None:
    streamlit.answers["/static/b.js"] = (200, "text/javascript", b"other")
    for _ in range(2):
        assert gzip.decompress(ask(app, "/static/b.js", headers=GZIP).body) == b"other"
        assert gzip.decompress(ask(app, "/static/js/a.js", headers=GZIP).body) == SCRIPT


def test_compression_is_the_same_every_time(streamlit: Files) -> None:
    one, two = (
        ask(static.CompressedStatic(streamlit), "/static/js/a.js", headers=GZIP).body
        for _ in range(2)
    )
    assert one == two


def test_streamlit_names_its_scripts_by_their_content() -> None:
    """The ground for keeping them as long as the server runs."""
    import streamlit as st  # noqa: PLC0415

    folder = Path(st.__file__).parent / "static" / "static" / "js"
    names = [item.name for item in folder.glob("*.js")]
    assert names
    assert all(re.search(r"\.[\w-]{8,}\.js$", name) for name in names)


def test_a_page_names_what_it_will_ask_for_and_nothing_else_does(streamlit: Files) -> None:
    app = static.Preloaded(streamlit, ["/static/js/a.js"])
    assert ask(app, "/").headers["link"] == "</static/js/a.js>; rel=modulepreload; crossorigin"
    assert ask(app, "/").body == streamlit.answers["/"][2]
    assert "link" not in ask(app, "/static/js/a.js").headers
    ask(app, "/stream", kind="websocket")
    assert streamlit.asked[-1] == ("websocket", "/stream")


def test_odd_data_can_be_downloaded_whole(download: Download, odd: Warehouse) -> None:
    for table in support.OF_ONE_SNAPSHOT:
        assert download(odd, table, second(table)).status == 200
    assert pages_support.IMAGE in download(odd, "claims").body.decode()
