"""Publish the review database: add its labels and withdrawals to the snapshot being built."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import pandas as pd

from etl.report import FileReport
from sourcing.meetings import label_events, withdrawal_events
from sourcing.reviews import Reviews, address_of, is_there, meetings
from sourcing.warehouse.snapshots import Connection, Warehouse


class _Kind(NamedTuple):
    """Events that become rows of one table."""

    table: str
    recorded: Callable[[Reviews], dict[str, pd.DataFrame]]
    published: Callable[[Connection, str], list[tuple[Any, ...]]]
    publish: Callable[[Connection, pd.DataFrame, int], int]


_KINDS = tuple(
    _Kind(table, kind.recorded, kind.published, kind.publish)
    for table, kind in (("labels", label_events), ("withdrawals", withdrawal_events))
)


def publish(con: Connection, warehouse: Warehouse, first_id: int) -> tuple[list[FileReport], int]:
    """Add unpublished events. Returns a report for each origin and the number of waiting events.

    An event waits until the article of its claim is loaded. first_id: the file_id of the first
    report. Raises ReviewError if the review database cannot be used.
    """
    reports: list[FileReport] = []
    waiting = 0
    with _reviews_if_any(warehouse) as reviews:
        recorded = [(kind, kind.recorded(reviews)) for kind in _KINDS] if reviews else []
    for kind, events_by_origin in recorded:
        for origin, events in events_by_origin.items():
            new = label_events.without(events, kind.published(con, origin))
            added = kind.publish(con, new, first_id + len(reports))
            waiting += len(new) - added
            if added:
                reports.append(FileReport(origin, kind.table, added, added, 0, 0))
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
