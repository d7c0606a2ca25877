"""Carry what the review database holds into the snapshot that is being built, as label events."""

from etl.report import FileReport
from sourcing import carried, sql
from sourcing.reviews import Reviews, address_of, is_there, meetings
from sourcing.warehouse.snapshots import Connection, Warehouse


def files(con: Connection, warehouse: Warehouse, first: int) -> tuple[list[FileReport], int]:
    """Add events that are not there yet: a report for each origin that brought any, and a number.

    The number is that of events that wait, as no article of their claims is loaded. first: the
    file_id of the first report. Raises ReviewError where the review database cannot be used.
    """
    reports: list[FileReport] = []
    waiting = 0
    reviews = _there(warehouse)
    if reviews is None:
        return reports, waiting
    try:
        known = carried.known(reviews)
    finally:
        reviews.close()
    for name, frame in known.items():
        there = con.execute(sql.text("carried"), {"file": name}).fetchall()
        new = carried.without(frame, there)
        loaded = carried.bring_in(con, new, first + len(reports))
        waiting += len(new) - loaded
        if loaded:
            reports.append(FileReport(name, "labels", loaded, loaded, 0, 0))
    return reports, waiting


def meetings_on(warehouse: Warehouse, snapshot_id: str) -> list[str]:
    """The meetings that look at a snapshot, by number and title. Raises as `files` does."""
    reviews = _there(warehouse)
    if reviews is None:
        return []
    try:
        return [
            f"no. {found.meeting_id} ({found.plan.title})"
            for found in meetings.every(reviews)
            if found.snapshot_id == snapshot_id
        ]
    finally:
        reviews.close()


def _there(warehouse: Warehouse) -> Reviews | None:
    """The review database; None where it is a file that nobody has made yet."""
    url = address_of(warehouse)
    return Reviews(url) if is_there(url) else None
