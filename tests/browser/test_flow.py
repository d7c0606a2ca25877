"""What readers do: look, filter, click through to claims, go back, share a link, download."""

import subprocess
import sys
from itertools import pairwise

import pages_support
import pytest
import support
from driver import (
    WAIT_MS,
    OwnContext,
    Server,
    bars,
    chart,
    choose,
    choose_one,
    choose_row,
    click_bar,
    middle,
    open_page,
    query,
    row_names,
    settled,
    start,
    wait_for_query,
    wait_for_rows,
)
from playwright.sync_api import Page, expect

from sourcing.analysis.shares import shares_by_source
from sourcing.charts import common
from sourcing.codebook import LOOKS, Label
from sourcing.filters import Filters
from sourcing.formatting import plural
from sourcing.query_string import from_query
from sourcing.warehouse import queries
from sourcing.warehouse.snapshots import Warehouse

pytest_plugins = "pages_fixtures"

NAMES = [LOOKS[label].name for label in Label]


@pytest.fixture(params=["sample", "demo"])
def both(request: pytest.FixtureRequest) -> tuple[Server, Warehouse]:
    """The sample and the made-up corpus, each with its server."""
    store = "sample" if request.param == "sample" else "demo_corpus"
    server: Server = request.getfixturevalue(f"{request.param}_server")
    warehouse: Warehouse = request.getfixturevalue(store)
    return server, warehouse


def expected_bars(
    warehouse: Warehouse, *pairs: tuple[str, str], rows: int = 40
) -> dict[str, dict[str, float | None]]:
    """The bars expected from the frame: label → row → share."""
    with pages_support.opened(warehouse) as snapshot:
        frame = shares_by_source(snapshot, from_query(pairs, queries.choices(snapshot)))
    first = frame[frame["source_id"].isin(frame["source_id"].drop_duplicates().head(rows))]
    return {
        LOOKS[label].name: dict(zip(part["source_id"], common.values(part["share"]), strict=True))
        for label, part in first.groupby("label", sort=False)
    }


def test_the_bars_are_visible(page: Page, both: tuple[Server, Warehouse]) -> None:
    server, warehouse = both
    open_page(page, server.url)
    assert bars(page) == expected_bars(warehouse)
    drawn = chart(page).inner_text()
    expect(page.get_by_role("list").filter(has_text="Sourced")).to_contain_text("Contested")
    for name in ("Resolved claims by label", "claims", "too few to compare"):
        assert name in drawn
    segments = chart(page).locator(".barlayer .point path")
    colours = {segments.nth(n).evaluate("s => getComputedStyle(s).fill") for n in range(5)}
    assert colours


def test_filter_click_claim_and_back(page: Page, both: tuple[Server, Warehouse]) -> None:
    """The main path: from all shares to one claim and back."""
    server, warehouse = both
    open_page(page, server.url)
    before = bars(page)
    sources = list(before["Unsourced"])
    with pages_support.opened(warehouse) as snapshot:
        names = queries.choices(snapshot).sources
    for source in sources[:2]:
        choose(page, "Sources", names[source])
        settled(page)
    wait_for_rows(page, 2)
    filtered = bars(page)
    assert filtered == expected_bars(warehouse, *(("source", item) for item in sources[:2]))
    assert filtered != before
    wait_for_query(page, ("source", sources[0]), ("source", sources[1]))

    click_bar(page, NAMES.index("Unsourced"), 1)
    expect(page.get_by_role("heading", level=1)).to_have_text("Claims", timeout=WAIT_MS)
    wait_for_query(page, ("source", sources[1]), ("label", "unsourced"))
    only = Filters(source=(sources[1],), label=("unsourced",))
    with pages_support.opened(warehouse) as snapshot:
        number = queries.count(snapshot, "lists/claims_count", only)["claims"]
        first = queries.listed(snapshot, "claims", only, 2)
    expect(page.get_by_text(f"{plural(number, 'claim')}.")).to_be_visible(timeout=WAIT_MS)

    settled(page)
    choose_row(page)
    expect(page.locator("p.claim")).to_have_text(first["claim"][0], timeout=WAIT_MS)
    here = (("source", sources[1]), ("label", "unsourced"))
    wait_for_query(page, *here, ("claim", first["claim_id"][0]))
    expect(page.get_by_text(sources[1] and names[sources[1]]).first).to_be_visible()
    page.get_by_role("button", name="Back to the list").click()
    expect(page.get_by_text(f"{plural(number, 'claim')}.")).to_be_visible(timeout=WAIT_MS)
    settled(page)
    choose_one(page, "Open a claim", first["claim"][1])
    expect(page.locator("p.claim")).to_have_text(first["claim"][1], timeout=WAIT_MS)
    wait_for_query(page, *here, ("claim", first["claim_id"][1]))


