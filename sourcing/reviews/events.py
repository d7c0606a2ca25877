"""Decisions and answers of the review database as label events, as a snapshot holds them. Pure."""

from collections.abc import Sequence
from datetime import UTC
from typing import Any

import pandas as pd

from sourcing.codebook import Attribution, Label, NoAnswer
from sourcing.reviews.answers import Answered
from sourcing.reviews.decisions import Decided
from sourcing.warehouse.contract import column_names

DECISIONS = "review decisions"
ANSWERS = "review answers"
"""The names under which a snapshot keeps where such a label came from; its line is their number."""

COLUMNS = ["line", *column_names("labels")]


def of_decisions(found: Sequence[Decided]) -> pd.DataFrame:
    """A label of the round `adjudication` for each decision; columns COLUMNS.

    One that takes earlier ones back says `cannot_say`, which leaves the claim to the annotators
    (docs/method.md).
    """
    return _frame([_of_decision(item) for item in found])


def of_answers(found: Sequence[Answered]) -> pd.DataFrame:
    """A label for each answer of an annotator; columns COLUMNS."""
    return _frame(
        [
            {name: getattr(item, name, None) for name in COLUMNS}
            | {
                "line": item.answer_id,
                "method": "human",
                "labelled_at": item.answered_at.astimezone(UTC).replace(tzinfo=None),
                "rationale": item.rationale or None,
            }
            for item in found
        ]
    )


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


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS)
