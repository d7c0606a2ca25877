"""Compare, Ranking and robustness: what the pages show is what their downloads contain."""

import csv
import io
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pages_support
import pandas as pd
import pytest
import support
from comparison_support import TWO, corpus_of
from pages_support import (
    Open,
    bars_of,
    downloads,
    facts,
    filters_of,
    left_out,
    listed,
    row_names,
    shares_frame,
    sound,
    spec,
    unescaped,
)
from streamlit.testing.v1 import AppTest

from sourcing import codebook
from sourcing.analysis.shares import shares_by_source
from sourcing.charts import common
from sourcing.codebook import LOOKS, Label, State
from sourcing.downloads import request
from sourcing.errors import FilterError
from sourcing.filters import Filters
from sourcing.formatting import percent
from sourcing.literal_text import in_chart
from sourcing.warehouse import queries
from sourcing.warehouse.snapshots import Warehouse, published_at

pytestmark = pytest.mark.slow

pytest_plugins = "pages_fixtures"

PAIR = {"a": "demo-harbour-post", "b": "demo-basin-watch"}
Rows = list[dict[str, str]]


def at(warehouse: Warehouse, address: str) -> Rows:
    """The rows of the CSV behind a link on a page."""
    parts = urlsplit(address)
    table = parts.path.rsplit("/", 1)[1].removesuffix(".csv")
    pieces = request.csv(warehouse, table, parse_qsl(parts.query, keep_blank_values=True))
    return list(csv.DictReader(io.StringIO(b"".join(pieces).decode("utf-8-sig"), newline="")))


def link(page: AppTest, table: str) -> str:
    [address] = [x for x in downloads(page) if urlsplit(x).path == f"/download/{table}.csv"]
    return address


def rows_at(page: AppTest, warehouse: Warehouse, table: str) -> Rows:
    return at(warehouse, link(page, table))


def number(text: str) -> float | None:
    return float(text) if text else None


def text_of(page: AppTest) -> str:
    """All text of the page, as a reader sees it."""
    return "\n".join(unescaped(item.value) for item in [*page.markdown, *page.info, *page.caption])


def drawn_points(drawn: dict[str, Any], title: str) -> dict[str, float | None]:
    [trace] = [x for x in drawn["data"] if x.get("customdata") and x["customdata"][0][1] == title]
    return {key[0]: value for key, value in zip(trace["customdata"], trace["x"], strict=True)}


def assert_compared(page: AppTest, warehouse: Warehouse) -> Rows:
    """Check that bars, differences and the summary are the rows of the CSV."""
    rows = rows_at(page, warehouse, "compare")
    bars = bars_of(spec(page, 0))
    assert [bar["name"] for bar in bars] == [LOOKS[row["label"]].name for row in rows]
    for bar, row in zip(bars, rows, strict=True):
        assert bar["y"] == ["first", "second"]
        assert bar["x"] == [number(row["first_share"]), number(row["second_share"])]
        few = [row["first_too_few"] == "true", row["second_too_few"] == "true"]
        assert bar["marker"]["color"] == [common.colour(row["label"], item) for item in few]
    assert drawn_points(spec(page, 1), "Second minus first") == {
        row["label"]: number(row["difference"]) for row in rows
    }
    texts = "".join(row_names(spec(page, 1)))
    for row in rows:
        if row["difference"]:
            values = [float(row[f"difference{end}"]) * 100 for end in ("", "_low", "_high")]
            words = "{:+.1f} points, {:+.1f} to {:+.1f}".format(*values).replace("-", "−")
            assert words in texts
    assert_sentence(text_of(page), rows)
    return rows


def assert_sentence(text: str, rows: Rows) -> None:
    if any(row[f"{side}_too_few"] == "true" for row in rows for side in ("first", "second")):
        assert "Too few to compare:" in text
        assert " against " not in text
        assert "Benjamini" not in text
        return
    significant = [row for row in rows if row["p_adjusted"] and float(row["p_adjusted"]) < 0.05]
    for row in rows:
        name = codebook.name(row["label"]).lower()
        match = re.search(rf"{name} ([\d.]+) points (more|less) \(", text)
        assert bool(match) == (row in significant), name
        if match:
            assert float(match[1]) == pytest.approx(abs(float(row["difference"])) * 100, abs=0.51)
            assert (match[2] == "more") == (float(row["difference"]) > 0)
    assert ("no significant difference" in text) >= (not significant)
    assert f"{rows[0]['comparisons']} comparison" in text


