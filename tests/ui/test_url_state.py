"""The address of a page holds its state; unknown parts are named and ignored."""

import re

import pages_support
import pytest
from pages_support import (
    LEFT_OUT,
    Open,
    Query,
    bars_of,
    counted,
    downloads,
    facts,
    figures,
    filters_of,
    left_out,
    listed,
    row_names,
    same_shares,
    shares_frame,
    sound,
    spec,
    unescaped,
)

from sourcing.analysis.shares import shares_by_source
from sourcing.warehouse import queries
from sourcing.warehouse.snapshots import Warehouse, published_at

pytestmark = pytest.mark.slow

pytest_plugins = "pages_fixtures"

FILTERS: list[Query] = [
    {"view": "attribution"},
    {"weighting": "article"},
    {"weighting": "statement"},
    {"source": ["demo-harbour-post", "demo-basin-watch"]},
    {"genre": "opinion"},
    {"genre": ["news", "opinion"], "kind": "blog"},
    {"origin": "wire"},
    {"language": ["en", "de"]},
    {"state": ["majority", "adjudicated"]},
    {"basis": "human"},
    {"since": "2025-03", "until": "2025-09"},
    {"until": "2025-06", "view": "attribution", "weighting": "article", "state": "unanimous"},
    {"topic": ["{first}"], "weighting": "statement"},
]


def filled(query: Query, warehouse: Warehouse) -> Query:
    """`{first}` stands for the first topic of the corpus."""
    with pages_support.opened(warehouse) as snapshot:
        first = queries.choices(snapshot).present["topic"][0]
    return {
        name: [value.format(first=first) for value in values]
        if isinstance(values, list)
        else values
        for name, values in query.items()
    }


@pytest.mark.parametrize("template", FILTERS, ids=str)
def test_filters_by_address(show: Open, demo_corpus: Warehouse, template: Query) -> None:
    query = filled(template, demo_corpus)
    page = show(demo_corpus, **query)
    assert left_out(page) == ""
    assert listed(page.query_params) == listed(query)
    with pages_support.opened(demo_corpus) as snapshot:
        filters = filters_of(snapshot, query)
        frame = shares_by_source(snapshot, filters)
        sentence = filters.sentence(queries.choices(snapshot).sources)
    first = frame["source_id"].drop_duplicates().head(40)
    same_shares(spec(page, 0), frame[frame["source_id"].isin(first)])
    assert sentence in counted(page)[0]
    assert downloads(page) == [f"/download/shares.csv?{filters.query()}"]
    sources = frame.drop_duplicates("source_id")
    assert figures(page)["Resolved"][0] == f"{sources['resolved_claims'].sum():,}"


@pytest.mark.parametrize(
    ("name", "offered"),
    [("overview", {"at view", "at weighting"}), ("claims", {"at view"}), ("method", set())],
)
def test_a_page_offers_the_filters_that_apply_and_keeps_the_rest(
    show: Open, sample: Warehouse, name: str, offered: set[str]
) -> None:
    page = show(sample, name, view="attribution", weighting="article")
    sound(page.run())
    assert {radio.key for radio in page.radio} == offered
    assert page.query_params == {"view": "attribution", "weighting": "article"}


def test_a_widget_changes_bars_and_address(show: Open, demo_corpus: Warehouse) -> None:
    page = show(demo_corpus)
    page.multiselect(key="at source").set_value(["demo-harbour-post"])
    sound(page.run())
    assert page.query_params == {"source": "demo-harbour-post"}
    same_shares(spec(page, 0), shares_frame(demo_corpus, {"source": "demo-harbour-post"}))
    page.radio(key="at view").set_value("attribution")
    sound(page.run())
    assert page.query_params == {"source": "demo-harbour-post", "view": "attribution"}
    assert [bar["name"] for bar in bars_of(spec(page, 0))] == ["Sourced", "Self-cited", "Unsourced"]
    page.button[0].click()
    sound(page.run())
    assert page.query_params == {}
    assert len(spec(page, 0)["data"][0]["y"]) == 40


@pytest.mark.parametrize("late", [{}, {"genre": "news"}])
def test_a_filter_that_comes_with_an_address_from_before_is_kept(
    show: Open, demo_corpus: Warehouse, late: dict[str, str]
) -> None:
    """As where two filters are changed before the browser has the address of the first."""
    page = show(demo_corpus, **late)
    page.multiselect(key="at source").set_value(["demo-harbour-post"])
    sound(page.run())
    page.query_params.clear()
    page.query_params.update(late)
    page.multiselect(key="at source").set_value(["demo-harbour-post", "demo-basin-watch"])
    sound(page.run())
    both = {"source": ["demo-harbour-post", "demo-basin-watch"], **late}
    assert listed(page.query_params) == listed(both)
    same_shares(spec(page, 0), shares_frame(demo_corpus, both))
    page.query_params.clear()
    page.query_params.update(late)
    page.multiselect(key="at source").set_value([])
    sound(page.run())
    assert listed(page.query_params) == listed(late)


