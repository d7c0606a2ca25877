"""Label events of the review database: decisions and answers as rows of the table `labels`.

A record of the review database is *published* once a snapshot holds it. An event is identified by
its origin (the database and the kind of record) and its number there.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC
from itertools import chain
from typing import Any

import pandas as pd

from sourcing import sql
from sourcing.codebook import Attribution, Label, NoAnswer
from sourcing.filters import Filters
from sourcing.reviews import Reviews, answers, decisions
from sourcing.reviews.answers import Answered
from sourcing.reviews.decisions import Decided, Decision
from sourcing.warehouse import queries
from sourcing.warehouse.contract import column_names
from sourcing.warehouse.snapshots import Connection, Snapshot

DECISIONS = "review decisions"
ANSWERS = "review answers"
"""The kinds of origin; a snapshot stores an event's origin as its file, its number as its line."""

COLUMNS = ["line", *column_names("labels")]


def of_decisions(items: Sequence[Decided]) -> pd.DataFrame:
    """One label of the round `adjudication` for each decision; columns COLUMNS.

    A decision that takes earlier ones back becomes `cannot_say`, which leaves the claim to the
    annotators (docs/method.md).
    """
    return pd.DataFrame([_of_decision(item) for item in items], columns=COLUMNS)


def of_answers(items: Sequence[Answered]) -> pd.DataFrame:
    """One label for each answer of an annotator; columns COLUMNS."""
    rows = [
        {name: getattr(item, name, None) for name in COLUMNS}
        | {
            "line": item.answer_id,
            "method": "human",
            "labelled_at": item.answered_at.astimezone(UTC).replace(tzinfo=None),
            "rationale": item.rationale or None,
        }
        for item in items
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _of_decision(item: Decided) -> dict[str, Any]:
    label = item.label or str(NoAnswer.CANNOT_SAY)
    own = label if label in set(map(str, Attribution)) else None
    return dict.fromkeys(COLUMNS) | {
        "line": item.decision_id,
        "claim_id": item.claim_id,
        "annotator": item.decided_by,
        "label": label,
        "attribution": own or (item.attribution if label == Label.CONTESTED else None),
        "contested": label == Label.CONTESTED if label in set(map(str, Label)) else None,
        "contested_by": item.contested_by,
        "method": "human",
        "round": "adjudication",
        "labelled_at": item.decided_at.astimezone(UTC).replace(tzinfo=None),
        "codebook_version": item.codebook_version,
        "needs_source": item.needs_source,
        "rationale": item.rationale or None,
        "evidence_url": item.evidence_url,
    }


def recorded(reviews: Reviews) -> dict[str, pd.DataFrame]:
    """All label events of the review database (COLUMNS), by the name of their origin.

    The name includes the identity of the database, as its numbers mean nothing elsewhere.
    """
    mark = reviews.identity[:12]
    return {
        f"{DECISIONS} {mark}": of_decisions(decisions.every(reviews)),
        f"{ANSWERS} {mark}": of_answers(answers.every(reviews)),
    }


def unpublished(snapshot: Snapshot, reviews: Reviews) -> dict[str, pd.DataFrame]:
    """The recorded events that the snapshot does not hold yet, by the name of their origin."""
    questions = ["meetings/published_events"]
    if snapshot.has_table("withdrawn_labels"):  # not in snapshots of earlier versions
        questions.append("meetings/published_withdrawn")
    return {
        origin: without(
            events,
            chain(*(snapshot.rows(sql.text(name), {"origin": origin}) for name in questions)),
        )
        for origin, events in recorded(reviews).items()
    }


def published(con: Connection, origin: str) -> list[tuple[Any, ...]]:
    """The numbers of an origin's events that the connection's tables hold, one per row."""
    return con.execute(sql.text("meetings/published_events"), {"origin": origin}).fetchall()


def without(events: pd.DataFrame, numbers: Iterable[tuple[Any, ...]]) -> pd.DataFrame:
    """The events whose number is not among `numbers` (rows of one number each)."""
    published_numbers = [number for (number,) in numbers]
    return events[~events["line"].isin(published_numbers)].reset_index(drop=True)


def publish(con: Connection, events: pd.DataFrame, file_id: int) -> int:
    """Add the events whose claim exists to the labels; returns how many were added.

    The others wait for a later load that may bring their claims.
    """
    con.register("recorded_events", events)
    try:
        before = _labels(con)
        con.execute(sql.text("meetings/publish_events"), {"file_id": file_id})
        return _labels(con) - before
    finally:
        con.unregister("recorded_events")


def _labels(con: Connection) -> int:
    count: int = con.execute("SELECT count(*) FROM labels").fetchall()[0][0]
    return count


def loaded_decision(snapshot: Snapshot, reviews: Reviews, claim_id: str) -> Decision | None:
    """The newest decision on a claim from files, made before any in the review database."""
    own = decisions.history(reviews, claim_id)
    labels = queries.listed(snapshot, "labels", Filters(claim=(claim_id,)))
    events = labels[(labels["round"] == "adjudication") & (labels["method"] == "human")]
    if own:
        first = own[0].decided_at.replace(tzinfo=None)
        events = events[events["labelled_at"] < first]
    if events.empty:
        return None
    newest = events.sort_values("labelled_at", kind="stable").iloc[-1]
    values = newest.astype(object).where(newest.notna(), None)
    names = ("attribution", "needs_source", "evidence_url", "contested_by")
    return Decision(claim_id, values["label"], **{name: values[name] for name in names})
