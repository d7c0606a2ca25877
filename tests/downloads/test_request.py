"""Requests for comparisons: two sides from one query, and refusals."""

import csv
import io
from pathlib import Path
from urllib.parse import urlencode

import pages_support
import pytest
import support
from comparison_support import TWO, corpus_of
from server_fixtures import Download
from support import ROOT, etl

from sourcing.analysis import comparison
from sourcing.analysis.comparison import Side
from sourcing.downloads import request, tables
from sourcing.errors import FilterError
from sourcing.query_string import sides
from sourcing.warehouse.snapshots import Warehouse

pytest_plugins = ("pages_fixtures", "server_fixtures")

Pairs = list[tuple[str, str]]
EXPECTED = ROOT / "tests" / "expected"
PAIRED = [name for name in support.OF_ONE_SNAPSHOT if tables.TABLES[name].paired]


# Two sides from one list --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pairs", "first", "second", "rest"),
    [
        ("", "", "", {}),
        ("source=a&view=attribution", "source=a&view=attribution", "", {}),
        ("source=a&other_source=b", "source=a", "source=b", {}),
        (
            "source=a&source=b&genre=news&other_source=c&other_source=d",
            "source=a&source=b&genre=news",
            "genre=news&source=c&source=d",
            {},
        ),
        (
            "other_source=b&weighting=article&search=x",
            "weighting=article&search=x",
            "weighting=article&search=x&source=b",
            {},
        ),
        # A second period replaces the whole first period.
        (
            "since=2024-01&until=2024-06&other_since=2024-07",
            "since=2024-01&until=2024-06",
            "since=2024-07",
            {},
        ),
        (
            "source=a&since=2024-01&until=2024-06&other_until=2023-12",
            "source=a&since=2024-01&until=2024-06",
            "source=a&until=2023-12",
            {},
        ),
        (
            "since=2024-01&other_source=b",
            "since=2024-01",
            "since=2024-01&source=b",
            {},
        ),
        ("source=a&other_snapshot=y", "source=a", "source=a", {"other_snapshot": "y"}),
        ("other_snapshot=y", "", "", {"other_snapshot": "y"}),
        ("snapshot=x&source=a", "source=a", "", {"snapshot": "x"}),
        (
            "mix=same&snapshot=x&other_source=b&snapshot=z",
            "",
            "source=b",
            {"mix": "same", "snapshot": "x"},
        ),
    ],
)
def test_sides(pairs: str, first: str, second: str, rest: dict[str, str]) -> None:
    actual = sides(parsed(pairs))
    assert actual == (parsed(first), parsed(second), rest)


def parsed(text: str) -> Pairs:
    return [(name, value) for name, _, value in (p.partition("=") for p in text.split("&") if p)]


# The CSV ------------------------------------------------------------------------------------------