def assert_holds(page: AppTest, warehouse: Warehouse, table: str, label: str) -> None:
    """Check the k of m choices in the summary against the CSV."""
    rows = [row for row in rows_at(page, warehouse, table) if row["label"] == label]
    judged = [row["holds"] for row in rows if row["holds"]]
    text = text_of(page)
    if judged:
        more = "choice" if len(judged) == 1 else "choices"
        assert f"holds under {judged.count('true')} of {len(judged)} other {more}." in text
    else:
        assert "holds under" not in text
    value = "share" if table == "robustness" else "difference"
    if any(row[value] for row in rows):
        title = "Second minus first"
        if value == "share":
            title = f"Share {codebook.name(label).lower()}"
        charts = [spec(page, n) for n in range(len(page.get("plotly_chart")))]
        [drawn] = [x for x in charts if rows[0]["choice"] in "".join(words_of(x))]
        assert drawn_points(drawn, title) == {row["choice"]: number(row[value]) for row in rows}
        for row, name in zip(rows, row_names(drawn), strict=True):
            assert (in_chart(row["note"]) in name) or not row["note"]
            assert ("<b>fails</b>" in name) == (row["holds"] == "false")


def words_of(drawn: dict[str, Any]) -> list[str]:
    traces = [x["text"] for x in drawn["data"] if x.get("name") == common.ROW_NAMES]
    return [str(text) for texts in traces for text in texts]


# Compare: two sources -----------------------------------------------------------------------------

QUERIES: list[dict[str, Any]] = [
    {},
    {"view": "attribution", "weighting": "article"},
    {"genre": "news", "weighting": "statement", "mix": "same"},
    {"until": "2024-01"},
    {"state": ["majority", "adjudicated"], "on": "contested"},
]


@pytest.mark.parametrize("query", QUERIES, ids=str)
def test_two_sources(show: Open, demo_corpus: Warehouse, query: dict[str, Any]) -> None:
    page = show(demo_corpus, "compare", **PAIR, **query)
    assert left_out(page) == ""
    chosen = {name: value for name, value in PAIR.items() if page.selectbox(key=f"at {name}").value}
    assert chosen == PAIR
    rows = assert_compared(page, demo_corpus)
    assert_holds(page, demo_corpus, "compare_robustness", query.get("on", "sourced"))
    address = link(page, "compare")
    assert f"source={PAIR['a']}" in address
    assert f"other_source={PAIR['b']}" in address
    assert ("mix=same" in address) == (query.get("mix") == "same")
    page.session_state["table compare"] = True
    table = sound(page.run()).dataframe[0].value.reset_index(drop=True)
    for column in ("first_share", "second_high", "difference", "p_adjusted"):
        assert [None if pd.isna(x) else x for x in table[column]] == [
            number(row[column]) for row in rows
        ]


def test_over_time_both_sides_are_those_of_their_tables(show: Open, demo_corpus: Warehouse) -> None:
    page = show(demo_corpus, "compare", **PAIR, grain="year")
    addresses = [x for x in downloads(page) if "/shares_by_year.csv" in x]
    assert [
        f"source={source}" in x for x, source in zip(addresses, PAIR.values(), strict=True)
    ] == [
        True,
        True,
    ]
    drawn = spec(page, 2)["data"]
    for place, address in enumerate(addresses):
        for label, trace in zip(Label, drawn[place::2], strict=True):
            rows = [
                row for row in at(demo_corpus, address) if row["label"] == label and row["share"]
            ]
            assert trace["x"] == [row["year"] for row in rows]
            assert trace["y"] == [float(row["share"]) for row in rows]


