"""What a meeting leaves behind as files: the minutes, and the pack; by the names of downloads."""

import re
from datetime import UTC, datetime

from sourcing.errors import FilterError
from sourcing.meetings import minutes, package
from sourcing.reviews import Reviews, address_of, is_there, meetings
from sourcing.warehouse.snapshots import Warehouse, reading

TYPES = {"html": "text/html; charset=utf-8", "zip": "application/zip"}
_NAME = re.compile(r"meeting-([1-9][0-9]{0,8})\.(html|zip)")


def name_of(meeting_id: int, kind: str) -> str:
    """The name of a paper of a meeting; kind: html (the minutes) or zip (the pack)."""
    return f"meeting-{meeting_id}.{kind}"


def paper(warehouse: Warehouse, name: str) -> tuple[bytes, str]:
    """The content of a paper and its media type.

    Where the snapshot that the meeting looked at is gone, the one in force gives claims their text.
    Raises FilterError where there is none of this name, and ReviewError where there is no such
    meeting.
    """
    found, url = _NAME.fullmatch(name), address_of(warehouse)
    if found is None or not is_there(url):
        raise FilterError(f"There is no download {name[:60]!r}.")
    reviews = Reviews(url)
    try:
        meeting = meetings.find(reviews, int(found[1]))
        there = meeting.snapshot_id in warehouse.ids()
        with reading(warehouse, meeting.snapshot_id if there else None) as snapshot:
            told = minutes.of_meeting(reviews, snapshot, meeting)
    finally:
        reviews.close()
    now = datetime.now(UTC)
    if found[2] == "zip":
        return package.zipped(told, now), TYPES["zip"]
    return minutes.html(told, f"{now:%Y-%m-%d %H:%M} UTC").encode(), TYPES["html"]
