"""The page on agreement: its figures, charts and lists are the downloadable tables."""

import csv
import html
import io
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pages_support
import pandas as pd
import pytest
import streamlit as st
import support
from pages_support import (
    LEFT_OUT,
    Open,
    Query,
    bodies,
    counted,
    downloads,
    figures,
    filters_of,
    left_out,
    listed,
    sound,
    spec,
)
from streamlit.testing.v1 import AppTest

from sourcing import codebook
from sourcing.charts import common
from sourcing.codebook import Label
from sourcing.downloads import tables
from sourcing.filters import on_articles
from sourcing.formatting import percent
from sourcing.literal_text import in_chart
from sourcing.warehouse import queries
from sourcing.warehouse.snapshots import Warehouse

pytestmark = pytest.mark.slow

pytest_plugins = "pages_fixtures"

TABLES = (
    "agreement",
    "coincidences",
    "annotator_labels",
    "agreement_by_pair",
    "agreement_by_source",
    "agreement_by_month",
    "disagreements",
    "findings",
)
"""In the order in which the page shows them."""
FIRST = 50
MIXED = "human and model"


def table(
    warehouse: Warehouse, name: str, basis: str | None = None, query: Query | None = None
) -> list[dict[str, str]]:
    """The rows of a table's CSV, of people or of models."""
    with pages_support.opened(warehouse) as snapshot:
        filters = filters_of(snapshot, query or {})
        assert not filters.ignored
        data = b"".join(tables.csv(snapshot, name, filters)).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(data, newline="")))
    return [row for row in rows if basis is None or row["basis"] == basis]


def figure_text(value: str, shares: bool = False) -> str:
    """A figure of a CSV as the page writes it."""
    if not value:
        return "–"
    return percent(float(value)) if shares else f"{float(value):.2f}".replace("-", "−")


def interval(row: dict[str, str], name: str) -> str:
    low, high = (figure_text(row[f"{name}_{end}"], name == "percent") for end in ("low", "high"))
    return "no interval" if low == "–" else f"95 %: {low} to {high}"


def assert_figures(page: AppTest, warehouse: Warehouse, basis: str, query: Query) -> None:
    row = table(warehouse, "agreement", basis, query)[0]
    assert row["label"] == "all"
    assert figures(page) == {
        "Krippendorff&#x27;s alpha": (figure_text(row["alpha"]), interval(row, "alpha")),
        "Percent agreement": (figure_text(row["percent"], shares=True), interval(row, "percent")),
        "Gwet&#x27;s AC1": (figure_text(row["ac1"]), interval(row, "ac1")),
        "Claims": (f"{int(row['claims']):,}", "with two labels or more"),
        "Articles": (f"{int(row['articles']):,}", "with such a claim"),
        "Annotators": (f"{int(row['annotators']):,}", "in these articles"),
    }


def drawn_values(drawn: dict[str, Any]) -> set[float]:
    """Every number that a chart of points draws."""
    return {
        round(value, 9)
        for trace in drawn["data"]
        for axis in ("x", "y")
        for value in trace.get(axis) or []
        if isinstance(value, float)
    }


def numbers(rows: list[dict[str, str]]) -> set[float]:
    names = ("alpha", "percent", "ac1")
    return {round(float(row[name]), 9) for row in rows for name in names if row[name]}


def assert_blocks(page: AppTest, warehouse: Warehouse, basis: str, query: Query) -> None:
    """Check charts, matrix and lists against the CSV."""
    by_name = {name: table(warehouse, name, basis, query) for name in TABLES[:-2]}
    charts = [spec(page, number) for number in range(len(page.get("plotly_chart")))]
    unread_charts = iter(charts)
    assert numbers(by_name["agreement"]) <= drawn_values(next(unread_charts))
    mixes = [trace for trace in next(unread_charts)["data"] if trace["type"] == "bar"]
    assert [trace["name"] for trace in mixes] == [codebook.name(label) for label in Label]
    for label, trace in zip(Label, mixes, strict=True):
        rows = [row for row in by_name["annotator_labels"] if row["label"] == label]
        assert trace["y"] == [row["annotator"] for row in rows]
        assert trace["x"] == [float(row["share"]) if row["share"] else None for row in rows]
    if by_name["agreement_by_pair"]:
        assert numbers(by_name["agreement_by_pair"]) <= drawn_values(next(unread_charts))
    if mixed := table(warehouse, "agreement_by_pair", MIXED, query):
        assert numbers(mixed) <= drawn_values(next(unread_charts))
    sources = by_name["agreement_by_source"][:25]
    assert numbers(sources) <= drawn_values(next(unread_charts))
    if by_name["agreement_by_month"]:
        assert numbers(by_name["agreement_by_month"]) <= drawn_values(next(unread_charts))
    assert next(unread_charts, None) is None
    [matrix] = [body for body in bodies(page) if 'class="matrix"' in body]
    cells = re.findall(r"<b>(.*?)</b><small>(.*?)</small>", matrix)
    assert cells == [
        (figure_text(row["part"], shares=True), f"{float(row['coincidences']):,.0f}")
        for row in by_name["coincidences"]
    ]


