"""What a meeting is called, when, who: planned, said anew, closed."""

from dataclasses import replace
from datetime import date, datetime

import streamlit as st

from sourcing.errors import ReviewError, StoreError
from sourcing.reviews import Person, Reviews, Role, meetings
from sourcing.reviews.meetings import Plan
from sourcing.ui import cached_reads, etl_process
from sourcing.ui.view import View

MADE = "meeting just planned"


def plan(reviews: Reviews, view: View, who: Person) -> None:
    """Plan a new meeting; it looks at the snapshot on show."""
    who.must_be(Role.REVIEWER)
    today = datetime.now().astimezone().date()
    start = Plan(f"Review of {today:%B %Y}", f"{today:%Y-%m-%d}", who.name)
    if (said := _form("plan", start, "Plan this meeting")) is None:
        return
    meetings.check(said)
    _pin(view.snapshot.id)  # first: a meeting must not stand without the snapshot it looks at
    st.session_state[MADE] = str(meetings.create(reviews, who, said, view.snapshot.id))
    st.rerun()


def change_meeting(reviews: Reviews, who: Person, found: meetings.Meeting) -> None:
    """Change what is said of a meeting, or close it; what was said before stays on record."""
    if not who.may(Role.REVIEWER):
        return
    key = f"change meeting {found.meeting_id}"
    opened = st.expander("Change this meeting, or close it", key=key, on_change="rerun")
    if not opened.open:
        return
    with opened:
        if found.plan.closed:
            if st.button("Open this meeting again", icon=":material/lock_open:"):
                meetings.change(reviews, who, found.meeting_id, replace(found.plan, closed=False))
                _stay(found)
        elif st.button("Close this meeting", icon=":material/lock:"):
            meetings.close(reviews, who, found.meeting_id)
            _stay(found)
        try:
            if (said := _form(f"{key} form", found.plan, "Record")) is not None:
                meetings.change(reviews, who, found.meeting_id, said)
                _stay(found)
        except ReviewError as error:
            st.error(str(error))


def _stay(found: meetings.Meeting) -> None:
    """Go on with this meeting: by its new name the list of meetings would not find it again."""
    st.session_state[MADE] = str(found.meeting_id)
    st.rerun()


def _form(key: str, start: Plan, button: str) -> Plan | None:
    """The fields of a plan; the plan where they were sent."""
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
    given = dict.fromkeys(name.strip() for name in others.split(","))
    names = tuple(name for name in given if name and name != chair.strip())
    return replace(start, title=title, held_on=f"{held_on:%Y-%m-%d}", chair=chair,
                   participants=names, notes=notes, minutes=int(minutes))  # fmt: skip


def _pin(snapshot_id: str) -> None:
    """Keep the snapshot of a meeting for good. The ETL does it, as it alone writes there."""
    folder = str(cached_reads.warehouse().folder)
    finished = etl_process.run("snapshots", "--pin", snapshot_id, "--warehouse", folder)
    if finished.failed:
        raise StoreError(f"The snapshot could not be kept. {finished.reason}")