def test_without_a_choice_the_first_two_are_compared(show: Open, demo_corpus: Warehouse) -> None:
    page = show(demo_corpus, "compare")
    assert page.query_params == {}
    names = [page.selectbox(key=f"at {name}").value for name in "ab"]
    first, second, third, *_ = shares_frame(demo_corpus)["source_id"].drop_duplicates()
    assert names == [first, second]
    page.selectbox(key="at b").set_value(third)
    sound(page.run())
    assert page.query_params == {"b": third}
    assert link(page, "compare") == (f"/download/compare.csv?source={first}&other_source={third}")


def test_a_source_is_not_compared_with_itself(show: Open, demo_corpus: Warehouse) -> None:
    page = show(demo_corpus, "compare", a=PAIR["a"], b=PAIR["a"])
    assert [item.value for item in page.info][-1] == "Choose two different sources."
    assert not page.get("plotly_chart")
    assert not downloads(page)
    assert listed(page.query_params) == {"a": [PAIR["a"]], "b": [PAIR["a"]]}


def test_a_period_is_not_compared_with_itself(show: Open, demo_corpus: Warehouse) -> None:
    span = {f"{side}_{end}": "2025-03" for side in "ab" for end in ("since", "until")}
    page = show(demo_corpus, "compare", by="period", **span)
    assert [item.value for item in page.info][-1] == "Choose two different periods."
    assert not downloads(page)


def test_identical_sides_are_refused(demo_corpus: Warehouse) -> None:
    one = ("source", PAIR["a"])
    with pytest.raises(FilterError, match="Both sides are the same"):
        next(request.csv(demo_corpus, "compare", [one, ("other_source", PAIR["a"])]))


def test_the_sources_filtered_are_compared(show: Open, demo_corpus: Warehouse) -> None:
    page = show(demo_corpus, "compare", source=[PAIR["b"], PAIR["a"]])
    assert {page.selectbox(key=f"at {side}").value for side in "ab"} == {*PAIR.values()}
    assert "does not apply" not in text_of(page)
    page.selectbox(key="at a").set_value(page.selectbox(key="at a").options[-1])
    assert "The filter *Sources* does not apply here" in text_of(sound(page.run()))


def test_a_single_source_cannot_be_compared(show: Open, warehouse: Warehouse, files: Path) -> None:
    support.loaded(warehouse, files, support.all_tables())
    page = show(warehouse, "compare")
    assert "There is only one source." in text_of(page)
    assert not page.get("plotly_chart")


@pytest.mark.parametrize(
    ("name", "value"),
    [("a", "nobody"), ("by", "moon"), ("mix", "other"), ("grain", "day"), ("on", "true")],
)
def test_unknown_values_are_named(
    show: Open, demo_corpus: Warehouse, name: str, value: str
) -> None:
    page = show(demo_corpus, "compare", **{**PAIR, name: value})
    assert f"“{name}={value}”" in left_out(page)
    assert listed(page.query_params) == {k: [v] for k, v in PAIR.items() if k != name}


def test_too_few_claims_give_no_finding(show: Open, warehouse: Warehouse, files: Path) -> None:
    support.loaded(warehouse, files, corpus_of(TWO))
    page = show(warehouse, "compare")
    rows = assert_compared(page, warehouse)
    assert "one and two (fewer than 10 articles or 30 resolved claims)" in text_of(page)
    assert {row["first_too_few"] for row in rows} == {"true"}
    [points] = [x for x in spec(page, 1)["data"] if x.get("customdata")]
    assert set(points["marker"]["symbol"]) == {"circle-open"}


def test_the_same_mix_says_what_it_covers(show: Open, warehouse: Warehouse, files: Path) -> None:
    both = {key: own for key, own in TWO.items() if key[1] == "rain"}
    support.loaded(warehouse, files, corpus_of(both))
    page = show(warehouse, "compare", mix="same")
    assert "over 1 cell with two articles or more of each: 100 % of" in text_of(page)
    assert_compared(page, warehouse)


def test_as_chosen_on_this_page_is_what_the_page_shows(show: Open, demo_corpus: Warehouse) -> None:
    page = show(demo_corpus, "compare", **PAIR, mix="same")
    above = {row["label"]: row["difference"] for row in rows_at(page, demo_corpus, "compare")}
    first = [
        row
        for row in rows_at(page, demo_corpus, "compare_robustness")
        if row["choice"] == "As chosen on this page"
    ]
    assert {row["label"]: row["difference"] for row in first} == above


