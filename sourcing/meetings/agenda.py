"""Which claims a meeting should look at first: those whose decision could move a number most."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from sourcing.codebook import FINDINGS, MIN_ARTICLES, MIN_CLAIMS, TOO_FEW, name
from sourcing.filters import Filters
from sourcing.frame_rows import rows_of, with_none
from sourcing.warehouse import queries
from sourcing.warehouse.snapshots import Snapshot

REASONS: dict[str, str] = {
    "tie": "Annotators are tied",
    "unlabelled": "Nobody has labelled it",
    "finding": "A consistency finding",
    "disagreement": "Annotators disagree",
    "provisional": "Labelled by models only",
}
"""Why a claim can be on an agenda, in the order in which one of several is named first."""

_MINUTES_EACH = 3


@dataclass(frozen=True)
class Wanted:
    """What an agenda is made from. without: claims that are left out, such as those decided.

    conclusions_first: claims that could change a comparison or the line of *too few* before all
    others.
    """

    reasons: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    conclusions_first: bool = False


ALL = Wanted()
"""Everything that could be on an agenda, in the order of the largest change."""


def candidates(
    snapshot: Snapshot, filters: Filters, wanted: Wanted, limit: int | None
) -> pd.DataFrame:
    """Claims by how far a decision could move a share of their source, the farthest first.

    Columns: claim_id, claim, topic, source_id, source, label, state, basis, reason (a key of
    REASONS), rules (of findings), disagreement (0–1), movable (0–1: the largest possible change of
    a share, by claim and label, without filters), crosses (whether a decision could move the source
    over the line of *too few*, either way), passing_label and passed (a share whose order with that
    of another source it could turn; None where there is none), why (in words).
    """
    parameters: dict[str, Any] = {
        **filters.article_parameters(),
        "topics": filters.parameters()["topics"],
        "reasons": list(wanted.reasons) or None,
        "without": list(wanted.without),
        "conclusions_first": wanted.conclusions_first,
        "min_claims": MIN_CLAIMS,
        "min_articles": MIN_ARTICLES,
        "limit": limit,
    }
    found = queries.ask(snapshot, "meetings/agenda", parameters)
    return found.assign(why=[in_words(row) for row in rows_of(with_none(found))])


def in_words(row: Any) -> str:
    """Why a claim is on the agenda, and what a decision could do; row: as of `candidates`."""
    said = REASONS[row.reason]
    if row.reason == "finding":
        said = "; ".join(FINDINGS[rule] for rule in row.rules)
    moved = row.movable * 100
    points = f"{moved:.0f}" if moved >= 9.95 else f"{moved:.2g}"
    words = f"{said[:1].upper()}{said[1:]}. A decision can move a share by up to {points} points"
    if row.crosses:
        words += f" and move the source over the line of “{TOO_FEW}”"
    if row.passed:
        words += f" and turn its order with {row.passed} ({name(row.passing_label).lower()})"
    return words + "."


def items_for(minutes: int, each: int = _MINUTES_EACH) -> int:
    """How many items fit into a time: 15 into 45 minutes, at least one."""
    return max(1, minutes // each)
