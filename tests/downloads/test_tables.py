"""The CSV of tables, byte for byte."""

import csv
import io
import math
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import OF_ONE_SNAPSHOT, ROOT, all_tables, load, loaded, write

from sourcing import csv_format
from sourcing.analysis.comparison import Side
from sourcing.downloads import tables
from sourcing.errors import FilterError
from sourcing.filters import Filters
from sourcing.warehouse.contract import TABLES
from sourcing.warehouse.snapshots import Warehouse, reading

EXPECTED = ROOT / "tests" / "expected"

plain = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def parsed(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))


def csv_bytes(columns: list[str], rows: list[list[Any]], **options: Any) -> bytes:
    return b"".join(csv_format.lines(columns, [rows], **options))


def test_bytes() -> None:
    rows = [["é", 1, 0.1, True], ['say "x"', -2, None, False], ["a,b\nc\r\nd", 3, 1e-20, None]]
    assert csv_bytes(["Ä", "n", "x", "b"], rows, head=[("snapshot", "S"), ("filters", "=x")]) == (
        b"\xef\xbb\xbfsnapshot,filters,\xc3\x84,n,x,b\r\n"
        b"S,'=x,\xc3\xa9,1,0.1,true\r\n"
        b'S,\'=x,"say ""x""",-2,,false\r\n'
        b'S,\'=x,"a,b\nc\r\nd",3,1e-20,\r\n'
    )


def test_no_rows_and_no_batches() -> None:
    assert csv_bytes(["a", "b"], []) == b"\xef\xbb\xbfa,b\r\n"
    assert b"".join(csv_format.lines(["a"], [])) == b"\xef\xbb\xbfa\r\n"


def test_batches_make_one_table() -> None:
    pieces = list(csv_format.lines(["a"], [[[1], [2]], [], [[3]]]))
    assert b"".join(pieces) == b"\xef\xbb\xbfa\r\n1\r\n2\r\n3\r\n"
    assert pieces[0] == b"\xef\xbb\xbfa\r\n"


@given(st.lists(st.lists(plain, min_size=3, max_size=3), max_size=5))
def test_any_text_survives(rows: list[list[str]]) -> None:
    lines = parsed(csv_bytes(["a", "b", "c"], rows))
    assert lines[0] == ["a", "b", "c"]
    for row, given_row in zip(lines[1:], rows, strict=True):
        for cell, value in zip(row, given_row, strict=True):
            assert cell in (value, "'" + value)
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_in_full(value: float) -> None:
    assert float(csv_format.cell(value)) == value


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (math.nan, ""),
        (0, "0"),
        (-1, "-1"),
        (-0.5, "-0.5"),
        (1 / 3, "0.3333333333333333"),
        (True, "true"),
        (False, "false"),
        (date(2026, 5, 1), "2026-05-01"),
        (datetime(2026, 5, 1, 9, 30), "2026-05-01T09:30:00Z"),  # noqa: DTZ001 (UTC by contract)
        (datetime(2026, 5, 1, 9, 30, 0, 5), "2026-05-01T09:30:00.000005Z"),  # noqa: DTZ001 (the same)
        ("", ""),
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("\nx", "'\nx"),
        ("'x", "'x"),
        (" =1", "' =1"),
        ("a=1", "a=1"),
    ],
)
def test_cells(value: Any, cell: str) -> None:
    assert csv_format.cell(value) == cell


# Tables of a snapshot.


def table(warehouse: Warehouse, name: str, filters: Filters | None = None) -> bytes:
    with reading(warehouse) as snapshot:
        definition = tables.TABLES.get(name)
        paired = definition is not None and definition.paired is not None
        second = tables.Other(Side(snapshot, Filters(until="2024-12"))) if paired else None
        return b"".join(tables.csv(snapshot, name, filters or Filters(), second))


def test_shares_of_the_sample_byte_for_byte(sample: Warehouse) -> None:
    data = table(sample, "shares").replace(str(sample.current()).encode(), b"SNAPSHOT")
    assert data == (EXPECTED / "sample-shares.csv").read_bytes()


def test_columns_of_resolved(sample: Warehouse) -> None:
    rows = parsed(table(sample, "resolved"))
    assert rows[0] == ["claim_id", "label", "state", "basis", "attribution", "votes"]
    assert rows[1] == ["seed-000-c001", "unsourced", "unanimous", "model", "unsourced", "3"]
    assert len(rows) == 329


