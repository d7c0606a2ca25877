"""Annotating in a real browser: by keyboard, published as labels, on a phone, accessible."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from driver import WAIT_MS, OwnContext, Server, barriers, open_page, settled, start, wait_for
from playwright.sync_api import Page, expect

from sourcing.reviews import Reviews, address_of, answers
from sourcing.warehouse import queries
from sourcing.warehouse.snapshots import Warehouse, reading

pytest_plugins = "pages_fixtures"


@pytest.fixture
def own(sample: Warehouse, tmp_path: Path) -> Warehouse:
    shutil.copytree(sample.folder, tmp_path / "own")
    return Warehouse(tmp_path / "own")


@pytest.fixture
def server(own: Warehouse) -> Iterator[Server]:
    running_server = start(own)
    yield running_server
    running_server.stop()


@pytest.fixture
def reviews(own: Warehouse) -> Iterator[Reviews]:
    database = Reviews(address_of(own))
    yield database
    database.close()


def say_who(page: Page) -> None:
    page.get_by_label("Your name").fill("Ada Lovelace")
    page.get_by_role("button", name="Keep this name").click()
    expect(page.get_by_role("button", name="Save and next")).to_be_visible(timeout=WAIT_MS)
    settled(page)
    page.get_by_role("heading", level=1).click()  # a key typed into a field is no shortcut


def pressed_before(page: Page) -> None:
    """Wait until the same key counts again."""
    wait_for(page, "() => performance.now() - window.lastKey.at >= 500")


def answered(page: Page, times: int) -> None:
    words = f"You have given {times} answer"
    expect(page.get_by_text(words)).to_be_visible(timeout=WAIT_MS)
    settled(page)


def test_from_keys_to_published_labels(
    page: Page, server: Server, own: Warehouse, reviews: Reviews
) -> None:
    open_page(page, f"{server.url}/annotate")
    say_who(page)
    for number, keys in enumerate((("1",), ("2", "4"), ("3",)), 1):
        for name in keys:
            page.keyboard.press(name)
            pressed = {"1": "Sourced", "2": "Self-cited", "3": "Unsourced", "4": "Yes, contested"}
            button = page.get_by_role("button", name=pressed[name])
            expect(button.and_(page.locator('[kind="primary"]'))).to_be_visible(timeout=WAIT_MS)
        page.keyboard.press("Enter")
        if "4" in keys:  # asked once who disputes it
            expect(page.get_by_text("Who disputes it")).to_be_visible(timeout=WAIT_MS)
            pressed_before(page)
            page.keyboard.press("Enter")
        answered(page, number)
    mine = answers.of_annotator(reviews, "Ada Lovelace")
    assert [item.label for item in mine] == ["sourced", "contested", "unsourced"]
    assert [item.attribution for item in mine] == ["sourced", "self_cited", "unsourced"]
    assert len({item.claim_id for item in mine}) == 3

    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Review").click()
    page.get_by_role("button", name="Publish", exact=False).click(timeout=WAIT_MS)
    expect(page.get_by_text("Published snapshot")).to_be_visible(timeout=WAIT_MS)
    with reading(own) as snapshot:
        for item in mine:
            details = queries.claim(snapshot, item.claim_id)
            assert details is not None
            assert (details.claim["label"], details.claim["basis"]) == (item.label, "human")
            [row] = details.labels[details.labels["annotator"] == "Ada Lovelace"].to_dict("records")
            assert (row["method"], row["round"]) == ("human", "independent")


@pytest.mark.parametrize("slow", [1, 6])
def test_keys_are_processed_in_order(
    page: Page, server: Server, reviews: Reviews, slow: int
) -> None:
    """However fast the keys are pressed and however slow the browser is."""
    open_page(page, f"{server.url}/annotate")
    say_who(page)
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slow})
    expected = {"13": "unsourced", "31": "sourced", "1443": "unsourced", "144": "sourced"}
    for number, keys in enumerate(expected, 1):
        claim = page.locator("[data-claim]").get_attribute("data-claim")
        for name in (*keys, "Enter", "2", "Enter"):  # the last two: nothing of it is meant so
            page.keyboard.press(name)
        answered(page, number)
        expect(page.locator("[data-claim]")).not_to_have_attribute("data-claim", claim or "")
        settled(page)
        pressed_before(page)
    page.get_by_role("button", name="Sourced Shortcut 1").click()
    page.get_by_role("button", name="Self-cited").click()
    page.keyboard.press("Enter")  # after a click it is no press of the button that has the focus
    answered(page, len(expected) + 1)
    mine = answers.of_annotator(reviews, "Ada Lovelace")
    assert [item.label for item in mine] == [*expected.values(), "self_cited"]
    assert len({item.claim_id for item in mine}) == len(expected) + 1


def test_annotating_on_a_phone_is_accessible(context: OwnContext, server: Server) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    page = context(**phone).new_page()
    open_page(page, f"{server.url}/annotate")
    say_who(page)
    page.get_by_role("button", name="Sourced Shortcut 1").tap()
    expect(page.get_by_text("interested party")).to_be_visible(timeout=WAIT_MS)
    settled(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")
    assert barriers(page) == []
