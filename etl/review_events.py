"""Publish the review database: add its label events to the snapshot being built."""

from collections.abc import Iterator
from contextlib import contextmanager

from etl.report import FileReport
from sourcing.meetings import label_events
from sourcing.reviews import Reviews, address_of, is_there, meetings
from sourcing.warehouse.snapshots import Connection, Warehouse


def publish(con: Connection, warehouse: Warehouse, first_id: int) -> tuple[list[FileReport], int]:
    """Add unpublished events. Returns a report for each origin and the number of waiting events.

    An event waits until the article of its claim is loaded. first_id: the file_id of the first
    report. Raises ReviewError if the review database cannot be used.
    """
    reports: list[FileReport] = []
    waiting = 0
    with _reviews_if_any(warehouse) as reviews:
        events_by_origin = label_events.recorded(reviews) if reviews else {}
    for origin, events in events_by_origin.items():
        new = label_events.without(events, label_events.published(con, origin))
        added = label_events.publish(con, new, first_id + len(reports))
        waiting += len(new) - added
        if added:
            reports.append(FileReport(origin, "labels", added, added, 0, 0))
    return reports, waiting


def meetings_on(warehouse: Warehouse, snapshot_id: str) -> list[str]:
    """The meetings on a snapshot, by number and title. Raises as `publish` does."""
    with _reviews_if_any(warehouse) as reviews:
        planned = meetings.every(reviews) if reviews else []
    return [
        f"no. {meeting.meeting_id} ({meeting.plan.title})"
        for meeting in planned
        if meeting.snapshot_id == snapshot_id
    ]


@contextmanager
def _reviews_if_any(warehouse: Warehouse) -> Iterator[Reviews | None]:
    """The review database; None if it is a file that does not exist yet."""
    url = address_of(warehouse)
    if not is_there(url):
        yield None
        return
    reviews = Reviews(url)
    try:
        yield reviews
    finally:
        reviews.close()
