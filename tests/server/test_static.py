"""Scripts and styles: compressed once, cached and preloaded."""

import asyncio
import gzip
from pathlib import Path

import pytest
from server_fixtures import Answer, ask, asking
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from sourcing.server import routes, static
from sourcing.warehouse.snapshots import VARIABLE, Warehouse

SCRIPT = b"export const answer = 42;\n" * 500


class Files:
    """Stands in for Streamlit: sends files unchanged and records the requests."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.requests: list[tuple[str, str]] = []
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
        self.extra_headers: list[tuple[bytes, bytes]] = [
            (b"etag", b'"1"'),
            (b"cache-control", b"public"),
        ]
        for path in self.answers:
            self.write(path)

    def write(self, path: str) -> None:
        """Write the file of an address; what it holds is in `answers`."""
        file = self.folder / path.removeprefix("/static").lstrip("/")
        if path.startswith("/static/") and "missing" not in path:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del receive
        if scope["type"] != "http":
            self.requests.append((scope["type"], scope["path"]))
            await send({"type": "websocket.close", "code": 1000})
            return
        self.requests.append((scope["method"], scope["path"]))
        status, kind, body = self.answers[scope["path"]]
        headers = [
            (b"content-type", kind.encode()),
            (b"content-length", str(len(body)).encode()),
            *self.extra_headers,
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        half = len(body) // 2
        await send({"type": "http.response.body", "body": body[:half], "more_body": True})
        await send({"type": "http.response.body", "body": body[half:]})


@pytest.fixture
def streamlit(tmp_path: Path) -> Files:
    (tmp_path / "static").mkdir()
    return Files(tmp_path / "static")


@pytest.fixture
def app(streamlit: Files) -> static.CompressedStatic:
    return static.CompressedStatic(streamlit, streamlit.folder)


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
    assert streamlit.requests == [("GET", path)]


@pytest.mark.parametrize(
    "accepted", ["gzip", "br, gzip", "deflate,gzip;q=1.0", "gzip;q=1", "br;q=0.5, gzip"]
)
def test_clients_that_accept_gzip_get_it(app: static.CompressedStatic, accepted: str) -> None:
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
def test_other_requests_get_the_file_unchanged(
    app: static.CompressedStatic, streamlit: Files, headers: dict[str, str]
) -> None:
    ask(app, "/static/js/a.js", headers=GZIP)
    answer = ask(app, "/static/js/a.js", headers=headers)
    assert answer.body == SCRIPT
    assert "content-encoding" not in answer.headers
    assert len(answer.pieces) == 2
    assert len(streamlit.requests) == 2


@pytest.mark.parametrize("method", ["HEAD", "POST", "OPTIONS"])
def test_other_methods_are_passed_on(
    app: static.CompressedStatic, streamlit: Files, method: str
) -> None:
    for _ in range(2):
        answer = ask(app, "/static/js/a.js", method=method, headers=GZIP)
        assert "content-encoding" not in answer.headers
    assert streamlit.requests == [(method, "/static/js/a.js")] * 2


def test_websockets_are_passed_on(app: static.CompressedStatic, streamlit: Files) -> None:
    answer = ask(app, "/static/stream", kind="websocket", headers=GZIP)
    assert answer.raw == [{"type": "websocket.close", "code": 1000}]
    assert streamlit.requests == [("websocket", "/static/stream")]


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
def test_pages_errors_and_compressed_formats_are_never_cached(
    app: static.CompressedStatic, streamlit: Files, path: str
) -> None:
    status, kind, body = streamlit.answers[path]
    for _ in range(2):
        answer = ask(app, path, headers=GZIP)
        assert (answer.status, answer.body) == (status, body)
        assert answer.headers["content-type"] == kind
        assert "content-encoding" not in answer.headers
    assert len(streamlit.requests) == 2


def test_a_disconnect_does_not_truncate_the_file_for_others(tmp_path: Path) -> None:
    """Starlette stops sending when a reader disconnects; the file was once cached truncated."""
    (tmp_path / "a.js").write_bytes(SCRIPT * 100)
    app = static.CompressedStatic(
        Starlette(routes=[Mount("/static", StaticFiles(directory=tmp_path))]), tmp_path
    )
    ask(app, "/static/a.js", headers=GZIP, disconnects=True)
    answer = ask(app, "/static/a.js", headers=GZIP)
    assert gzip.decompress(answer.body) == SCRIPT * 100


def test_downloads_and_scripts_under_a_base_path(
    sample: Warehouse, monkeypatch: pytest.MonkeyPatch, streamlit: Files
) -> None:
    monkeypatch.setenv(VARIABLE, str(sample.folder))
    prefixed = Starlette(routes=routes.routes("/sources"))
    assert ask(prefixed, "/sources/download/shares.csv").status == 200
    assert ask(prefixed, "/download/shares.csv").status == 404
    streamlit.answers["/sources/static/a.js"] = (200, "text/javascript", SCRIPT)
    (streamlit.folder / "a.js").touch()
    app = static.CompressedStatic(streamlit, streamlit.folder, prefix="/sources/static/")
    answer = ask(app, "/sources/static/a.js", headers=GZIP)
    assert answer.headers["content-encoding"] == "gzip"


def test_an_error_is_not_cached(app: static.CompressedStatic, streamlit: Files) -> None:
    path = "/static/missing.js"
    assert ask(app, path, headers=GZIP).status == 404
    (streamlit.folder / "missing.js").touch()
    streamlit.answers[path] = (200, "text/javascript", SCRIPT)
    assert gzip.decompress(ask(app, path, headers=GZIP).body) == SCRIPT


def test_compressed_files_are_passed_on(app: static.CompressedStatic, streamlit: Files) -> None:
    streamlit.extra_headers = [(b"content-encoding", b"br")]
    answer = ask(app, "/static/js/a.js", headers=GZIP)
    assert answer.headers["content-encoding"] == "br"
    assert answer.body == SCRIPT


def test_two_files_are_not_mixed_up(app: static.CompressedStatic, streamlit: Files) -> None:
    streamlit.answers["/static/b.js"] = (200, "text/javascript", b"other")
    streamlit.write("/static/b.js")
    for _ in range(2):
        assert gzip.decompress(ask(app, "/static/b.js", headers=GZIP).body) == b"other"
        assert gzip.decompress(ask(app, "/static/js/a.js", headers=GZIP).body) == SCRIPT


SPELLINGS = [
    "/static/js/./a.js",
    "/static//js/a.js",
    "/static/js//a.js",
    "/static/js/../js/a.js",
    "/static/css/../js/a.js",
    "/static/js/a.js/",
    "/static/./js/./a.js",
    "/static/../static/js/a.js",
    "/static/js\\a.js",
]


@pytest.mark.parametrize("path", SPELLINGS)
def test_other_spellings_are_not_kept(
    app: static.CompressedStatic, streamlit: Files, path: str
) -> None:
    """Sixty spellings of one file once took 85 MB, and there is no end of spellings."""
    streamlit.answers[path] = (200, "text/javascript", SCRIPT)
    for _ in range(2):
        answer = ask(app, path, headers=GZIP)
        assert answer.body == SCRIPT
        assert "content-encoding" not in answer.headers
    assert app._compressed == {}


def test_one_file_under_many_names_is_kept_once(
    app: static.CompressedStatic, streamlit: Files
) -> None:
    """As on a disk that does not tell capitals apart."""
    for number in range(20):
        path = f"/static/js/name-{number}.js"
        (streamlit.folder / "js" / f"name-{number}.js").symlink_to(streamlit.folder / "js" / "a.js")
        (streamlit.folder / "js" / f"hard-{number}.js").hardlink_to(
            streamlit.folder / "js" / "a.js"
        )
        for name in (path, path.replace("name-", "hard-")):
            streamlit.answers[name] = (200, "text/javascript", SCRIPT)
            assert gzip.decompress(ask(app, name, headers=GZIP).body) == SCRIPT
    assert len(app._compressed) == 1


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../secret.js", "a\x00.js", "x" * 5000, "link.js", "js"]
)
def test_nothing_outside_the_folder_is_kept(
    app: static.CompressedStatic, streamlit: Files, name: str
) -> None:
    (streamlit.folder.parent / "secret.js").write_text("secret")
    (streamlit.folder / "link.js").symlink_to(streamlit.folder.parent / "secret.js")
    path = f"/static/{name}"
    streamlit.answers[path] = (200, "text/javascript", SCRIPT)
    assert ask(app, path, headers=GZIP).body == SCRIPT
    assert app._compressed == {}


def test_readers_who_come_together_wait_for_one_copy(
    app: static.CompressedStatic, streamlit: Files
) -> None:
    async def together() -> list[Answer]:
        return list(
            await asyncio.gather(*(asking(app, "/static/js/a.js", headers=GZIP) for _ in range(30)))
        )

    answers = asyncio.run(together())
    assert {gzip.decompress(answer.body) for answer in answers} == {SCRIPT}
    assert streamlit.requests == [("GET", "/static/js/a.js")]


def test_compression_is_the_same_every_time(streamlit: Files) -> None:
    first, second = (
        ask(
            static.CompressedStatic(streamlit, streamlit.folder), "/static/js/a.js", headers=GZIP
        ).body
        for _ in range(2)
    )
    assert first == second


def test_only_pages_have_preload_headers(streamlit: Files) -> None:
    app = static.Preloaded(streamlit, ["/static/js/a.js"])
    assert ask(app, "/").headers["link"] == "</static/js/a.js>; rel=modulepreload; crossorigin"
    assert ask(app, "/").body == streamlit.answers["/"][2]
    assert "link" not in ask(app, "/static/js/a.js").headers
    ask(app, "/stream", kind="websocket")
    assert streamlit.requests[-1] == ("websocket", "/stream")
