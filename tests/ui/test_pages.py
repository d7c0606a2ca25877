"""Every page, run by Streamlit, on the sample, a made-up corpus, odd data and no data."""

import shutil
from pathlib import Path

import pages_support
import pandas as pd
import pytest
import support
from pages_support import (
    Open,
    downloads,
    facts,
    figures,
    left_out,
    row_names,
    same_shares,
    shares_frame,
    sound,
    spec,
    unescaped,
)

from sourcing import codebook
from sourcing.analysis.shares import shares_by, shares_by_source
from sourcing.charts import common
from sourcing.codebook import Label
from sourcing.filters import Filters, only_source
from sourcing.formatting import plural
from sourcing.literal_text import in_chart
from sourcing.reviews import Person, Reviews, Role, address_of, meetings
from sourcing.ui.page_registry import BY_ADDRESS
from sourcing.warehouse import queries
from sourcing.warehouse.snapshots import Warehouse

pytestmark = pytest.mark.slow

pytest_plugins = "pages_fixtures"

PAGES = tuple(BY_ADDRESS)


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens(show: Open, any_store: Warehouse, name: str) -> None:
    page = show(any_store, name)
    assert len(page.title) == 1
    assert page.query_params == {}
    assert left_out(page) == ""


@pytest.mark.parametrize("name", PAGES)
def test_an_empty_warehouse_says_what_to_do(show: Open, warehouse: Warehouse, name: str) -> None:
    page = show(warehouse, name, source="x")
    [info] = page.info
    assert "python -m etl load data/sample" in info.value
    assert "--warehouse DIR" in info.value
    assert f"the folder `{warehouse.folder.name}` that `SOURCING_WAREHOUSE` names" in info.value
    assert not page.get("plotly_chart")
    assert not page.dataframe
    assert not warehouse.folder.exists()


def test_a_broken_warehouse_is_explained(show: Open, sample: Warehouse, tmp_path: Path) -> None:
    del sample
    (tmp_path / "current").write_text("20260101T000000Z-00000000")
    with pytest.raises(AssertionError, match="names the snapshot"):
        show(Warehouse(tmp_path))


def test_the_first_start_loads_the_sample(
    show: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(support.SAMPLE, tmp_path / "data" / "sample")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(support.ROOT))
    page = show(Warehouse(Path("data/warehouse")))
    assert figures(page)["Claims"][0] == "328"
    assert Warehouse(tmp_path / "data" / "warehouse").current()


def test_a_lost_warehouse_is_no_first_start(
    show: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sample: Warehouse
) -> None:
    """Neither a lost pointer nor a lost folder brings the sample in place of a team's own data."""
    shutil.copytree(support.SAMPLE, tmp_path / "data" / "sample")
    shutil.copytree(sample.folder, tmp_path / "data" / "warehouse")
    monkeypatch.chdir(tmp_path)
    warehouse = Warehouse(Path("data/warehouse"))
    newest = warehouse.current() or ""
    (tmp_path / "data/warehouse/current").unlink()
    with pytest.raises(AssertionError, match=f"snapshots --use {newest}"):
        show(warehouse)
    assert not (tmp_path / "data/warehouse/current").exists()
    shutil.rmtree(tmp_path / "data/warehouse")
    reviews = Reviews(address_of(warehouse))
    meetings.create(
        reviews, Person("Rob", Role.REVIEWER), meetings.Plan("May", "2026-05-31", "Rob"), newest
    )
    reviews.close()
    with pytest.raises(AssertionError, match=f"although a meeting was held on {newest}"):
        show(warehouse)
    assert not (tmp_path / "data/warehouse").exists()


def test_made_up_data_are_marked_on_every_page(
    show: Open, demo_corpus: Warehouse, sample: Warehouse
) -> None:
    for name in PAGES:
        made_up = [item.value for item in show(demo_corpus, name).warning]
        assert any(text.startswith("**Made-up data.**") for text in made_up)
        real = [item.value for item in show(sample, name).warning]
        assert not any("Made-up" in text for text in real)