def test_an_address_from_before_is_followed_where_no_filter_changed(
    show: Open, demo_corpus: Warehouse
) -> None:
    """As by the browser's Back."""
    page = show(demo_corpus, genre="news")
    page.multiselect(key="at source").set_value(["demo-harbour-post"])
    sound(page.run())
    page.query_params.clear()
    page.query_params["genre"] = "news"
    sound(page.run())
    assert page.query_params == {"genre": "news"}
    assert page.multiselect(key="at source").value == []
    assert len(spec(page, 0)["data"][0]["y"]) == 40


def test_filters_stay_when_pages_are_switched(show: Open, demo_corpus: Warehouse) -> None:
    page = show(demo_corpus, "source", of="demo-harbour-post", genre="news", grain="year")
    for name in ("claims", "method", "overview"):
        page.query_params.clear()
        page.switch_page(f"pages/{name}.py")
        sound(page.run())
        assert page.query_params == {"genre": "news"}


def test_a_view_without_claims_says_so_and_keeps_its_address(
    show: Open, demo_corpus: Warehouse
) -> None:
    query = {"source": "demo-harbour-post", "since": "9998-01"}
    for name in ("overview", "claims"):
        page = show(demo_corpus, name, **query)
        assert "**No claim matches these filters.**" in " ".join(item.value for item in page.info)
        assert not page.get("plotly_chart")
        assert page.query_params == query
    page = show(demo_corpus)
    page.multiselect(key="at source").set_value(["demo-harbour-post"])
    page.multiselect(key="at kind").set_value(["government"])
    sound(page.run())
    assert "No claim matches" in page.info[0].value
    assert page.query_params == {"source": "demo-harbour-post", "kind": "government"}


LONG = "a" * 5000
HOSTILE: list[tuple[str, str | list[str]]] = [
    ("source", "<script>alert(1)</script>"),
    ("source", LONG),
    ("source", ["'; DROP TABLE claims; --", "no-such-source"]),
    ("source", ""),
    ("topic", f"{pages_support.IMAGE}\n\n{pages_support.IMAGE}"),
    ("state", "guessed"),
    ("basis", "MODEL"),
    ("label", "false"),
    ("view", ["labels", "attribution"]),
    ("view", "verdict"),
    ("weighting", "none"),
    ("since", "2025-13"),
    ("since", "2025-01\n"),
    ("since", "٢٠٢٥-٠١"),
    ("until", "0000-01"),
    ("until", "2025-01-01"),
    ("search", "a" * 201),
    ("month", "2025-01"),
    ("ignored", "x"),
    ("", "x"),
    ("__proto__", "x"),
    ("snapshot", "20200101T000000Z-00000000"),
    ("snapshot", "../../../etc/passwd"),
    ("`", "`"),
]


@pytest.mark.parametrize("name", ["overview", "claims"])
@pytest.mark.parametrize(("key", "value"), HOSTILE, ids=lambda item: str(item)[:24])
def test_unknown_values_are_named_and_ignored(
    show: Open, sample: Warehouse, name: str, key: str, value: str | list[str]
) -> None:
    page = show(sample, name, **{key: value})
    values = [value] if isinstance(value, str) else value
    wrong = " ".join(f"{key}={values[-1][:200]}".split())
    assert wrong in left_out(page)
    assert page.query_params == {}
    if name == "overview":
        assert spec(page, 0) == spec(show(sample), 0)
    else:
        assert page.markdown[0].value == show(sample, name).markdown[0].value


def test_a_period_that_ends_before_it_starts_is_ignored(show: Open, sample: Warehouse) -> None:
    page = show(sample, since="2025-06", until="2025-01")
    assert "since=2025-06" in left_out(page)
    assert "until=2025-01" in left_out(page)
    assert page.query_params == {}


def test_a_repeated_value_counts_once(show: Open, sample: Warehouse) -> None:
    page = show(sample, source=["mehr-news", "mehr-news"])
    assert left_out(page) == ""
    assert page.query_params == {"source": "mehr-news"}


