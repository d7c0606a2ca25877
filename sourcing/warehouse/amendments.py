"""What was put right about a claim, an article or a source.

Snapshots of earlier versions say nothing about it.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

import pandas as pd

from sourcing import sql
from sourcing.warehouse.snapshots import Snapshot


class Decided(NamedTuple):
    """Why something was put right, who decided it, and when (UTC)."""

    reason: str
    decided_by: str | None
    decided_at: datetime


class Link(NamedTuple):
    """That one source stands for another; since: only articles published since then."""

    name: str
    since: date | None
    decided: Decided


@dataclass(frozen=True)
class Above:
    """What was withdrawn: the claim, its article or its source. table: claims, articles, sources.

    name: of the source.
    """

    table: str
    id: str
    name: str | None
    decided: Decided


@dataclass(frozen=True)
class WithdrawnClaim:
    """A claim that does not count, and all that was withdrawn: at least one, the nearest first."""

    claim_id: str
    claim: str
    article_id: str
    title: str | None
    published: str | None
    source_id: str
    source: str
    above: tuple[Above, ...]


def withdrawn_claim(snapshot: Snapshot, claim_id: str) -> WithdrawnClaim | None:
    """A claim that is withdrawn; None if it counts or was never loaded."""
    if not snapshot.has_table("withdrawn_claims"):
        return None
    rows = snapshot.frame("lists/withdrawn_claim", {"claim": claim_id})
    if rows.empty:
        return None
    rows = rows.astype(object).where(rows.notna(), None)
    first = rows.iloc[0]
    names = ("claim_id", "claim", "article_id", "title", "published", "source_id", "source")
    above = [
        Above(
            row["table_name"],
            row["id"],
            row["withdrawn_source"],
            Decided(row["reason"], row["decided_by"], row["decided_at"]),
        )
        for _, row in rows.iterrows()
    ]
    return WithdrawnClaim(**{name: first[name] for name in names}, above=tuple(above))


def loaded_names(snapshot: Snapshot, claim_id: str) -> pd.DataFrame:
    """The answers to a claim whose annotator's name counts under another one.

    Columns: file, line, labelled_at, annotator, loaded_as (the name as loaded).
    """
    if not snapshot.has_table("joined_labels"):
        return pd.DataFrame(columns=["file", "line", "labelled_at", "annotator", "loaded_as"])
    return snapshot.frame("lists/loaded_names", {"claim": claim_id})


@dataclass(frozen=True)
class LoadedSource:
    """A source under which articles were loaded that count under another one, `source_id`."""

    alias: str
    name: str
    source_id: str
    articles: int
    links: tuple[Link, ...]


def loaded_sources(
    snapshot: Snapshot, *, source: str | None = None, article: str | None = None
) -> list[LoadedSource]:
    """The sources under which the articles of a source, or one article, were loaded, by name."""
    if not snapshot.has_table("joined_articles"):
        return []
    links = source_links(snapshot)
    frame = snapshot.frame("lists/loaded_sources", {"source": source, "article": article})
    return [
        LoadedSource(alias, name, source_id, int(articles), chain(links, alias, source_id))
        for alias, name, source_id, articles in frame.itertuples(index=False, name=None)
    ]


def annotators_alike(snapshot: Snapshot) -> list[list[str]]:
    """Groups of annotators whose names are alike, the one with most labels first."""
    return [list(names) for (names,) in snapshot.rows(sql.text("lists/alike"))]


def source_links(snapshot: Snapshot) -> dict[str, Link]:
    """What each source that stands for another means."""
    if not snapshot.has_table("joined"):
        return {}
    rows = snapshot.rows(
        "SELECT alias, name, since, reason, decided_by, decided_at FROM joined "
        "WHERE table_name = 'sources'"
    )
    return {
        alias: Link(name, since, Decided(reason, by, at))
        for alias, name, since, reason, by, at in rows
    }


def aliases(snapshot: Snapshot, sources: Container[str]) -> dict[str, str]:
    """The ids that stand for one of these sources and are none of them, each with what it means."""
    links = source_links(snapshot)
    ends = {alias: chain(links, alias)[-1].name for alias in links if alias not in sources}
    return {alias: name for alias, name in ends.items() if name in sources}


def chain(links: Mapping[str, Link], alias: str, end: str | None = None) -> tuple[Link, ...]:
    """The links from an alias to what it means in the end, or to `end`. Links form no circles."""
    steps: list[Link] = []
    name = alias
    while name != end and (link := links.get(name)):
        steps.append(link)
        name = link.name
    return tuple(steps)


@dataclass(frozen=True)
class Counts:
    """What was put right.

    withdrawn: rows that do not count, by table. joined: names that count under another one, by
    kind. undone_loads: loads that do not count.
    """

    withdrawn: dict[str, int]
    joined: dict[str, int]
    undone_loads: int


def counts(snapshot: Snapshot) -> Counts:
    """What was put right in the snapshot; nothing if an earlier version made it."""
    if not snapshot.has_table("undone_loads"):
        return Counts({}, {}, 0)
    withdrawn = {
        table: int(snapshot.rows(f"SELECT count(*) FROM withdrawn_{table}")[0][0])
        for table in ("sources", "articles", "claims", "citations", "labels")
    }
    joined = snapshot.rows("SELECT table_name, count(*) FROM joined GROUP BY 1 ORDER BY 1")
    return Counts(
        {table: rows for table, rows in withdrawn.items() if rows},
        dict(joined),
        int(snapshot.rows("SELECT count(*) FROM undone_loads")[0][0]),
    )