@pytest.mark.parametrize("name", OF_ONE_SNAPSHOT)
def test_every_table_is_valid_csv(name: str, sample: Warehouse) -> None:
    data = table(sample, name)
    rows = parsed(data)
    assert data.startswith(b"\xef\xbb\xbf")
    assert not data[3:].startswith(b"\xef\xbb\xbf")
    assert len(set(rows[0])) == len(rows[0])
    assert {len(row) for row in rows} == {len(rows[0])}
    if tables.TABLES[name].headed:
        assert rows[0][:2] == ["snapshot", "filters"]
        assert {row[0] for row in rows[1:]} <= {sample.current()}
        assert len({row[1] for row in rows[1:]}) <= 1


def test_the_filters_column_names_only_applied_filters(sample: Warehouse) -> None:
    filters = Filters(source=("mehr-news",), search="executions", label=("sourced",), claim=("x",))
    sentences = {
        name: {row[1] for row in parsed(table(sample, name, filters))[1:]}
        for name in ("shares", "claims", "articles", "findings", "rejects")
    }
    assert sentences["shares"] == {
        "Each claim counts the same; by label; sources: Mehr News Agency."
    }
    assert sentences["articles"] == {"sources: Mehr News Agency."}
    assert sentences["claims"] == sentences["findings"] == sentences["rejects"] == set()
    sentences_of_findings = {
        row[1] for row in parsed(table(sample, "findings", Filters(state=("single",))))[1:]
    }
    assert sentences_of_findings == {"All."}


@pytest.mark.parametrize("name", ["", "nothing", "../shares", "snapshot"])
def test_unknown_table(name: str, sample: Warehouse) -> None:
    with pytest.raises(FilterError, match=r"There is no table .* Tables: shares, "):
        table(sample, name)


def test_loaded_values_are_exported_unchanged(warehouse: Warehouse, files: Path) -> None:
    """Facts survive a round trip through an export, including odd text."""
    odd = {
        "claim_id": '=id,"1"',
        "article_id": "a",
        "claim": 'Line one,\n"line two"\r\nline — three é',
        "topic": "@x",
        "quote": "\tx",
        "char_start": "0",
        "char_end": "5",
    }
    label = {"claim_id": odd["claim_id"], "annotator": "-x", "label": "sourced", "method": "human"}
    times = {"labelled_at": "2026-05-31T09:30:00.25+02:00", "confidence": "0.30000000000000004"}
    loaded(warehouse, files, all_tables(claims=[odd], labels=[label | times]))
    claims = parsed(table(warehouse, "claims", Filters(claim=(odd["claim_id"],))))
    row = dict(zip(*claims, strict=True))
    for name, value in odd.items():
        guard = "'" if value.startswith(("=", "@", "\t")) else ""
        assert row[name] == guard + value
    labels = parsed(table(warehouse, "labels", Filters(claim=(odd["claim_id"],))))
    row = dict(zip(*labels, strict=True))
    assert row["labelled_at"] == "2026-05-31T07:30:00.250000Z"
    assert (row["confidence"], row["annotator"]) == ("0.30000000000000004", "'-x")


def test_exported_labels_include_every_event_and_its_origin(
    warehouse: Warehouse, files: Path
) -> None:
    later = [{**all_tables()["labels"][0], "labelled_at": "2026-02-01", "label": "unsourced"}]
    loaded(warehouse, files, all_tables())
    load(warehouse, write(files / "later", {"labels": later}))
    rows = parsed(table(warehouse, "labels"))
    labels = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    assert [(row["label"], row["file"], row["line"]) for row in labels] == [
        ("sourced", str(files / "labels.csv"), "2"),
        ("unsourced", str(files / "later" / "labels.csv"), "2"),
    ]


def test_rejects_are_exported_with_their_original_row(warehouse: Warehouse, files: Path) -> None:
    write(files, {name: [] for name in TABLES})
    (files / "sources.csv").write_bytes(b'source_id,name,kind\n"a\nb",=N,blog\nt,T\n')
    load(warehouse, files)
    rows = parsed(table(warehouse, "rejects"))
    assert [row[3:6] for row in rows[1:]] == [["2", "source_id", "a\nb"], ["4", "kind", "t,T"]]
    assert [row[-2] for row in rows[1:]] == ['"a\nb",=N,blog', "t,T"]


def test_times_are_utc() -> None:
    moment = datetime(2026, 5, 1, tzinfo=UTC).replace(tzinfo=None)
    assert csv_format.cell(moment).endswith("Z")