def test_the_figures_are_those_of_the_frame(show: Open, any_store: Warehouse) -> None:
    frame = shares_frame(any_store)
    sources = frame.drop_duplicates("source_id")
    resolved, still_open = sources["resolved_claims"].sum(), sources["open_claims"].sum()
    with pages_support.opened(any_store) as snapshot:
        states = queries.states(snapshot)
        [(undated,)] = snapshot.rows(
            "SELECT count(*) FROM articles WHERE published_precision = 'unknown'"
        )
        status = queries.status(snapshot)
    values = {name: value for name, (value, _) in figures(show(any_store)).items()}
    assert values == {
        "Sources": f"{status['publishers']:,}",
        "Articles": f"{status['articles']:,}",
        "Claims": f"{resolved + still_open:,}",
        "Resolved": f"{resolved:,}",
        "Open": f"{still_open:,}",
        "Provisional": f"{sources['provisional_claims'].sum():,}",
    }
    assert still_open == states["tie"] + states["unlabelled"]
    assert figures(show(any_store))["Articles"][1] == f"{undated:,} undated"


def test_the_bars_are_the_frame(show: Open, any_store: Warehouse) -> None:
    frame = shares_frame(any_store)
    first = frame["source_id"].drop_duplicates().head(40)
    same_shares(spec(show(any_store), 0), frame[frame["source_id"].isin(first)])


def test_the_table_below_is_the_frame(show: Open, any_store: Warehouse) -> None:
    page = show(any_store)
    assert not page.dataframe
    page.session_state["table shares"] = True
    [table] = sound(page.run()).dataframe
    pd.testing.assert_frame_equal(
        table.value.reset_index(drop=True), shares_frame(any_store), check_dtype=False
    )


def test_sources_with_too_few_claims_are_grey_not_hidden(
    show: Open, demo_corpus: Warehouse
) -> None:
    rows = shares_frame(demo_corpus).drop_duplicates("source_id").head(40)
    assert set(rows["too_few"]) == {True, False}
    names = row_names(spec(show(demo_corpus), 0))
    for row, name in zip(rows.itertuples(), names, strict=True):
        assert in_chart(row.source) in name
        assert ("too few to compare" in name) == row.too_few
        assert f"{row.resolved_claims:,} claim" in name
        assert f"{row.articles:,} article" in name
        assert (f"{row.open_claims:,} open" in name) == (row.open_claims > 0)


def test_self_cited_does_not_apply_to_unknown_sources(show: Open, sample: Warehouse) -> None:
    page = show(sample)
    outside = ["unknown-000", "unknown-004"]
    columns = [
        trace
        for trace in spec(page, 1)["data"]
        if trace.get("mode") == "text" and trace.get("name") != common.ROW_NAMES
    ]
    texts = {
        row: text for trace in columns for row, text in zip(trace["y"], trace["text"], strict=True)
    }
    assert texts == dict.fromkeys(outside, "<i>not applicable</i>")
    bar = next(bar for bar in spec(page, 0)["data"] if bar["name"] == "Self-cited")
    by_row = dict(zip(bar["y"], zip(bar["x"], bar["hovertext"], strict=True), strict=True))
    for row in outside:
        assert by_row[row][0] is None
        assert by_row[row][1].endswith("Self-cited: not applicable")
    assert by_row["mehr-news"][0] == 0


def test_provisional_labels_are_noted_above_the_numbers(
    show: Open, sample: Warehouse, demo_corpus: Warehouse, odd: Warehouse
) -> None:
    [info] = show(sample).info
    assert info.value.startswith("**Provisional.** All 328 resolved claims are labelled by models")
    sources = shares_frame(demo_corpus).drop_duplicates("source_id")
    some, resolved = sources["provisional_claims"].sum(), sources["resolved_claims"].sum()
    [info] = show(demo_corpus).info
    assert f"{some:,} of {resolved:,} resolved claims are labelled by models only" in info.value
    assert not show(odd).info


def test_order_by_claims(show: Open, demo_corpus: Warehouse) -> None:
    page = show(demo_corpus)
    page.button_group(key="at order").set_value("claims")
    sound(page.run())
    assert page.query_params == {"order": "claims"}
    sizes = shares_frame(demo_corpus).drop_duplicates("source_id").set_index("source_id")
    drawn = spec(page, 0)["layout"]["yaxis"]["categoryarray"]
    expected = sizes["resolved_claims"].sort_values(ascending=False, kind="stable").index[:40]
    assert drawn == list(expected)
    same = show(demo_corpus, order="claims")
    assert spec(same, 0) == spec(page, 0)


