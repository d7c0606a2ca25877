"""The command line is a contract: commands, options, exit codes, what is printed where."""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from support import BASE, OF_ONE_SNAPSHOT, ROOT, SAMPLE, all_tables, ask, etl, load, loaded, write

from sourcing.codebook import FINDINGS, State
from sourcing.downloads import tables
from sourcing.reviews import Person, Reviews, Role, address_of, decisions, meetings
from sourcing.reviews.decisions import Decision
from sourcing.reviews.meetings import Plan
from sourcing.warehouse.contract import TABLES
from sourcing.warehouse.snapshots import VARIABLE, Warehouse, is_snapshot_id

REPORT = ["snapshot", "published", "files", "rejects", "claims", "findings", "seconds"]
MORE_IN_REPORT = ["message"]
FILE = ["file", "table", "rows_read", "rows_loaded", "duplicates", "rejected"]
MORE_IN_FILE = ["corrections", "unknown_columns"]
REJECT = ["file", "line", "column", "found", "expected"]
CLAIMS = ["all", "resolved", "open", "unlabelled", "tie", "not_a_claim"]
BAD_SOURCE = {"source_id": "t", "name": "T", "kind": "newspapr"}


@pytest.fixture
def one(warehouse: Warehouse, files: Path) -> Warehouse:
    """A warehouse with one snapshot."""
    loaded(warehouse, files, BASE)
    return warehouse


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    """Files with one row that is rejected, and one that is new."""
    rows = [BAD_SOURCE, {"source_id": "new", "name": "New"}]
    return write(tmp_path / "bad", {"sources": rows})


def assert_sentence(err: str, start: str = "Error: ") -> None:
    """One sentence on standard error, no traceback."""
    assert err.startswith(start)
    assert err.count("\n") == 1
    assert "Traceback" not in err
    assert err.rstrip().endswith((".", ")", "'"))


# load


def test_load_json(warehouse: Warehouse, files: Path) -> None:
    write(files, all_tables(sources=[BAD_SOURCE]))
    done = etl("load", files, "--warehouse", warehouse.folder, "--json")
    assert (done.code, done.err) == (0, "")
    report = json.loads(done.out)
    assert list(report) == REPORT + MORE_IN_REPORT
    assert [list(file) for file in report["files"]] == [FILE + MORE_IN_FILE] * 4
    assert report["files"][0] == {
        "file": str(files / "sources.csv"),
        "table": "sources",
        "rows_read": 2,
        "rows_loaded": 1,
        "duplicates": 0,
        "rejected": 1,
        "corrections": 0,
        "unknown_columns": [],
    }
    (reject,) = report["rejects"]
    assert list(reject) == REJECT
    assert (reject["line"], reject["column"], reject["found"]) == (3, "kind", "newspapr")
    assert list(report["claims"]) == CLAIMS
    assert report["claims"] == {
        "all": 1, "resolved": 1, "open": 0, "unlabelled": 0, "tie": 0, "not_a_claim": 0,
    }  # fmt: skip
    assert list(report["findings"]) == list(FINDINGS)
    assert report["findings"]["citation_missing"] == 1
    assert report["published"] is True
    assert report["snapshot"] == warehouse.current()
    assert report["seconds"] > 0


def test_load_in_words(warehouse: Warehouse, files: Path) -> None:
    write(files, all_tables(sources=[BAD_SOURCE]))
    done = etl("load", files, "--warehouse", warehouse.folder)
    assert (done.code, done.err) == (0, "")
    assert "sources.csv: sources, 2 rows read = 1 loaded + 0 duplicates + 1 rejected" in done.text
    assert "line 3, column kind: found 'newspapr', expected one of: news_agency" in done.text
    assert "1 claims: 1 resolved, 0 open (0 unlabelled, 0 tied), 0 not a claim" in done.text
    assert f"Published snapshot {warehouse.current()}. (" in done.text


def test_load_several_paths(warehouse: Warehouse, files: Path) -> None:
    write(files / "1", {"sources": BASE["sources"]})
    write(files / "2", {"articles": BASE["articles"]})
    done = etl(
        "load", files / "1" / "sources.csv", files / "2", "--warehouse", warehouse.folder, "--json"
    )
    assert [file["table"] for file in json.loads(done.out)["files"]] == ["sources", "articles"]


