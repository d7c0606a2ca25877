"""What is typed on a claim outlasts a reload, Back, Skip and Previous, until it is decided."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from driver import WAIT_MS, Server, open_page, settled, start
from playwright.sync_api import Locator, Page, expect

from sourcing.filters import Filters
from sourcing.meetings import agenda
from sourcing.reviews import Person, Reviews, Role, address_of, decisions, drafts, meetings
from sourcing.reviews.meetings import Item, Plan
from sourcing.warehouse.snapshots import Warehouse, reading

pytest_plugins = "pages_fixtures"

ADA = Person("Ada Lovelace", Role.REVIEWER)
TEXT = 'Denied in §2: "no" – „Ö“'


@pytest.fixture
def own(sample: Warehouse, tmp_path: Path) -> Warehouse:
    shutil.copytree(sample.folder, tmp_path / "own")
    return Warehouse(tmp_path / "own")


@pytest.fixture
def reviews(own: Warehouse) -> Iterator[Reviews]:
    database = Reviews(address_of(own))
    yield database
    database.close()


@pytest.fixture
def claims(own: Warehouse, reviews: Reviews) -> list[str]:
    """The claims of a meeting with three items."""
    with reading(own) as snapshot:
        rows = agenda.candidates(snapshot, Filters(), agenda.ALL, 3)
    meeting_id = meetings.create(reviews, ADA, Plan("May", "2026-05-31", "Ada"), str(own.current()))
    claims = rows["claim_id"].tolist()
    meetings.add_items(reviews, ADA, meeting_id, [Item(claim, "Tied", 0.1) for claim in claims])
    return list(claims)


@pytest.fixture
def server(own: Warehouse, claims: list[str]) -> Iterator[Server]:
    assert claims  # the meeting must be there before its page is
    running_server = start(own)
    yield running_server
    running_server.stop()


def say_who(page: Page) -> None:
    page.get_by_label("Your name").fill(ADA.name)
    page.get_by_role("button", name="Keep this name").click()


def at_item(page: Page, number: int) -> None:
    expect(page.get_by_text(f"Item {number} of 3")).to_be_visible(timeout=WAIT_MS)
    settled(page)


def rationale(page: Page) -> Locator:
    return page.get_by_label("Rationale")


def kept(page: Page, reviews: Reviews, where: str, claim: str) -> None:
    """Wait until the text typed is in the review database."""
    for _ in range(WAIT_MS // 100):
        if drafts.of(reviews, ADA, where, claim).get("rationale") == TEXT:
            return
        page.wait_for_timeout(100)
    pytest.fail("The draft was not kept.")


def test_a_rationale_typed_in_a_meeting_stays_until_it_is_decided(
    server: Server, page: Page, reviews: Reviews, claims: list[str]
) -> None:
    where = drafts.meeting_page(1)
    open_page(page, f"{server.url}/meeting")
    say_who(page)
    at_item(page, 1)
    rationale(page).click()
    page.keyboard.type(TEXT)  # the field keeps the focus
    kept(page, reviews, where, claims[0])
    expect(rationale(page)).to_be_focused()
    page.reload()
    at_item(page, 1)
    expect(rationale(page)).to_have_value(TEXT)
    page.get_by_role("button", name="Skip").click()
    at_item(page, 2)
    expect(rationale(page)).to_have_value("")
    page.go_back()
    at_item(page, 1)
    expect(rationale(page)).to_have_value(TEXT)
    page.get_by_role("button", name="Next").click()
    at_item(page, 2)
    page.get_by_role("button", name="Previous").click()
    at_item(page, 1)
    expect(rationale(page)).to_have_value(TEXT)
    page.get_by_role("link", name="Overview").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("How sources", timeout=WAIT_MS)
    settled(page)
    page.get_by_role("link", name="Meeting").click()
    at_item(page, 1)
    expect(rationale(page)).to_have_value(TEXT)
    assert decisions.every(reviews) == []
    page.get_by_role("button", name="Contested").click()
    at_item(page, 2)
    assert [item.rationale for item in decisions.every(reviews)] == [TEXT]
    assert drafts.of(reviews, ADA, where, claims[0]) == {}
    page.get_by_role("button", name="Previous").click()
    at_item(page, 1)
    expect(rationale(page)).to_have_value("")


def test_a_text_still_in_its_field_goes_with_the_decision(
    server: Server, page: Page, reviews: Reviews, claims: list[str]
) -> None:
    """Typed, and the button pressed before the pause in which a draft is sent."""
    open_page(page, f"{server.url}/meeting")
    say_who(page)
    at_item(page, 1)
    rationale(page).fill(TEXT)
    page.get_by_role("button", name="Contested").click()
    at_item(page, 2)
    page.wait_for_timeout(1500)
    settled(page)
    assert [item.rationale for item in decisions.every(reviews)] == [TEXT]
    assert drafts.of(reviews, ADA, drafts.meeting_page(1), claims[0]) == {}


def test_what_is_filled_in_for_an_answer_stays_until_it_is_saved(
    server: Server, page: Page, reviews: Reviews
) -> None:
    open_page(page, f"{server.url}/annotate")
    say_who(page)
    save = page.get_by_role("button", name="Save and next")
    expect(save).to_be_visible(timeout=WAIT_MS)
    settled(page)
    claim = page.locator("[data-claim]").get_attribute("data-claim") or ""
    chosen = page.get_by_role("button", name="Unsourced").and_(page.locator('[kind="primary"]'))
    page.get_by_role("button", name="Unsourced").click()
    expect(chosen).to_be_visible(timeout=WAIT_MS)
    settled(page)
    rationale(page).click()
    page.keyboard.type(TEXT)
    kept(page, reviews, drafts.ANNOTATE, claim)
    page.reload()
    expect(save).to_be_visible(timeout=WAIT_MS)
    settled(page)
    expect(rationale(page)).to_have_value(TEXT)
    expect(chosen).to_be_visible()
    save.click()
    expect(page.get_by_text("You have given 1 answer.")).to_be_visible(timeout=WAIT_MS)
    assert drafts.of(reviews, ADA, drafts.ANNOTATE, claim) == {}
