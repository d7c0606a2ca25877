"""Withdrawing a claim on its page, bringing it back, and the page of a withdrawn claim."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pages_support
import pytest
import support
from amended_support import words
from pages_support import IMAGE, Open, bodies, facts, sound
from preview_support import publish
from streamlit.testing.v1 import AppTest
from support import etl

from sourcing.reviews import Person, Reviews, Role, address_of, decisions, withdrawals
from sourcing.reviews.withdrawals import LONGEST_REASON, Withdrawal
from sourcing.ui import sign_in
from sourcing.warehouse.snapshots import Warehouse

pytestmark = pytest.mark.slow

pytest_plugins = ("pages_fixtures", "review_fixtures")

BO = Person("Bo", Role.REVIEWER)
CLAIM = "seed-001-c001"
WAITING = "Waiting to be published on the page Review"


@pytest.fixture
def own(sample: Warehouse, tmp_path: Path) -> Warehouse:
    """The sample, which the test may change."""
    return Warehouse(Path(shutil.copytree(sample.folder, tmp_path / "own")))


@pytest.fixture
def reviews(own: Warehouse) -> Iterator[Reviews]:
    database = Reviews(address_of(own))
    yield database
    database.close()


def button_labels(page: AppTest) -> list[str]:
    return [item.label for item in page.button]


def press(page: AppTest, label: str) -> AppTest:
    next(item for item in page.button if item.label == label).click()
    return page.run()


def with_form(page: AppTest, claim: str = CLAIM, after: int = 0) -> AppTest:
    page.session_state[f"withdrawal {claim} after {after} open"] = True
    return sound(page.run())


def fill(page: AppTest, reason: str, claim: str = CLAIM, after: int = 0) -> None:
    page.text_area(key=f"withdrawal {claim} after {after} reason").set_value(reason)


def withdrawn(show: Open, own: Warehouse, *arguments: str, claim: str = CLAIM) -> AppTest:
    """The page of a claim after a command has withdrawn it, or what is above it."""
    done = etl("withdraw", *arguments, "--reason", IMAGE, "--by", IMAGE, "--warehouse", own.folder)
    assert done.code == 0
    return show(own, "claims", claim=claim)


def test_withdraw_publish_bring_back_publish(show: Open, own: Warehouse, reviews: Reviews) -> None:
    page = with_form(show(own, "claims", claim=CLAIM))
    fill(page, "A reader's letter.")
    sound(press(page, "Withdraw"))
    [item] = withdrawals.every(reviews)
    assert (item.claim_id, item.reason, item.decided_by) == (CLAIM, "A reader's letter.", "Ada")
    assert "**Withdrawn** by Ada, " in words(page)
    assert f"A reader's letter. {WAITING}: until then, the claim counts." in words(page)
    assert "Withdraw" not in button_labels(page)
    assert facts(page)["Claim id"] == CLAIM
    assert "1 withdrawal is not in this snapshot yet." in words(show(own, "review"))

    publish(own)
    page = show(own, "claims", claim=CLAIM)
    sheet = next(body for body in bodies(page) if 'class="claim"' in body)
    assert "Withdrawn</span>" in sheet
    assert "**The claim** was withdrawn by Ada, on 20" in words(page)
    assert facts(page)["Claim id"] == CLAIM
    assert "This snapshot includes every decision." in words(show(own, "review"))
    page = with_form(page, after=1)
    fill(page, "The paper's own.", after=1)
    sound(press(page, "Bring back"))
    assert "**Brought back** by Ada" in words(page)
    assert "1 end of a withdrawal is not in this snapshot yet." in words(show(own, "review"))
    publish(own)
    page = show(own, "claims", claim=CLAIM)
    assert "Withdraw this claim" in [item.label for item in page.expander]
    assert WAITING not in words(page)


def test_what_waits_can_be_taken_back(show: Open, own: Warehouse, reviews: Reviews) -> None:
    withdrawals.record(reviews, BO, Withdrawal(CLAIM, "Twice."), 0)
    page = show(own, "claims", claim=CLAIM)
    assert "**Withdrawn** by Bo" in words(page)
    sound(press(page, "Take back"))
    assert "Taken back." in words(page)
    assert WAITING not in words(page)
    assert "Withdraw this claim" in [item.label for item in page.expander]
    assert [(item.back, item.decided_by) for item in withdrawals.every(reviews)] == [
        (False, "Bo"),
        (True, "Ada"),
    ]
    assert "1 withdrawal and 1 end of a withdrawal are not in" in words(show(own, "review"))
    publish(own)
    assert facts(show(own, "claims", claim=CLAIM))["Claim id"] == CLAIM


def test_the_end_of_a_withdrawal_is_taken_back_with_its_reason(
    show: Open, own: Warehouse, reviews: Reviews
) -> None:
    page = withdrawn(show, own, "claims", CLAIM)
    withdrawals.record(reviews, BO, Withdrawal(CLAIM, "A mistake.", back=True), 0)
    sound(page.run())
    sound(press(page, "Take back"))
    assert [(item.back, item.reason) for item in withdrawals.every(reviews)] == [
        (True, "A mistake."),
        (False, IMAGE),
    ]
    assert "Bring this claim back" in [item.label for item in page.expander]


@pytest.mark.parametrize(
    ("reason", "message"),
    [("", "Say why"), (" … ", "Say why"), ("x" * (LONGEST_REASON + 1), "at most 2,000")],
)
def test_a_refused_reason_stays_in_its_field(
    show: Open, own: Warehouse, reviews: Reviews, reason: str, message: str
) -> None:
    page = with_form(show(own, "claims", claim=CLAIM))
    fill(page, reason)
    press(page, "Withdraw")
    [error] = page.error
    assert message in error.value
    assert page.text_area(key=f"withdrawal {CLAIM} after 0 reason").value == reason
    assert withdrawals.count(reviews) == 0
    fill(page, "Twice.")
    sound(press(page, "Withdraw"))
    assert withdrawals.count(reviews) == 1


def test_the_second_of_two_people_is_told(show: Open, own: Warehouse, reviews: Reviews) -> None:
    page = with_form(show(own, "claims", claim=CLAIM))
    fill(page, "Twice.")
    withdrawals.record(reviews, BO, Withdrawal(CLAIM, "A quote."), 0)
    press(page, "Withdraw")
    assert "Bo has withdrawn this claim in the meantime" in page.error[0].value
    assert "**Withdrawn** by Bo" in words(page)
    assert withdrawals.count(reviews) == 1


def test_a_second_press_of_the_same_button_is_no_conflict(
    show: Open, own: Warehouse, reviews: Reviews
) -> None:
    page = with_form(show(own, "claims", claim=CLAIM))
    fill(page, "Twice.")
    withdrawals.record(reviews, Person("Ada", Role.REVIEWER), Withdrawal(CLAIM, "Twice."), 0)
    sound(press(page, "Withdraw"))
    assert withdrawals.count(reviews) == 1


def test_readers_without_the_role_only_read(
    show: Open, own: Warehouse, reviews: Reviews, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_in, "role", lambda: Role.ANNOTATOR)
    withdrawals.record(reviews, BO, Withdrawal(CLAIM, "A quote."), 0)
    page = show(own, "claims", claim=CLAIM)
    assert "**Withdrawn** by Bo" in words(page)
    assert "Take back" not in button_labels(page)
    publish(own)
    page = show(own, "claims", claim=CLAIM)
    assert "**The claim** was withdrawn by Bo" in words(page)
    assert not page.expander
    page = show(own, "claims", claim="seed-001-c002")
    assert "Withdraw this claim" not in [item.label for item in page.expander]


def test_whoever_has_no_name_yet_is_asked(
    show: Open, own: Warehouse, reviews: Reviews, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In every open form of the page, and nowhere before one is opened."""
    monkeypatch.setattr("sourcing.ui.person._name_of_cookie", lambda: "")
    withdrawals.record(reviews, BO, Withdrawal("seed-001-c002", "A quote."), 0)
    page = show(own, "claims", claim="seed-001-c002")
    assert "Keep this name" not in button_labels(page)
    page.session_state["take back seed-001-c002"] = True
    sound(page.run())
    assert button_labels(page).count("Keep this name") == 1
    page = show(own, "claims", claim=CLAIM)
    for key in (f"comments {CLAIM}", f"reply mehr-news {CLAIM}"):
        page.session_state[key] = True
    page = with_form(page)
    assert button_labels(page).count("Keep this name") == 3