def assert_disagreements(page: AppTest, warehouse: Warehouse, basis: str, query: Query) -> None:
    rows = table(warehouse, "disagreements", basis, query)
    words = [item.value for item in page.markdown]
    assert ("No two annotators disagree on a claim." in words) == (not rows)
    if not rows:
        return
    first = rows[:FIRST]
    grid = page.dataframe[0].value
    assert grid["Claim"].tolist() == [row["claim"] for row in first]
    assert grid["Source"].tolist() == [row["source"] for row in first]
    label_counts = [
        ", ".join(
            f"{row[label]} × {codebook.name(label).lower()}" for label in Label if int(row[label])
        )
        for row in first
    ]
    assert grid["Labels"].tolist() == label_counts
    caption = f"The first {len(first)}. The download has all. Choose a row to open its claim."
    assert caption in [item.value for item in page.caption]


def assert_page(page: AppTest, warehouse: Warehouse, basis: str, query: Query) -> None:
    assert_figures(page, warehouse, basis, query)
    assert_blocks(page, warehouse, basis, query)
    assert_disagreements(page, warehouse, basis, query)


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"among": "model"},
        {"source": ["demo-harbour-post", "demo-basin-watch"]},
        {"genre": "opinion", "among": "model"},
        {"since": "2025-03", "until": "2025-09", "kind": "newspaper"},
    ],
    ids=str,
)
def test_the_page_is_what_the_tables_hold(show: Open, demo_corpus: Warehouse, query: Query) -> None:
    page = show(demo_corpus, "agreement", **query)
    assert left_out(page) == ""
    assert [title.value for title in page.title] == ["How far annotators agree"]
    filters = {name: value for name, value in query.items() if name != "among"}
    basis = str(query.get("among", "human"))
    assert_page(page, demo_corpus, basis, filters)
    assert listed(page.query_params) == listed(query)
    with pages_support.opened(demo_corpus) as snapshot:
        chosen = filters_of(snapshot, filters)
        sentence = chosen.list_sentence(queries.choices(snapshot).sources)
    mixed = bool(table(demo_corpus, "agreement_by_pair", MIXED, filters))
    assert len(counted(page)) == 6 + mixed
    for text in counted(page)[:-1]:
        assert f"Articles: {sentence}" in text
    query_string = chosen.query()
    assert downloads(page) == [
        f"/download/{name}.csv?"
        f"{_with_basis(query_string, basis) if name == TABLES[-2] else query_string}".rstrip("?")
        for name in TABLES
        for _ in range(2 if mixed and name == "agreement_by_pair" else 1)
    ]


def _with_basis(query_string: str, basis: str) -> str:
    """The query with the basis at its place in an address."""
    parts = [part for part in query_string.split("&") if part]
    later = [part for part in parts if part.split("=")[0] in ("since", "until")]
    return "&".join([*(part for part in parts if part not in later), f"basis={basis}", *later])


def test_the_sample_has_models_only(show: Open, sample: Warehouse) -> None:
    page = show(sample, "agreement")
    assert "Only models have labelled these articles." in [item.value for item in page.caption]
    assert not [item for item in page.button_group if item.key == "at among"]
    assert page.query_params == {}
    assert_page(page, sample, "model", {})
    row = table(sample, "agreement")[0]
    assert (row["basis"], row["annotators"]) == ("model", "3")


def test_people_and_models(show: Open, demo_corpus: Warehouse) -> None:
    page = show(demo_corpus, "agreement")
    switch = page.button_group(key="at among")
    assert switch.value == "human"
    switch.set_value("model")
    sound(page.run())
    assert page.query_params == {"among": "model"}
    assert_page(page, demo_corpus, "model", {})
    page.button_group(key="at among").set_value("human")
    sound(page.run())
    assert page.query_params == {}
    assert_page(page, demo_corpus, "human", {})


