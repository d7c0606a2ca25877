"""Meeting: one claim at a time, on a projector."""

from sourcing import ui

view = ui.view("Meeting")
who = ui.person()
reviews = ui.reviews()
meeting = ui.meeting_of_address(reviews)
ui.hold_meeting(reviews, view.as_of(meeting.snapshot_id), who, meeting)
