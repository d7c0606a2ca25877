"""Meeting mode: one claim on the screen, keys for the labels, and a clock for each item."""

from datetime import UTC, datetime, timedelta

import streamlit as st

from sourcing import codebook
from sourcing.errors import ConflictError, ReviewError
from sourcing.formatting import plural
from sourcing.meetings.label_events import loaded_decision
from sourcing.reviews import Person, Reviews, Role, decisions, meetings
from sourcing.ui import url_state
from sourcing.ui.claims.claim_sheet import evidence, large
from sourcing.ui.claims.remarks import comments
from sourcing.ui.elements.markdown import plain
from sourcing.ui.elements.scripts import run_script
from sourcing.ui.meetings.agenda_navigation import LAST, SAID, go, last_shown, may_write, turn
from sourcing.ui.meetings.decision_fields import fields, majority_of, present, read
from sourcing.ui.meetings.decision_history import decided, held, in_words
from sourcing.ui.view import View, end_page
from sourcing.warehouse import queries
from sourcing.warehouse.snapshots import Snapshot

_KEYS = {**dict(zip(map(str, codebook.Label), "1234", strict=True)), "not_a_claim": "5"}
_SEEN = "number of the decision seen"
_FOCUS = "rationale is asked for"
_TO_RATIONALE = "document.querySelector('[class*=\"st-key-rationale\"] textarea')?.focus();"
"""After a refusal what is typed is the reason, and no key for skipping."""
_PAUSE = timedelta(hours=1)
"""After so long an item that comes up again has a new clock."""
_ON_SHOW = "item on show"


def hold_meeting(reviews: Reviews, view: View, who: Person, found: meetings.Meeting) -> None:
    """The item at which the meeting is: the claim, what is known of it, and the means to decide."""
    items = meetings.agenda(reviews, found.meeting_id)
    if not items:
        st.info("Nothing is on the agenda of this meeting. Add claims on the page Review.")
        end_page()
    claims = [item.claim_id for item in items]
    place = _place(reviews, found, claims)
    claim_id = claims[place]
    history = decisions.history(reviews, claim_id)
    _show(reviews, who, found, claims, place, len(history))
    made = decisions.standing(reviews, found.meeting_id)
    _say((claim_id, len(history)))
    if st.session_state.pop(_FOCUS, False):
        run_script(_TO_RATIONALE, "rationale")
    _head(reviews, found, place, len(items), len(made.keys() & set(claims)), claim_id)
    if view.snapshot.id != found.snapshot_id:
        st.warning("The snapshot of this meeting is gone: answers are those of the one in force.")
    opened = queries.claim(view.snapshot, claim_id)
    if opened is None:
        st.warning(f"The meeting's snapshot holds no claim “{plain(claim_id)}”.")
        turn(reviews, who, found, claims, place, made)
        end_page()
    st.html(large(opened.claim, "large"))
    if history:
        st.html(held(history[-1]))
    st.caption(plain(items[place].reason))
    if found.plan.closed:
        st.info("This meeting is over. It can be opened again on the page Review.")
    elif who.may(Role.REVIEWER):
        _decide(reviews, view, who, found, opened, history, claims, place)
    turn(reviews, who, found, claims, place, made)
    evidence(view, opened, names_hidden=not st.toggle("Show the annotators' names", key="names"))
    comments(claim_id, who, found.meeting_id)
    decided(history)


def _say(now: tuple[str, int]) -> None:
    """What came of the last key or click, as long as nothing else has happened.

    now: the claim on the screen and how many decisions it has.
    """
    if (said := st.session_state.get(SAID)) is None:
        return
    kind, text, *since = said
    if since and since[0] != now:
        del st.session_state[SAID]
        return
    st.session_state[SAID] = (kind, text, now)
    (st.error if kind == "error" else st.success)(plain(text))


def _place(reviews: Reviews, found: meetings.Meeting, claims: list[str]) -> int:
    """The item that the address names; else the one shown last, so that a meeting resumes there."""
    asked = url_state.text("item")
    url_state.remember("item", None)
    if asked is not None and asked not in claims:
        url_state.ignore("item", asked)
        asked = None
    if asked is None:
        asked, _ = last_shown(reviews, found, claims)
        url_state.put("item", asked)
    return claims.index(asked)


def _show(
    reviews: Reviews,
    who: Person,
    found: meetings.Meeting,
    claims: list[str],
    place: int,
    number_: int,
) -> None:
    """Note which item is on the screen, once for each time it comes up.

    number_: of the claim's newest decision. One that somebody else adds later is asked about.
    """
    claim_id = claims[place]
    mark = (found.meeting_id, claim_id)
    if st.session_state.get(_ON_SHOW) != mark and may_write(who, found):
        last, at = last_shown(reviews, found, claims)
        # After a reload or a kill, and at a second browser, the clock of the item goes on.
        if last != claim_id or datetime.now(UTC) - at > _PAUSE:
            meetings.record_visit(reviews, who, found.meeting_id, claim_id, "shown")
        st.session_state[_ON_SHOW] = mark
        st.session_state[_SEEN] = number_