def test_a_pair_of_a_person_and_a_model_stands_apart(show: Open, demo_corpus: Warehouse) -> None:
    pairs = table(demo_corpus, "agreement_by_pair")
    assert {row["basis"] for row in pairs} == {"human", "model", "human and model"}
    page = show(demo_corpus, "agreement")
    for place, basis in ((2, "human"), (3, MIXED)):
        drawn = spec(page, place)["data"]
        [names] = [trace["text"] for trace in drawn if trace.get("name") == common.ROW_NAMES]
        titles = [
            f"{row['annotator']} and {row['other']}" for row in pairs if row["basis"] == basis
        ]
        assert len(names) == len(titles)
        for name, words in zip(names, titles, strict=True):
            assert in_chart(words) in name
    page.session_state["table agreement_by_pair"] = True
    sound(page.run())
    grids = [item.value for item in page.dataframe if "other" in item.value]
    assert grids[0]["basis"].tolist() == [row["basis"] for row in pairs]


def test_an_empty_warehouse(show: Open, warehouse: Warehouse) -> None:
    page = show(warehouse, "agreement", among="model", rule="tie")
    [info] = page.info
    assert info.value.startswith("**Nothing is loaded yet.**")
    assert not page.get("plotly_chart")
    assert not figures_or_none(page)


def figures_or_none(page: AppTest) -> bool:
    return any('class="figures"' in body for body in bodies(page))


def labelled(*labels: tuple[str, str, str, str]) -> dict[str, Any]:
    """Labels as claim, annotator, method, label."""
    return {
        "labels": [
            {
                "claim_id": claim,
                "annotator": annotator,
                "method": method,
                "label": label,
                "labelled_at": "2026-01-01",
            }
            for claim, annotator, method, label in labels
        ],
        "claims": [
            {"claim_id": claim, "article_id": "a", "claim": f"Claim {claim}."}
            for claim in dict.fromkeys(row[0] for row in labels)
        ],
    }


def test_one_annotator_only(show: Open, warehouse: Warehouse, files: Path) -> None:
    tables = labelled(("c", "anna", "human", "sourced"), ("d", "anna", "human", "unsourced"))
    support.loaded(warehouse, files, support.all_tables() | tables)
    page = show(warehouse, "agreement")
    assert "No claim has labels of two annotators." in [item.value for item in page.info]
    assert "Only people have labelled these articles." in [item.value for item in page.caption]
    values = figures(page)
    assert [values[name] for name in list(values)[:3]] == [("–", "no interval")] * 3
    assert [values[name][0] for name in list(values)[3:]] == ["0", "0", "1"]
    words = [item.value for item in page.markdown]
    assert "No two annotators have labelled the same claim." in words
    assert "None of these articles has a date." in words
    assert "No two annotators disagree on a claim." in words
    assert_blocks(page, warehouse, "human", {})


def test_one_label_only(show: Open, warehouse: Warehouse, files: Path) -> None:
    tables = labelled(("c", "anna", "human", "sourced"), ("c", "bela", "human", "sourced"))
    support.loaded(warehouse, files, support.all_tables() | tables)
    page = show(warehouse, "agreement")
    assert "Only one label was used, so alpha is not defined." in [x.value for x in page.info]
    values = figures(page)
    assert values["Krippendorff&#x27;s alpha"] == ("–", "no interval")
    assert values["Percent agreement"] == ("100 %", "no interval")
    assert_page(page, warehouse, "human", {})


def test_odd_texts_are_shown_as_they_are(show: Open, odd: Warehouse) -> None:
    page = show(odd, "agreement")
    assert "No claim has labels of two annotators." in [item.value for item in page.info]
    assert_blocks(page, odd, "human", {})
    for body in bodies(page)[1:]:
        assert "<img" not in body
        assert pages_support.SCRIPT not in body
    drawn = spec(page, 1)
    for trace in drawn["data"]:
        for text in (*(trace.get("text") or []), *(trace.get("hovertext") or [])):
            assert "<script" not in str(text)
    grid = page.dataframe[-1].value
    assert set(grid.columns) <= {"Claim", "Detail", "Source"}


