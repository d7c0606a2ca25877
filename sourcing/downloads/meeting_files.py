"""The files of a meeting, minutes and package, by their download names."""

import re
from datetime import UTC, datetime

from sourcing.errors import FilterError
from sourcing.meetings import minutes, package
from sourcing.reviews import Reviews, address_of, is_there, meetings
from sourcing.warehouse.snapshots import Warehouse, reading

TYPES = {"html": "text/html; charset=utf-8", "zip": "application/zip"}
_NAME = re.compile(r"meeting-([1-9][0-9]{0,8})\.(html|zip)")


def name_of(meeting_id: int, kind: str) -> str:
    """The download name of a meeting's file. kind: html (the minutes) or zip (the package)."""
    return f"meeting-{meeting_id}.{kind}"


def paper(warehouse: Warehouse, name: str) -> tuple[bytes, str]:
    """The content of a meeting's file and its media type.

    If the snapshot that the meeting looked at is gone, the one in force supplies the claims' texts.
    Raises FilterError if the name is unknown, and ReviewError if there is no such meeting.
    """
    match, url = _NAME.fullmatch(name), address_of(warehouse)
    if match is None or not is_there(url):
        raise FilterError(f"There is no download {name[:60]!r}.")
    reviews = Reviews(url)
    try:
        meeting = meetings.find(reviews, int(match[1]))
        available = meeting.snapshot_id in warehouse.ids()
        with reading(warehouse, meeting.snapshot_id if available else None) as snapshot:
            record = minutes.of_meeting(reviews, snapshot, meeting)
    finally:
        reviews.close()
    now = datetime.now(UTC)
    if match[2] == "zip":
        return package.zipped(record, now), TYPES["zip"]
    return minutes.html(record, f"{now:%Y-%m-%d %H:%M} UTC").encode(), TYPES["html"]