def no_common_cell(warehouse: Warehouse, files: Path) -> None:
    apart = {key: own for key, own in TWO.items() if key[1] in ("snow", "hail")}
    support.loaded(warehouse, files, corpus_of(apart))


def test_the_page_says_if_there_is_no_common_cell(
    show: Open, warehouse: Warehouse, files: Path
) -> None:
    no_common_cell(warehouse, files)
    page = show(warehouse, "compare", mix="same")
    assert "No genre and topic has two articles or more of both" in text_of(page)
    rows = assert_compared(page, warehouse)
    assert {row["first_share"] + row["difference"] for row in rows} == {""}


def test_labels_apply_without_a_common_cell(show: Open, warehouse: Warehouse, files: Path) -> None:
    no_common_cell(warehouse, files)
    page = show(warehouse, "compare", mix="same")
    boxes = [text for bar in bars_of(spec(page, 0)) for text in bar["hovertext"]]
    assert not any("not applicable" in text for text in boxes)


# Compare: two periods -----------------------------------------------------------------------------

PERIODS = {"a_since": "2025-01", "a_until": "2025-03", "b_since": "2025-04", "b_until": "2025-08"}


def test_two_periods(show: Open, demo_corpus: Warehouse) -> None:
    page = show(demo_corpus, "compare", by="period", **PERIODS)
    assert left_out(page) == ""
    assert_compared(page, demo_corpus)
    assert_holds(page, demo_corpus, "compare_robustness", "sourced")
    assert link(page, "compare") == (
        "/download/compare.csv?since=2025-01&until=2025-03&other_since=2025-04&other_until=2025-08"
    )
    shapes = spec(page, 2)["layout"]["shapes"]
    every = spec(page, 2)["layout"]["xaxis"]["categoryarray"]
    first, second = [(shape["x0"] + 0.5, shape["x1"] - 0.5) for shape in shapes]
    assert first == (every.index("2025-Q1"), every.index("2025-Q1"))
    assert second == (every.index("2025-Q2"), every.index("2025-Q3"))


def test_by_default_all_months_in_two_halves(show: Open, demo_corpus: Warehouse) -> None:
    page = show(demo_corpus, "compare", by="period", source=PAIR["a"])
    assert listed(page.query_params) == {"by": ["period"], "source": [PAIR["a"]]}
    with pages_support.opened(demo_corpus) as snapshot:
        months = sorted(queries.choices(snapshot).present["month"])
    months_chosen = [page.selectbox(key=f"at {name}").value for name in PERIODS]
    half = len(months) // 2
    assert months_chosen == [months[0], months[half - 1], months[half], months[-1]]
    assert_compared(page, demo_corpus)


@pytest.mark.parametrize(
    ("changed", "which"),
    [({"a_since": "2025-03", "a_until": "2025-01"}, "first"), ({"b_until": "2025-03"}, "second")],
)
def test_a_period_that_ends_before_it_begins(
    show: Open, demo_corpus: Warehouse, changed: dict[str, str], which: str
) -> None:
    page = show(demo_corpus, "compare", by="period", **{**PERIODS, **changed})
    assert f"The {which} period ends before it begins." in text_of(page)
    assert not page.get("plotly_chart")


def test_periods_need_two_months(show: Open, odd: Warehouse) -> None:
    page = show(odd, "compare", by="period")
    assert "Comparing periods needs dated articles from two months or more." in text_of(page)
    assert not page.get("plotly_chart")


# Compare: two snapshots ---------------------------------------------------------------------------


