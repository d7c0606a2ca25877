"""Meetings: choose or plan one, and see its agenda and files."""

import html
from dataclasses import replace

import pandas as pd
import streamlit as st

from sourcing import codebook
from sourcing.downloads.meeting_files import name_of
from sourcing.formatting import plural
from sourcing.literal_text import isolated
from sourcing.meetings import agenda
from sourcing.reviews import Person, Reviews, Role, decisions, meetings
from sourcing.ui import url_state
from sourcing.ui.elements.download_links import paper_address
from sourcing.ui.elements.grid import grid
from sourcing.ui.elements.markdown import moment, plain
from sourcing.ui.meetings.agenda_candidates import AGENDA_COLUMNS
from sourcing.ui.meetings.plan_form import PLANNED, plan
from sourcing.ui.view import View, end_page

_NEW = "new"


def choose_meeting(reviews: Reviews, view: View, who: Person) -> meetings.Meeting | None:
    """The meeting that the reader chooses; None, after a form to plan one, if none is chosen."""
    if (meeting_id := st.session_state.pop(PLANNED, None)) is not None:
        url_state.put("meeting", meeting_id)
    every_meeting = meetings.every(reviews)
    names = {str(meeting.meeting_id): _title(meeting) for meeting in every_meeting}
    if who.may(Role.REVIEWER):
        names = {_NEW: "Plan a new meeting"} | names
    elif not every_meeting:
        st.info("No meeting is planned yet. A reviewer can plan one here.")
        return None
    chosen = url_state.choice(
        "meeting", list(names), str(every_meeting[0].meeting_id) if every_meeting else _NEW
    )
    st.selectbox(
        "Meeting", list(names), format_func=names.__getitem__, key=url_state.key("meeting")
    )
    if chosen == _NEW:
        plan(reviews, view, who)
        return None
    return next(meeting for meeting in every_meeting if str(meeting.meeting_id) == chosen)


def _title(meeting: meetings.Meeting) -> str:
    suffix = ", closed" if meeting.plan.closed else ""
    return (
        f"{isolated(meeting.plan.title)}, {meeting.plan.held_on} (no. {meeting.meeting_id}{suffix})"
    )


def meeting_of_address(reviews: Reviews) -> meetings.Meeting:
    """The meeting in the address, by default the newest; ends the page if there is none."""
    every_meeting = meetings.every(reviews)
    if not every_meeting:
        st.info("No meeting is planned yet. Plan one on the page Review.")
        end_page()
    ids = [str(meeting.meeting_id) for meeting in every_meeting]
    chosen = url_state.choice("meeting", ids, ids[0])
    url_state.remember("meeting", None)  # a newer meeting must not inherit its items
    return next(meeting for meeting in every_meeting if str(meeting.meeting_id) == chosen)


def start_meeting(meeting: meetings.Meeting, who: Person) -> None:
    """A button that opens meeting mode."""
    may_decide = who.may(Role.REVIEWER) and not meeting.plan.closed
    words = "Hold this meeting" if may_decide else "Look at its items"
    if st.button(
        words, type="primary" if may_decide else "secondary", icon=":material/co_present:"
    ):
        url_state.go_to("pages/meeting.py", meeting=str(meeting.meeting_id))


def meeting_files(view: View, meeting: meetings.Meeting) -> None:
    """Links to the minutes as one HTML file and to the pack with tables, both made on request."""
    if meeting.snapshot_id not in view.snapshots():
        st.warning(
            f"The snapshot of {moment(meeting.snapshot_id)}, on which this meeting is based, is no "
            "longer in the warehouse, so its minutes have no shares."
        )
    texts = {"html": "Minutes (HTML)", "zip": "Pack (minutes, CSV, wikitext)"}
    names = {kind: name_of(meeting.meeting_id, kind) for kind in texts}
    st.html(
        '<p class="links">'
        + "".join(
            f'<a href="{html.escape(paper_address(names[kind]), quote=True)}" target="_self" '
            f'download="{names[kind]}" class="paper">{text}</a>'
            for kind, text in texts.items()
        )
        + "</p>"
    )


def about_meeting(reviews: Reviews, meeting: meetings.Meeting) -> None:
    """Show title, day, people, progress, snapshot and notes of a meeting."""
    plan, items = meeting.plan, [i.claim_id for i in meetings.agenda(reviews, meeting.meeting_id)]
    decided = set(decisions.standing(reviews, meeting.meeting_id))
    chair, *others = plan.everybody()
    present = ", ".join((f"{chair} (chair)", *others))
    closed = "It is closed. " if plan.closed else ""
    progress = f"{closed}{len(decided & set(items))} of {plural(len(items), 'item')} decided"
    st.markdown(
        f"**{plain(plan.title)}**, {plan.held_on}, {plural(plan.minutes, 'minute')}. "
        f"{plain(present)}. {progress}. It is based on the snapshot of "
        f"{moment(meeting.snapshot_id)}."
    )
    for line in plan.notes.splitlines():
        st.caption(plain(line))


def agenda_items(reviews: Reviews, who: Person, meeting: meetings.Meeting, view: View) -> None:
    """The agenda with its decisions; chosen rows can be removed."""
    items = meetings.agenda(reviews, meeting.meeting_id)
    if not items:
        st.info("The agenda is empty. Add claims from the list below.")
        return
    standing = decisions.standing(reviews, meeting.meeting_id)
    if len(items) > agenda.items_for(meeting.plan.minutes):
        each = meeting.plan.minutes * 60 / len(items)
        st.caption(
            f"{plural(len(items), 'item')} for {plural(meeting.plan.minutes, 'minute')}: "
            f"{each // 60:.0f}:{each % 60:02.0f} minutes each."
        )
    texts = _claim_texts(view, [item.claim_id for item in items])
    names = view.names()
    frame = pd.DataFrame(
        {
            "Claim": [texts["claim"].get(item.claim_id, item.claim_id) for item in items],
            "Decided": [_decision_name(standing.get(item.claim_id)) for item in items],
            "Source": [names.get(texts["source_id"].get(item.claim_id, "")) for item in items],
            "Points": [100 * item.movable if item.movable else None for item in items],
            "Why": [item.reason for item in items],
        }
    )
    chosen = grid(
        frame,
        f"agenda of {meeting.meeting_id} {len(items)} {items[0].claim_id}",
        on_select="rerun",
        selection_mode="multi-row",
        column_config=AGENDA_COLUMNS,
    )
    if (rows := chosen.selection.rows) and who.may(Role.REVIEWER):
        words = f"Take {plural(len(rows), 'item')} off the agenda"
        if st.button(words, icon=":material/remove:"):
            for row in rows:
                claim_id = items[row].claim_id
                meetings.record_visit(reviews, who, meeting.meeting_id, claim_id, "removed")
            st.rerun()


def _decision_name(decision: decisions.Decided | None) -> str:
    return codebook.name(decision.label) if decision and decision.label else ""


def _claim_texts(view: View, claims: list[str]) -> pd.DataFrame:
    """Texts and sources of claims, by claim id."""
    filters = replace(view.filters.without(("source", "topic", "label")), claim=tuple(claims))
    return view.listed("claims", len(claims), filters=filters).set_index("claim_id")
