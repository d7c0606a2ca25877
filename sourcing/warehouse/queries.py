"""One function a question: Snapshot in, DataFrame out. The SQL stands in `sourcing/sql`."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sourcing import sql
from sourcing.codebook import NoAnswer, State
from sourcing.filters import NONE, PARAMETERS, Filters
from sourcing.query_string import Choices
from sourcing.statistics import Weighting
from sourcing.warehouse.snapshots import Snapshot

Run = Callable[[str, dict[str, Any]], pd.DataFrame]

GROUPS = (
    "source",
    "month",
    "quarter",
    "year",
    "topic",
    "genre",
    "origin",
    "language",
    "stratum",
    "article",
)
"""What shares can be grouped by."""


def counts(run: Run, filters: Filters, by: str = "source", *, latent: bool = False) -> pd.DataFrame:
    """Counts per group and article; `run` answers the question of a name with parameters."""
    parameters = {**filters.parameters(), "by": by, "latent": latent}
    if filters.weighting is Weighting.STATEMENT:
        found = run("shares/counts_by_statement", parameters)
    elif filters.needs_cells or latent or by in ("topic", "stratum"):
        found = run("shares/counts_by_cell", parameters)
    else:
        parameters = {**filters.article_parameters(), "view": filters.view, "by": by}
        found = run("shares/counts_by_article", parameters)
    if by == "source":
        found["grp"] = found["source_key"]  # a number: half a million texts would cost far more
    return found


def choices(snapshot: Snapshot) -> Choices:
    """What the filters offer in this snapshot."""
    found: dict[str, list[str]] = {}
    for name, value in snapshot.rows(
        "SELECT DISTINCT name, value FROM facets ORDER BY name, value"
    ):
        found.setdefault(name, []).append(value or NONE)
    names = publishers(snapshot)
    return Choices(
        sources=dict(zip(names["source_id"], names["name"], strict=True)),
        present={name: tuple(values) for name, values in found.items()},
    )


def publishers(snapshot: Snapshot) -> pd.DataFrame:
    """Sources that have articles.

    Columns: source_key, source_id, name, kind, affiliation, notes, self_cited_applies.
    """
    return snapshot.frame("shares/publishers")


def wanted_publishers(snapshot: Snapshot, filters: Filters) -> pd.DataFrame:
    """The publishers that filters choose, by name or kind (columns of `publishers`)."""
    found = publishers(snapshot)
    if filters.source:
        found = found[found["source_id"].isin(filters.source)]
    if filters.kind:
        found = found[found["kind"].isin(filters.kind)]
    return found


def counted(snapshot: Snapshot, filters: Filters) -> pd.DataFrame:
    """What shares rest on (columns as in sql/shares/counted.sql): first in all, then by source."""
    return ask(snapshot, "shares/counted", filters.parameters())


def self_cited_applies(snapshot: Snapshot, filters: Filters) -> bool:
    """Whether self_cited applies to any of these publishers (codebook section 2)."""
    return bool(wanted_publishers(snapshot, filters)["self_cited_applies"].any())


def agreement(snapshot: Snapshot, name: str, filters: Filters, by: str = "all") -> pd.DataFrame:
    """What agreement rests on, under filters on articles, by source, month or all.

    name: units, pairs, sizes or annotators; columns as in sql/agreement/`name`.sql.
    """
    question = f"agreement/{name}"
    return ask(snapshot, question, {**filters.parameters(), "by": by})


def ask(snapshot: Snapshot, question: str, parameters: dict[str, Any]) -> pd.DataFrame:
    """The answer to a question, with those of the parameters that it has."""
    return snapshot.frame(question, only_used(question, parameters))


def only_used(name: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """Those of the parameters that the question in sql/`name`.sql asks for."""
    text = sql.text(name)
    return {key: value for key, value in parameters.items() if re.search(rf"\${key}\b", text)}


def filters_of(name: str) -> frozenset[str]:
    """The filters, by their names in an address, that the question in sql/`name`.sql asks for."""
    return frozenset(
        key for key, parameter in PARAMETERS.items() if only_used(name, {parameter: None})
    )


def listed(
    snapshot: Snapshot, name: str, filters: Filters, limit: int | None = None, offset: int = 0
) -> pd.DataFrame:
    """One page of a list: the name of its question in sql/lists, such as claims or rejects."""
    question = f"lists/{name}"
    return ask(snapshot, question, filters.list_parameters(limit, offset))


def count(snapshot: Snapshot, name: str, filters: Filters) -> dict[str, int]:
    """The counts of a one-row question: lists/claims_count, lists/articles_count, shares/totals."""
    frame = ask(snapshot, name, filters.list_parameters())
    return {str(key): int(value) for key, value in frame.iloc[0].items()}


def status(snapshot: Snapshot) -> dict[str, Any]:
    """What the snapshot holds: counts by table, last load (UTC), codebook version, made_up."""
    return dict(snapshot.frame("lists/status").iloc[0])


def findings(snapshot: Snapshot) -> dict[str, int]:
    """Open findings by rule."""
    return dict(snapshot.rows("SELECT rule, count(*) FROM findings GROUP BY rule ORDER BY rule"))


def findings_by_rule(snapshot: Snapshot, filters: Filters) -> dict[str, int]:
    """Open findings by rule under filters on articles; rules without any are left out."""
    found = ask(snapshot, "lists/findings_by_rule", filters.parameters())
    return {str(rule): int(n) for rule, n in zip(found["rule"], found["findings"], strict=True)}


def findings_to_do(snapshot: Snapshot, filters: Filters, rule: str, limit: int) -> pd.DataFrame:
    """The first findings of a rule: columns claim_id, article_id, about, detail, source."""
    parameters = {**filters.list_parameters(limit), "rule": rule}
    return ask(snapshot, "lists/findings_to_do", parameters)


@dataclass(frozen=True)
class Claim:
    """One claim with all that is known about it. `claim` has the columns of the table claims."""

    claim: pd.Series
    citations: pd.DataFrame
    labels: pd.DataFrame
    findings: pd.DataFrame
    others: pd.DataFrame
    history: pd.DataFrame


def claim(snapshot: Snapshot, claim_id: str) -> Claim | None:
    """One claim; None where the snapshot does not hold it. others: up to 50 of its statement."""
    only = Filters(claim=(claim_id,))
    rows = listed(snapshot, "claims", only, limit=1)
    if rows.empty:
        return None
    found = rows.iloc[0]
    others = rows.iloc[:0]
    if pd.notna(found["statement_id"]):
        others = listed(snapshot, "claims", Filters(statement=(found["statement_id"],)), limit=51)
        others = others[others["claim_id"] != claim_id].head(50)
    return Claim(
        claim=found,
        citations=listed(snapshot, "citations", only),
        labels=listed(snapshot, "labels", only),
        findings=listed(snapshot, "findings", only),
        others=others,
        history=snapshot.frame("lists/history_of", {"claim": claim_id}),
    )


def states(snapshot: Snapshot) -> dict[str, int]:
    """Claims by state of resolution, all states named, and `not_a_claim` apart."""
    found = dict(
        snapshot.rows(
            "SELECT CASE label WHEN 'not_a_claim' THEN label ELSE state END AS state, count(*) "
            "FROM resolved GROUP BY 1"
        )
    )
    return {name: int(found.get(name, 0)) for name in (*State, NoAnswer.NOT_A_CLAIM)}


def annotators(snapshot: Snapshot) -> list[str]:
    """The people who have labelled; a meeting's decisions do not count."""
    rows = snapshot.rows("SELECT annotator FROM annotators WHERE basis = 'human'")
    return [name for (name,) in rows]
