"""Moving between the items of a meeting: previous, skip, next, or any item."""

from collections.abc import Mapping
from datetime import datetime

import streamlit as st

from sourcing import codebook
from sourcing.errors import SourcingError
from sourcing.reviews import Person, Reviews, Role, decisions, meetings
from sourcing.reviews.schema import NEVER
from sourcing.ui import cached_reads, url_state

MESSAGE = "meeting said"
LAST_DECISION = "decision made last"


def may_write(who: Person, meeting: meetings.Meeting) -> bool:
    """Whether a person may decide and skip items: a reviewer, while the meeting is open."""
    return who.may(Role.REVIEWER) and not meeting.plan.closed


def last_shown(
    reviews: Reviews, meeting: meetings.Meeting, claims: list[str]
) -> tuple[str, datetime]:
    """The item shown last in this meeting, in any browser, and when; by default the first item."""
    for claim, kind, at in reversed(meetings.visited(reviews, meeting.meeting_id)):
        if kind == "shown" and claim in claims:
            return claim, at
    return claims[0], NEVER


def turn(
    reviews: Reviews,
    who: Person,
    meeting: meetings.Meeting,
    claims: list[str],
    place: int,
    standing: Mapping[str, decisions.Decided],
) -> None:
    """Draw previous, skip, next and the list of items. standing: decisions by claim."""

    def skip() -> None:
        try:
            meetings.record_visit(reviews, who, meeting.meeting_id, claims[place], "skipped")
        except SourcingError as error:
            st.session_state[MESSAGE] = ("error", str(error))
            return
        turn_to(claims, place + 1, meeting)

    left, middle, right, last = st.columns(4, vertical_alignment="bottom")
    left.button("Previous", shortcut="Left", on_click=turn_to, args=(claims, place - 1, meeting),
                disabled=place == 0, width="stretch")  # fmt: skip
    if may_write(who, meeting):
        middle.button("Skip", shortcut="S", on_click=skip, width="stretch")
    right.button("Next", shortcut="Right", on_click=turn_to, args=(claims, place + 1, meeting),
                 disabled=place + 1 == len(claims), width="stretch")  # fmt: skip
    with last:
        _jump(meeting, claims, place, standing)


def turn_to(claims: list[str], place: int, meeting: meetings.Meeting) -> None:
    """Go to an item, and forget the last decision, which can then no longer be undone by key."""
    st.session_state.pop(LAST_DECISION, None)
    go(claims, place, meeting)


def go(claims: list[str], place: int, meeting: meetings.Meeting) -> None:
    """Go to the item at a place; after the last one, say what is left to decide."""
    if place < len(claims):
        url_state.put("item", claims[max(place, 0)])
        return
    undecided = _open(cached_reads.reviews(), meeting, claims)
    st.session_state[MESSAGE] = (
        "success",
        f"That was the last item of {meeting.plan.title}. "
        + (
            f"Not decided: {', '.join(map(str, undecided))}."
            if undecided
            else "All items are decided."
        )
        + " The page Review shows what the decisions do, and publishes them.",
    )


def _open(reviews: Reviews, meeting: meetings.Meeting, claims: list[str]) -> list[int]:
    """The places, from 1, of the items without a decision."""
    standing = decisions.standing(reviews, meeting.meeting_id)
    return [place for place, claim in enumerate(claims, 1) if claim not in standing]


def _jump(
    meeting: meetings.Meeting,
    claims: list[str],
    place: int,
    standing: Mapping[str, decisions.Decided],
) -> None:
    """A list of all items with their decisions, to go to any of them."""
    results = {claim: codebook.name(str(item.label)).lower() for claim, item in standing.items()}
    names = {claim: f"{n}. {results.get(claim, 'open')}" for n, claim in enumerate(claims, 1)}
    # The decisions are in the key, because Streamlit identifies an option by its text.
    key = f"go from {claims[place]}, {' '.join(names.values())}"
    st.selectbox(
        "Go to item",
        claims,
        index=place,
        format_func=names.__getitem__,
        key=key,
        on_change=lambda: turn_to(claims, claims.index(st.session_state[key]), meeting),
    )
