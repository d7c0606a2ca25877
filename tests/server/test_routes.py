"""The server's own routes: downloads, which equal exports, and their error responses."""

import re
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlencode

import pages_support
import pytest
import support
from server_fixtures import DOWNLOADS, Download, Pairs, ask
from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from etl import demo
from sourcing import csv_format
from sourcing.downloads import tables
from sourcing.server import routes
from sourcing.server.access import SIGNED, Access
from sourcing.warehouse.snapshots import VARIABLE, Warehouse

pytestmark = pytest.mark.slow

pytest_plugins = ("pages_fixtures", "server_fixtures")


# Downloads ----------------------------------------------------------------------------------------


def used(table: str, query: Pairs) -> Pairs:
    """A query without the filters that do not apply to the table, which would be refused."""
    names = tables.TABLES[table].filters | {"view", "weighting"}
    return [(name, value) for name, value in query if name in names]


def second(table: str) -> Pairs:
    """The second side, for tables of comparisons."""
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


@pytest.fixture(scope="module")
def small_corpus(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The made-up sources with few claims: for tests of what can be asked, not of the rows."""
    files = tmp_path_factory.mktemp("made-up")
    demo.make(files, sources=45, articles=150, claims=1_000, threads=2)
    return pages_support.loaded(tmp_path_factory.mktemp("small"), files, command="demo")


@pytest.mark.parametrize("table", support.OF_ONE_SNAPSHOT)
def test_a_filter_that_does_not_apply_to_a_table_is_refused(
    download: Download, small_corpus: Warehouse, table: str
) -> None:
    """Otherwise a reader would take the whole table for the filtered one."""
    for name, value in FILTERED:
        answer = download(small_corpus, table, [(name, value), *second(table)])
        if (name, value) in used(table, FILTERED):
            assert answer.status == 200
        else:
            assert answer.status == 400
            message = f"The table {table} cannot be filtered by {name}.\n"
            assert answer.body.decode() == message


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
    assert len(answer.pieces) >= 3  # the header, then batches of 2,048 rows
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


def test_formulas_in_the_data_are_escaped(download: Download, odd: Warehouse) -> None:
    assert b",'=1+1," in download(odd, "claims").body


@pytest.mark.parametrize(
    "table",
    ["nothing", "claims; DROP TABLE claims", "../shares", "<script>", "a" * 5000, "%00", ""],
)
def test_an_unknown_table_is_404(download: Download, sample: Warehouse, table: str) -> None:
    answer = download(sample, table)
    assert answer.status == 404
    if "/" not in table and table:  # else Starlette itself has no such route
        message = answer.body.decode()
        assert message.startswith(f"There is no table {table[:60]!r}. Tables: shares, ")
        assert message.count("\n") == 1
        assert len(message) < 120 + len(", ".join(tables.TABLES))
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("query", "start"),
    [
        ("source=no-such-source", "Unknown value 'source=no-such-source'. Values: mehr-news, "),
        ("colour=red", "Unknown filter 'colour'. Filters: source, "),
        ("since=2025-13", "Invalid value 'since=2025-13'. Write a month such as 2026-05."),
        ("since=2025-01%0A", r"Invalid value 'since=2025-01\n'."),
        ("since=2025-06&until=2025-01", "Cannot use 'since=2025-06': "),
        ("view=labels&view=labels", "Cannot use 'view=labels': view may be given only once."),
        ("source=%3Cscript%3E", "Unknown value 'source=<script>'."),
        ("source=" + "a" * 5000, "Unknown value 'source=aaa"),
        ("source=", "Unknown value 'source='."),
        ("of=mehr-news", "Unknown filter 'of'."),
    ],
)
def test_an_unknown_filter_is_400(
    download: Download, sample: Warehouse, query: str, start: str
) -> None:
    """A spreadsheet must not get other numbers than it requested."""
    answer = download(sample, "shares", query)
    assert answer.status == 400
    message = answer.body.decode()
    assert message.startswith(start)
    assert len(message) < 600
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("name", ["shares", "shares.csv/x", "shares.xlsx", "", "a/b", "a" * 500])
def test_an_unknown_download_is_404(name: str) -> None:
    """Streamlit would answer with a page, which a spreadsheet would read as data."""
    answer = ask(DOWNLOADS, f"/download/{name}")
    assert answer.status == 404
    message = answer.body.decode()
    assert message.startswith(f"There is no download {name[:60]!r}. Downloads: shares.csv, ")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("snapshot", ["20200101T000000Z-00000000", "x", "../../x", "a" * 5000])
def test_an_unknown_snapshot_is_400(download: Download, sample: Warehouse, snapshot: str) -> None:
    answer = download(sample, "shares", [("snapshot", snapshot)])
    assert answer.status == 400
    assert f"There is no snapshot {snapshot[:60]!r}" in answer.body.decode()


def test_an_empty_warehouse_is_503_with_a_fix(download: Download, warehouse: Warehouse) -> None:
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


def test_downloads_leave_no_file_open(
    download: Download, sample: Warehouse, tmp_path: Path
) -> None:
    """A snapshot that nobody reads can be pruned, on Windows too."""
    # A separate copy: other tests may have the sample open in this process.
    copied = Warehouse(Path(shutil.copytree(sample.folder, tmp_path / "copy")))
    for _ in range(3):
        download(copied, "claims")
    links = [item for item in Path("/proc/self/fd").iterdir() if item.is_symlink()]
    open_files = [str(item.readlink()) for item in links if item.exists()]
    assert str(copied.path(str(copied.current()))) not in open_files


# Signed links -------------------------------------------------------------------------------------

AUTH = {
    "redirect_uri": "https://sources.example/oauth2callback",
    "cookie_secret": "a long random text",
    "client_id": "dashboard",
    "client_secret": "known to both",
    "server_metadata_url": "https://provider.example/.well-known/openid-configuration",
}
VIC = {"is_logged_in": True, "email": "vic@lab.example"}


@pytest.mark.parametrize("name", ["shares.csv", "meeting-1.html", "meeting-1.zip"])
def test_a_signed_link_ends_while_the_server_runs(
    sample: Warehouse, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The configuration is read at each request, as it is by the server."""
    monkeypatch.setenv(VARIABLE, str(sample.folder))
    roles = {"viewer": ["@lab.example"]}

    def access() -> Access:
        return Access.of({"auth": AUTH, "roles": roles})

    app = Starlette(routes=routes.routes(door=routes.Door(access)))
    query = urlencode([(SIGNED, access().sign(name.removesuffix(".csv"), [], VIC))])
    assert ask(app, f"/download/{name}", query).status != 403
    roles["viewer"] = ["@desk.example"]
    answer = ask(app, f"/download/{name}", query)
    assert answer.status == 403
    sentence = "This link was made by vic@lab.example as viewer, and ended with that role."
    assert answer.body.decode().startswith(sentence)


# Scripts and styles -------------------------------------------------------------------------------

Body = Callable[[Scope, Receive, Send], Awaitable[None]]


def test_streamlit_names_its_scripts_by_their_content() -> None:
    """That is why they can be cached as long as the server runs."""
    import streamlit as st  # noqa: PLC0415

    folder = Path(st.__file__).parent / "static" / "static" / "js"
    names = [item.name for item in folder.glob("*.js")]
    assert names
    assert all(re.search(r"\.[\w-]{8,}\.js$", name) for name in names)


def test_odd_data_can_be_downloaded(download: Download, odd: Warehouse) -> None:
    for table in support.OF_ONE_SNAPSHOT:
        assert download(odd, table, second(table)).status == 200
    assert pages_support.IMAGE in download(odd, "claims").body.decode()