def test_the_second_page_of_sources(show: Open, demo_corpus: Warehouse) -> None:
    frame = shares_frame(demo_corpus)
    rest = frame["source_id"].drop_duplicates()[40:]
    page = show(demo_corpus, rows="2")
    assert "Rows 41–45 of 45" in [item.value for item in page.caption]
    same_shares(spec(page, 0), frame[frame["source_id"].isin(rest)])
    turned = show(demo_corpus)
    turned.get("pagination")[0].set_value(2)
    sound(turned.run())
    assert turned.query_params == {"rows": "2"}
    assert spec(turned, 0) == spec(page, 0)


@pytest.mark.parametrize("of", ["mehr-news", "unknown-004"])
def test_a_source_of_the_sample(show: Open, sample: Warehouse, of: str) -> None:
    page = show(sample, "source", of=of)
    with pages_support.opened(sample) as snapshot:
        filters = only_source(Filters(), of)
        frame = shares_by_source(snapshot, filters)
        topics = shares_by(snapshot, filters, "topic")
        articles = queries.listed(snapshot, "articles", filters)
        cited = queries.listed(snapshot, "cited", filters)
        publishers = queries.publishers(snapshot).set_index("source_id")
    assert unescaped(page.header[0].value) == publishers.loc[of, "name"]
    assert publishers.loc[of, "notes"] in [unescaped(item.value) for item in page.warning]
    same_shares(spec(page, 0), frame)
    assert page.selectbox(key="at of").value == of
    tables = [item.value.reset_index(drop=True) for item in page.dataframe]
    assert any(item.equals(articles) for item in tables)
    if not cited.empty:
        assert any(item.equals(cited) for item in tables)
    shown = topics[topics["topic"].isin(topics["topic"].drop_duplicates().head(25))]
    number = 2 if not page.get("plotly_chart")[2].proto.id.startswith("time") else 3
    drawn = [spec(page, i) for i in range(number, len(page.get("plotly_chart")))]
    chart = next(item for item in drawn if "by label" in item["layout"]["annotations"][0]["text"])
    same_shares(chart, shown, "topic")


@pytest.mark.parametrize("grain", ["month", "quarter", "year"])
def test_over_time(show: Open, demo_corpus: Warehouse, grain: str) -> None:
    page = show(demo_corpus, "source", of="demo-harbour-post")
    page.button_group(key="at grain").set_value(grain)
    sound(page.run())
    with pages_support.opened(demo_corpus) as snapshot:
        filters = only_source(Filters(), "demo-harbour-post")
        frame = shares_by(snapshot, filters, grain)
        dated = queries.count(snapshot, "lists/articles_count", filters)
    panels = spec(page, 2)
    assert panels["layout"]["xaxis"]["categoryarray"] == sorted(frame[grain].unique())
    for number, label in enumerate(Label):
        part = frame[(frame["label"] == label) & frame["share"].notna()]
        drawn = [
            point
            for trace in panels["data"][2 * number : 2 * number + 2]
            for point in zip(trace["x"], trace["y"], strict=True)
        ]
        assert sorted(drawn) == sorted(zip(part[grain], part["share"], strict=True))
    assert f"/download/shares_by_{grain}.csv?source=demo-harbour-post" in downloads(page)
    words = " ".join(item.value for item in page.caption)
    assert f"Of {dated['articles']:,} articles: undated {dated['undated']:,}" in words
    expected = {"of": "demo-harbour-post"} | ({"grain": grain} if grain != "quarter" else {})
    assert page.query_params == expected


def test_undated_articles_have_no_chart_over_time(show: Open, odd: Warehouse) -> None:
    page = show(odd, "source", of="2")
    assert "nothing to show over time" in " ".join(item.value for item in page.info)


def test_another_source_is_chosen(show: Open, demo_corpus: Warehouse) -> None:
    page = show(demo_corpus, "source")
    page.selectbox(key="at of").set_value("demo-harbour-post")
    sound(page.run())
    assert page.query_params == {"of": "demo-harbour-post"}
    same_shares(spec(page, 0), shares_frame(demo_corpus, {"source": "demo-harbour-post"}))


def test_every_source_of_the_demo_opens(show: Open, demo_corpus: Warehouse) -> None:
    page = show(demo_corpus, "source")
    for of in shares_frame(demo_corpus)["source_id"].drop_duplicates()[::6]:
        page.selectbox(key="at of").set_value(of)
        sound(page.run())
        assert facts(page)["Kind"]


