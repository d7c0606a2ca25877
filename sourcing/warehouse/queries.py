"""Queries, one function each: Snapshot in, DataFrame out. The SQL is in `sourcing/sql`."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sourcing import sql
from sourcing.codebook import NoAnswer, State
from sourcing.filters import NONE, PARAMETERS, Filters
from sourcing.query_string import Choices
from sourcing.source_names import Source, unique_names
from sourcing.statistics import Weighting
from sourcing.warehouse import amendments as amended
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
"""The groups by which shares can be computed."""


def counts(run: Run, filters: Filters, by: str = "source", *, latent: bool = False) -> pd.DataFrame:
    """Counts per group and article. run: executes the query of this name with parameters."""
    parameters = {**filters.parameters(), "by": by, "latent": latent}
    if filters.weighting is Weighting.STATEMENT:
        frame = run("shares/counts_by_statement", parameters)
    elif filters.needs_cells or latent or by in ("topic", "stratum"):
        frame = run("shares/counts_by_cell", parameters)
    else:
        parameters = {**filters.article_parameters(), "view": filters.view, "by": by}
        frame = run("shares/counts_by_article", parameters)
    if by == "source":
        frame["grp"] = frame[
            "source_key"
        ]  # a number, which is much faster than half a million texts
    return frame


def choices(snapshot: Snapshot) -> Choices:
    """The filter values that this snapshot offers."""
    values_by_name: dict[str, list[str]] = {}
    for name, value in snapshot.rows(
        "SELECT DISTINCT name, value FROM facets ORDER BY name, value"
    ):
        values_by_name.setdefault(name, []).append(value or NONE)
    names = source_names(snapshot)
    sources = {source: names[source] for source in publishers(snapshot)["source_id"]}
    return Choices(
        sources=sources,
        present={name: tuple(values) for name, values in values_by_name.items()},
        aliases=amended.aliases(snapshot, sources),
    )


def source_names(*snapshots: Snapshot) -> dict[str, str]:
    """The names of all sources by id, as readers see them: no two alike (source_names).

    With several snapshots, those of all of them; the first that holds a source names it.
    """
    sources: dict[str, Source] = {}
    for snapshot in snapshots:
        for row in snapshot.rows("SELECT source_id, name, domain, country, kind FROM sources"):
            sources.setdefault(row[0], Source(*row))
    return unique_names(sources.values())


def publishers(snapshot: Snapshot) -> pd.DataFrame:
    """Sources that have articles, by name.

    Columns: source_key, source_id, name, kind, affiliation, domain, country, notes,
    self_cited_applies.
    """
    return snapshot.frame("shares/publishers")


def chosen_publishers(snapshot: Snapshot, filters: Filters) -> pd.DataFrame:
    """The publishers that the filters `source` and `kind` choose (columns of `publishers`)."""
    rows = publishers(snapshot)
    if filters.source:
        rows = rows[rows["source_id"].isin(filters.source)]
    if filters.kind:
        rows = rows[rows["kind"].isin(filters.kind)]
    return rows


def counted(snapshot: Snapshot, filters: Filters) -> pd.DataFrame:
    """The counts behind shares (columns: sql/shares/counted.sql): the total, then by source."""
    return ask(snapshot, "shares/counted", filters.parameters())


def uncounted(snapshot: Snapshot, filters: Filters) -> pd.DataFrame:
    """Sources without a counted claim, under filters on articles.

    Columns: source_id, articles, not_claims (claims resolved to not_a_claim).
    """
    return ask(snapshot, "shares/uncounted", filters.parameters())


def self_cited_applies(snapshot: Snapshot, filters: Filters) -> bool:
    """Whether self_cited applies to any publisher under the filters (codebook section 2)."""
    return bool(chosen_publishers(snapshot, filters)["self_cited_applies"].any())


def agreement(snapshot: Snapshot, name: str, filters: Filters, by: str = "all") -> pd.DataFrame:
    """The counts behind agreement, under filters on articles.

    by: source, month or all.  name: units, pairs, sizes or annotators; columns as in
    sql/agreement/`name`.sql.
    """
    question = f"agreement/{name}"
    return ask(snapshot, question, {**filters.parameters(), "by": by})


def ask(snapshot: Snapshot, question: str, parameters: dict[str, Any]) -> pd.DataFrame:
    """The result of a query, run with the parameters that it uses."""
    return snapshot.frame(question, only_used(question, parameters))


def only_used(name: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """The parameters that the query in sql/`name`.sql uses."""
    text = sql.text(name)
    return {key: value for key, value in parameters.items() if re.search(rf"\${key}\b", text)}


def filters_of(name: str) -> frozenset[str]:
    """The names of the filters that the query in sql/`name`.sql uses."""
    return frozenset(
        key for key, parameter in PARAMETERS.items() if only_used(name, {parameter: None})
    )


def listed(
    snapshot: Snapshot, name: str, filters: Filters, limit: int | None = None, offset: int = 0
) -> pd.DataFrame:
    """One page of a list. name: its query in sql/lists, such as claims or rejects."""
    question = f"lists/{name}"
    return ask(snapshot, question, filters.list_parameters(limit, offset))


def count(snapshot: Snapshot, name: str, filters: Filters) -> dict[str, int]:
    """The counts from a one-row query, such as lists/claims_count or shares/totals."""
    frame = ask(snapshot, name, filters.list_parameters())
    return {str(key): int(value) for key, value in frame.iloc[0].items()}


def status(snapshot: Snapshot) -> dict[str, Any]:
    """The contents of the snapshot: counts by table, last load (UTC), codebook version, made_up."""
    return dict(snapshot.frame("lists/status").iloc[0])


def findings(snapshot: Snapshot) -> dict[str, int]:
    """The number of open findings by rule."""
    return dict(snapshot.rows("SELECT rule, count(*) FROM findings GROUP BY rule ORDER BY rule"))


def findings_by_rule(snapshot: Snapshot, filters: Filters) -> dict[str, int]:
    """The number of open findings by rule, under filters on articles; no rules without any."""
    frame = ask(snapshot, "lists/findings_by_rule", filters.parameters())
    return {str(rule): int(n) for rule, n in zip(frame["rule"], frame["findings"], strict=True)}


def findings_to_do(snapshot: Snapshot, filters: Filters, rule: str, limit: int) -> pd.DataFrame:
    """The first findings of a rule.

    Columns: claim_id, article_id, about, detail, source_id, source.
    """
    parameters = {**filters.list_parameters(limit), "rule": rule}
    return ask(snapshot, "lists/findings_to_do", parameters)


@dataclass(frozen=True)
class Claim:
    """One claim with everything about it. claim: its row in the list claims."""

    claim: pd.Series
    citations: pd.DataFrame
    labels: pd.DataFrame
    findings: pd.DataFrame
    others: pd.DataFrame
    history: pd.DataFrame


def claim(snapshot: Snapshot, claim_id: str) -> Claim | None:
    """One claim, or None if the snapshot lacks it. others: up to 50 claims of its statement."""
    only = Filters(claim=(claim_id,))
    rows = listed(snapshot, "claims", only, limit=1)
    if rows.empty:
        return None
    row = rows.iloc[0]
    others = rows.iloc[:0]
    if pd.notna(row["statement_id"]):
        others = listed(snapshot, "claims", Filters(statement=(row["statement_id"],)), limit=51)
        others = others[others["claim_id"] != claim_id].head(50)
    return Claim(
        claim=row,
        citations=listed(snapshot, "citations", only),
        labels=listed(snapshot, "labels", only),
        findings=listed(snapshot, "findings", only),
        others=others,
        history=snapshot.frame("lists/history_of", {"claim": claim_id}),
    )


def states(snapshot: Snapshot) -> dict[str, int]:
    """The number of claims by state, including states without claims, and `not_a_claim` apart."""
    counts = dict(
        snapshot.rows(
            "SELECT CASE label WHEN 'not_a_claim' THEN label ELSE state END AS state, count(*) "
            "FROM resolved GROUP BY 1"
        )
    )
    return {name: int(counts.get(name, 0)) for name in (*State, NoAnswer.NOT_A_CLAIM)}


def annotators(snapshot: Snapshot) -> list[str]:
    """The people who have labelled claims; decisions of meetings do not count."""
    rows = snapshot.rows("SELECT annotator FROM annotators WHERE basis = 'human'")
    return [name for (name,) in rows]
