"""The command line: commands, options, exit codes, standard output and standard error."""

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

from etl.demo import csv_files
from sourcing.codebook import FINDINGS, State
from sourcing.downloads import tables
from sourcing.reviews import Person, Reviews, Role, address_of, decisions, meetings
from sourcing.reviews.decisions import Decision
from sourcing.reviews.meetings import Plan
from sourcing.warehouse.snapshots import VARIABLE, Warehouse, is_snapshot_id

pytestmark = pytest.mark.slow

REPORT = ["snapshot", "published", "files", "rejects", "claims", "findings", "seconds"]
MORE_IN_REPORT = (
    "message skipped causes consequences read_otherwise emptied_cells emptied "
    "labels_on_decided_claims withdrawn joined changes"
).split()
FILE = ["file", "table", "rows_read", "rows_loaded", "duplicates", "rejected"]
MORE_IN_FILE = (
    "corrections unknown_columns blank_rows encoding renamed_columns cells_cleared cells_kept "
    "literal_quotes"
).split()
REJECT = ["file", "line", "column", "found", "expected"]
CLAIMS = ["all", "resolved", "open", "unlabelled", "tie", "not_a_claim"]
BAD_SOURCE = {"source_id": "t", "name": "", "kind": "newspaper"}


@pytest.fixture
def loaded_warehouse(warehouse: Warehouse, files: Path) -> Warehouse:
    """A warehouse with one snapshot."""
    loaded(warehouse, files, BASE)
    return warehouse


@pytest.fixture
def bad_files(tmp_path: Path) -> Path:
    """Files with one invalid row and one new row."""
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
    result = etl("load", files, "--warehouse", warehouse.folder, "--json")
    assert (result.code, result.err) == (0, "")
    report = json.loads(result.out)
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
        "blank_rows": 0,
        "encoding": "utf-8",
        "renamed_columns": {},
        "cells_cleared": 0,
        "cells_kept": 0,
        "literal_quotes": False,
    }
    (reject,) = report["rejects"]
    assert list(reject) == REJECT
    assert (reject["line"], reject["column"], reject["found"]) == (3, "name", "")
    assert list(report["claims"]) == CLAIMS
    assert report["claims"] == {
        "all": 1, "resolved": 1, "open": 0, "unlabelled": 0, "tie": 0, "not_a_claim": 0,
    }  # fmt: skip
    assert list(report["findings"]) == list(FINDINGS)
    assert report["findings"]["citation_missing"] == 1
    assert report["published"] is True
    assert report["snapshot"] == warehouse.current()
    assert report["seconds"] > 0


def test_load_prints_text(warehouse: Warehouse, files: Path) -> None:
    write(files, all_tables(sources=[BAD_SOURCE]))
    result = etl("load", files, "--warehouse", warehouse.folder)
    assert (result.code, result.err) == (0, "")
    assert "sources.csv: sources, 2 rows read = 1 loaded + 0 duplicates + 1 rejected" in result.text
    assert "sources.csv line 3, column name: found '', expected a value\n" in result.text
    assert "1 claim: 1 resolved, 0 open (0 unlabelled, 0 tied), 0 not a claim" in result.text
    assert f"Published snapshot {warehouse.current()}. (" in result.text


def test_load_several_paths(warehouse: Warehouse, files: Path) -> None:
    write(files / "1", {"sources": BASE["sources"]})
    write(files / "2", {"articles": BASE["articles"]})
    result = etl(
        "load", files / "1" / "sources.csv", files / "2", "--warehouse", warehouse.folder, "--json"
    )
    assert [file["table"] for file in json.loads(result.out)["files"]] == ["sources", "articles"]


def test_loading_twice_reports_nothing_new(loaded_warehouse: Warehouse, files: Path) -> None:
    result = etl("load", files, "--warehouse", loaded_warehouse.folder, "--json")
    report = json.loads(result.out)
    assert (result.code, report["published"], report["snapshot"]) == (
        0,
        False,
        loaded_warehouse.current(),
    )
    assert report["message"].startswith("Nothing new")


def test_loading_only_a_header_is_reported(warehouse: Warehouse, tmp_path: Path) -> None:
    file = tmp_path / "claims.csv"
    file.write_text("claim_id,article_id,claim\n")
    result = etl("load", file, "--warehouse", warehouse.folder, "--json")
    report = json.loads(result.out)
    assert (result.code, report["published"], report["snapshot"]) == (0, False, None)
    assert report["message"].startswith("The files contain no rows")


