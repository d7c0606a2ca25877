"""Meetings: which there are, a new one, what is on its agenda."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime

import pandas as pd
import streamlit as st

from sourcing import agenda, labels, minutes, pack
from sourcing.charts.common import number
from sourcing.errors import StoreError
from sourcing.reviews import Person, Reviews, Role, decisions, meetings
from sourcing.ui import address, store
from sourcing.ui.grid import grid
from sourcing.ui.page import View, done
from sourcing.ui.texts import moment, plain

_FIRST = 100
_NEW = "new"
_MADE = "meeting just planned"


def _today() -> date:
    return datetime.now().astimezone().date()


def choose_meeting(reviews: Reviews, view: View, who: Person) -> meetings.Meeting | None:
    """The meeting that a reader chooses; the means to plan one where none is chosen."""
    if (made := st.session_state.pop(_MADE, None)) is not None:
        address.put("meeting", made)
    known = meetings.every(reviews)
    names = {str(found.meeting_id): _title(found) for found in known}
    if who.may(Role.REVIEWER):
        names = {_NEW: "Plan a new meeting"} | names
    elif not known:
        st.info("No meeting is planned yet. A reviewer can plan one here.")
        return None
    chosen = address.choice("meeting", list(names), str(known[0].meeting_id) if known else _NEW)
    st.selectbox("Meeting", list(names), format_func=names.__getitem__, key=address.key("meeting"))
    if chosen == _NEW:
        _plan(reviews, view, who)
        return None
    return next(found for found in known if str(found.meeting_id) == chosen)


def _title(found: meetings.Meeting) -> str:
    over = ", over" if found.plan.closed else ""
    return f"{found.plan.title}, {found.plan.held_on} (no. {found.meeting_id}{over})"


def _plan(reviews: Reviews, view: View, who: Person) -> None:
    who.must_be(Role.REVIEWER)
    with st.form("plan"):
        title = st.text_input("Title", value=f"Review of {_today():%B %Y}", max_chars=200)
        left, middle, right = st.columns(3)
        held_on = left.date_input("Day", value=_today())
        chair = middle.text_input("Chair", value=who.name, max_chars=100)
        minutes = right.number_input("Minutes", 1, 24 * 60, 45)
        others = st.text_input("Participants, separated by commas", max_chars=2_000)
        notes = st.text_area("Notes", max_chars=20_000)
        if not st.form_submit_button("Plan this meeting", type="primary"):
            return
    names = tuple(name.strip() for name in others.split(",") if name.strip())
    plan = meetings.Plan(title, f"{held_on:%Y-%m-%d}", chair, names, notes, int(minutes))
    _pin(view.snapshot.id)  # first: a meeting must not stand without the snapshot it looks at
    made = meetings.create(reviews, who, plan, view.snapshot.id)
    st.session_state[_MADE] = str(made)
    st.rerun()


def _pin(snapshot_id: str) -> None:
    """Keep the snapshot of a meeting for good. The ETL does it, as it alone writes there."""
    folder = str(store.warehouse().folder)
    command = [sys.executable, "-m", "etl", "snapshots", "--pin", snapshot_id, "--warehouse"]
    run = subprocess.run([*command, folder], capture_output=True, text=True, check=False)  # noqa: S603 (ours)
    if run.returncode:
        raise StoreError(f"The snapshot could not be kept: {run.stderr.strip()}")


def meeting_of_address(reviews: Reviews) -> meetings.Meeting:
    """The meeting that the address names, else the newest; ends the page where there is none."""
    known = meetings.every(reviews)
    if not known:
        st.info("No meeting is planned yet. Plan one on the page Review.")
        done()
    ids = [str(found.meeting_id) for found in known]
    chosen = address.choice("meeting", ids, ids[0])
    return next(found for found in known if str(found.meeting_id) == chosen)


def start(found: meetings.Meeting, who: Person) -> None:
    """The way into meeting mode."""
    words = "Hold this meeting" if who.may(Role.REVIEWER) else "Look at its items"
    if st.button(words, type="primary", icon=":material/co_present:"):
        address.go_to("pages/meeting.py", meeting=str(found.meeting_id))


def papers(reviews: Reviews, view: View, found: meetings.Meeting) -> None:
    """The minutes as one HTML file, and the pack with tables; made when asked for."""

    def told() -> minutes.Minutes:
        return minutes.of_meeting(reviews, view.as_of(found.snapshot_id).snapshot, found)

    def page() -> bytes:
        return minutes.html(told(), f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC").encode()

    name = f"meeting-{found.meeting_id}"
    with st.container(horizontal=True):
        st.download_button(
            "Minutes (HTML)", page, f"{name}.html", "text/html",
            on_click="ignore", icon=":material/description:",
        )  # fmt: skip
        st.download_button(
            "Pack (minutes, CSV, wikitext)", lambda: pack.zipped(told(), datetime.now(UTC)),
            f"{name}.zip", "application/zip", on_click="ignore", icon=":material/folder_zip:",
        )  # fmt: skip


def about(reviews: Reviews, found: meetings.Meeting) -> None:
    """What a meeting is, in a line."""
    plan, items = found.plan, [i.claim_id for i in meetings.agenda(reviews, found.meeting_id)]
    decided = set(decisions.standing(reviews, found.meeting_id))
    present = ", ".join((f"{plan.chair} (chair)", *plan.participants))
    progress = f"{len(decided & set(items))} of {number(len(items), 'item')} decided"
    st.markdown(
        f"**{plain(plan.title)}**, {plan.held_on}, {plan.minutes} minutes. {plain(present)}. "
        f"{progress}. It looks at the snapshot of {moment(found.snapshot_id)}, which is kept."
    )
    if plan.notes:
        st.caption(plain(plan.notes))


def items_of(reviews: Reviews, who: Person, found: meetings.Meeting, view: View) -> None:
    """What is on the agenda, with what was decided; a chosen row can be taken off."""
    items = meetings.agenda(reviews, found.meeting_id)
    if not items:
        st.info("Nothing is on the agenda yet. Add claims from the list below.")
        return
    decided = decisions.standing(reviews, found.meeting_id)
    texts = _texts(view, [item.claim_id for item in items])
    shown = pd.DataFrame(
        {
            "Claim": [texts.get(item.claim_id, item.claim_id) for item in items],
            "Why": [item.reason for item in items],
            "Decided": [_decided(decided.get(item.claim_id)) for item in items],
        }
    )
    chosen = grid(
        shown,
        f"agenda of {found.meeting_id}",
        on_select="rerun",
        selection_mode="multi-row",
        column_config={"Claim": st.column_config.TextColumn(width="large")},
    )
    if (rows := chosen.selection.rows) and who.may(Role.REVIEWER):
        words = f"Take {number(len(rows), 'item')} off the agenda"
        if st.button(words, icon=":material/remove:"):
            for row in rows:
                claim_id = items[row].claim_id
                meetings.visit(reviews, who, found.meeting_id, claim_id, "removed")
            st.rerun()


def _decided(found: decisions.Decided | None) -> str:
    return labels.name(found.label) if found and found.label else ""


def _texts(view: View, claims: list[str]) -> dict[str, str]:
    filters = replace(view.filters.without(("source", "topic", "label")), claim=tuple(claims))
    found = view.listed("claims", len(claims), filters=filters)
    return dict(zip(found["claim_id"], found["claim"], strict=True))


def candidates(reviews: Reviews, who: Person, found: meetings.Meeting, view: View) -> None:
    """The claims that matter most and are not on the agenda: fill up the time, or pick by hand."""
    st.header("Claims to add", anchor=False)
    st.markdown(
        "Ranked by how far one decision could move a published share (each claim counts the same, "
        "four labels, no filters). Filters on the left choose sources and topics."
    )
    items = meetings.agenda(reviews, found.meeting_id)
    decided = decisions.standing(reviews)
    left, right = st.columns([0.6, 0.4], vertical_alignment="bottom")
    reasons = left.pills(
        "Why",
        list(agenda.REASONS),
        selection_mode="multi",
        format_func=agenda.REASONS.__getitem__,
        key="agenda reasons",
    )
    first = right.toggle(
        "First what could change a comparison",
        key="agenda first",
        help="Claims that could turn the order of two sources, or move a source over the line of "
        "too few to compare, before all others.",
    )
    without = tuple(dict.fromkeys((*(item.claim_id for item in items), *decided)))
    wanted = agenda.Wanted(tuple(reasons), without, first)
    shown = store.agenda(view.snapshot, view.filters, wanted, _FIRST)
    if shown.empty:
        st.info("No further claim fits. Clear a filter, or another reason above.")
        return
    fits = max(0, agenda.items_for(found.plan.minutes) - len(items))
    if (
        fits
        and who.may(Role.REVIEWER)
        and st.button(
            f"Fill {found.plan.minutes} minutes: add the first {min(fits, len(shown))}",
            type="primary",
            icon=":material/playlist_add:",
        )
    ):
        _add(reviews, who, found, shown.head(fits))
    chosen = grid(
        pd.DataFrame({"Claim": shown["claim"], "Source": shown["source"], "Why": shown["why"]}),
        f"candidates {len(without)}",
        on_select="rerun",
        selection_mode="multi-row",
        column_config={
            "Claim": st.column_config.TextColumn(width="large"),
            "Why": st.column_config.TextColumn(width="large"),
        },
    )
    rows = chosen.selection.rows
    if not rows or not who.may(Role.REVIEWER):
        return
    if st.button(f"Add {number(len(rows), 'claim')}", icon=":material/add:"):
        _add(reviews, who, found, shown.iloc[rows])


def _add(reviews: Reviews, who: Person, found: meetings.Meeting, rows: pd.DataFrame) -> None:
    items = [
        meetings.Item(claim, why, float(movable))
        for claim, why, movable in zip(rows["claim_id"], rows["why"], rows["movable"], strict=True)
    ]
    meetings.add_items(reviews, who, found.meeting_id, items)
    st.rerun()
