"""Label events from the review database: which a snapshot lacks, and how they come into one."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from sourcing import sql
from sourcing.filters import Filters
from sourcing.reviews import Reviews, answers, decisions, events
from sourcing.warehouse import queries
from sourcing.warehouse.snapshots import Connection, Snapshot


def known(reviews: Reviews) -> dict[str, pd.DataFrame]:
    """All label events of the review database (events.COLUMNS), by the name of their origin.

    The name tells one review database apart from another: its numbers mean nothing elsewhere.
    """
    mark = reviews.identity[:12]
    return {
        f"{events.DECISIONS} {mark}": events.of_decisions(decisions.every(reviews)),
        f"{events.ANSWERS} {mark}": events.of_answers(answers.every(reviews)),
    }


def pending(snapshot: Snapshot, reviews: Reviews) -> dict[str, pd.DataFrame]:
    """Those of them that a snapshot does not hold yet."""
    return {
        name: without(frame, snapshot.rows(sql.text("carried"), {"file": name}))
        for name, frame in known(reviews).items()
    }


def without(frame: pd.DataFrame, lines: Iterable[tuple[Any, ...]]) -> pd.DataFrame:
    """The events whose number is not among these."""
    return frame[~frame["line"].isin([line for (line,) in lines])].reset_index(drop=True)


def bring_in(con: Connection, frame: pd.DataFrame, file_id: int) -> int:
    """Add those of the events whose claim is there to the labels; returns how many they were.

    The others wait: a later load may bring their claims.
    """
    con.register("incoming_events", frame)
    try:
        before = _labels(con)
        con.execute(sql.text("carry"), {"file_id": file_id})
        return _labels(con) - before
    finally:
        con.unregister("incoming_events")


def _labels(con: Connection) -> int:
    found: int = con.execute("SELECT count(*) FROM labels").fetchall()[0][0]
    return found


def loaded_decision(
    snapshot: Snapshot, reviews: Reviews, claim_id: str
) -> decisions.Decision | None:
    """The newest decision on a claim that files have brought, before any of the review database."""
    own = decisions.history(reviews, claim_id)
    found = queries.listed(snapshot, "labels", Filters(claim=(claim_id,)))
    made = found[(found["round"] == "adjudication") & (found["method"] == "human")]
    if own:
        first = own[0].decided_at.replace(tzinfo=None)
        made = made[made["labelled_at"] < first]
    if made.empty:
        return None
    newest = made.sort_values("labelled_at", kind="stable").iloc[-1]
    known = newest.astype(object).where(newest.notna(), None)
    kept = ("attribution", "needs_source", "evidence_url", "contested_by")
    said = {name: known[name] for name in kept}
    return decisions.Decision(claim_id, known["label"], **said)