def test_load_check(loaded_warehouse: Warehouse, bad_files: Path) -> None:
    before = loaded_warehouse.current()
    result = etl("load", bad_files, "--warehouse", loaded_warehouse.folder, "--check", "--json")
    report = json.loads(result.out)
    assert (result.code, result.err) == (0, "")
    assert (report["published"], report["snapshot"]) == (False, before)
    assert report["files"][0]["rows_loaded"] == 1
    assert loaded_warehouse.ids() == [before]
    assert ask(loaded_warehouse, "SELECT count(*) FROM sources") == [(1,)]
    assert (
        "Dry run: nothing was published."
        in etl("load", bad_files, "--warehouse", loaded_warehouse.folder, "--check").text
    )


def test_what_was_refused_is_said_by_cause(loaded_warehouse: Warehouse, tmp_path: Path) -> None:
    """Twenty dates in one wrong form are one cause, and what refers to refused rows follows."""
    articles = [
        {"article_id": f"a{n}", "source_id": "s", "published": f"{n}/05/2026"} for n in range(1, 21)
    ]
    articles.append({"article_id": "lost", "source_id": ""})
    claims = [{"claim_id": f"c{n}", "article_id": "lost", "claim": "X."} for n in range(2)]
    folder = write(tmp_path / "more", {"articles": articles, "claims": claims})
    where = ("--warehouse", loaded_warehouse.folder)
    text = etl("load", folder, *where, "--max-refused", "1").text
    assert (
        f"{folder / 'articles.csv'}, column published: 20 cells left empty, or as loaded, for "
        "example line 2: "
        "found '1/05/2026', expected a valid date: 2018, 2018-12 or 2018-12-08: 20 of 20 are "
        "day/month/year; write them as expected, or give --dates dmy\n"
    ) in text
    assert (
        f"{folder / 'articles.csv'} line 22, column source_id: found '', expected a value" in text
    )
    assert "because of these, also refused: 2 claims\n" in text
    assert f"all of them: python -m etl export rejects --warehouse {where[1]}\n" in text
    assert f"all of them: python -m etl export emptied_cells --warehouse {where[1]}\n" in text
    assert len(rows_of("emptied_cells", *where)) == 20
    report = json.loads(etl("load", folder, *where, "--check", "--json", "--dates", "dmy").out)
    assert (report["emptied"], report["consequences"]) == (0, {"claims": 2})
    assert report["read_otherwise"][0]["cells"] == 20


def test_labels_on_decided_claims_are_counted(loaded_warehouse: Warehouse, tmp_path: Path) -> None:
    """They change nothing, and somebody should know."""
    label = BASE["labels"][0]
    decision = label | {"annotator": "chair", "label": "unsourced", "round": "adjudication"}
    where = ("--warehouse", loaded_warehouse.folder)
    folder = write(tmp_path / "decided", {"labels": [decision]})
    assert json.loads(etl("load", folder, *where, "--json").out)["labels_on_decided_claims"] == 0
    later = label | {"annotator": "ben", "label": "contested", "labelled_at": "2026-02-01"}
    folder = write(tmp_path / "later", {"labels": [later]})
    assert (
        "  1 label on claims that were decided: kept, but the decisions hold\n"
        in etl("load", folder, *where).text
    )
    assert ask(loaded_warehouse, "SELECT label, state FROM resolved") == [
        ("unsourced", "adjudicated")
    ]


def test_nothing_is_published_if_most_rows_are_refused(
    loaded_warehouse: Warehouse, tmp_path: Path
) -> None:
    """A few rows that happen to be right are a biased sample."""
    before = loaded_warehouse.current()
    rows = [{**BAD_SOURCE, "source_id": f"s{n}"} for n in range(3)]
    folder = write(tmp_path / "more", {"sources": [{"source_id": "new", "name": "New"}, *rows]})
    where = ("--warehouse", loaded_warehouse.folder)
    result = etl("load", folder, *where)
    assert result.code == 1
    assert_sentence(result.err, "Error: More than 50 % of the rows were refused in ")
    assert f"{folder / 'sources.csv'} (3 of 4)" in result.err
    assert "3 rows refused, for example line 3: found '', expected a value" in result.text
    assert loaded_warehouse.current() == before
    assert etl("load", folder, *where, "--max-refused", "0.8").code == 0
    assert loaded_warehouse.current() != before