@pytest.mark.parametrize("held_ms", [80, 120, 160])
def test_a_double_click_opens_the_claims_too(
    page: Page, sample_server: Server, held_ms: int
) -> None:
    """Its second click undoes the selection, and once kept the reader on the page."""
    open_page(page, sample_server.url)
    place = middle(page, NAMES.index("Unsourced"), 0)
    page.mouse.move(*place)
    expect(chart(page).locator(".hovertext")).to_be_visible()
    page.mouse.dblclick(*place, delay=held_ms)
    expect(page.get_by_role("heading", level=1)).to_have_text("Claims", timeout=WAIT_MS)
    settled(page)
    wait_for_query(page, ("source", "mehr-news"), ("label", "unsourced"))


def test_a_point_of_certainty_opens_its_claims(page: Page, demo_server: Server) -> None:
    open_page(page, demo_server.url)
    point = chart(page, "certainty").locator(".scatterlayer .point").first
    box = point.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.get_by_role("heading", level=1)).to_have_text("Claims", timeout=WAIT_MS)
    wait_for_query(page, ("source", "demo-basin-watch"), ("label", "sourced"))


@pytest.mark.parametrize("query", ["", "?genre=news"])
def test_back_in_the_browser_returns_to_the_bars(
    page: Page, demo_server: Server, query: str
) -> None:
    """One Back is enough: Streamlit's extra history entry is merged."""
    open_page(page, f"{demo_server.url}/{query}")
    address, before = page.url, bars(page)
    click_bar(page, 0, 0)
    expect(page.get_by_role("heading", level=1)).to_have_text("Claims", timeout=WAIT_MS)
    settled(page)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Claims", timeout=WAIT_MS)
    settled(page)
    assert page.url == address
    assert bars(page) == before
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "How sources attribute what they state"
    )


def test_back_from_another_page_returns_with_the_filters(page: Page, demo_server: Server) -> None:
    open_page(page, f"{demo_server.url}/?genre=news")
    address = page.url
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Source").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Source", timeout=WAIT_MS)
    wait_for_query(page, ("genre", "news"))
    settled(page)
    page.go_back()
    wait_for_rows(page, 40)
    assert page.url == address


def test_each_filter_is_a_history_entry(page: Page, demo_server: Server) -> None:
    open_page(page, demo_server.url)
    for value in ("news", "opinion"):
        choose(page, "Genres", value)
        settled(page)
    wait_for_query(page, ("genre", "news"), ("genre", "opinion"))
    page.go_back()
    wait_for_query(page, ("genre", "news"))
    page.go_back()
    wait_for_query(page)


def test_pages_are_switched_with_their_filters(
    page: Page, demo_server: Server, demo_corpus: Warehouse
) -> None:
    open_page(page, f"{demo_server.url}/?genre=news&weighting=article")
    for name, heading in (("Source", "Source"), ("Method", "Method"), ("Claims", "Claims")):
        page.get_by_test_id("stSidebarNav").get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(heading, timeout=WAIT_MS)
        wait_for_query(page, ("genre", "news"), ("weighting", "article"))
        settled(page)
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Overview").click()
    wait_for_rows(page, 40)
    assert bars(page) == expected_bars(demo_corpus, ("genre", "news"), ("weighting", "article"))


@pytest.mark.parametrize(
    "address",
    [
        "?order=claims&rows=2&since=2025-01",
        "source?of=demo-harbour-post&grain=year&view=attribution",
        "claims?label=contested&search=the&rows=2",
    ],
)
def test_a_reload_gives_the_same_view(page: Page, demo_server: Server, address: str) -> None:
    open_page(page, f"{demo_server.url}/{address}")
    url = page.url
    pairs = [pair.split("=") for pair in address.partition("?")[2].split("&")]
    assert sorted(query(page)) == sorted((name, value) for name, value in pairs)
    before = seen(page)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=WAIT_MS)
    settled(page)
    assert page.url == url
    assert seen(page) == before


