"""From item to item of a meeting: previous, skip, next, and straight to any of them."""

from collections.abc import Mapping
from datetime import datetime

import streamlit as st

from sourcing import codebook
from sourcing.reviews import Person, Reviews, Role, decisions, meetings
from sourcing.reviews.schema import NEVER
from sourcing.ui import cached_reads, url_state

SAID = "meeting said"
LAST = "decision made last"


def may_write(who: Person, found: meetings.Meeting) -> bool:
    """Whether a person may decide and skip in a meeting, which must not be over."""
    return who.may(Role.REVIEWER) and not found.plan.closed


def last_shown(
    reviews: Reviews, found: meetings.Meeting, claims: list[str]
) -> tuple[str, datetime]:
    """The item that came up last in this meeting, at whatever browser, and when; else the first."""
    for claim, kind, at in reversed(meetings.visited(reviews, found.meeting_id)):
        if kind == "shown" and claim in claims:
            return claim, at
    return claims[0], NEVER


def turn(
    reviews: Reviews,
    who: Person,
    found: meetings.Meeting,
    claims: list[str],
    place: int,
    made: Mapping[str, decisions.Decided],
) -> None:
    """Previous, skip, next, any item. made: the meeting's decisions that hold, by claim."""

    def skip() -> None:
        meetings.record_visit(reviews, who, found.meeting_id, claims[place], "skipped")
        turned(claims, place + 1, found)

    left, middle, right, last = st.columns(4, vertical_alignment="bottom")
    left.button("Previous", shortcut="Left", on_click=turned, args=(claims, place - 1, found),
                disabled=place == 0, width="stretch")  # fmt: skip
    if may_write(who, found):
        middle.button("Skip", shortcut="S", on_click=skip, width="stretch")
    right.button("Next", shortcut="Right", on_click=turned, args=(claims, place + 1, found),
                 disabled=place + 1 == len(claims), width="stretch")  # fmt: skip
    with last:
        _jump(found, claims, place, made)


def turned(claims: list[str], place: int, found: meetings.Meeting) -> None:
    """Previous, skip and next leave what was decided last behind."""
    st.session_state.pop(LAST, None)
    go(claims, place, found)


def go(claims: list[str], place: int, found: meetings.Meeting) -> None:
    """Lead to the item at a place; behind the last one say what is left to decide."""
    if place < len(claims):
        url_state.put("item", claims[max(place, 0)])
        return
    left = _open(cached_reads.reviews(), found, claims)
    st.session_state[SAID] = (
        "success",
        f"That was the last item of {found.plan.title}. "
        + (f"Not decided: {', '.join(map(str, left))}." if left else "All items are decided.")
        + " The page Review shows what the decisions do, and publishes them.",
    )


def _open(reviews: Reviews, found: meetings.Meeting, claims: list[str]) -> list[int]:
    """The places, from 1, of the items that are not decided."""
    done_with = decisions.standing(reviews, found.meeting_id)
    return [place for place, claim in enumerate(claims, 1) if claim not in done_with]


def _jump(
    found: meetings.Meeting, claims: list[str], place: int, made: Mapping[str, decisions.Decided]
) -> None:
    """Every item with what became of it: the way to any of them."""
    names = {
        claim: f"{n}. {codebook.name(str(made[claim].label)).lower() if claim in made else 'open'}"
        for n, claim in enumerate(claims, 1)
    }
    # What became of the items is in the key: Streamlit looks for an option by what is read.
    key = f"go from {claims[place]}, {' '.join(names.values())}"
    st.selectbox(
        "Go to item",
        claims,
        index=place,
        format_func=names.__getitem__,
        key=key,
        on_change=lambda: turned(claims, claims.index(st.session_state[key]), found),
    )
