"""Withdrawals of the review database as rows of the table `withdrawals`.

They are published as label events are (`label_events`): once, with an origin of their own.
"""

from collections.abc import Sequence
from datetime import UTC
from typing import Any

import pandas as pd

from sourcing import sql
from sourcing.meetings.label_events import without
from sourcing.reviews import Reviews, withdrawals
from sourcing.reviews.withdrawals import RecordedWithdrawal
from sourcing.warehouse.contract import column_names
from sourcing.warehouse.snapshots import Connection, Snapshot

WITHDRAWALS = "review withdrawals"
"""The kind of their origin."""

COLUMNS = ["line", *column_names("withdrawals")]


def of_withdrawals(items: Sequence[RecordedWithdrawal]) -> pd.DataFrame:
    """One row for each withdrawal of a claim, and each end of one; columns COLUMNS."""
    rows = [
        dict.fromkeys(COLUMNS)
        | {
            "line": item.withdrawal_id,
            "table_name": "claims",
            "id": item.claim_id,
            "reason": item.reason,
            "decided_by": item.decided_by,
            "decided_at": item.decided_at.astimezone(UTC).replace(tzinfo=None),
            "back": item.back,
        }
        for item in items
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def origin_of(reviews: Reviews) -> str:
    """The name of the origin of all withdrawals of this database."""
    return f"{WITHDRAWALS} {reviews.identity[:12]}"


def recorded(reviews: Reviews) -> dict[str, pd.DataFrame]:
    """All withdrawals of the review database (COLUMNS), by the name of their origin."""
    return {origin_of(reviews): of_withdrawals(withdrawals.every(reviews))}


def unpublished(snapshot: Snapshot, reviews: Reviews) -> dict[str, pd.DataFrame]:
    """The recorded withdrawals that the snapshot does not hold yet, by the name of their origin."""
    return {
        origin: without(events, _numbers(snapshot, origin))
        for origin, events in recorded(reviews).items()
    }


def waiting(snapshot: Snapshot, reviews: Reviews, claim_id: str) -> RecordedWithdrawal | None:
    """The newest record of a claim, if the snapshot does not hold it yet."""
    newest = withdrawals.newest_of(reviews, claim_id)
    if newest is None or (newest.withdrawal_id,) in _numbers(snapshot, origin_of(reviews)):
        return None
    return newest


def _numbers(snapshot: Snapshot, origin: str) -> list[tuple[Any, ...]]:
    """As `published`; none in a snapshot of an earlier version."""
    if not snapshot.has_table("withdrawals"):
        return []
    return snapshot.rows(sql.text("meetings/published_withdrawals"), {"origin": origin})


def published(con: Connection, origin: str) -> list[tuple[Any, ...]]:
    """The numbers of an origin's withdrawals that the connection's tables hold, one per row."""
    return con.execute(sql.text("meetings/published_withdrawals"), {"origin": origin}).fetchall()


def publish(con: Connection, events: pd.DataFrame, file_id: int) -> int:
    """Add the withdrawals whose claim is loaded; returns how many were added."""
    con.register("recorded_events", events)
    try:
        statement = sql.text("meetings/publish_withdrawals")
        added: int = con.execute(statement, {"file_id": file_id}).fetchall()[0][0]
        return added
    finally:
        con.unregister("recorded_events")
