"""Accessibility: by keyboard, on a phone, in dark mode, with a screen reader."""

import re

import pytest
from driver import (
    WAIT_MS,
    OwnContext,
    Server,
    barriers,
    bars,
    chart,
    open_page,
    settled,
    wait_for_query,
    wait_for_rows,
)
from playwright.sync_api import Page, expect

pytest_plugins = "pages_fixtures"

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def focused(page: Page) -> str:
    """The accessible name of the focused element."""
    name: str = page.evaluate(
        """() => {
            const item = document.activeElement;
            if (!item || item === document.body) return "";
            const label = item.getAttribute("aria-label") || (item.labels || [])[0]?.innerText;
            return (label || item.innerText || "").trim().replaceAll("\\n", " ");
        }"""
    )
    return name


def tab_to(page: Page, name: str, most: int = 80) -> None:
    """Press Tab until an element of this name has the focus."""
    seen: list[str] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        seen.append(focused(page))
        if seen[-1].endswith(name):
            return
    pytest.fail(f"Tab does not reach {name!r}, only {list(dict.fromkeys(seen))}")


# By keyboard --------------------------------------------------------------------------------------


def test_filters_are_reached_and_set_by_keyboard(page: Page, demo_server: Server) -> None:
    open_page(page, demo_server.url)
    tab_to(page, "All labels")
    page.keyboard.press("ArrowDown")
    wait_for_query(page, ("view", "attribution"))
    settled(page)
    assert list(bars(page)) == ["Sourced", "Self-cited", "Unsourced"]
    tab_to(page, "Sources")
    page.keyboard.type("Harbour Post")
    page.keyboard.press("Enter")
    wait_for_rows(page, 1)
    wait_for_query(page, ("view", "attribution"), ("source", "demo-harbour-post"))


def test_every_control_of_a_page_is_reached_by_tab(page: Page, demo_server: Server) -> None:
    open_page(page, demo_server.url)
    for name in (
        "Overview",
        "Source",
        "Claims",
        "Method",
        "All labels",
        "Each claim",
        "Sources",
        "From month",
        "Topics",
        "By name",
        "The same numbers as a table",
        "Download this table as CSV",
    ):
        tab_to(page, name)


def test_the_claims_behind_a_share_are_reached_by_keyboard(page: Page, demo_server: Server) -> None:
    open_page(page, f"{demo_server.url}/claims?source=demo-harbour-post&label=contested")
    tab_to(page, "Open a claim")
    settled(page)
    page.keyboard.press("ArrowDown")
    expect(page.locator(":focus")).to_have_attribute("aria-activedescendant", re.compile("."))
    page.keyboard.press("Enter")
    expect(page.locator("p.claim")).to_be_visible(timeout=WAIT_MS)
    settled(page)
    tab_to(page, "Back to the list")
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Open a claim")).to_be_visible(timeout=WAIT_MS)


def test_charts_have_a_text_alternative(page: Page, sample_server: Server) -> None:
    open_page(page, sample_server.url)
    labels = page.get_by_role("figure").evaluate_all(
        "all => all.map(x => x.getAttribute('aria-label'))"
    )
    text = " ".join(str(label) for label in labels)
    assert "Mehr News Agency: sourced 3 %, self-cited 0 %, unsourced 97 %" in text
    assert "Click a share to open its claims." in text


# On a phone ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "",
        "source",
        "compare",
        "ranking",
        "agreement",
        "claims",
        "review",
        "meeting",
        "method",
        "claims?claim=seed-001-c001",
    ],
)
def test_nothing_scrolls_sideways_on_a_phone(
    context: OwnContext, sample_server: Server, address: str
) -> None:
    page = context(**PHONE).new_page()
    open_page(page, f"{sample_server.url}/{address}")
    wide = page.evaluate(
        """() => [document.scrollingElement, document.querySelector('[data-testid=stMain]')]
            .map(item => item.scrollWidth - item.clientWidth)"""
    )
    assert wide == [0, 0]
    beyond = page.evaluate(
        """() => [...document.querySelectorAll('[data-testid=stMain] *')]
            .filter(item => item.checkVisibility() && !item.closest('svg, [role=tablist], table, '
                + '[data-testid=stDataFrame]'))
            .filter(item => item.getBoundingClientRect().right > innerWidth + 1)
            .map(item => item.outerHTML.slice(0, 80))"""
    )
    assert beyond == []


def test_certainty_is_hidden_on_a_phone(context: OwnContext, demo_server: Server) -> None:
    page = context(**PHONE).new_page()
    open_page(page, demo_server.url)
    expect(chart(page)).to_be_visible()
    certainty = page.get_by_test_id("stPlotlyChart").nth(1)
    expect(certainty).to_be_hidden()
    page.get_by_text("Show how sure each share is").tap()
    expect(certainty).to_be_visible(timeout=WAIT_MS)
    settled(page)
    box = certainty.bounding_box()
    assert box
    assert box["width"] > 250
    assert box["x"] + box["width"] <= 390
    expect(certainty.get_by_text("Harbour Post (made up)")).to_be_visible()