def seen(page: Page) -> list[str]:
    """What a view shows, in words and numbers."""
    expect(page.locator("p.links").last).to_be_visible(timeout=WAIT_MS)
    shown = [str(bars(page))] if chart(page).count() else []
    return [*shown, *page.locator("h1, h2, p.counted, .figures, strong").all_inner_texts()]


def test_a_copied_address_opens_the_same_view_elsewhere(
    page: Page, context: OwnContext, demo_server: Server
) -> None:
    open_page(page, f"{demo_server.url}/source")
    choose_one(page, "Source", "Harbour Post")
    wait_for_query(page, ("of", "demo-harbour-post"))
    page.get_by_role("radio", name="Attribution only").check(force=True)
    wait_for_query(page, ("of", "demo-harbour-post"), ("view", "attribution"))
    settled(page)
    other = context().new_page()
    open_page(other, page.url)
    assert bars(other) == bars(page)
    assert list(bars(other)) == NAMES[:3]


def test_the_first_request_to_a_server_may_be_a_page(page: Page, demo_corpus: Warehouse) -> None:
    """Streamlit would treat `pages/` as its older kind of multipage app and run the file alone."""
    server = start(demo_corpus)
    try:
        open_page(page, f"{server.url}/source?of=demo-harbour-post")
        heading = page.get_by_role("heading", level=2, name="Harbour Post (made up)")
        expect(heading).to_be_visible(timeout=WAIT_MS)
        expect(page.get_by_test_id("stSidebarNav").get_by_role("link")).to_have_count(11)
        expect(page.get_by_role("radiogroup", name="Count the same")).to_be_visible()
        assert query(page) == [("of", "demo-harbour-post")]
    finally:
        server.stop()


def test_a_server_under_a_base_path(page: Page, sample: Warehouse) -> None:
    server = start(sample, "--server.baseUrlPath", "sources")
    try:
        open_page(page, f"{server.url}/sources/claims?claim=seed-001-c001")
        link = page.get_by_role("link", name="This source")
        assert str(link.get_attribute("href")).startswith("/sources/source?of=")
        link.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Source", timeout=WAIT_MS)
        settled(page)
        with page.expect_download() as event:
            page.get_by_role("link", name="Download this table as CSV").first.click()
        assert event.value.path().read_bytes().startswith(b"\xef\xbb\xbfsnapshot,")
    finally:
        page.close()  # an open page asks for its server, and its console is read after the test
        server.stop()


def test_the_script_of_charts_is_fetched_once_and_early(page: Page, sample_server: Server) -> None:
    """The page names it in its header, so that it loads before the first scripts."""
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url.rpartition("/")[2]))
    page.on("websocket", lambda _: requests.append("websocket"))
    open_page(page, sample_server.url)
    [place] = [n for n, name in enumerate(requests) if name.startswith("PlotlyChart.")]
    assert place < requests.index("websocket")


def test_a_claim_links_to_its_article_and_source(page: Page, sample_server: Server) -> None:
    open_page(page, f"{sample_server.url}/claims?claim=seed-001-c001")
    page.get_by_role("link", name="All claims of this article").click()
    expect(page.get_by_text("article: seed-001")).to_be_visible(timeout=WAIT_MS)
    assert query(page) == [("article", "seed-001")]


