"""A claim that should not count, in a real browser: withdrawn, brought back, both published."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from driver import WAIT_MS, Server, barriers, open_page, settled, start
from playwright.sync_api import Page, expect

from sourcing.filters import Filters
from sourcing.reviews import Reviews, address_of, withdrawals
from sourcing.warehouse import queries
from sourcing.warehouse.snapshots import Warehouse, reading

pytest_plugins = "pages_fixtures"

CLAIM = "seed-001-c001"


@pytest.fixture
def own(sample: Warehouse, tmp_path: Path) -> Warehouse:
    """The sample, which the test may publish to."""
    return Warehouse(Path(shutil.copytree(sample.folder, tmp_path / "own")))


@pytest.fixture
def server(own: Warehouse, page: Page) -> Iterator[Server]:
    running = start(own)
    yield running
    page.goto("about:blank")  # otherwise the browser logs that the server is gone
    running.stop()


def say_why(page: Page, server: Server, expander: str, button: str, why: str) -> None:
    """Open the claim and its form, give the reason and press the button."""
    open_page(page, f"{server.url}/claims?claim={CLAIM}")
    page.get_by_text(expander, exact=True).click()
    name = page.get_by_label("Your name")
    expect(name.or_(page.get_by_label("Why", exact=True))).to_be_visible(timeout=WAIT_MS)
    if name.count():
        name.fill("Ada Lovelace")
        page.get_by_role("button", name="Keep this name").click()
    page.get_by_label("Why", exact=True).fill(why, timeout=WAIT_MS)
    settled(page)
    assert barriers(page) == []
    page.get_by_role("button", name=button, exact=True).click()
    waiting = page.get_by_text("Waiting to be published on the page Review")
    expect(waiting).to_be_visible(timeout=WAIT_MS)
    settled(page)


def publish(page: Page, own: Warehouse, words: str) -> None:
    """Publish on the page Review, which says what waits."""
    before = own.current()
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Review").click()
    expect(page.get_by_text(f"{words} is not in this snapshot yet.")).to_be_visible(timeout=WAIT_MS)
    page.get_by_role("button", name="Publish", exact=False).click(timeout=WAIT_MS)
    expect(page.get_by_text("Published snapshot")).to_be_visible(timeout=WAIT_MS)
    assert own.current() != before


def listed(page: Page, server: Server) -> str:
    """The sentence over the list of all claims of the article."""
    open_page(page, f"{server.url}/claims?article=seed-001")
    return page.get_by_text("article: seed-001").inner_text()


def count(own: Warehouse) -> int:
    with reading(own) as snapshot:
        filters = Filters(article=("seed-001",))
        return queries.count(snapshot, "lists/claims_count", filters)["claims"]


def test_withdraw_publish_bring_back_publish(page: Page, server: Server, own: Warehouse) -> None:
    every = count(own)
    assert listed(page, server).startswith(f"{every} claims.")

    say_why(page, server, "Withdraw this claim", "Withdraw", "A reader's letter.")
    publish(page, own, "1 withdrawal")
    assert count(own) == every - 1
    assert listed(page, server).startswith(f"{every - 1} claims.")

    page.emulate_media(color_scheme="dark")
    say_why(page, server, "Bring this claim back", "Bring back", "The paper's own.")
    expect(page.get_by_text("A reader's letter.")).to_be_visible()
    publish(page, own, "1 end of a withdrawal")
    assert count(own) == every
    assert listed(page, server).startswith(f"{every} claims.")

    open_page(page, f"{server.url}/claims?claim={CLAIM}")
    expect(page.get_by_text("Withdraw this claim", exact=True)).to_be_visible(timeout=WAIT_MS)
    reviews = Reviews(address_of(own))
    recorded = [(item.reason, item.back, item.decided_by) for item in withdrawals.every(reviews)]
    reviews.close()
    assert recorded == [
        ("A reader's letter.", False, "Ada Lovelace"),
        ("The paper's own.", True, "Ada Lovelace"),
    ]