def test_a_claim_withdrawn_by_command_says_who_and_why(show: Open, own: Warehouse) -> None:
    page = withdrawn(show, own, "claims", CLAIM)
    assert f"**The claim** was withdrawn by {IMAGE}, on 20" in words(page)
    assert words(page).count(IMAGE) == 2
    assert not any(IMAGE in item.value for item in page.markdown)
    assert "Bring this claim back" in [item.label for item in page.expander]


@pytest.mark.parametrize(
    ("arguments", "sentence", "noun"),
    [
        (("articles", "seed-001"), "**Its article** “It’s Time to Support", "article"),
        (("sources", "mehr-news"), "**Its source** Mehr News Agency (mehr-news) was", "source"),
    ],
)
def test_a_claim_that_went_with_what_is_above_it(
    show: Open, own: Warehouse, arguments: tuple[str, str], sentence: str, noun: str
) -> None:
    """Then only a command brings it back, which the page gives word for word."""
    page = withdrawn(show, own, *arguments)
    assert sentence in words(page)
    assert f"It comes back with its {noun}:" in words(page)
    command = f'python -m etl withdraw {" ".join(arguments)} --back --reason "why"'
    assert [item.value for item in page.code] == [f"{command} --warehouse DIR"]
    assert not page.expander
    assert facts(page)["Source"] == "Mehr News Agency"