def test_the_method_page_lists_the_contents_of_the_snapshot(
    show: Open, any_store: Warehouse
) -> None:
    page = show(any_store, "method")
    with pages_support.opened(any_store) as snapshot:
        status = queries.status(snapshot)
        counts = queries.findings(snapshot)
        listed = queries.listed(snapshot, "findings", Filters(), limit=200)
        shown_facts = facts(page)
        assert shown_facts["Snapshot"] == snapshot.id
    assert shown_facts["Codebook"] == "version 1.0"
    for noun in ("source", "article", "claim", "citation", "label"):
        assert plural(status[f"{noun}s"], noun) in shown_facts["Holds"]
    assert facts(page, 1) == {
        codebook.FINDINGS[rule].capitalize(): f"{number:,}" for rule, number in counts.items()
    }
    if counts:
        assert any(item.value.equals(listed) for item in page.dataframe)
    assert [tab.label for tab in page.tabs] == [
        "Shares and intervals",
        "Codebook",
        "Data dictionary",
        "Findings and rejects",
        "Put right",
    ]
    for name in ("dictionary", "findings", "rejects", "loads", "withdrawn", "joined"):
        assert f"/download/{name}.csv" in downloads(page)


def test_refused_rows_are_listed(show: Open, warehouse: Warehouse, files: Path) -> None:
    tables = support.all_tables(
        labels=[{"claim_id": "c", "annotator": "bela", "label": "unsorced", "method": "human"}]
    )
    support.loaded(warehouse, files, tables)
    page = show(warehouse, "method")
    [rejects] = [item.value for item in page.dataframe if "found" in item.value]
    assert rejects["found"].tolist() == ["unsorced"]
    assert rejects["line"].tolist() == [3]


def test_the_source_page_shows_the_filtered_source(show: Open, demo_corpus: Warehouse) -> None:
    """Otherwise the sidebar would name one source, and the page show another."""
    page = show(demo_corpus, "source", source="demo-harbour-post")
    assert "Harbour Post" in page.header[0].value
    named = show(demo_corpus, "source", source="demo-harbour-post", of="demo-basin-watch")
    assert "Basin Watch" in named.header[0].value


def test_a_source_without_a_counted_claim_says_why(show: Open, odd: Warehouse) -> None:
    words = "the only claim is “not a claim”"
    rows = dict(text.split("<br>", 1) for text in row_names(spec(show(odd), 0)))
    assert words in rows["<b>Nothing counted</b>"]
    assert "0 claims" not in rows["<b>Nothing counted</b>"]
    assert sum(words in row for row in rows.values()) == 1
    page = show(odd, "source", of="nothing")
    assert f"**Nothing is counted:** {words}." in [item.value for item in page.info]
    page = show(odd, "ranking", on="sourced")
    assert f"Nothing counted: {words}" in "\n".join(item.value for item in page.markdown)
    page = show(odd, "compare", a="2", b="nothing")
    assert f"Nothing counted: {words}." in [item.value for item in page.caption]


def test_filters_that_leave_a_source_nothing_are_no_verdict_on_its_claims(
    show: Open, odd: Warehouse
) -> None:
    page = show(odd, "source", of="nothing", topic="7")
    assert any(item.value.startswith("**No claim matches these filters.**") for item in page.info)


@pytest.mark.parametrize(
    ("articles", "claims", "words"),
    [(2, 3, "all 3 claims are “not a claim”"), (2, 0, "no claim in 2 articles")],
)
def test_why_nothing_is_counted(
    show: Open, tmp_path: Path, articles: int, claims: int, words: str
) -> None:
    other = {"source_id": "t", "name": "Only opinion"}
    written = [{"article_id": f"t{n}", "source_id": "t"} for n in range(articles)]
    made = [{"claim_id": f"t{n}", "article_id": f"t{n % 2}", "claim": "So."} for n in range(claims)]
    votes = [
        support.BASE["labels"][0] | {"claim_id": claim["claim_id"], "label": "not_a_claim"}
        for claim in made
    ]
    warehouse = Warehouse(tmp_path / "warehouse")
    tables = support.all_tables(sources=[other], articles=written, claims=made, labels=votes)
    assert support.loaded(warehouse, tmp_path / "files", tables).published
    rows = dict(text.split("<br>", 1) for text in row_names(spec(show(warehouse), 0)))
    assert words in rows["<b>Only opinion</b>"]
