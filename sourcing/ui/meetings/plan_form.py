"""Forms to plan, change and close a meeting."""

from dataclasses import replace
from datetime import date, datetime

import streamlit as st

from sourcing.errors import ReviewError, StoreError
from sourcing.reviews import Person, Reviews, Role, meetings
from sourcing.reviews.meetings import Plan
from sourcing.ui import cached_reads, etl_process
from sourcing.ui.elements.sentences import show_error
from sourcing.ui.view import View

PLANNED = "meeting just planned"


def plan(reviews: Reviews, view: View, who: Person) -> None:
    """Plan a new meeting, based on the snapshot on show."""
    who.must_be(Role.REVIEWER)
    today = datetime.now().astimezone().date()
    start = Plan(f"Review of {today:%B %Y}", f"{today:%Y-%m-%d}", who.name)
    if (new_plan := _form("plan", start, "Plan this meeting")) is None:
        return
    meetings.check(new_plan)
    _pin(view.snapshot.id)  # first: a meeting must not exist without its snapshot
    st.session_state[PLANNED] = str(meetings.create(reviews, who, new_plan, view.snapshot.id))
    st.rerun()


def change_meeting(reviews: Reviews, who: Person, meeting: meetings.Meeting) -> None:
    """Change, close or reopen a meeting; its earlier versions stay on record."""
    if not who.may(Role.REVIEWER):
        return
    key = f"change meeting {meeting.meeting_id}"
    expander = st.expander("Change this meeting, or close it", key=key, on_change="rerun")
    if not expander.open:
        return
    with expander:
        if meeting.plan.closed:
            if st.button("Reopen this meeting", icon=":material/lock_open:"):
                meetings.change(
                    reviews, who, meeting.meeting_id, replace(meeting.plan, closed=False)
                )
                _stay(meeting)
        elif st.button("Close this meeting", icon=":material/lock:"):
            meetings.close(reviews, who, meeting.meeting_id)
            _stay(meeting)
        try:
            if (new_plan := _form(f"{key} form", meeting.plan, "Record")) is not None:
                meetings.change(reviews, who, meeting.meeting_id, new_plan)
                _stay(meeting)
        except ReviewError as error:
            show_error(error)


def _stay(meeting: meetings.Meeting) -> None:
    """Keep this meeting chosen: under its new title the list would not find it."""
    st.session_state[PLANNED] = str(meeting.meeting_id)
    st.rerun()


def _form(key: str, start: Plan, button: str) -> Plan | None:
    """Show the fields of a plan; returns the new plan once the form is sent, else None."""
    with st.form(key):
        title = st.text_input("Title", value=start.title)
        left, middle, right = st.columns(3)
        held_on = left.date_input("Day", value=date.fromisoformat(start.held_on))
        chair = middle.text_input("Chair", value=start.chair)
        minutes = right.number_input("Minutes", 1, 24 * 60, start.minutes)
        others = st.text_input("Participants, separated by commas", ", ".join(start.participants))
        notes = st.text_area("Notes", start.notes)
        if not st.form_submit_button(button, type="primary"):
            return None
    entered = dict.fromkeys(name.strip() for name in others.split(","))
    names = tuple(name for name in entered if name and name != chair.strip())
    return replace(start, title=title, held_on=f"{held_on:%Y-%m-%d}", chair=chair,
                   participants=names, notes=notes, minutes=int(minutes))  # fmt: skip


def _pin(snapshot_id: str) -> None:
    """Pin the snapshot of a meeting, so that it is never deleted. Only the ETL writes there."""
    folder = str(cached_reads.warehouse().folder)
    finished = etl_process.run("snapshots", "--pin", snapshot_id, "--warehouse", folder)
    if finished.failed:
        raise StoreError(f"The snapshot of the meeting could not be pinned. {finished.reason}")