def test_two_snapshots(show: Open, two_snapshots: Warehouse) -> None:
    new, old = two_snapshots.ids()
    page = show(two_snapshots, "compare", by="snapshot")
    rows = assert_compared(page, two_snapshots)
    assert {row["snapshot"] for row in rows} == {old}
    assert {row["other_snapshot"] for row in rows} == {new}
    assert link(page, "compare") == f"/download/compare.csv?snapshot={old}&other_snapshot={new}"
    names = row_names(spec(page, 0))
    for snapshot_id, name in zip((old, new), names, strict=True):
        assert f"{published_at(snapshot_id):%Y-%m-%d %H:%M} UTC" in name
        assert snapshot_id[-8:] in name
    by_quarter = [x for x in downloads(page) if "/shares_by_quarter.csv" in x]
    assert [f"snapshot={old}" in x for x in by_quarter] == [True, False]
    for address in downloads(page):
        assert at(two_snapshots, address)


def test_an_older_snapshot_is_compared_with_a_newer_one(
    show: Open, two_snapshots: Warehouse
) -> None:
    new, old = two_snapshots.ids()
    page = show(two_snapshots, "compare", by="snapshot", snapshot=old)
    assert_compared(page, two_snapshots)
    assert f"snapshot={new}&other_snapshot={old}" in link(page, "compare")


def test_a_single_snapshot_cannot_be_compared(show: Open, sample: Warehouse) -> None:
    page = show(sample, "compare", by="snapshot")
    assert "There is only one snapshot." in text_of(page)
    assert not page.get("plotly_chart")


def test_a_source_new_in_a_snapshot_can_be_filtered(
    show: Open, warehouse: Warehouse, files: Path
) -> None:
    """The downloads must accept the same filter as the page."""
    support.loaded(warehouse, files, corpus_of({k: x for k, x in TWO.items() if k[0] == "one"}))
    support.loaded(warehouse, files, corpus_of(TWO))
    page = show(warehouse, "compare", by="snapshot", source="two")
    assert len(page.get("plotly_chart")) >= 2
    for address in downloads(page):
        assert at(warehouse, address)


# Ranking ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("store", ["sample", "demo_corpus", "odd"])
def test_nothing_is_ranked_before_a_label_is_chosen(
    show: Open, store: str, request: pytest.FixtureRequest
) -> None:
    page = show(request.getfixturevalue(store), "ranking")
    assert not page.get("plotly_chart")
    assert not downloads(page)
    assert not page.dataframe
    assert "nothing is ranked until you ask for it" in text_of(page)


@pytest.mark.parametrize("query", [{}, {"view": "attribution"}, {"weighting": "article"}], ids=str)
@pytest.mark.parametrize("label", ["sourced", "self_cited"])
def test_a_ranking_is_its_table(
    show: Open, demo_corpus: Warehouse, label: str, query: dict[str, str]
) -> None:
    page = show(demo_corpus, "ranking", on=label, **query)
    rows = [row for row in rows_at(page, demo_corpus, "ranking") if row["label"] == label]
    top = [row for row in rows if row["rank"]]
    drawn = spec(page, 0)
    top_rows = top[:40]
    for title, name in (("Shrunken share", "shrunken"), ("Rank", "rank")):
        assert drawn_points(drawn, title) == {
            row["source_id"]: float(row[name]) for row in top_rows
        }
    for row, words in zip(top_rows, row_names(drawn), strict=True):
        assert f"rank {row['rank']} ({row['rank_low']}–{row['rank_high']})" in words
        assert f" {row['groups'].replace(' ', ', ')}<" in words
        assert percent(float(row["shrunken"])) in words
    groups = {group for row in top for group in row["groups"].split()}
    text = text_of(page)
    assert (
        f"{len(top)} sources by the share {codebook.name(label).lower()}, in {len(groups)}" in text
    )
    rest = [row for row in rows if not row["rank"]]
    assert rest
    for row in rest:
        why = "too few to compare" if row["too_few"] == "true" else "not applicable"
        line = next(x for x in text.splitlines() if x.startswith(f"- {row['source']}: "))
        assert line.endswith(why)
        assert f"{int(row['resolved_claims']):,} resolved claim" in line


def test_too_few_sources_to_rank(show: Open, odd: Warehouse) -> None:
    page = show(odd, "ranking", on="sourced")
    assert "Fewer than two sources have enough claims and articles to be ranked." in text_of(page)
    assert not page.get("plotly_chart")
    assert not any(row["rank"] for row in rows_at(page, odd, "ranking"))