def answer(warehouse: Warehouse, table: str, pairs: str) -> list[dict[str, str]]:
    text = b"".join(request.csv(warehouse, table, parsed(pairs))).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def refused(warehouse: Warehouse, table: str, pairs: str) -> str:
    with pytest.raises(FilterError) as error:
        list(request.csv(warehouse, table, parsed(pairs)))
    return str(error.value)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Two sources with a few claims (comparison_support.TWO)."""
    folder = tmp_path_factory.mktemp("two")
    warehouse = Warehouse(folder / "warehouse")
    support.loaded(warehouse, folder / "files", corpus_of(TWO))
    return warehouse


QUERIES = [
    "source=demo-harbour-post&other_source=demo-basin-watch",
    "source=demo-harbour-post&other_source=demo-basin-watch&mix=same",
    "since=2025-01&until=2025-05&other_since=2025-06&weighting=article",
    "kind=newspaper&genre=news&other_until=2025-03&view=attribution",
]


@pytest.mark.parametrize("pairs", QUERIES)
def test_the_csv_is_the_comparison_of_two_sides(demo_corpus: Warehouse, pairs: str) -> None:
    first, second, rest = sides(parsed(pairs))
    with pages_support.opened(demo_corpus) as snapshot:
        first_side, second_side = (
            Side(snapshot, pages_support.filters_of(snapshot, as_query(side)))
            for side in (first, second)
        )
        assert not first_side.filters.ignored
        frame = tables.compared(first_side, second_side, "mix" in rest)
    rows = answer(demo_corpus, "compare", pairs)
    assert len(rows) == len(frame)
    head = ["snapshot", "filters", "other_snapshot", "other_filters", "mix"]
    assert list(rows[0]) == [*head, *comparison.COMPARED]
    for row, expected in zip(rows, frame.to_dict("records"), strict=True):
        assert row["label"] == expected["label"]
        for name in comparison.COMPARED[1:]:
            if name.endswith("too_few"):
                assert row[name] == str(expected[name]).lower()
            else:
                assert float(row[name] or "nan") == pytest.approx(expected[name], nan_ok=True)
        assert row["snapshot"] == row["other_snapshot"] == demo_corpus.current()
        assert row["mix"] == ("same genres and topics" if "mix" in rest else "as it is")


def as_query(pairs: Pairs) -> pages_support.Query:
    query: dict[str, str | list[str]] = {}
    for name, value in pairs:
        query[name] = [*query.get(name, []), value]
    return query


def test_each_side_has_a_sentence(two: Warehouse) -> None:
    [row, *_] = answer(two, "compare", "source=one&topic=rain&other_source=two")
    assert row["filters"] == "Each claim counts the same; by label; sources: one; topic: rain."
    assert row["other_filters"] == (
        "Each claim counts the same; by label; sources: two; topic: rain."
    )


def test_another_snapshot_is_the_second_side(two_snapshots: Warehouse) -> None:
    new, old = two_snapshots.ids()
    [row, *_] = answer(two_snapshots, "compare", f"other_snapshot={old}")
    assert (row["snapshot"], row["other_snapshot"]) == (new, old)
    assert (row["first_resolved_claims"], row["second_resolved_claims"]) == ("328", "0")
    [row, *_] = answer(two_snapshots, "compare", f"snapshot={old}&other_snapshot={new}")
    assert (row["snapshot"], row["other_snapshot"]) == (old, new)
    assert (row["first_resolved_claims"], row["second_resolved_claims"]) == ("0", "328")
    sources = {row["source_id"] for row in answer(two_snapshots, "shares", "")}
    second = min(sources - {"mehr-news"})
    pairs = f"source=mehr-news&other_snapshot={old}&other_source={second}"
    [row, *_] = answer(two_snapshots, "compare", pairs)
    assert row["filters"] != row["other_filters"]
    assert row["second_open_claims"] != "0"


def test_robustness_of_a_comparison(demo_corpus: Warehouse) -> None:
    pairs = "source=demo-harbour-post&other_source=demo-basin-watch"
    rows = answer(demo_corpus, "compare_robustness", pairs)
    first = [row for row in rows if row["choice"] == "As chosen on this page"]
    plain = answer(demo_corpus, "compare", pairs)
    for row, row_of_page in zip(first, plain, strict=True):
        for name, column in (("difference", "difference"), ("low", "difference_low")):
            assert row[name] == row_of_page[column]
        assert row["holds"] == ""
    assert {row["holds"] for row in rows} <= {"", "true", "false"}


# What is refused ----------------------------------------------------------------------------------


NEEDS = (
    "The table {} needs a second side: other_source, other_since, other_until or other_snapshot."
)


@pytest.mark.parametrize("table", PAIRED)
@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        (
            "source=one&other_source=tow",
            "Unknown value 'source=tow'. Did you mean 'two'? Values: one, two.",
        ),
        (
            "other_since=2025-13",
            "Invalid value 'since=2025-13'. Write a month such as 2026-05.",
        ),
        (
            "other_since=2025-06&other_until=2025-01",
            "Cannot use 'since=2025-06': give it once, with since not after until.",
        ),
        (
            "source=three&other_source=two",
            "Unknown value 'source=three'. Values: one, two.",
        ),
        ("", NEEDS),
        ("source=one", NEEDS),
        ("other_source=two&label=sourced", "The table {} cannot be filtered by label."),
        ("other_source=two&search=rain", "The table {} cannot be filtered by search."),
    ],
)
def test_what_a_comparison_refuses(two: Warehouse, table: str, pairs: str, message: str) -> None:
    assert refused(two, table, pairs) == message.format(table)


@pytest.mark.parametrize("value", ["other", "", "SAME", "own"])
def test_an_unknown_mix_is_refused(two: Warehouse, value: str) -> None:
    message = refused(two, "compare", f"other_source=two&mix={value}")
    assert message == f"Unknown value 'mix={value}'. Values: same."


def test_the_mix_also_applies_to_other_choices(two: Warehouse) -> None:
    query = "source=one&other_source=two&mix=same"
    first = answer(two, "compare_robustness", query)[:4]
    assert [row["choice"] for row in first] == ["As chosen on this page"] * 4
    rows = answer(two, "compare", query)
    assert [row["difference"] for row in first] == [row["difference"] for row in rows]


OTHERS = ["other_source=two", "other_since=2025-01", "other_until=2025-01", "mix=same"]


@pytest.mark.parametrize("pair", OTHERS)
@pytest.mark.parametrize("table", [name for name in support.OF_ONE_SNAPSHOT if name not in PAIRED])
def test_other_tables_have_no_second_side(two: Warehouse, table: str, pair: str) -> None:
    assert refused(two, table, pair) == f"The table {table} has no second side to compare with."


@pytest.mark.parametrize("table", [name for name in support.OF_ONE_SNAPSHOT if name not in PAIRED])
def test_other_tables_take_no_other_snapshot_beside_filters(two: Warehouse, table: str) -> None:
    message = refused(two, table, f"source=one&other_snapshot={two.current()}")
    assert message == f"The table {table} has no second side to compare with."


@pytest.mark.parametrize("table", [name for name in support.OF_ONE_SNAPSHOT if name not in PAIRED])
def test_other_tables_take_no_other_snapshot(two: Warehouse, table: str) -> None:
    message = refused(two, table, f"other_snapshot={two.current()}")
    assert message == f"The table {table} has no second side to compare with."


def test_a_mix_needs_a_second_side(two: Warehouse) -> None:
    assert refused(two, "compare", "mix=same").startswith("The table compare needs a second side")


def test_an_unknown_snapshot_is_named(
    download: Download,
    two: Warehouse,
) -> None:
    response = download(two, "compare", [("other_snapshot", "20200101T000000Z-00000000")])
    assert response.status == 400
    assert response.body == b"There is no snapshot '20200101T000000Z-00000000'.\n"
    result = etl(
        "export", "compare", "--warehouse", two.folder, "--other-snapshot",
        "20200101T000000Z-00000000",
    )  # fmt: skip
    assert result.code != 0
    assert "There is no snapshot '20200101T000000Z-00000000'" in result.err


def test_server_and_command_line_refuse_alike(
    download: Download,
    two: Warehouse,
) -> None:
    response = download(two, "compare", "other_source=tow")
    assert response.status == 400
    message = "Unknown value 'source=tow'. Did you mean 'two'? Values: one, two."
    assert response.body.decode() == message + "\n"
    result = etl("export", "compare", "--warehouse", two.folder, "--other-source", "tow")
    assert result.code == 2
    assert " ".join(message.split()) in " ".join(result.err.split())


# The command and the server -----------------------------------------------------------------------


@pytest.mark.parametrize("pairs", QUERIES)
@pytest.mark.parametrize("table", PAIRED)
def test_the_command_line_writes_what_the_server_sends(
    download: Download,
    demo_corpus: Warehouse,
    table: str,
    pairs: str,
) -> None:
    query = [pair for pair in parsed(pairs) if pair[0] != "mix" or table == "compare"]
    response = download(demo_corpus, table, urlencode(query))
    options = [item for name, value in query for item in (f"--{name.replace('_', '-')}", value)]
    result = etl("export", table, "--warehouse", demo_corpus.folder, *options)
    assert (response.status, result.code) == (200, 0)
    assert response.body == result.out


@pytest.mark.parametrize(
    ("name", "table", "pairs"),
    [
        ("two-compare", "compare", "source=one&other_source=two"),
        ("two-compare-same-mix", "compare", "source=one&other_source=two&mix=same"),
        ("two-compare_robustness", "compare_robustness", "source=one&other_source=two"),
    ],
)
def test_the_csv_is_the_expected_file(two: Warehouse, name: str, table: str, pairs: str) -> None:
    """Ten and 15 claims, of which 7 and 12 are sourced; on rain 2 of 3 and 1 of 4."""
    csv_text = b"".join(request.csv(two, table, parsed(pairs))).decode("utf-8-sig")
    text = csv_text.replace("\r\n", "\n").replace(str(two.current()), "SNAPSHOT")
    path = EXPECTED / f"{name}.csv"
    assert without_noise(text) == without_noise(path.read_text(encoding="utf-8"))


def without_noise(text: str) -> list[list[str]]:
    """The rows with numbers rounded to nine places, as machines differ in the last ones."""

    def cell(value: str) -> str:
        try:
            return f"{float(value):.9f}"
        except ValueError:
            return value

    return [[cell(value) for value in row] for row in csv.reader(io.StringIO(text))]


def test_filters_are_read_against_the_snapshot_of_their_side(
    warehouse: Warehouse, files: Path
) -> None:
    """A source in only one of two snapshots is valid for both; the other has no claims of it."""
    only = {key: labels for key, labels in TWO.items() if key[0] == "one"}
    support.loaded(warehouse, files, corpus_of(only))
    old = warehouse.current()
    support.loaded(warehouse, files, corpus_of(TWO))
    rows = answer(
        warehouse, "compare", f"snapshot={old}&source=one&other_source=two&other_snapshot="
        f"{warehouse.current()}"
    )  # fmt: skip
    assert rows[0]["second_resolved_claims"] == "15"
    rows = answer(warehouse, "compare", f"source=two&other_source=two&other_snapshot={old}")
    assert (rows[0]["first_resolved_claims"], rows[0]["second_resolved_claims"]) == ("15", "0")
    message = refused(warehouse, "compare", f"source=three&other_snapshot={old}")
    assert message.startswith("Unknown value 'source=three'.")


def test_sources_of_the_second_side_have_their_names_in_the_sentence(
    warehouse: Warehouse, files: Path
) -> None:
    tables = corpus_of(TWO)
    only = {key: labels for key, labels in TWO.items() if key[0] == "one"}
    support.loaded(warehouse, files, corpus_of(only))
    old = warehouse.current()
    tables["sources"] = [row | {"name": f"The {row['name']}"} for row in tables["sources"]]
    support.loaded(warehouse, files, tables)
    pairs = f"snapshot={old}&source=one&other_source=two&other_snapshot={warehouse.current()}"
    [row, *_] = answer(warehouse, "compare", pairs)
    assert "sources: The two." in row["other_filters"]


@pytest.mark.parametrize("pairs", ["mix=same&mix=other", "other_snapshot={}&other_snapshot=x"])
def test_repeated_parameters_are_refused(two: Warehouse, pairs: str) -> None:
    """The same holds for a view or a weighting."""
    refused(two, "compare", f"other_source=two&{pairs.format(two.current())}")
