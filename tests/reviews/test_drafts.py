"""Drafts: kept for one person and page, ended by what they prepare, never a decision."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sourcing.errors import RefusedError, ReviewError
from sourcing.meetings import label_events
from sourcing.reviews import Person, Reviews, Role, answers, decisions, drafts, meetings
from sourcing.reviews.answers import Answer
from sourcing.reviews.decisions import Decision
from sourcing.reviews.meetings import Plan

pytest_plugins = "review_fixtures"

ADA, BO = Person("Ada", Role.REVIEWER), Person("Bo", Role.REVIEWER)
TEXT: dict[str, Any] = {"rationale": "Denied in §2: „Ö“ 🙂", "guideline_gap": True}


@pytest.fixture
def meeting(reviews: Reviews) -> int:
    return meetings.create(reviews, ADA, Plan("May", "2026-05-31", "Ada"), "20260101T000000Z-0")


def test_a_draft_belongs_to_one_person_item_and_page(reviews: Reviews, meeting: int) -> None:
    page = drafts.meeting_page(meeting)
    drafts.save(reviews, ADA, page, "c", TEXT)
    drafts.save(reviews, ADA, page, "c", TEXT | {"dissent": "Bo"})
    assert drafts.of(reviews, ADA, page, "c") == TEXT | {"dissent": "Bo"}
    assert drafts.of(reviews, BO, page, "c") == {}
    assert drafts.of(reviews, ADA, page, "d") == {}
    assert drafts.of(reviews, ADA, drafts.meeting_page(meeting + 1), "c") == {}
    assert drafts.of(reviews, ADA, drafts.ANNOTATE, "c") == {}
    drafts.save(reviews, ADA, page, "c", {})
    assert drafts.of(reviews, ADA, page, "c") == {}


def test_a_decision_ends_the_draft_of_who_decides(reviews: Reviews, meeting: int) -> None:
    page = drafts.meeting_page(meeting)
    for person in (ADA, BO):
        drafts.save(reviews, person, page, "c", TEXT)
    drafts.save(reviews, ADA, page, "d", TEXT)
    drafts.save(reviews, ADA, drafts.ANNOTATE, "c", TEXT)
    decisions.record(reviews, ADA, Decision("c", "sourced", meeting_id=meeting), 0)
    assert drafts.of(reviews, ADA, page, "c") == {}
    assert drafts.of(reviews, BO, page, "c") == TEXT
    assert drafts.of(reviews, ADA, page, "d") == TEXT
    assert drafts.of(reviews, ADA, drafts.ANNOTATE, "c") == TEXT


def test_a_refused_decision_and_one_taken_back_end_no_draft(reviews: Reviews, meeting: int) -> None:
    page = drafts.meeting_page(meeting)
    decisions.record(reviews, ADA, Decision("c", "sourced", meeting_id=meeting), 0)
    drafts.save(reviews, ADA, page, "c", TEXT)
    with pytest.raises(ReviewError):
        decisions.record(reviews, ADA, Decision("c", "unsourced", meeting_id=meeting), 0)
    decisions.take_back(reviews, ADA, "c", 1, "")
    assert drafts.of(reviews, ADA, page, "c") == TEXT


def test_an_answer_ends_the_draft_but_leaving_the_claim_does_not(reviews: Reviews) -> None:
    drafts.save(reviews, ADA, drafts.ANNOTATE, "c", TEXT)
    answers.record_skip(reviews, ADA, "c", "later")
    assert drafts.of(reviews, ADA, drafts.ANNOTATE, "c") == TEXT
    answers.record(reviews, ADA, Answer("c", "sourced", "sourced"))
    assert drafts.of(reviews, ADA, drafts.ANNOTATE, "c") == {}


def test_a_draft_is_no_decision_and_no_answer(reviews: Reviews, meeting: int) -> None:
    drafts.save(reviews, ADA, drafts.meeting_page(meeting), "c", TEXT)
    drafts.save(reviews, ADA, drafts.ANNOTATE, "c", TEXT | {"answer": "sourced"})
    assert decisions.every(reviews) == []
    assert answers.every(reviews) == []
    assert all(events.empty for events in label_events.recorded(reviews).values())


@pytest.mark.parametrize(
    ("page", "role", "allowed"),
    [
        ("meeting 1", Role.ANNOTATOR, False),
        ("meeting 1", Role.REVIEWER, True),
        (drafts.ANNOTATE, Role.VIEWER, False),
        (drafts.ANNOTATE, Role.ANNOTATOR, True),
    ],
)
def test_who_may_not_record_it_may_not_draft_it(
    reviews: Reviews, page: str, role: Role, allowed: bool
) -> None:
    person = Person("Cy", role)
    if allowed:
        drafts.save(reviews, person, page, "c", TEXT)
    else:
        with pytest.raises(RefusedError):
            drafts.save(reviews, person, page, "c", TEXT)
    assert drafts.of(reviews, person, page, "c") == (TEXT if allowed else {})


@pytest.mark.parametrize("text", ["x" * 20_001, "a\x00b", "\ud800"])
def test_a_text_that_cannot_be_stored_is_refused(reviews: Reviews, text: str) -> None:
    drafts.save(reviews, ADA, drafts.ANNOTATE, "c", TEXT)
    with pytest.raises(ReviewError):
        drafts.save(reviews, ADA, drafts.ANNOTATE, "c", {"rationale": text})
    assert drafts.of(reviews, ADA, drafts.ANNOTATE, "c") == TEXT


def test_two_browsers_of_one_person(reviews: Reviews) -> None:
    """The last one wins; neither fails."""
    texts = [f"Text {number}" for number in range(12)]
    with ThreadPoolExecutor(4) as pool:
        list(
            pool.map(
                lambda text: drafts.save(reviews, ADA, drafts.ANNOTATE, "c", {"rationale": text}),
                texts,
            )
        )
    assert drafts.of(reviews, ADA, drafts.ANNOTATE, "c")["rationale"] in texts


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(
    st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=50
    )
)
def test_any_text_comes_back_as_it_was(reviews: Reviews, text: str) -> None:
    drafts.save(reviews, ADA, drafts.ANNOTATE, "c", {"rationale": text})
    assert drafts.of(reviews, ADA, drafts.ANNOTATE, "c") == {"rationale": text}
