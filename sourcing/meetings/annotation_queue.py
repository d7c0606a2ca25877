"""Which claims an annotator should label next, and what a model suggests for one."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from sourcing.filters import Filters
from sourcing.reviews import Reviews, answers
from sourcing.warehouse import queries
from sourcing.warehouse.snapshots import Snapshot

QUEUES: Mapping[str, str] = {
    "new": "that no person has labelled",
    "second": "that one person has labelled",
    "any": "that you have not labelled",
    "later": "that you left for later",
}
"""The queues that an annotator can choose; none holds claims that a meeting decided."""
_PEOPLE = {"new": 0, "second": 1}


@dataclass(frozen=True)
class Queue:
    """The next claims in reading order. waiting: the total number of claims in the queue."""

    claims: list[str]
    waiting: int


def queue(
    snapshot: Snapshot, reviews: Reviews, filters: Filters, annotator: str, which: str, limit: int
) -> Queue:
    """The claims for an annotator, given the answers that the review database already holds.

    which: a key of QUEUES. Only filters on articles and topics apply.
    """
    pairs = answers.answered_claims(reviews)
    later = answers.skipped_by(reviews, annotator)
    parameters = {
        **filters.article_parameters(),
        "topics": filters.parameters()["topics"],
        "annotator": annotator,
        "answered_claims": [claim for claim, _ in pairs],
        "answered_by": [name for _, name in pairs],
        "people": _PEOPLE.get(which),
        "only": later if which == "later" else None,
        "without": [] if which == "later" else later,
        "limit": limit,
    }
    claims = queries.ask(snapshot, "meetings/to_annotate", parameters)
    return Queue(claims["claim_id"].tolist(), int(claims["waiting"].max()) if len(claims) else 0)


def suggestion(events: pd.DataFrame) -> pd.Series | None:
    """A model's newest answer among the label events of a claim; None if there is none."""
    labels = events[events["method"] == "model"]
    return None if labels.empty else labels.sort_values("labelled_at", kind="stable").iloc[-1]
