"""Clicks on points: claims of a period, another choice, articles of one source."""

from typing import Any

import pytest
from driver import WAIT_MS, Server, open_page, settled, wait_for, wait_for_query
from playwright.sync_api import Page, expect

pytest_plugins = "pages_fixtures"

OF = ("of", "demo-harbour-post")


def click_point(page: Page, key: str, row: str, column: str) -> None:
    """Click the point of a row and column (its customdata) in the chart of a key."""
    plot = page.locator(f'[class*="st-key-{key}"] .js-plotly-plot').first
    expect(plot).to_be_visible(timeout=WAIT_MS)
    page.set_viewport_size({"width": 1400, "height": 2500})  # the whole chart is in sight
    settled(page)
    plot.evaluate("plot => plot.scrollIntoView({block: 'center', behavior: 'instant'})")
    place: list[float] | None = plot.evaluate(
        """(plot, [row, column]) => {
            for (const [at, trace] of plot.data.entries()) {
                const number = (trace.customdata || []).findIndex(
                    item => item[0] === row && item[1] === column);
                if (number < 0) continue;
                const full = plot._fullData[at];
                const x = plot._fullLayout[full.xaxis.replace("x", "xaxis")];
                const y = plot._fullLayout[full.yaxis.replace("y", "yaxis")];
                const box = plot.getBoundingClientRect();
                const point = plot.calcdata[at][number];
                return [box.x + x._offset + x.c2p(point.x),
                        box.y + y._offset + y.c2p(point.y)];
            }
            return null;
        }""",
        [row, column],
    )
    assert place, f"no point {row}, {column}"
    page.mouse.move(*place)
    page.mouse.click(*place)


@pytest.mark.parametrize(
    ("grain", "period", "since", "until"),
    [
        ("year", "2025", "2025-01", "2025-12"),
        ("quarter", "2025-Q2", "2025-04", "2025-06"),
        ("month", "2025-05", "2025-05", "2025-05"),
    ],
)
def test_a_period_opens_its_claims(
    page: Page, demo_server: Server, grain: str, period: str, since: str, until: str
) -> None:
    open_page(page, f"{demo_server.url}/source?of={OF[1]}&grain={grain}")
    click_point(page, f"shares_by_{grain}", period, "sourced")
    expect(page.get_by_role("heading", level=1)).to_have_text("Claims", timeout=WAIT_MS)
    limits = (("since", since), ("until", until))
    wait_for_query(page, ("source", OF[1]), ("label", "sourced"), *limits)


def test_a_period_under_a_filter_stays_within_it(page: Page, demo_server: Server) -> None:
    open_page(page, f"{demo_server.url}/source?of={OF[1]}&grain=year&since=2025-03")
    click_point(page, "shares_by_year", "2025", "unsourced")
    limits = (("since", "2025-03"), ("until", "2025-12"))
    wait_for_query(page, ("source", OF[1]), ("label", "unsourced"), *limits)


def test_a_period_of_the_second_side_opens_its_claims(page: Page, demo_server: Server) -> None:
    address = f"compare?a={OF[1]}&b=demo-basin-watch&grain=year"
    open_page(page, f"{demo_server.url}/{address}")
    click_point(page, "compare-year", "2025", "sourced 1")
    expect(page.get_by_role("heading", level=1)).to_have_text("Claims", timeout=WAIT_MS)
    limits = (("since", "2025-01"), ("until", "2025-12"))
    wait_for_query(page, ("source", "demo-basin-watch"), ("label", "sourced"), *limits)


@pytest.mark.parametrize(
    ("choice", "pairs"),
    [
        ("Each article counts the same", [("weighting", "article")]),
        ("Without labels by models", [("basis", "human")]),
        ("Attribution before contested", [("view", "attribution")]),
    ],
)
def test_a_click_on_a_choice_applies_it(
    page: Page, demo_server: Server, choice: str, pairs: list[tuple[str, str]]
) -> None:
    open_page(page, f"{demo_server.url}/source?of={OF[1]}&on=sourced")
    click_point(page, "robust-share", choice, "Share sourced")
    wait_for_query(page, OF, ("on", "sourced"), *pairs)
    settled(page)
    expect(page.get_by_role("heading", level=2, name="Does it hold?")).to_be_visible()


def test_a_click_on_a_source_filters_agreement(page: Page, demo_server: Server) -> None:
    open_page(page, f"{demo_server.url}/agreement")
    click_point(page, "agreement_by_source", "0", "Krippendorff's alpha")
    wait_for(page, "() => location.search.startsWith('?source=')")
    settled(page)


def test_a_click_on_a_month_filters_agreement(page: Page, demo_server: Server) -> None:
    open_page(page, f"{demo_server.url}/agreement")
    plot: Any = page.locator('[class*="st-key-agreement_by_month"] .js-plotly-plot').first
    month: str = plot.evaluate("plot => plot.data[0].customdata[0][0]")
    click_point(page, "agreement_by_month", month, "alpha")
    wait_for_query(page, ("since", month), ("until", month))