def test_an_article_of_a_source_opens_its_claims(
    page: Page, sample_server: Server, sample: Warehouse
) -> None:
    open_page(page, f"{sample_server.url}/source?of=mehr-news")
    choose_row(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Claims", timeout=WAIT_MS)
    wait_for_query(page, ("source", "mehr-news"), ("article", "seed-001"))
    del sample


@pytest.mark.parametrize(
    ("address", "table", "options"),
    [
        ("?source=demo-harbour-post&view=attribution", "shares",
         ["--source", "demo-harbour-post", "--view", "attribution"]),
        ("claims?genre=news&label=contested", "claims",
         ["--genre", "news", "--label", "contested"]),
        ("source?of=demo-harbour-post&grain=year", "shares_by_year",
         ["--source", "demo-harbour-post"]),
    ],
)  # fmt: skip
def test_the_downloaded_file_is_the_export(
    page: Page,
    demo_server: Server,
    demo_corpus: Warehouse,
    address: str,
    table: str,
    options: list[str],
) -> None:
    open_page(page, f"{demo_server.url}/{address}")
    with page.expect_download() as event:
        page.locator(f'a.csv[download="{table}.csv"]').first.click()
    assert event.value.suggested_filename == f"{table}.csv"
    exported = subprocess.run(
        [sys.executable, "-m", "etl", "export", table, *options],
        cwd=support.ROOT,
        env=pages_support.environment(demo_corpus),
        check=True,
        capture_output=True,
    )
    assert event.value.path().read_bytes() == exported.stdout
    assert exported.stdout.count(b"\r\n") > 1
    assert page.url == f"{demo_server.url}/{address}"


def test_the_table_below_opens_and_has_no_download_of_streamlit(
    page: Page, demo_server: Server
) -> None:
    """Streamlit's own download lacks the snapshot and the filters."""
    open_page(page, demo_server.url)
    expect(page.get_by_test_id("stDataFrame")).to_have_count(0)
    page.get_by_text("The same numbers as a table").click()
    table = page.get_by_test_id("stDataFrame")
    expect(table).to_be_visible(timeout=WAIT_MS)
    table.hover()
    toolbar = page.get_by_test_id("stElementToolbar")
    expect(toolbar.get_by_role("button", name="Fullscreen")).to_be_visible()
    for button in toolbar.get_by_role("button", include_hidden=True).all():
        if "ownload" in (button.get_attribute("aria-label") or ""):
            expect(button).to_be_hidden()


def test_a_view_without_claims_says_what_to_do(page: Page, demo_server: Server) -> None:
    open_page(page, f"{demo_server.url}/?source=demo-harbour-post&kind=government")
    expect(page.get_by_text("No claim matches these filters.")).to_be_visible()
    page.get_by_role("button", name="Clear all filters").click()
    wait_for_rows(page, 40)
    wait_for_query(page)


def test_odd_texts_run_nothing_and_send_no_requests(
    page: Page, odd_server: Server, odd: Warehouse
) -> None:
    """The fixtures fail on any request to another host; markup must not run either."""
    beacon = "%0A%0A!%5Bx%5D(http%3A%2F%2Felsewhere.example%2Fx.png)"
    for address in (
        "",
        "source?of=10",
        "claims",
        "claims?claim=c1",
        "claims?claim=c%2F6%20%3F%26%23%2520%C3%A9",
        f"?source={beacon}",
        f"claims?search={beacon}",
        f"claims?claim={beacon}",
    ):
        open_page(page, f"{odd_server.url}/{address}")
        assert page.evaluate("window.broken") is None
        assert page.locator('[data-testid="stMain"] img, .stMain .katex').count() == 0
    open_page(page, odd_server.url)
    assert bars(page) == expected_bars(odd)
    names = [item.strip() for item in row_names(page).all_text_contents()]
    places = chart(page).evaluate(
        "plot => [plot._fullLayout.yaxis.type, [...plot._fullLayout.yaxis._categories]]"
    )
    assert places == ["category", list(expected_bars(odd)["Sourced"])]
    assert any("Two & <b>half</b>" in name for name in names)


def test_a_name_stands_over_its_bar(page: Page, odd_server: Server, odd: Warehouse) -> None:
    """Ids that look like numbers once moved names and bars apart."""
    open_page(page, odd_server.url)
    rows = bars(page)["Sourced"]
    assert rows == expected_bars(odd)["Sourced"]
    tops = [item.bounding_box() for item in row_names(page).all()]
    segments = chart(page).locator(".barlayer .trace.bars").nth(NAMES.index("Unsourced"))
    assert len(tops) == len(rows)
    heights = [box["y"] for box in tops if box]
    gaps = [round(low - high) for high, low in pairwise(heights)]
    assert heights == sorted(heights)
    assert set(gaps) <= {common.ROW_PX - 1, common.ROW_PX, common.ROW_PX + 1}
    last = segments.locator(".point").last.bounding_box()
    name = tops[-1]
    assert last
    assert name
    # The box of a line is taller than its letters: it may reach over the bar, letters do not.
    assert -3 <= last["y"] - (name["y"] + name["height"]) <= 20
