"""Which claims an annotator should answer next, and what a model suggests for one."""

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
"""What an annotator can choose to work on; claims that a meeting decided are in none of it."""
_PEOPLE = {"new": 0, "second": 1}


@dataclass(frozen=True)
class Queue:
    """The next claims in reading order. waiting: how many there are in all."""

    claims: list[str]
    waiting: int


def queue(
    snapshot: Snapshot, reviews: Reviews, filters: Filters, annotator: str, which: str, limit: int
) -> Queue:
    """What is there to do for an annotator, with what the review database holds already.

    which: a key of QUEUES. Filters on articles, and topics, choose claims.
    """
    said = answers.given(reviews)
    later = answers.skipped_by(reviews, annotator)
    parameters = {
        **filters.article_parameters(),
        "topics": filters.parameters()["topics"],
        "annotator": annotator,
        "answered_claims": [claim for claim, _ in said],
        "answered_by": [who for _, who in said],
        "people": _PEOPLE.get(which),
        "only": later if which == "later" else None,
        "without": [] if which == "later" else later,
        "limit": limit,
    }
    found = queries.ask(snapshot, "meetings/to_annotate", parameters)
    return Queue(found["claim_id"].tolist(), int(found["waiting"].max()) if len(found) else 0)


def suggestion(events: pd.DataFrame) -> pd.Series | None:
    """A model's newest answer among the label events of a claim; None where no model gave one."""
    made = events[events["method"] == "model"]
    return None if made.empty else made.sort_values("labelled_at", kind="stable").iloc[-1]
