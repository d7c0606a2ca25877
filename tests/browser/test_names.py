"""Names of sources in a real browser: drawn with exactly their characters, and never as markup."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import support
from driver import WAIT_MS, Server, open_page, settled, start
from playwright.sync_api import Page, expect

from sourcing.warehouse.snapshots import Warehouse

pytest_plugins = "pages_fixtures"

NAMES = {
    "quotes": 'The "Daily" & <b>Co</b> it\'s',
    "entities": "&quot; &amp;lt; &#34; &nbsp;",
    "marks": "East -> West -- $x^2$ :streamlit: %{y}",
    "arabic": 'صحيفة <الشرق> "الأوسط"',
    "emoji": "\U0001f4f0 Daily :red[News]",
    "one": "Post",
    "two": "Post",
}
SHOWN = NAMES | {"one": "Post (one)", "two": "Post (two)"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    tables = {
        "sources": [{"source_id": key, "name": name} for key, name in NAMES.items()],
        "articles": [{"article_id": key, "source_id": key} for key in NAMES],
        "claims": [{"claim_id": key, "article_id": key, "claim": "It rained."} for key in NAMES],
        "labels": [support.BASE["labels"][0] | {"claim_id": key} for key in NAMES],
    }
    folder: Path = tmp_path_factory.mktemp("names")
    warehouse = Warehouse(folder / "warehouse")
    assert support.loaded(warehouse, folder / "files", tables).published
    running_server = start(warehouse)
    yield running_server
    running_server.stop()


def seen(text: str) -> str:
    """Without the invisible marks of direction and joining."""
    return re.sub("[\u2060\u2066-\u2069]", "", text).strip()


def test_bars_and_hovers_draw_the_names(page: Page, server: Server) -> None:
    open_page(page, server.url)
    bars = page.locator(".js-plotly-plot").first
    expect(bars.locator(".barlayer path").first).to_be_attached(timeout=WAIT_MS)
    drawn = {seen(text) for text in bars.locator("text tspan").all_text_contents()}
    assert set(SHOWN.values()) <= drawn
    box = bars.locator(".barlayer .point path").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=3)
    hover = bars.locator(".hoverlayer .hovertext")
    expect(hover).to_be_visible(timeout=WAIT_MS)
    assert any(name in seen(hover.text_content() or "") for name in SHOWN.values())


@pytest.mark.parametrize("key", SHOWN)
def test_headings_show_the_name(page: Page, server: Server, key: str) -> None:
    open_page(page, f"{server.url}/source?of={key}")
    settled(page)
    heading = page.get_by_role("heading", level=2).first
    assert seen(heading.inner_text()) == SHOWN[key]
    assert heading.locator("img, a, b, em, code").count() == 0
