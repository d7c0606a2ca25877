"""Review: meetings, their agenda, what decisions do to shares, publishing."""

import streamlit as st

from sourcing import ui

view = ui.view("Review")
who = ui.person()
reviews = ui.reviews()
if message := st.session_state.pop("published", None):
    st.success(message)
meeting = ui.choose_meeting(reviews, view, who)
if meeting is not None:
    ui.about_meeting(reviews, meeting)
    ui.change_meeting(reviews, who, meeting)
    ui.start_meeting(meeting, who)
    ui.meeting_papers(view, meeting)
    st.header("Agenda", anchor=False)
    ui.agenda_items(reviews, who, meeting, view)
    if not meeting.plan.closed:
        ui.agenda_candidates(reviews, who, meeting, view)
ui.unpublished(reviews, view, who)
ui.name_of(who)
