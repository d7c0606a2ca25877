"""Meeting: one claim at a time, on a projector."""

from sourcing.ui import cached_reads
from sourcing.ui.meetings.meeting_mode import hold_meeting
from sourcing.ui.meetings.meeting_overview import meeting_of_address
from sourcing.ui.person import required_person
from sourcing.ui.view import titled_view

view = titled_view("Meeting")
person = required_person()
reviews = cached_reads.reviews()
meeting = meeting_of_address(reviews)
hold_meeting(reviews, view.as_of(meeting.snapshot_id), person, meeting)
