"""One function a question: Snapshot in, DataFrame out. The SQL stands in `sourcing/sql`."""

import re
from collections.abc import Callable
from typing import Any

import pandas as pd

from sourcing import shares, sql
from sourcing.filters import NONE, Choices, Filters
from sourcing.labels import NoAnswer, State
from sourcing.statistics import Weighting
from sourcing.warehouse import Snapshot

Run = Callable[[str, dict[str, Any]], pd.DataFrame]

GROUPS = ("source", "month", "quarter", "year", "topic", "genre", "origin", "language", "article")
"""What shares can be grouped by."""


def summed_shares(snapshot: Snapshot, filters: Filters, by: str = "source") -> pd.DataFrame:
    """What shares are made of, by group and label (columns: shares.SUMMED).

    Groups are source keys, months (2026-05), quarters (2026-Q2), years, or the values themselves.
    """
    if by == "source" and filters.plain:
        return snapshot.frame(
            "source_moments",
            {
                "sources": list(filters.source) or None,
                "view": filters.view,
                "weighting": str(filters.weighting),
            },
        )
    return shares.summed(counts(snapshot.frame, filters, by), filters.weighting, filters.view)


def counts(run: Run, filters: Filters, by: str = "source") -> pd.DataFrame:
    """Counts per group and article; `run` answers the question of a name with parameters."""
    if filters.weighting is Weighting.STATEMENT:
        return run("counts_by_statement", {**filters.parameters(), "by": by})
    if filters.needs_cells or by == "topic":
        return run("counts_by_cell", {**filters.parameters(), "by": by})
    return run(
        "counts_by_article", {**filters.article_parameters(), "view": filters.view, "by": by}
    )


def choices(snapshot: Snapshot) -> Choices:
    """What the filters offer in this snapshot."""
    topics, languages = (
        tuple(value or NONE for (value,) in snapshot.rows(f"FROM {table} ORDER BY 1"))
        for table in ("topics", "languages")
    )
    publishers = snapshot.frame("publishers")
    return Choices(
        dict(zip(publishers["source_id"], publishers["name"], strict=True)), topics, languages
    )


def publishers(snapshot: Snapshot) -> pd.DataFrame:
    """Sources that have articles.

    Columns: source_key, source_id, name, kind, affiliation, notes, self_cited_applies.
    """
    return snapshot.frame("publishers")


def only_used(name: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """Those of the parameters that the question in sql/`name`.sql asks for."""
    text = sql.text(name)
    return {key: value for key, value in parameters.items() if re.search(rf"\${key}\b", text)}


def listed(
    snapshot: Snapshot, name: str, filters: Filters, limit: int | None = None, offset: int = 0
) -> pd.DataFrame:
    """One page of a list: articles, cited, claims, labels, findings_list or rejects_list."""
    return snapshot.frame(name, only_used(name, filters.list_parameters(limit, offset)))


def count(snapshot: Snapshot, name: str, filters: Filters) -> dict[str, int]:
    """The counts of a one-row question: claims_count, articles_count, totals."""
    frame = snapshot.frame(name, only_used(name, filters.list_parameters()))
    return {str(key): int(value) for key, value in frame.iloc[0].items()}


def status(snapshot: Snapshot) -> dict[str, Any]:
    """What the snapshot holds: counts by table, last load (UTC), codebook version, made_up."""
    return dict(snapshot.frame("status").iloc[0])


def findings(snapshot: Snapshot) -> dict[str, int]:
    """Open findings by rule."""
    return dict(snapshot.rows("SELECT rule, count(*) FROM findings GROUP BY rule ORDER BY rule"))


def states(snapshot: Snapshot) -> dict[str, int]:
    """Claims by state of resolution, all states named, and `not_a_claim` apart."""
    found = dict(
        snapshot.rows(
            "SELECT CASE label WHEN 'not_a_claim' THEN label ELSE state END AS state, count(*) "
            "FROM resolved GROUP BY 1"
        )
    )
    return {name: int(found.get(name, 0)) for name in (*State, NoAnswer.NOT_A_CLAIM)}