def test_terminals_get_no_control_characters(warehouse: Warehouse, files: Path) -> None:
    write(files, BASE)
    (files / "articles.csv").write_text("article_id,source_id,\x1b[2Jx\na,s,\n")
    (files / "labels.csv").write_text("claim_id,annotator,label,method\nc,a,\x1b]0;x\x07,human\n")
    result = etl("load", files, "--warehouse", warehouse.folder)
    assert "columns not used: \\x1b[2Jx" in result.text
    assert not set(result.text + result.err) & {"\x1b", "\x07"}
    (files / "labels.csv").write_text("claim_id,\x1b[31mannotator\n")
    assert "\x1b" not in etl("load", files, "--warehouse", warehouse.folder).err


@pytest.mark.parametrize("check", [[], ["--check"]])
def test_load_strict(check: list[str], loaded_warehouse: Warehouse, bad_files: Path) -> None:
    before = loaded_warehouse.current()
    result = etl(
        "load", bad_files, "--warehouse", loaded_warehouse.folder, "--strict", "--json", *check
    )
    assert result.code == 1
    assert_sentence(result.err, "Error: 1 row rejected, and --strict is set")
    assert json.loads(result.out)["published"] is False
    assert loaded_warehouse.ids() == [before]


def test_load_strict_without_rejects(warehouse: Warehouse, files: Path) -> None:
    write(files, BASE)
    assert etl("load", files, "--warehouse", warehouse.folder, "--strict").code == 0
    assert warehouse.current()


@pytest.mark.parametrize("content", [b"", b"\xff\xfea\0", b"a,b\n", b"source_id\n"])
def test_load_of_a_file_that_cannot_be_used(
    content: bytes, loaded_warehouse: Warehouse, files: Path
) -> None:
    before = loaded_warehouse.current()
    for path in files.iterdir():
        path.unlink()
    (files / "sources.csv").write_bytes(content)
    result = etl("load", files, "--warehouse", loaded_warehouse.folder, "--json")
    assert result.code == 1
    assert_sentence(result.err, f"Error: {files / 'sources.csv'}")
    report = json.loads(result.out)
    assert list(report) == REPORT + MORE_IN_REPORT
    assert (report["snapshot"], report["published"], report["files"]) == (before, False, [])
    assert result.err == f"Error: {report['message']}\n"
    assert loaded_warehouse.current() == before
    assert etl("load", files, "--warehouse", loaded_warehouse.folder).out == b""


def test_load_without_files(warehouse: Warehouse, files: Path) -> None:
    for path in (files, files / "x", "x" * 300):
        result = etl("load", path, "--warehouse", warehouse.folder)
        assert (result.code, result.out) == (1, b"")
        assert_sentence(result.err)
    assert not warehouse.folder.exists()


# publish, status, snapshots


def test_publish(loaded_warehouse: Warehouse) -> None:
    before = loaded_warehouse.current()
    result = etl("publish", "--warehouse", loaded_warehouse.folder, "--json")
    report = json.loads(result.out)
    assert (result.code, result.err, list(report)) == (0, "", REPORT + MORE_IN_REPORT)
    assert report["published"]
    assert report["snapshot"] == loaded_warehouse.current() != before
    assert "Published snapshot" in etl("publish", "--warehouse", loaded_warehouse.folder).text


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
            result = etl(*arguments, "--warehouse", folder)
            assert (result.code, result.out) == (1, b"")
            assert_sentence(result.err, f"Error: {folder}: ")
    assert file.read_text() == "x"