def test_a_claim_that_was_withdrawn_twice_says_both(show: Open, own: Warehouse) -> None:
    withdrawn(show, own, "articles", "seed-001")
    page = withdrawn(show, own, "claims", CLAIM)
    assert "**The claim** was withdrawn" in words(page)
    assert "**Its article** “It’s Time" in words(page)
    assert "It counts again only when all of these are back." in words(page)
    assert "Bring this claim back" in [item.label for item in page.expander]


def test_an_older_snapshot_offers_nothing(show: Open, own: Warehouse, reviews: Reviews) -> None:
    """What is recorded is about the claim as it is in force."""
    older = str(own.current())
    withdrawals.record(reviews, BO, Withdrawal(CLAIM, "A quote."), 0)
    publish(own)
    page = show(own, "claims", claim=CLAIM, snapshot=older)
    assert facts(page)["Claim id"] == CLAIM
    assert WAITING not in words(page)
    assert "Withdraw this claim" not in [item.label for item in page.expander]


def test_a_decision_on_a_withdrawn_claim_is_not_waiting(
    show: Open, own: Warehouse, reviews: Reviews
) -> None:
    decisions.record(reviews, BO, decisions.Decision(CLAIM, "sourced", "Named."), 0)
    withdrawals.record(reviews, BO, Withdrawal(CLAIM, "A quote."), 0)
    assert "1 decision or answer and 1 withdrawal are not in" in words(show(own, "review"))
    publish(own)
    assert "This snapshot includes every decision." in words(show(own, "review"))


def test_withdrawals_of_everything_of_a_source_are_previewed(
    show: Open, own: Warehouse, reviews: Reviews
) -> None:
    claims = support.ask(own, "SELECT claim_id FROM claims WHERE article_id = 'seed-001'")
    for (claim,) in claims:
        withdrawals.record(reviews, BO, Withdrawal(claim, "Another topic."), 0)
    page = show(own, "review")
    assert f"{len(claims)} withdrawals are not in this snapshot yet." in words(page)
    chart = pages_support.spec(page, 0)
    shown = str(chart)
    assert f"n {len(claims)} → 0" in shown
