"""Meeting mode: one claim on the screen, keys for the labels, and a clock for each item."""

from datetime import UTC, datetime, timedelta

import streamlit as st

from sourcing import codebook
from sourcing.errors import ConflictError, SourcingError
from sourcing.formatting import plural
from sourcing.meetings.label_events import loaded_decision
from sourcing.reviews import Person, Reviews, Role, decisions, drafts, meetings
from sourcing.ui import url_state
from sourcing.ui.claims.claim_sheet import evidence, large
from sourcing.ui.claims.remarks import comments
from sourcing.ui.elements.markdown import plain
from sourcing.ui.elements.scripts import run_script
from sourcing.ui.elements.sentences import show_error
from sourcing.ui.meetings.agenda_navigation import (
    LAST_DECISION,
    MESSAGE,
    go,
    last_shown,
    may_write,
    turn,
)
from sourcing.ui.meetings.decision_fields import (
    are_drawn,
    fields,
    fill_in,
    filled,
    majority_of,
    present,
    read,
)
from sourcing.ui.meetings.decision_history import decision_badge, decision_table, in_words
from sourcing.ui.view import View, end_page
from sourcing.warehouse import queries
from sourcing.warehouse.snapshots import Snapshot

_DECISIONS = (*map(str, codebook.Label), str(codebook.NoAnswer.NOT_A_CLAIM))
_SEEN = "number of the decision seen"
_FOCUS = "rationale is asked for"
_PAUSE = timedelta(hours=1)
"""An item shown again after this long gets a new clock."""
_ON_SHOW = "item on show"


def hold_meeting(reviews: Reviews, view: View, who: Person, meeting: meetings.Meeting) -> None:
    """Show the current item: the claim, its evidence, and the buttons to decide."""
    items = meetings.agenda(reviews, meeting.meeting_id)
    if not items:
        st.info("The agenda of this meeting is empty. Add claims on the page Review.")
        end_page()
    claims = [item.claim_id for item in items]
    place = _place(reviews, meeting, claims)
    claim_id = claims[place]
    history = decisions.history(reviews, claim_id)
    _show(reviews, who, meeting, claims, place, len(history))
    standing = decisions.standing(reviews, meeting.meeting_id)
    _say((claim_id, len(history)))
    if st.session_state.pop(_FOCUS, False):
        run_script("rationale")
    _head(reviews, meeting, place, len(items), len(standing.keys() & set(claims)), claim_id)
    if view.snapshot.id != meeting.snapshot_id:
        st.warning(
            "The snapshot of this meeting is gone, so answers come from the current snapshot."
        )
    details = queries.claim(view.snapshot, claim_id)
    if details is None:
        st.warning(f"The meeting's snapshot has no claim “{plain(claim_id)}”.")
        turn(reviews, who, meeting, claims, place, standing)
        end_page()
    st.html(large(details.claim, "large"))
    if history:
        st.html(decision_badge(history[-1]))
    st.caption(plain(items[place].reason))
    if meeting.plan.closed:
        st.info("This meeting is closed. You can reopen it on the page Review.")
    elif who.may(Role.REVIEWER):
        _decide(reviews, view, who, meeting, details, history, claims, place)
    turn(reviews, who, meeting, claims, place, standing)
    evidence(view, details, names_hidden=not st.toggle("Show the annotators' names", key="names"))
    comments(claim_id, who, meeting.meeting_id)
    decision_table(history)


def _say(state: tuple[str, int]) -> None:
    """Show the result of the last key or click until something else happens.

    state: the claim on the screen and how many decisions it has.
    """
    if (message := st.session_state.get(MESSAGE)) is None:
        return
    kind, text, *since = message
    if since and since[0] != state:
        del st.session_state[MESSAGE]
        return
    st.session_state[MESSAGE] = (kind, text, state)
    show_error(text) if kind == "error" else st.success(plain(text))


def _place(reviews: Reviews, meeting: meetings.Meeting, claims: list[str]) -> int:
    """The item in the address; otherwise the one shown last, so that a meeting resumes there."""
    claim_id = url_state.text("item")
    url_state.remember("item", None)
    if claim_id is not None and claim_id not in claims:
        url_state.ignore("item", claim_id)
        claim_id = None
    if claim_id is None:
        claim_id, _ = last_shown(reviews, meeting, claims)
        url_state.put("item", claim_id)
    return claims.index(claim_id)


def _show(
    reviews: Reviews,
    who: Person,
    meeting: meetings.Meeting,
    claims: list[str],
    place: int,
    decision_number: int,
) -> None:
    """Record which item is on the screen, once for each time it comes up.

    decision_number: number of the claim's newest decision, to notice a newer one by someone else.
    """
    claim_id = claims[place]
    mark = (meeting.meeting_id, claim_id)
    if st.session_state.get(_ON_SHOW) != mark and may_write(who, meeting):
        last, at = last_shown(reviews, meeting, claims)
        # The clock of an item keeps running after a reload or crash, and in a second browser.
        if last != claim_id or datetime.now(UTC) - at > _PAUSE:
            meetings.record_visit(reviews, who, meeting.meeting_id, claim_id, "shown")
        st.session_state[_ON_SHOW] = mark
        st.session_state[_SEEN] = decision_number


