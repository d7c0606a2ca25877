"""The claims that a meeting should look at first: those that could change a share the most."""

from collections.abc import Mapping
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
"""Why a claim can be on an agenda. If several reasons apply, the first one here is named."""

_MINUTES_EACH = 3


@dataclass(frozen=True)
class AgendaChoice:
    """Which claims go on an agenda. without: claims to leave out, such as decided ones.

    conclusions_first: list claims that could change a comparison, or whether a source is too few
    to compare, before all others.
    """

    reasons: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    conclusions_first: bool = False


ALL = AgendaChoice()
"""Every claim that could be on an agenda, the largest possible change first."""


def candidates(
    snapshot: Snapshot, filters: Filters, choice: AgendaChoice, limit: int | None
) -> pd.DataFrame:
    """Claims by how much a decision could change a share of their source, the largest first.

    Columns: claim_id, claim, topic, source_id, source, label, state, basis, reason (a key of
    REASONS), rules (of findings), disagreement (0–1), movable (0–1: the largest possible change of
    a share, by claim and label, without filters), crosses (whether a decision could change whether
    the source is too few to compare), passing_label and passed (the label and the source whose
    order with this source a decision could reverse; None if there is none), why (a sentence).
    """
    parameters: dict[str, Any] = {
        **filters.article_parameters(),
        "topics": filters.parameters()["topics"],
        "reasons": list(choice.reasons) or None,
        "without": list(choice.without),
        "conclusions_first": choice.conclusions_first,
        "min_claims": MIN_CLAIMS,
        "min_articles": MIN_ARTICLES,
        "limit": limit,
    }
    claims = queries.ask(snapshot, "meetings/agenda", parameters)
    names = queries.source_names(snapshot)
    why = [in_words(row, names) for row in rows_of(with_none(claims))]
    return claims.drop(columns="passed_id").assign(why=why)


def in_words(row: Any, names: Mapping[str, str]) -> str:
    """Why a claim is on the agenda and what a decision could change.

    row: of the query meetings/agenda. names: of sources, by id.
    """
    reason = REASONS[row.reason]
    if row.reason == "finding":
        reason = "; ".join(FINDINGS[rule] for rule in row.rules)
    points = row.movable * 100
    rounded = f"{points:.0f}" if points >= 9.95 else f"{points:.2g}"
    unit = "point" if rounded == "1" else "points"
    words = (
        f"{reason[:1].upper()}{reason[1:]}. A decision can move a share by up to {rounded} {unit}"
    )
    if row.crosses:
        words += f" and change whether the source is “{TOO_FEW}”"
    if row.passed:
        passed, label = names[row.passed_id], name(row.passing_label).lower()
        words += f" and reverse its order with {passed} ({label})"
    return words + "."


def items_for(minutes: int, each: int = _MINUTES_EACH) -> int:
    """How many items fit into the minutes planned: 15 into 45, at least one."""
    return max(1, minutes // each)