def test_contested_is_not_ranked_by_attribution(show: Open, demo_corpus: Warehouse) -> None:
    page = show(demo_corpus, "ranking", on="contested", view="attribution")
    assert "“on=contested”" in left_out(page)
    assert not page.get("plotly_chart")


# Source: does it hold? ----------------------------------------------------------------------------


def test_robustness_is_not_computed_before_a_label_is_chosen(
    show: Open, demo_corpus: Warehouse
) -> None:
    page = show(demo_corpus, "source", of=PAIR["a"])
    assert not [x for x in downloads(page) if "robustness" in x]
    assert "holds under" not in text_of(page)


@pytest.mark.parametrize("label", [Label.SOURCED, Label.CONTESTED])
def test_a_share_under_other_choices(show: Open, demo_corpus: Warehouse, label: Label) -> None:
    page = show(demo_corpus, "source", of=PAIR["a"], on=str(label))
    assert_holds(page, demo_corpus, "robustness", label)
    rows = [row for row in rows_at(page, demo_corpus, "robustness") if row["label"] == label]
    used = [row for row in rows if row["holds"]]
    shares = [float(row["share"]) for row in (rows[0], *used)]
    least, most = percent(min(shares)), percent(max(shares))
    assert f"the share ranges from {least} to {most}." in text_of(page)
    first = " ".join(percent(float(rows[0][name])) for name in ("share", "low", "high"))
    match = re.search(
        rf"{codebook.name(label)} (\S+ %) \((\S+ %) to (\S+ %)\) holds", text_of(page)
    )
    assert match
    assert " ".join(match.groups()) == first


@pytest.mark.parametrize("of", ["10", "2", "2026-01"])
def test_a_share_of_one_article_cannot_hold(show: Open, odd: Warehouse, of: str) -> None:
    page = show(odd, "source", of=of, on="sourced")
    assert "With one article there is no interval" in text_of(page)
    assert_holds(page, odd, "robustness", "sourced")


# Overview: arrangement ----------------------------------------------------------------------------


def rows_drawn(page: AppTest) -> list[str]:
    rows: list[str] = spec(page, 0)["layout"]["yaxis"]["categoryarray"]
    return rows


def test_sources_as_chosen(show: Open, demo_corpus: Warehouse) -> None:
    chosen = ["demo-harbour-post", "demo-basin-watch"]
    for order in (chosen, chosen[::-1]):
        page = show(demo_corpus, source=order, order="chosen")
        assert rows_drawn(page) == order
        assert left_out(page) == ""
    alone = show(demo_corpus, source=chosen[:1], order="chosen")
    assert "“order=chosen”" in left_out(alone)
    assert "“order=chosen”" in left_out(show(demo_corpus, order="chosen"))


def test_some_labels_are_drawn_and_all_downloaded(show: Open, demo_corpus: Warehouse) -> None:
    page = show(demo_corpus, show="contested,sourced")
    assert [bar["name"] for bar in bars_of(spec(page, 0))] == ["Sourced", "Contested"]
    assert left_out(page) == ""
    assert page.query_params == {"show": "sourced,contested"}
    assert {row["label"] for row in rows_at(page, demo_corpus, "shares")} == {*map(str, Label)}


@pytest.mark.parametrize(
    ("asked", "named", "drawn"),
    [
        ("sourced,true", "“show=true”", ["Sourced"]),
        ("good", "“show=good”", [LOOKS[label].name for label in Label]),
        (",", "“show=,”", [LOOKS[label].name for label in Label]),
    ],
)
def test_unknown_labels_are_named(
    show: Open, demo_corpus: Warehouse, asked: str, named: str, drawn: list[str]
) -> None:
    page = show(demo_corpus, show=asked)
    assert named in left_out(page)
    assert [bar["name"] for bar in bars_of(spec(page, 0))] == drawn