@pytest.mark.parametrize(
    ("name", "key", "value"),
    [
        ("overview", "order", "reliability"),
        ("overview", "rows", "0"),
        ("overview", "rows", "3"),
        ("overview", "rows", "-1"),
        ("overview", "rows", "2.5"),
        ("overview", "rows", "9" * 5000),
        ("source", "of", "no-such-source"),
        ("source", "of", "<script>"),
        ("source", "grain", "day"),
        ("claims", "rows", "999999"),
        ("claims", "rows", "²"),
    ],
    ids=lambda item: item[:20],
)
def test_a_page_names_its_own_wrong_values(
    show: Open, demo_corpus: Warehouse, name: str, key: str, value: str
) -> None:
    page = show(demo_corpus, name, **{key: value})
    assert f"{key}={value[:200]}" in left_out(page)
    assert page.query_params == {}
    assert [item.value for item in page.title] == [
        item.value for item in show(demo_corpus, name).title
    ]


def test_ignored_values_run_no_markdown(show: Open, sample: Warehouse) -> None:
    for value in (pages_support.IMAGE, f"`\n\n{pages_support.IMAGE}", "$x$ :red[x] **b**"):
        page = show(sample, source=value)
        [warning] = [item.value for item in page.warning]
        quoted = warning.removeprefix(LEFT_OUT).strip("“”")
        assert not re.search(r"(?<!\\)[!-/:-@\[-`{-~]", re.sub(r"\\.", "", quoted))


def test_as_of_an_older_snapshot(show: Open, two_snapshots: Warehouse) -> None:
    new, old = two_snapshots.ids()
    page = show(two_snapshots, snapshot=old)
    assert "You are viewing an older snapshot." in [item.value for item in page.sidebar.info]
    assert figures(page)["Resolved"][0] == "0"
    assert figures(page)["Open"][0] == "328"
    assert page.query_params == {"snapshot": old}
    assert downloads(page) == [f"/download/shares.csv?snapshot={old}"]
    assert facts(show(two_snapshots, "method", snapshot=old))["Snapshot"] == old
    box = page.sidebar.selectbox(key=f"as of {old}")
    assert box.options[1].startswith(f"{published_at(old):%Y-%m-%d %H:%M} UTC")
    box.set_value(new)
    sound(page.run())
    assert figures(page)["Resolved"][0] == "328"
    assert page.query_params == {}
    page.sidebar.selectbox(key=f"as of {new}").set_value(old)
    sound(page.run())
    assert page.query_params == {"snapshot": old}


def test_the_newest_snapshot_is_not_written_into_the_address(
    show: Open, two_snapshots: Warehouse
) -> None:
    page = show(two_snapshots)
    assert page.query_params == {}
    assert downloads(page) == ["/download/shares.csv"]


def test_open_claims_are_shown_if_nothing_is_resolved(show: Open, two_snapshots: Warehouse) -> None:
    page = show(two_snapshots, snapshot=two_snapshots.ids()[1])
    for bar in bars_of(spec(page, 0)):
        assert bar["x"] == [None] * 5
    assert all("0 claims" in name and "open" in name for name in row_names(spec(page, 0)))
    bands = [trace for trace in spec(page, 1)["data"] if trace["type"] == "bar"]
    assert bands[0]["base"] == [0] * 5
    assert bands[0]["x"] == [1] * 5


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("ranking", {"by": "period"}),
        ("source", {"article": "a-1"}),
        ("overview", {"claim": "c-1"}),
        ("compare", {"a_since": "2025-01"}),
        ("method", {"rows": "2"}),
    ],
    ids=str,
)
def test_unused_parts_of_an_address_are_named(
    show: Open, demo_corpus: Warehouse, name: str, query: Query
) -> None:
    page = show(demo_corpus, name, **query)
    [(key, value)] = query.items()
    idle = f"This page does not use this part of the address: “{key}={value}”"
    assert idle in [unescaped(item.value) for item in page.warning]
    assert left_out(page) == ""


def test_used_parts_of_an_address_are_not_named(show: Open, demo_corpus: Warehouse) -> None:
    for name, query in (
        ("claims", {"article": "a-1", "search": "x", "rows": "1"}),
        ("compare", {"by": "period", "grain": "year", "mix": "same"}),
        ("ranking", {"on": "sourced"}),
    ):
        page = show(demo_corpus, name, **query)
        assert not [item.value for item in page.warning if "address" in item.value]


def test_several_claims_of_an_address_are_listed(show: Open, sample: Warehouse) -> None:
    with pages_support.opened(sample) as snapshot:
        ids = queries.listed(snapshot, "claims", filters_of(snapshot, {}), 2)["claim_id"].tolist()
    page = show(sample, "claims", claim=ids)
    assert len(page.dataframe[0].value) == 2
    assert page.query_params == {"claim": ids}