def _head(
    reviews: Reviews, found: meetings.Meeting, place: int, items: int, decided: int, claim_id: str
) -> None:
    """Where the meeting is, and the clock of this item."""
    visits = meetings.visited(reviews, found.meeting_id)
    shown = [at for claim, kind, at in visits if (claim, kind) == (claim_id, "shown")]
    since = shown[-1] if shown else datetime.now(UTC)
    each_s = found.plan.minutes * 60 / max(items, 1)
    so_far = f"{decided} of {plural(items, 'item')} decided"
    st.progress(decided / items, text=f"{so_far} · {plain(found.plan.title)}")
    clock = (
        f'<span class="clock" data-since="{since.timestamp():.0f}" data-planned="{each_s:.0f}">'
        f"{_minutes((datetime.now(UTC) - since).total_seconds())}</span>"
    )
    ended = found.plan.closed
    st.html(f'<p class="item">Item {place + 1} of {items} {"" if ended else clock}</p>')


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def _decide(
    reviews: Reviews,
    view: View,
    who: Person,
    found: meetings.Meeting,
    opened: queries.Claim,
    history: list[decisions.Decided],
    claims: list[str],
    place: int,
) -> None:
    claim_id = claims[place]
    known = opened.claim["attribution"]
    fields(claim_id, found, str(known) if known in set(codebook.Attribution) else None)

    def decide(label: str) -> None:
        if st.session_state.get(_ON_SHOW) != (found.meeting_id, claim_id):
            return  # pressed twice: the first press has decided
        decision = decisions.Decision(
            claim_id=claim_id,
            label=label,
            present=present(claim_id, found),
            meeting_id=found.meeting_id,
            **read(claim_id, label),
        )
        seen = st.session_state[_SEEN]
        try:
            made = decisions.record(reviews, who, decision, seen, majority_of(opened))
        except ReviewError as error:
            if (twice := _own(error, who, seen)) is None or twice.label != label:
                _refused(error)
                return
            made = twice
        st.session_state.pop(_ON_SHOW, None)
        st.session_state[LAST] = (claim_id, made.number, place + 1)
        st.session_state[SAID] = ("success", f"Item {place + 1}: {in_words(decision)}.")
        go(claims, place + 1, found)

    # Each label's colour at the edge of its button: on the face no ink would hold light and dark.
    edges = (
        f'[class*="st-key-decide-{key}"] button '
        f"{{ border-left: 6px solid {codebook.LOOKS[key].colour}; }}"
        for key in map(str, codebook.Label)
    )
    st.html(f"<style>{' '.join(edges)}</style>")
    columns = st.columns(len(_KEYS))
    for column, (label, shortcut) in zip(columns, _KEYS.items(), strict=True):
        column.button(
            codebook.name(label),
            # A second press belongs to what it was meant for, and comes too late.
            key=f"decide {label} {claim_id} {st.session_state[_SEEN]}",
            shortcut=shortcut,
            on_click=decide,
            args=(label,),
            width="stretch",
        )
    own = (claim_id, len(history), place + 1) if history and history[-1].label else None
    if (target := st.session_state.get(LAST) or own) is not None:
        st.button(
            f"Take back the decision on item {target[2]}",
            key=f"undo {target}",
            icon=":material/undo:",
            on_click=_undo,
            args=(reviews, view.snapshot, who, *target[:2]),
            shortcut="U",
        )


def _undo(reviews: Reviews, snapshot: Snapshot, who: Person, claim_id: str, after: int) -> None:
    """Take back the decision of this number; one that is not the newest any more stays."""
    st.session_state.pop(LAST, None)
    try:
        loaded = loaded_decision(snapshot, reviews, claim_id)
        made = decisions.take_back(reviews, who, claim_id, after, "", loaded)
    except ReviewError as error:
        if (twice := _own(error, who, after)) is None:
            _refused(error)
            return
        made = twice
    if (st.session_state.get(_ON_SHOW) or (0, ""))[1] == claim_id:
        st.session_state[_SEEN] = made.number
    again = (
        "No decision holds now, so the annotators' answers count"
        if made.label is None
        else f"{codebook.name(made.label)} holds again"
    )
    st.session_state[SAID] = (
        "success",
        f"The decision is taken back. {again}. Both stay on record.",
    )


def _own(error: ReviewError, who: Person, after: int) -> decisions.Decided | None:
    """The decision that the first press of a key has just made, where this is the second."""
    newer = error.newer if isinstance(error, ConflictError) else None
    own = newer is not None and (newer.number, newer.decided_by) == (after + 1, who.name)
    return newer if own else None


def _refused(error: ReviewError) -> None:
    """Say why nothing was recorded; a decision that somebody else made is seen from now on."""
    st.session_state[SAID] = ("error", str(error))
    st.session_state[_FOCUS] = True
    if isinstance(error, ConflictError):
        st.session_state[_SEEN] = error.newer.number if error.newer else 0