def test_filters_that_leave_nothing(show: Open, demo_corpus: Warehouse) -> None:
    with pages_support.opened(demo_corpus) as snapshot:
        months = queries.choices(snapshot).present["month"]
    page = show(demo_corpus, "agreement", until=months[0], since=months[0], source="demo-x")
    assert left_out(page) == LEFT_OUT + "“source=demo-x”"
    page = show(demo_corpus, "agreement", since="1999-01", until="1999-02")
    [info] = [item.value for item in page.info if "matches these filters" in item.value]
    assert info.startswith("**No claim matches these filters.**")
    assert not figures_or_none(page)


def test_filters_on_claims_do_not_apply_but_are_kept(show: Open, demo_corpus: Warehouse) -> None:
    query: Query = {"state": "majority", "needs_source": "no", "weighting": "article"}
    page = show(demo_corpus, "agreement", **query)
    assert left_out(page) == ""
    assert_page(page, demo_corpus, "human", {})
    assert listed(page.query_params) == listed(query)
    assert downloads(page)[0] == "/download/agreement.csv"
    offered = {item.key for item in page.multiselect}
    assert not offered & {"at state", "at basis", "at topic", "at needs_source"}


# Unknown values in the address.


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ({"among": "everybody"}, "“among=everybody”"),
        ({"among": ""}, "“among=”"),
        ({"rule": "no_such_rule"}, "“rule=no_such_rule”"),
        ({"among": "rule", "rule": "<script>"}, "“among=rule”, “rule=<script>”"),
        ({"among": "Human"}, "“among=Human”"),
    ],
    ids=str,
)
def test_unknown_values_are_named_and_ignored(
    show: Open, demo_corpus: Warehouse, query: Query, named: str
) -> None:
    page = show(demo_corpus, "agreement", **query)
    assert left_out(page) == LEFT_OUT + named
    assert_figures(page, demo_corpus, "human", {})
    assert page.query_params == {}
    sound(page.run())
    assert page.query_params == {}


def test_models_are_ignored_if_only_people_labelled(
    show: Open, warehouse: Warehouse, files: Path
) -> None:
    tables = labelled(("c", "anna", "human", "sourced"), ("c", "bela", "human", "unsourced"))
    support.loaded(warehouse, files, support.all_tables() | tables)
    page = show(warehouse, "agreement", among="model", rule="older_codebook")
    assert left_out(page) == LEFT_OUT + "“among=model”, “rule=older_codebook”"
    assert_page(page, warehouse, "human", {})
    assert page.query_params == {}


# Findings to do.


def rules_of(warehouse: Warehouse, query: Query) -> dict[str, int]:
    with pages_support.opened(warehouse) as snapshot:
        counts = queries.findings_by_rule(snapshot, on_articles(filters_of(snapshot, query)))
    return {rule: counts[rule] for rule in codebook.FINDINGS if rule in counts}


def assert_findings(page: AppTest, warehouse: Warehouse, rule: str, query: Query) -> None:
    with pages_support.opened(warehouse) as snapshot:
        filters = on_articles(filters_of(snapshot, query))
        first = queries.findings_to_do(snapshot, filters, rule, FIRST)
    grid = page.dataframe[-1].value
    assert len(first) == min(rules_of(warehouse, query)[rule], FIRST)
    assert grid["Claim"].tolist() == first["about"].tolist()
    assert grid["Source"].tolist() == first["source"].tolist()
    assert ("Detail" in grid) == first["detail"].notna().any()
    if "Detail" in grid:
        assert grid["Detail"].fillna("").tolist() == first["detail"].fillna("").tolist()


@pytest.mark.parametrize("query", [{}, {"genre": "news", "source": "demo-harbour-post"}], ids=str)
def test_each_rule_can_be_chosen(show: Open, demo_corpus: Warehouse, query: Query) -> None:
    counts = rules_of(demo_corpus, query)
    page = show(demo_corpus, "agreement", **query)
    box = page.selectbox(key="at rule")
    assert box.options == [
        f"{codebook.FINDINGS[rule].capitalize()} ({number:,})" for rule, number in counts.items()
    ]
    first, *others = counts
    assert box.value == first
    assert_findings(page, demo_corpus, first, query)
    for rule in others:
        page.selectbox(key="at rule").set_value(rule)
        sound(page.run())
        assert listed(page.query_params) == listed(query | {"rule": rule})
        assert_findings(page, demo_corpus, rule, query)
        more = f"The first {FIRST} of {counts[rule]:,}. The download has all."
        assert (more in [item.value for item in page.caption]) == (counts[rule] > FIRST)
    same = show(demo_corpus, "agreement", **query, rule=others[-1])
    assert left_out(same) == ""
    assert_findings(same, demo_corpus, others[-1], query)