def test_load_twice_says_that_nothing_is_new(one: Warehouse, files: Path) -> None:
    done = etl("load", files, "--warehouse", one.folder, "--json")
    report = json.loads(done.out)
    assert (done.code, report["published"], report["snapshot"]) == (0, False, one.current())
    assert report["message"].startswith("Nothing new")


def test_load_of_a_header_alone_says_so(warehouse: Warehouse, tmp_path: Path) -> None:
    file = tmp_path / "claims.csv"
    file.write_text("claim_id,article_id,claim\n")
    done = etl("load", file, "--warehouse", warehouse.folder, "--json")
    report = json.loads(done.out)
    assert (done.code, report["published"], report["snapshot"]) == (0, False, None)
    assert report["message"].startswith("The files hold no rows")


def test_load_check(one: Warehouse, bad: Path) -> None:
    before = one.current()
    done = etl("load", bad, "--warehouse", one.folder, "--check", "--json")
    report = json.loads(done.out)
    assert (done.code, done.err) == (0, "")
    assert (report["published"], report["snapshot"]) == (False, before)
    assert report["files"][0]["rows_loaded"] == 1
    assert one.ids() == [before]
    assert ask(one, "SELECT count(*) FROM sources") == [(1,)]
    assert (
        "Dry run: nothing was published."
        in etl("load", bad, "--warehouse", one.folder, "--check").text
    )


def test_the_rejects_of_a_dry_run_are_all_shown(one: Warehouse, tmp_path: Path) -> None:
    """Nothing is published, so there is no table of them to look at."""
    rows = [{**BAD_SOURCE, "source_id": f"s{n}"} for n in range(30)]
    folder = write(tmp_path / "more", {"sources": rows})
    said = etl("load", folder, "--warehouse", one.folder, "--check").text
    assert said.count("sources.csv line ") == 30
    assert "rejected rows in all" not in said
    said = etl("load", folder, "--warehouse", one.folder).text
    assert said.count("sources.csv line ") == 10
    command = f"30 rejected rows in all: python -m etl export rejects --warehouse {one.folder}"
    assert command in said


@pytest.mark.parametrize("check", [[], ["--check"]])
def test_load_strict(check: list[str], one: Warehouse, bad: Path) -> None:
    before = one.current()
    done = etl("load", bad, "--warehouse", one.folder, "--strict", "--json", *check)
    assert done.code == 1
    assert_sentence(done.err, "Error: 1 rows were rejected and --strict was given")
    assert json.loads(done.out)["published"] is False
    assert one.ids() == [before]


def test_load_strict_without_rejects(warehouse: Warehouse, files: Path) -> None:
    write(files, BASE)
    assert etl("load", files, "--warehouse", warehouse.folder, "--strict").code == 0
    assert warehouse.current()


@pytest.mark.parametrize("content", [b"", b"\xff\xfea\0", b"a,b\n", b"source_id\n"])
def test_load_of_a_file_that_cannot_be_used(content: bytes, one: Warehouse, files: Path) -> None:
    before = one.current()
    (files / "sources.csv").write_bytes(content)
    done = etl("load", files, "--warehouse", one.folder, "--json")
    assert done.code == 1
    assert_sentence(done.err, f"Error: {files / 'sources.csv'}")
    report = json.loads(done.out)
    assert list(report) == REPORT + MORE_IN_REPORT
    assert (report["snapshot"], report["published"], report["files"]) == (before, False, [])
    assert done.err == f"Error: {report['message']}\n"
    assert one.current() == before
    assert etl("load", files, "--warehouse", one.folder).out == b""


def test_load_of_nothing(warehouse: Warehouse, files: Path) -> None:
    for path in (files, files / "x", "x" * 300):
        done = etl("load", path, "--warehouse", warehouse.folder)
        assert (done.code, done.out) == (1, b"")
        assert_sentence(done.err)
    assert not warehouse.folder.exists()


# publish, status, snapshots


def test_publish(one: Warehouse) -> None:
    before = one.current()
    done = etl("publish", "--warehouse", one.folder, "--json")
    report = json.loads(done.out)
    assert (done.code, done.err, list(report)) == (0, "", REPORT + MORE_IN_REPORT)
    assert report["published"]
    assert report["snapshot"] == one.current() != before
    assert "Published snapshot" in etl("publish", "--warehouse", one.folder).text