def test_certainty_is_beside_the_bars_on_a_wide_screen(page: Page, demo_server: Server) -> None:
    open_page(page, demo_server.url)
    left, right = chart(page).bounding_box(), chart(page, "certainty").bounding_box()
    assert left
    assert right
    assert left["y"] == right["y"]
    assert left["height"] == right["height"]
    assert right["x"] >= left["x"] + left["width"]
    expect(page.get_by_text("Show how sure each share is")).to_be_hidden()
    expect(chart(page, "certainty").get_by_text("Harbour Post (made up)")).to_be_hidden()


def test_a_touch_shows_the_numbers_and_another_opens_the_claims(
    context: OwnContext, sample_server: Server
) -> None:
    page = context(**PHONE).new_page()
    open_page(page, sample_server.url)
    point = chart(page).locator(".barlayer .trace.bars").nth(2).locator(".point").first
    point.scroll_into_view_if_needed()
    box = point.bounding_box()
    assert box
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.touchscreen.tap(*middle)
    expect(chart(page).locator(".hovertext")).to_contain_text("Mehr News Agency")
    page.touchscreen.tap(*middle)
    expect(page.get_by_role("heading", level=1)).to_have_text("Claims", timeout=WAIT_MS)
    wait_for_query(page, ("source", "mehr-news"), ("label", "unsourced"))


# Light and dark -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scheme", "ground", "ink"),
    [
        ("light", "rgb(255, 255, 255)", "rgb(16, 21, 28)"),
        ("dark", "rgb(15, 20, 27)", "rgb(230, 234, 240)"),
    ],
)
def test_light_and_dark(
    context: OwnContext, demo_server: Server, scheme: str, ground: str, ink: str
) -> None:
    page = context(color_scheme=scheme).new_page()
    open_page(page, demo_server.url)
    seen = page.locator(".stApp").evaluate("item => getComputedStyle(item).backgroundColor")
    assert seen == ground
    words = chart(page).locator(".annotation-text").first
    assert words.evaluate("item => getComputedStyle(item).fill") == ink
    first = chart(page).locator(".barlayer .trace.bars").first.locator(".point path").nth(5)
    assert first.evaluate("item => getComputedStyle(item).fill") in (
        "rgb(33, 101, 200)",
        "rgb(112, 139, 179)",
    )


# axe ----------------------------------------------------------------------------------------------

VIEWS = [
    "",
    "source",
    "source?of=mek-site-003&on=sourced",
    "compare",
    "compare?by=period",
    "ranking?on=unsourced",
    "agreement",
    "claims",
    "review",
    "method",
]
DEMO_VIEWS = [
    *VIEWS,
    "?genre=news&genre=opinion&state=majority&since=2025-01",
    "?source=demo-harbour-post&kind=government",
    "claims?label=contested&label=open",
    "claims?claim=demo-a000001-c001",
]
SAMPLE_VIEWS = [*VIEWS, "?topic=no-such-topic", "claims?claim=seed-001-c001"]


OF_COLOURS = ("color-contrast", "link-in-text-block")
"""The rules of axe that a scheme makes a difference to."""


def barriers_in_both_schemes(page: Page) -> list[str]:
    """What axe finds on a light page, and what it finds in the colours of a dark one."""
    wrong = [f"light: {text}" for text in barriers(page)]
    page.emulate_media(color_scheme="dark")
    expect(page.get_by_test_id("stApp")).to_have_css("color-scheme", "dark", timeout=WAIT_MS)
    settled(page)
    wrong += [f"dark: {text}" for text in barriers(page, *OF_COLOURS)]
    page.emulate_media(color_scheme="light")
    return wrong


@pytest.mark.parametrize("store", ["sample", "demo"])
def test_no_page_has_a_barrier(
    context: OwnContext, request: pytest.FixtureRequest, store: str
) -> None:
    server: Server = request.getfixturevalue(f"{store}_server")
    page = context(color_scheme="light").new_page()
    barriers_by_address = {}
    for address in SAMPLE_VIEWS if store == "sample" else DEMO_VIEWS:
        open_page(page, f"{server.url}/{address}")
        if address == "":
            page.get_by_text("The same numbers as a table").click()
            expect(page.get_by_test_id("stDataFrame")).to_be_visible(timeout=WAIT_MS)
        if wrong := barriers_in_both_schemes(page):
            barriers_by_address[address] = wrong
    assert not barriers_by_address


def test_no_barrier_on_a_phone(context: OwnContext, sample_server: Server) -> None:
    page = context(color_scheme="light", **PHONE).new_page()
    for address in ("", "claims"):
        open_page(page, f"{sample_server.url}/{address}")
        assert barriers_in_both_schemes(page) == []


def test_axe_finds_a_barrier(page: Page, sample_server: Server) -> None:
    open_page(page, sample_server.url)
    page.locator("h1").evaluate("item => { item.style.color = '#eee'; item.id = 'pale'; }")
    assert any("color-contrast" in text for text in barriers(page))


# On paper -----------------------------------------------------------------------------------------


def test_rows_print_as_a_plain_table(page: Page, demo_server: Server) -> None:
    open_page(page, f"{demo_server.url}/source")
    rows = page.locator(".st-key-on-paper-articles-table-0 tbody tr")
    expect(page.get_by_test_id("stDataFrame").first).to_be_visible()
    expect(rows.first).to_be_hidden()
    page.emulate_media(media="print")
    expect(rows.first).to_be_visible()
    assert 1 < rows.count() <= 25
    expect(page.get_by_test_id("stDataFrame").first).to_be_hidden()