def test_no_findings(show: Open, warehouse: Warehouse, files: Path) -> None:
    tables = labelled(("c", "anna", "human", "unsourced"))
    support.loaded(warehouse, files, support.all_tables() | tables)
    page = show(warehouse, "agreement")
    assert "No findings." in [item.value for item in page.markdown]
    assert not page.dataframe


# A chosen row opens its claim. AppTest cannot choose a row, so a stub returns a selection.


def choosing(monkeypatch: pytest.MonkeyPatch, name: str, row: int) -> None:
    """Let the list of this name return this row as chosen, once."""
    real, chosen = st.dataframe, [row]

    def answering(data: Any, **options: Any) -> Any:
        frame = real(data, **options)
        if chosen and str(options.get("key", "")).startswith(name):
            return SimpleNamespace(selection=SimpleNamespace(rows=[chosen.pop()]))
        return frame

    monkeypatch.setattr(st, "dataframe", answering)


def test_a_row_opens_its_claim(
    show: Open, demo_corpus: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    query: Query = {"source": "demo-harbour-post"}
    row = table(demo_corpus, "disagreements", "human", query)[3]
    choosing(monkeypatch, "disagreements", 3)
    page = show(demo_corpus, "agreement", **query)
    assert [title.value for title in page.title] == ["Claims"]
    assert listed(page.query_params) == listed(query | {"claim": row["claim_id"]})
    sheet = next(body for body in bodies(page) if 'class="claim"' in body)
    assert html.escape(row["claim"]) in sheet


def test_a_finding_opens_its_claim_or_article(
    show: Open, demo_corpus: Warehouse, warehouse: Warehouse, files: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    with pages_support.opened(demo_corpus) as snapshot:
        rows = queries.findings_to_do(snapshot, filters_of(snapshot, {}), "tie", FIRST)
    choosing(monkeypatch, "findings tie", 1)
    page = show(demo_corpus, "agreement", rule="tie")
    assert page.query_params == {"claim": rows["claim_id"][1]}
    tables = support.all_tables(
        articles=[{"article_id": "late", "source_id": "s", "title": "Late", "published": "2999"}],
        claims=[{"claim_id": "x", "article_id": "late", "claim": "It will rain."}],
    )
    support.loaded(warehouse, files, tables)
    choosing(monkeypatch, "findings article_in_future", 0)
    page = show(warehouse, "agreement", rule="article_in_future")
    assert page.query_params == {"article": "late"}
    assert page.dataframe[0].value["Claim"].tolist() == ["It will rain."]


def test_the_second_page_of_sources(show: Open, demo_corpus: Warehouse) -> None:
    rows = table(demo_corpus, "agreement_by_source", "human")
    assert len(rows) > 25
    page = show(demo_corpus, "agreement", rows="2")
    [names] = [
        trace["text"] for trace in spec(page, 4)["data"] if trace.get("name") == common.ROW_NAMES
    ]
    assert len(names) == len(rows) - 25
    for name, row in zip(names, rows[25:], strict=True):
        assert in_chart(row["source"]) in name
        assert ("no claim has labels of two annotators" in name) == (row["claims"] == "0")
    assert f"Rows 26–{len(rows)} of {len(rows)}" in [item.value for item in page.caption]


def test_the_table_below_is_the_download(show: Open, demo_corpus: Warehouse) -> None:
    page = show(demo_corpus, "agreement")
    for name in TABLES[:-2]:
        page.session_state[f"table {name}"] = True
    sound(page.run())
    lists = [item.value.reset_index(drop=True) for item in page.dataframe]
    for name, grid in zip(TABLES[:-2], lists, strict=False):
        rows = table(demo_corpus, name)
        assert len(grid) == len(rows)
        for column in grid.columns:
            expected = [row[column] for row in rows]
            if pd.api.types.is_numeric_dtype(grid[column]):
                values = ["" if pd.isna(x) else float(x) for x in grid[column]]
                assert values == [float(x) if x else "" for x in expected], (name, column)
            else:
                assert grid[column].tolist() == expected, (name, column)