def test_warehouse_that_is_a_file(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    for arguments in (
        ["load", SAMPLE],
        ["status"],
        ["publish"],
        ["snapshots"],
        ["export", "cited"],
    ):
        for folder in (file, file / "below"):
            done = etl(*arguments, "--warehouse", folder)
            assert (done.code, done.out) == (1, b"")
            assert_sentence(done.err, f"Error: {folder}: ")
    assert file.read_text() == "x"


def test_publish_only_what_waits(
    one: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two people who press the button at once make one snapshot."""
    monkeypatch.setenv("SOURCING_REVIEWS_URL", f"sqlite:///{tmp_path}/review.db")
    command = ("publish", "--if-waiting", "--json", "--warehouse", one.folder)
    first = one.current()
    [claim] = ask(one, "SELECT claim_id FROM claims LIMIT 1")[0]
    for waits in (False, True, False):
        if waits:
            reviews = Reviews(address_of(one))
            decisions.record(reviews, Person("Ada", Role.ADMIN), Decision(claim, "sourced"), 0)
            reviews.close()
        before = one.ids()
        done = etl(*command)
        report = json.loads(done.out)
        assert (done.code, report["published"]) == (0, waits)
        assert report["snapshot"] == one.current()
        assert (one.ids() != before) == waits
    assert one.current() != first


def test_publish_of_nothing(warehouse: Warehouse) -> None:
    done = etl("publish", "--warehouse", warehouse.folder)
    assert (done.code, done.out) == (1, b"")
    assert_sentence(done.err)


def test_status(one: Warehouse) -> None:
    done = etl("status", "--warehouse", one.folder, "--json")
    found = json.loads(done.out)
    assert (done.code, done.err) == (0, "")
    assert found["snapshot"] == one.current()
    assert 0 <= found["age_seconds"] < timedelta(hours=1).total_seconds()
    assert datetime.fromisoformat(found["published_at"]).tzinfo
    assert [found[table] for table in TABLES] == [1, 1, 1, 0, 1]
    assert found["resolution"] == {**dict.fromkeys(State, 0), "not_a_claim": 0, "single": 1}
    assert found["findings"]["citation_missing"] == 1
    words = etl("status", "--warehouse", one.folder)
    assert (words.code, words.err) == (0, "")
    assert str(one.current()) in words.text
    assert "citation_missing: 1" in words.text


def test_status_of_nothing(warehouse: Warehouse) -> None:
    for arguments in (["status"], ["status", "--json"], ["export", "shares"]):
        done = etl(*arguments, "--warehouse", warehouse.folder)
        assert (done.code, done.out) == (1, b"")
        assert_sentence(done.err)
        assert "holds no snapshot yet" in done.err


def test_snapshots(one: Warehouse, bad: Path) -> None:
    first = one.current()
    load(one, bad)
    rows = json.loads(etl("snapshots", "--warehouse", one.folder, "--json").out)
    assert [row["snapshot"] for row in rows] == [one.current(), first]
    assert [(row["in_force"], row["pinned"]) for row in rows] == [(True, False), (False, False)]
    assert all(row["bytes"] > 10_000 for row in rows)
    words = etl("snapshots", "--warehouse", one.folder).text.splitlines()
    assert words[0].startswith(str(one.current()))
    assert words[0].endswith("in_force")
    assert re.fullmatch(rf"{first} +[\d,]+ bytes", words[1])


def test_snapshots_of_nothing(warehouse: Warehouse) -> None:
    done = etl("snapshots", "--warehouse", warehouse.folder)
    assert (done.code, done.out) == (0, b"")
    assert done.err.startswith("No snapshot yet. Load files first: ")
    assert json.loads(etl("snapshots", "--warehouse", warehouse.folder, "--json").out) == []


def test_pin_unpin_prune(one: Warehouse) -> None:
    current = one.current() or ""
    names = [f"202001{n:02d}T000000Z-00000000" for n in range(1, 25)]
    for name in names:
        shutil.copy(one.path(current), one.path(name))
    folder = ("--warehouse", one.folder)
    rows = json.loads(etl("snapshots", "--pin", names[0], "--json", *folder).out)
    assert [row["snapshot"] for row in rows if row["pinned"]] == [names[0]]
    done = etl("snapshots", "--prune", "--json", *folder)
    assert [row["snapshot"] for row in json.loads(done.out)] == [
        current, *names[:4:-1], names[0],
    ]  # fmt: skip
    assert [line.split()[0] for line in done.err.splitlines()] == ["Removed"] * 4
    done = etl("snapshots", "--unpin", names[0], "--prune", *folder)
    assert (done.code, done.err) == (0, f"Removed {names[0]}.\n")


def test_a_snapshot_of_a_meeting_does_not_go_without_a_word(
    one: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCING_REVIEWS_URL", f"sqlite:///{tmp_path}/review.db")
    name, folder = one.current() or "", ("--warehouse", one.folder)
    etl("snapshots", "--pin", name, *folder)
    reviews = Reviews(address_of(one))
    meetings.create(reviews, Person("Ada", Role.ADMIN), Plan("May", "2026-05-31", "Ada"), name)
    reviews.close()
    said = f"Meeting no. 1 (May) looks at {name}: without it its minutes have no shares."
    done = etl("snapshots", "--unpin", name, "--prune", *folder)
    assert (done.code, done.out) == (1, b"")
    assert_sentence(done.err, f"Error: {said} Nothing was changed.")
    assert one.pinned() == {name}
    done = etl("snapshots", "--unpin", name, *folder)
    assert done.code == 0
    assert done.err.startswith(said)
    assert not one.pinned()


@pytest.mark.parametrize("option", ["--pin", "--unpin"])
def test_pin_of_no_snapshot(option: str, one: Warehouse) -> None:
    for name in ("x", "../current", "20200101T000000Z-00000000"):
        done = etl("snapshots", option, name, "--warehouse", one.folder)
        assert (done.code, done.out) == (1, b"")
        assert_sentence(done.err, f"Error: There is no snapshot '{name}'")


# export


@pytest.mark.parametrize("table", OF_ONE_SNAPSHOT)
def test_export_to_output_and_to_a_file(table: str, sample: Warehouse, tmp_path: Path) -> None:
    second = ("--other-until", "2024-12") if tables.TABLES[table].paired else ()
    done = etl("export", table, "--warehouse", sample.folder, *second)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(b"\xef\xbb\xbf")
    assert done.out.endswith(b"\r\n")
    path = tmp_path / "out.csv"
    path.write_bytes(b"older")
    again = etl("export", table, "--warehouse", sample.folder, "--output", path, *second)
    assert (again.code, again.out, again.err) == (0, b"", "")
    assert path.read_bytes() == done.out
    assert [item.name for item in tmp_path.iterdir() if item.suffix != ""] == ["out.csv"]


COLUMNS = {
    "shares": "snapshot filters source_id source label claims resolved_claims open_claims articles "
    "share low high lowest highest coverage provisional_claims too_few applicable",
    "resolved": "claim_id label state basis attribution votes",
    "rejects": "snapshot filters file line column found expected row loaded_at",
    "findings": "snapshot filters rule claim_id article_id detail",
}


@pytest.mark.parametrize("table", COLUMNS)
def test_columns_of_exports(table: str, sample: Warehouse) -> None:
    text = etl("export", table, "--warehouse", sample.folder).text
    assert next(csv.reader(io.StringIO(text))) == COLUMNS[table].split()


def rows_of(*arguments: object) -> list[dict[str, str]]:
    done = etl("export", *arguments)
    assert (done.code, done.err) == (0, "")
    return list(csv.DictReader(io.StringIO(done.text, newline="")))


def test_export_claims_and_labels_hold_every_row(sample: Warehouse) -> None:
    claims = rows_of("claims", "--warehouse", sample.folder)
    assert len(claims) == 328
    assert {"claim_id", "label", "state", "basis", "attribution", "article_id", "source_id"} <= set(
        claims[0]
    )
    assert len(rows_of("labels", "--warehouse", sample.folder)) == 984


def test_export_of_an_older_snapshot(one: Warehouse, bad: Path) -> None:
    first = one.current()
    load(one, bad)
    folder = ("--warehouse", one.folder)
    assert len(rows_of("rejects", *folder)) == 1
    assert rows_of("rejects", *folder, "--snapshot", first) == []
    assert {row["snapshot"] for row in rows_of("shares", *folder, "--snapshot", first)} == {first}
    for name in ("x", "20200101T000000Z-00000000", "../current"):
        done = etl("export", "shares", *folder, "--snapshot", name)
        assert (done.code, done.out) == (1, b"")
        assert_sentence(done.err, f"Error: There is no snapshot '{name}'")


FILTERS = {
    "--source": "mehr-news",
    "--kind": "news_agency",
    "--genre": "opinion",
    "--origin": "unknown",
    "--language": "en",
    "--topic": "iran-iraq-war",
    "--state": "unanimous",
    "--basis": "model",
    "--label": "sourced",
    "--article": "seed-001",
    "--claim": "seed-000-c001",
    "--statement": "1988-ceasefire-with-iraq",
    "--search": "khomeini",
}
COLUMN_OF = {
    "--source": "source_id",
    "--kind": "source_kind",
    "--article": "article_id",
    "--claim": "claim_id",
    "--statement": "statement_id",
}


@pytest.mark.parametrize("option", FILTERS)
def test_every_filter_is_an_option(option: str, sample: Warehouse) -> None:
    value = FILTERS[option]
    every = rows_of("claims", "--warehouse", sample.folder)
    found = rows_of("claims", "--warehouse", sample.folder, option, value)
    column = COLUMN_OF.get(option, option.removeprefix("--"))
    if option == "--search":
        wanted = [row for row in every if value in row["claim"].lower()]
    else:
        wanted = [row for row in every if (row[column] or "unknown") == value]
    assert len(wanted) > 0
    assert [row["claim_id"] for row in found] == [row["claim_id"] for row in wanted]
    assert all(row["filters"] != "All." for row in found)


def test_filters_may_be_given_several_times(sample: Warehouse) -> None:
    found = rows_of(
        "claims", "--warehouse", sample.folder, "--label", "sourced", "--label", "contested"
    )
    assert {row["label"] for row in found} == {"sourced", "contested"}


def test_period_view_and_weighting_are_options(sample: Warehouse) -> None:
    folder = ("--warehouse", sample.folder)
    shares = rows_of("shares", *folder, "--view", "attribution", "--weighting", "article")
    assert {row["label"] for row in shares} == {"sourced", "self_cited", "unsourced"}
    assert shares[0]["filters"] == (
        "Each article counts the same; "
        "by attribution (contested claims under where they come from)."
    )
    dated = rows_of("claims", *folder, "--since", "2018-01", "--until", "2018-12")
    assert all(row["published"].startswith("2018") for row in dated)


@pytest.mark.parametrize(
    ("table", "options"),
    [
        ("shares", ["--source", "nobody"]),
        ("shares", ["--kind", "newspapr"]),
        ("shares", ["--since", "2018"]),
        ("shares", ["--since", "2018-13"]),
        ("shares", ["--until", "2018-01\n"]),
        ("shares", ["--since", "٢٠١٨-01"]),
        ("shares", ["--since", "2019-01", "--until", "2018-01"]),
        ("shares", ["--view", "x"]),
        ("shares", ["--weighting", "x"]),
        ("claims", ["--search", ""]),
        ("claims", ["--search", "x" * 201]),
        ("claims", ["--claim", "x" * 201]),
        ("shares", ["--label", "sourced"]),
        ("shares_by_month", ["--claim", "seed-000-c001"]),
        ("findings", ["--state", "single"]),
        ("articles", ["--topic", "iran-iraq-war"]),
        ("rejects", ["--since", "2018-01"]),
    ],
)
def test_filter_that_does_not_exist_or_play_a_part(
    table: str, options: list[str], sample: Warehouse, tmp_path: Path
) -> None:
    path = tmp_path / "out.csv"
    done = etl("export", table, "--warehouse", sample.folder, *options, "--output", path)
    assert (done.code, done.out) == (2, b"")
    assert "Error: " in done.err
    assert options[0].removeprefix("--") in done.err
    assert not path.exists()


def test_filter_values_that_are_odd_text(sample: Warehouse) -> None:
    for value in ("' OR 1=1 --", "%", '"', "\udcff", "a\0b", "'; DROP TABLE claims; --"):
        done = etl("export", "claims", "--warehouse", sample.folder, "--search", value)
        assert done.code in (0, 2), value
        assert len(done.text.splitlines()) <= 1


@pytest.mark.parametrize("place", ["nowhere/out.csv", "file/out.csv", "x" * 300, "."])
def test_output_that_cannot_be_written(
    place: str, sample: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("kept")
    monkeypatch.chdir(tmp_path)
    done = etl("export", "shares", "--warehouse", sample.folder, "--output", place)
    if place == ".":
        assert done.code == 2
    else:
        assert (done.code, done.out) == (1, b"")
        assert_sentence(done.err, f"Error: {place}: cannot be written (")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


# demo


def test_demo(tmp_path: Path) -> None:
    folder = tmp_path / "made up"
    sizes = ("--sources", 3, "--articles", 12, "--claims", 90, "--seed", 7)
    done = etl("demo", "--warehouse", folder, *sizes, "--json")
    assert done.code == 0
    report = json.loads(done.out)
    assert report["published"]
    assert report["claims"]["all"] == 90
    assert report["files"][0]["rejected"] == 0
    assert json.loads(etl("status", "--warehouse", folder, "--json").out)["made_up"] is True
    assert not (folder / "made-up").exists()


def test_demo_writes_files(tmp_path: Path) -> None:
    done = etl("demo", "--files", tmp_path / "x", "--sources", 2, "--articles", 4, "--claims", 20)
    assert (done.code, done.out) == (0, b"")
    assert {path.stem for path in (tmp_path / "x").glob("*.csv")} == set(TABLES)


def test_made_up_labels_are_never_mixed_with_real_ones(one: Warehouse) -> None:
    done = etl("demo", "--warehouse", one.folder, "--claims", 90, "--articles", 12, "--sources", 3)
    assert (done.code, done.out) == (1, b"")
    assert "never mixed" in done.err


def test_demo_where_nothing_can_be_written() -> None:
    for arguments in (["--warehouse", "/proc/x"], ["--files", "/proc/x"]):
        done = etl("demo", *arguments)
        assert (done.code, done.out) == (1, b"")
        assert_sentence(done.err.splitlines(keepends=True)[-1])


# usage, the environment, a real process


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nothing"],
        ["load"],
        ["load", "x", "--nothing"],
        ["load", "x", "--warehouse"],
        ["export"],
        ["export", "nothing"],
        ["export", "shares", "more"],
        ["status", "more"],
        ["snapshots", "--pin"],
        ["demo", "--claims", "0"],
        ["demo", "--sources", "many"],
        ["demo", "--sources", "5", "--articles", "3"],
    ],
)
def test_wrong_usage(arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = etl(*arguments)
    assert (done.code, done.out) == (2, b"")
    assert "Usage: " in done.err or done.err.startswith("Error: Option")
    assert "Traceback" not in done.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "command", ["", "load", "publish", "export", "status", "snapshots", "demo"]
)
def test_help(command: str) -> None:
    for flag in ("-h", "--help"):
        done = etl(*command.split(), flag)
        assert (done.code, done.err) == (0, "")
        assert done.text.startswith("Usage: ")


def test_the_warehouse_of_the_environment(
    one: Warehouse, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert etl("status").code == 1
    monkeypatch.setenv(VARIABLE, str(one.folder))
    assert str(one.current()) in etl("status").text
    assert etl("status", "--warehouse", tmp_path / "other").code == 1
    monkeypatch.setenv(VARIABLE, "")
    assert "data/warehouse holds no snapshot" in etl("status").err


def run(*arguments: object, **options: object) -> subprocess.CompletedProcess[bytes]:
    # Options go on as they come, of whatever type.
    return subprocess.run(  # type: ignore[call-overload,no-any-return]
        [sys.executable, "-m", "etl", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        timeout=120,
        check=False,
        **options,
    )


def test_a_real_process(tmp_path: Path) -> None:
    env = {**os.environ, VARIABLE: str(tmp_path / "warehouse")}
    done = run("load", SAMPLE, "--json", env=env)
    assert (done.returncode, done.stderr) == (0, b"")
    report = json.loads(done.stdout)
    assert is_snapshot_id(report["snapshot"])
    assert report["claims"] == {
        "all": 328, "resolved": 328, "open": 0, "unlabelled": 0, "tie": 0, "not_a_claim": 0,
    }  # fmt: skip
    refused = run("load", tmp_path / "x", env=env)
    assert (refused.returncode, refused.stdout) == (1, b"")
    assert_sentence(refused.stderr.decode())
    odd = run("load", b"\xff.csv".decode("utf-8", "surrogateescape"), env=env)
    assert odd.returncode == 1
    assert b"Traceback" not in odd.stderr
    assert run("export", "nothing", env=env).returncode == 2


def test_a_pipe_that_closes_early(sample: Warehouse) -> None:
    command = f"{sys.executable} -m etl export labels --warehouse {sample.folder} | head -c 9"
    done = subprocess.run(
        ["/bin/bash", "-c", command], cwd=ROOT, capture_output=True, timeout=120, check=False
    )
    assert (len(done.stdout), done.stderr) == (9, b"")