def test_the_minimum_number_of_claims(show: Open, demo_corpus: Warehouse) -> None:
    sizes = shares_frame(demo_corpus).drop_duplicates("source_id").set_index("source_id")
    least = int(sizes["resolved_claims"].median())
    page = show(demo_corpus, least=str(least))
    enough = sizes.index[sizes["resolved_claims"] >= least]
    assert rows_drawn(page) == list(enough)
    gone = len(sizes) - len(enough)
    assert f"Not drawn: {gone} sources with fewer than {least:,} resolved claims." in text_of(page)
    assert page.query_params == {"least": str(least)}
    assert len(rows_at(page, demo_corpus, "shares")) == 4 * len(sizes)


@pytest.mark.parametrize("value", ["abc", "0", "1.5", "9999999999"])
def test_an_invalid_minimum_is_named(show: Open, demo_corpus: Warehouse, value: str) -> None:
    page = show(demo_corpus, least=value)
    assert f"“least={value}”" in left_out(page)
    assert len(rows_drawn(page)) == 40


def test_a_minimum_that_no_source_reaches(show: Open, odd: Warehouse) -> None:
    page = show(odd, least="1000")
    assert "Not drawn: 4 sources" in text_of(page)
    assert not page.get("plotly_chart")


# What is counted here -----------------------------------------------------------------------------


def opened(page: AppTest, name: str) -> AppTest:
    page.session_state[f"counted {name}"] = True
    return sound(page.run())


def assert_facts(shown: dict[str, str], warehouse: Warehouse, filters: Filters) -> None:
    with pages_support.opened(warehouse) as snapshot:
        whole = queries.counted(snapshot, filters).iloc[0]
        only = filters.list_sentence(queries.choices(snapshot).sources)
        assert shown["Snapshot"] == snapshot.id
        assert shown["Codebook"] == f"version {queries.status(snapshot)['codebook_version']}"
        with_a_label = shares_by_source(snapshot, filters).groupby("source")["articles"]
        resolved = with_a_label.max().sum()
    rest = f"; shares count the {resolved:,} with a resolved claim"
    assert shown["Articles"] == f"{whole['articles']:,}" + (
        rest if resolved < whole["articles"] else ""
    )
    assert shown["Claims"] == f"{whole['claims']:,}"
    for name, states in (("Resolved", codebook.RESOLVED_STATES), ("Open", codebook.OPEN_STATES)):
        every = sum(int(whole[state]) for state in states)
        assert shown[name].startswith(f"{every:,} (")
        for state in states:
            assert f"{codebook.STATE_NAMES[state].lower()} {whole[state]:,}" in shown[name]
    assert shown["Provisional"] == f"{whole['provisional_claims']:,} labelled by models only"
    people, models = (
        f"{whole[name]:,} {singular if whole[name] == 1 else plural}"
        for name, singular, plural in (
            ("people", "person", "people"),
            ("models", "model", "models"),
        )
    )
    assert shown["Annotators"] == f"{people}, {models}"
    assert shown.get("Only", "All.") == only
    assert sum(int(whole[str(state)]) for state in State) == whole["claims"]


@pytest.mark.parametrize(
    "query", [{}, {"genre": "news", "view": "attribution"}, {"source": [*PAIR.values()]}], ids=str
)
def test_what_is_counted_on_the_overview(
    show: Open, demo_corpus: Warehouse, query: dict[str, Any]
) -> None:
    page = show(demo_corpus, **query)
    assert not [x for x in pages_support.bodies(page) if 'class="facts"' in x]
    shown = facts(opened(page, "shares"))
    with pages_support.opened(demo_corpus) as snapshot:
        filters = filters_of(snapshot, query)
    assert_facts(shown, demo_corpus, filters)


def test_what_is_counted_on_both_sides(show: Open, demo_corpus: Warehouse) -> None:
    page = opened(show(demo_corpus, "compare", **PAIR), "compare")
    for place, source in enumerate(PAIR.values()):
        assert_facts(facts(page, place), demo_corpus, Filters(source=(source,)))


def test_what_is_counted_without_claims(show: Open, odd: Warehouse) -> None:
    assert_facts(facts(opened(show(odd), "shares")), odd, Filters())
    page = opened(show(odd, "ranking", on="sourced"), "ranking")
    assert_facts(facts(page), odd, Filters())