def _head(
    reviews: Reviews,
    meeting: meetings.Meeting,
    place: int,
    items: int,
    decided_count: int,
    claim_id: str,
) -> None:
    """Show the progress of the meeting and the clock of this item."""
    visits = meetings.visited(reviews, meeting.meeting_id)
    moments = [at for claim, kind, at in visits if (claim, kind) == (claim_id, "shown")]
    since = moments[-1] if moments else datetime.now(UTC)
    each_s = meeting.plan.minutes * 60 / max(items, 1)
    so_far = f"{decided_count} of {plural(items, 'item')} decided"
    st.progress(decided_count / items, text=f"{so_far} · {plain(meeting.plan.title)}")
    clock = (
        f'<span class="clock" data-since="{since.timestamp():.0f}" data-planned="{each_s:.0f}">'
        f"{_minutes((datetime.now(UTC) - since).total_seconds())}</span>"
    )
    closed = meeting.plan.closed
    st.html(f'<p class="item">Item {place + 1} of {items} {"" if closed else clock}</p>')


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def _decide(
    reviews: Reviews,
    view: View,
    who: Person,
    meeting: meetings.Meeting,
    details: queries.Claim,
    history: list[decisions.Decided],
    claims: list[str],
    place: int,
) -> None:
    claim_id = claims[place]
    attribution = details.claim["attribution"]
    page = drafts.meeting_page(meeting.meeting_id)
    if not are_drawn(claim_id):
        known = str(attribution) if attribution in set(codebook.Attribution) else None
        fill_in(claim_id, drafts.of(reviews, who, page, claim_id), known)

    def keep() -> None:
        if st.session_state.get(_ON_SHOW) != (meeting.meeting_id, claim_id):
            return  # decided in the same moment
        try:
            drafts.save(reviews, who, page, claim_id, filled(claim_id))
        except SourcingError as error:
            st.session_state[MESSAGE] = ("error", str(error))

    fields(claim_id, meeting, keep)

    def decide(label: str) -> None:
        if st.session_state.get(_ON_SHOW) != (meeting.meeting_id, claim_id):
            return  # pressed twice: the first press decided
        decision = decisions.Decision(
            claim_id=claim_id,
            label=label,
            present=present(claim_id, meeting),
            meeting_id=meeting.meeting_id,
            **read(claim_id, label),
        )
        seen = st.session_state[_SEEN]
        try:
            event = decisions.record(reviews, who, decision, seen, majority_of(details))
        except SourcingError as error:
            if (repeated := _own(error, who, seen)) is None or repeated.label != label:
                _refused(error)
                return
            event = repeated
        st.session_state.pop(_ON_SHOW, None)
        st.session_state[LAST_DECISION] = (claim_id, event.number, place + 1)
        st.session_state[MESSAGE] = ("success", f"Item {place + 1}: {in_words(decision)}.")
        go(claims, place + 1, meeting)

    # Colour only the edge: no text colour is legible on every label's colour in both themes.
    edges = (
        f'[class*="st-key-decide-{key}"] button '
        f"{{ border-left: 6px solid {codebook.LOOKS[key].colour}; }}"
        for key in map(str, codebook.Label)
    )
    st.html(f"<style>{' '.join(edges)}</style>")
    for column, label in zip(st.columns(len(_DECISIONS)), _DECISIONS, strict=True):
        column.button(
            codebook.name(label),
            # Unique per decision, so that a second press does not decide again.
            key=f"decide {label} {claim_id} {st.session_state[_SEEN]}",
            shortcut=codebook.SHORTCUTS[label],
            on_click=decide,
            args=(label,),
            width="stretch",
        )
    own = (claim_id, len(history), place + 1) if history and history[-1].label else None
    if (target := st.session_state.get(LAST_DECISION) or own) is not None:
        st.button(
            f"Take back the decision on item {target[2]}",
            key=f"undo {target}",
            icon=":material/undo:",
            on_click=_undo,
            args=(reviews, view.snapshot, who, *target[:2]),
            shortcut="U",
        )


def _undo(reviews: Reviews, snapshot: Snapshot, who: Person, claim_id: str, after: int) -> None:
    """Take back the decision of this number, unless a newer one exists."""
    st.session_state.pop(LAST_DECISION, None)
    try:
        loaded = loaded_decision(snapshot, reviews, claim_id)
        decision = decisions.take_back(reviews, who, claim_id, after, "", loaded)
    except SourcingError as error:
        if (repeated := _own(error, who, after)) is None:
            _refused(error)
            return
        decision = repeated
    if (st.session_state.get(_ON_SHOW) or (0, ""))[1] == claim_id:
        st.session_state[_SEEN] = decision.number
    again = (
        "The claim has no decision now, so the annotators' answers count"
        if decision.label is None
        else f"{codebook.name(decision.label)} holds again"
    )
    st.session_state[MESSAGE] = (
        "success",
        f"The decision is taken back. {again}. Both stay on record.",
    )


def _own(error: SourcingError, who: Person, after: int) -> decisions.Decided | None:
    """The decision just made by the first press of a key, if this is the second press."""
    newer = error.newer if isinstance(error, ConflictError) else None
    own = newer is not None and (newer.number, newer.decided_by) == (after + 1, who.name)
    return newer if own else None


def _refused(error: SourcingError) -> None:
    """Say why nothing was recorded; a decision by someone else counts as seen from now on."""
    st.session_state[MESSAGE] = ("error", str(error))
    st.session_state[_FOCUS] = True
    if isinstance(error, ConflictError):
        st.session_state[_SEEN] = error.newer.number if error.newer else 0
