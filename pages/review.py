"""Review: meetings, their agenda, the effect of decisions on shares, publishing."""

import streamlit as st

from sourcing.ui import cached_reads
from sourcing.ui.elements.sentences import shown_literally
from sourcing.ui.meetings.agenda_candidates import agenda_candidates
from sourcing.ui.meetings.meeting_overview import (
    about_meeting,
    agenda_items,
    choose_meeting,
    meeting_files,
    start_meeting,
)
from sourcing.ui.meetings.plan_form import change_meeting
from sourcing.ui.meetings.publishing import unpublished
from sourcing.ui.person import name_foot, required_person
from sourcing.ui.view import titled_view

view = titled_view("Review")
person = required_person()
reviews = cached_reads.reviews()
if message := st.session_state.pop("published", None):
    st.success(shown_literally(message))
meeting = choose_meeting(reviews, view, person)
if meeting is not None:
    about_meeting(reviews, meeting)
    change_meeting(reviews, person, meeting)
    start_meeting(meeting, person)
    meeting_files(view, meeting)
    st.header("Agenda", anchor=False)
    agenda_items(reviews, person, meeting, view)
    if not meeting.plan.closed:
        agenda_candidates(reviews, person, meeting, view)
unpublished(reviews, view, person)
name_foot(person)