def test_publish_if_waiting(
    loaded_warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two people who press the button at the same time publish one snapshot."""
    monkeypatch.setenv("SOURCING_REVIEWS_URL", f"sqlite:///{tmp_path}/review.db")
    command = ("publish", "--if-waiting", "--json", "--warehouse", loaded_warehouse.folder)
    first = loaded_warehouse.current()
    [claim] = ask(loaded_warehouse, "SELECT claim_id FROM claims LIMIT 1")[0]
    for waits in (False, True, False):
        if waits:
            reviews = Reviews(address_of(loaded_warehouse))
            decisions.record(reviews, Person("Ada", Role.ADMIN), Decision(claim, "sourced"), 0)
            reviews.close()
        before = loaded_warehouse.ids()
        result = etl(*command)
        report = json.loads(result.out)
        assert (result.code, report["published"]) == (0, waits)
        assert report["snapshot"] == loaded_warehouse.current()
        assert (loaded_warehouse.ids() != before) == waits
    assert loaded_warehouse.current() != first


def test_publish_without_a_snapshot(warehouse: Warehouse) -> None:
    result = etl("publish", "--warehouse", warehouse.folder)
    assert (result.code, result.out) == (1, b"")
    assert_sentence(result.err)


def test_status(loaded_warehouse: Warehouse) -> None:
    result = etl("status", "--warehouse", loaded_warehouse.folder, "--json")
    status = json.loads(result.out)
    assert (result.code, result.err) == (0, "")
    assert status["snapshot"] == loaded_warehouse.current()
    assert 0 <= status["age_seconds"] < timedelta(hours=1).total_seconds()
    assert datetime.fromisoformat(status["published_at"]).tzinfo
    facts = ("sources", "articles", "claims", "citations", "labels")
    assert [status[table] for table in facts] == [1, 1, 1, 0, 1]
    assert (status["withdrawn"], status["joined"], status["undone_loads"]) == ({}, {}, 0)
    assert status["resolution"] == {**dict.fromkeys(State, 0), "not_a_claim": 0, "single": 1}
    assert status["findings"]["citation_missing"] == 1
    text_result = etl("status", "--warehouse", loaded_warehouse.folder)
    assert (text_result.code, text_result.err) == (0, "")
    assert str(loaded_warehouse.current()) in text_result.text
    assert "citation_missing: 1" in text_result.text


def test_status_without_a_snapshot(warehouse: Warehouse) -> None:
    for arguments in (["status"], ["status", "--json"], ["export", "shares"]):
        result = etl(*arguments, "--warehouse", warehouse.folder)
        assert (result.code, result.out) == (1, b"")
        assert_sentence(result.err)
        assert "holds no snapshot yet" in result.err


def test_snapshots(loaded_warehouse: Warehouse, bad_files: Path) -> None:
    first = loaded_warehouse.current()
    load(loaded_warehouse, bad_files)
    rows = json.loads(etl("snapshots", "--warehouse", loaded_warehouse.folder, "--json").out)
    assert [row["snapshot"] for row in rows] == [loaded_warehouse.current(), first]
    assert [(row["in_force"], row["pinned"]) for row in rows] == [(True, False), (False, False)]
    assert all(row["bytes"] > 10_000 for row in rows)
    lines = etl("snapshots", "--warehouse", loaded_warehouse.folder).text.splitlines()
    assert lines[0].startswith(str(loaded_warehouse.current()))
    assert lines[0].endswith("in_force")
    assert re.fullmatch(rf"{first} +[\d,]+ bytes", lines[1])


def test_snapshots_of_an_empty_warehouse(warehouse: Warehouse) -> None:
    result = etl("snapshots", "--warehouse", warehouse.folder)
    assert (result.code, result.out) == (0, b"")
    assert result.err.startswith("No snapshot yet. Load files first: ")
    assert json.loads(etl("snapshots", "--warehouse", warehouse.folder, "--json").out) == []


def test_pin_unpin_prune(loaded_warehouse: Warehouse) -> None:
    current = loaded_warehouse.current() or ""
    names = [f"202001{n:02d}T000000Z-00000000" for n in range(1, 25)]
    for name in names:
        shutil.copy(loaded_warehouse.path(current), loaded_warehouse.path(name))
    folder = ("--warehouse", loaded_warehouse.folder)
    rows = json.loads(etl("snapshots", "--pin", names[0], "--json", *folder).out)
    assert [row["snapshot"] for row in rows if row["pinned"]] == [names[0]]
    result = etl("snapshots", "--prune", "--json", *folder)
    assert [row["snapshot"] for row in json.loads(result.out)] == [
        current, *names[:4:-1], names[0],
    ]  # fmt: skip
    assert [line.split()[0] for line in result.err.splitlines()] == ["Removed"] * 4
    result = etl("snapshots", "--unpin", names[0], "--prune", *folder)
    assert (result.code, result.err) == (0, f"Removed {names[0]}.\n")


def test_unpinning_the_snapshot_of_a_meeting_warns(
    loaded_warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCING_REVIEWS_URL", f"sqlite:///{tmp_path}/review.db")
    name, folder = loaded_warehouse.current() or "", ("--warehouse", loaded_warehouse.folder)
    etl("snapshots", "--pin", name, *folder)
    reviews = Reviews(address_of(loaded_warehouse))
    meetings.create(reviews, Person("Ada", Role.ADMIN), Plan("May", "2026-05-31", "Ada"), name)
    reviews.close()
    warning = f"{name} is used by meeting no. 1 (May); without it the minutes have no shares."
    result = etl("snapshots", "--unpin", name, "--prune", *folder)
    assert (result.code, result.out) == (1, b"")
    assert_sentence(result.err, f"Error: {warning} Nothing was changed.")
    assert loaded_warehouse.pinned() == {name}
    result = etl("snapshots", "--unpin", name, *folder)
    assert result.code == 0
    assert result.err.startswith(warning)
    assert not loaded_warehouse.pinned()


@pytest.mark.parametrize("option", ["--pin", "--unpin"])
def test_pin_an_unknown_snapshot(option: str, loaded_warehouse: Warehouse) -> None:
    for name in ("x", "../current", "20200101T000000Z-00000000"):
        result = etl("snapshots", option, name, "--warehouse", loaded_warehouse.folder)
        assert (result.code, result.out) == (1, b"")
        assert_sentence(result.err, f"Error: There is no snapshot '{name}'")


# export


@pytest.mark.parametrize("table", OF_ONE_SNAPSHOT)
def test_export_to_output_and_to_a_file(table: str, sample: Warehouse, tmp_path: Path) -> None:
    second = ("--other-until", "2024-12") if tables.TABLES[table].paired else ()
    result = etl("export", table, "--warehouse", sample.folder, *second)
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith(b"\xef\xbb\xbf")
    assert result.out.endswith(b"\r\n")
    path = tmp_path / "out.csv"
    path.write_bytes(b"older")
    file_result = etl("export", table, "--warehouse", sample.folder, "--output", path, *second)
    assert (file_result.code, file_result.out, file_result.err) == (0, b"", "")
    assert path.read_bytes() == result.out
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
    result = etl("export", *arguments)
    assert (result.code, result.err) == (0, "")
    return list(csv.DictReader(io.StringIO(result.text, newline="")))


def test_export_claims_and_labels_hold_every_row(sample: Warehouse) -> None:
    claims = rows_of("claims", "--warehouse", sample.folder)
    assert len(claims) == 328
    assert {"claim_id", "label", "state", "basis", "attribution", "article_id", "source_id"} <= set(
        claims[0]
    )
    assert len(rows_of("labels", "--warehouse", sample.folder)) == 984


def test_export_of_an_older_snapshot(loaded_warehouse: Warehouse, bad_files: Path) -> None:
    first = loaded_warehouse.current()
    load(loaded_warehouse, bad_files)
    folder = ("--warehouse", loaded_warehouse.folder)
    assert len(rows_of("rejects", *folder)) == 1
    assert rows_of("rejects", *folder, "--snapshot", first) == []
    assert {row["snapshot"] for row in rows_of("shares", *folder, "--snapshot", first)} == {first}
    for name in ("x", "20200101T000000Z-00000000", "../current"):
        result = etl("export", "shares", *folder, "--snapshot", name)
        assert (result.code, result.out) == (1, b"")
        assert_sentence(result.err, f"Error: There is no snapshot '{name}'")


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
    rows = rows_of("claims", "--warehouse", sample.folder, option, value)
    column = COLUMN_OF.get(option, option.removeprefix("--"))
    if option == "--search":
        expected = [row for row in every if value in row["claim"].lower()]
    else:
        expected = [row for row in every if (row[column] or "unknown") == value]
    assert len(expected) > 0
    assert [row["claim_id"] for row in rows] == [row["claim_id"] for row in expected]
    assert all(row["filters"] != "All." for row in rows)


def test_filters_can_be_repeated(sample: Warehouse) -> None:
    rows = rows_of(
        "claims", "--warehouse", sample.folder, "--label", "sourced", "--label", "contested"
    )
    assert {row["label"] for row in rows} == {"sourced", "contested"}


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
def test_unknown_and_unused_filters_are_refused(
    table: str, options: list[str], sample: Warehouse, tmp_path: Path
) -> None:
    path = tmp_path / "out.csv"
    result = etl("export", table, "--warehouse", sample.folder, *options, "--output", path)
    assert (result.code, result.out) == (2, b"")
    assert "Error: " in result.err
    assert options[0].removeprefix("--") in result.err
    assert not path.exists()


def test_filter_values_that_are_odd_text(sample: Warehouse) -> None:
    for value in ("' OR 1=1 --", "%", '"', "\udcff", "a\0b", "'; DROP TABLE claims; --"):
        result = etl("export", "claims", "--warehouse", sample.folder, "--search", value)
        assert result.code in (0, 2), value
        assert len(result.text.splitlines()) <= 1


@pytest.mark.parametrize("place", ["nowhere/out.csv", "file/out.csv", "x" * 300, "."])
def test_output_that_cannot_be_written(
    place: str, sample: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("kept")
    monkeypatch.chdir(tmp_path)
    result = etl("export", "shares", "--warehouse", sample.folder, "--output", place)
    if place == ".":
        assert result.code == 2
    else:
        assert (result.code, result.out) == (1, b"")
        assert_sentence(result.err, f"Error: {place}: cannot be written (")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


# demo


def test_demo(tmp_path: Path) -> None:
    folder = tmp_path / "made up"
    sizes = ("--sources", 3, "--articles", 12, "--claims", 90, "--seed", 7)
    result = etl("demo", "--warehouse", folder, *sizes, "--json")
    assert result.code == 0
    report = json.loads(result.out)
    assert report["published"]
    assert report["claims"]["all"] == 90
    assert report["files"][0]["rejected"] == 0
    assert json.loads(etl("status", "--warehouse", folder, "--json").out)["made_up"] is True
    assert not (folder / "made-up").exists()


def test_demo_writes_files(tmp_path: Path) -> None:
    result = etl("demo", "--files", tmp_path / "x", "--sources", 2, "--articles", 4, "--claims", 20)
    assert (result.code, result.out) == (0, b"")
    assert {path.stem for path in (tmp_path / "x").glob("*.csv")} == set(csv_files.TABLES)


def test_made_up_labels_are_never_mixed_with_real_ones(loaded_warehouse: Warehouse) -> None:
    result = etl(
        "demo",
        "--warehouse",
        loaded_warehouse.folder,
        "--claims",
        90,
        "--articles",
        12,
        "--sources",
        3,
    )
    assert (result.code, result.out) == (1, b"")
    assert "never mixed" in result.err


def test_demo_in_a_read_only_folder() -> None:
    for arguments in (["--warehouse", "/proc/x"], ["--files", "/proc/x"]):
        result = etl("demo", *arguments)
        assert (result.code, result.out) == (1, b"")
        assert_sentence(result.err.splitlines(keepends=True)[-1])


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
    result = etl(*arguments)
    assert (result.code, result.out) == (2, b"")
    assert "Usage: " in result.err or result.err.startswith("Error: Option")
    assert "Traceback" not in result.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "command", ["", "load", "publish", "export", "status", "snapshots", "demo"]
)
def test_help(command: str) -> None:
    for flag in ("-h", "--help"):
        result = etl(*command.split(), flag)
        assert (result.code, result.err) == (0, "")
        assert result.text.startswith("Usage: ")


def test_the_warehouse_can_come_from_the_environment(
    loaded_warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert etl("status").code == 1
    monkeypatch.setenv(VARIABLE, str(loaded_warehouse.folder))
    assert str(loaded_warehouse.current()) in etl("status").text
    assert etl("status", "--warehouse", tmp_path / "other").code == 1
    monkeypatch.setenv(VARIABLE, "")
    assert "data/warehouse holds no snapshot" in etl("status").err


def run(*arguments: object, **options: object) -> subprocess.CompletedProcess[bytes]:
    # The options are passed on unchanged, whatever their type.
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
    result = run("load", SAMPLE, "--json", env=env)
    assert (result.returncode, result.stderr) == (0, b"")
    report = json.loads(result.stdout)
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
    result = subprocess.run(
        ["/bin/bash", "-c", command], cwd=ROOT, capture_output=True, timeout=120, check=False
    )
    assert (len(result.stdout), result.stderr) == (9, b"")
