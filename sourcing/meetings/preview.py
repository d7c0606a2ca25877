"""The effect of unpublished decisions on shares, computed on a copy with the same SQL.

The facts of the affected sources are copied into memory, the new label events are added, and labels
are resolved and counted by the scripts that publish a snapshot. The snapshot itself is only read.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

import duckdb
import pandas as pd

from sourcing import sql
from sourcing.analysis import share_mart
from sourcing.analysis.shares import shares_by_source
from sourcing.filters import Filters
from sourcing.meetings import label_events
from sourcing.warehouse.snapshots import Connection, Snapshot

EFFECT = (
    "source_id source label claims_before claims_after resolved_before resolved_after "
    "articles_before articles_after share_before share_after low_before low_after high_before "
    "high_after change too_few_before too_few_after provisional_before provisional_after"
).split()
_FACTS = ("sources", "articles", "claims", "labels")
_BOTH = {"claims": "claims", "resolved_claims": "resolved", "articles": "articles",
         "share": "share", "low": "low", "high": "high", "too_few": "too_few",
         "provisional_claims": "provisional"}  # fmt: skip


def publishers_of(snapshot: Snapshot, claims: list[str]) -> list[str]:
    """The ids of the publishers of these claims, in order; unknown claims are skipped."""
    rows = snapshot.rows(sql.text("meetings/touched"), {"claims": claims})
    return [source for (source,) in rows]


@contextmanager
def rehearsed(snapshot: Snapshot, events: Mapping[str, pd.DataFrame]) -> Iterator[Snapshot]:
    """The sources that the events affect, as a snapshot in memory with the events published.

    It lacks what depends on all sources: labels by Dawid and Skene's model, and findings.
    """
    claims = sorted({claim for frame in events.values() for claim in frame["claim_id"]})
    sources = publishers_of(snapshot, claims)
    with duckdb.connect() as con:
        con.execute("SET TimeZone = 'UTC'")
        _copy(snapshot, con, sources)
        for number, (name, frame) in enumerate(events.items(), 1):
            con.execute(_FILE, [-number, name])
            label_events.publish(con, frame, -number)
        for script in ("resolve/resolve", "meetings/rehearsal", "resolve/marts"):
            for statement in sql.statements(script):
                con.execute(statement)
        share_mart.write(con)
        yield Snapshot.over(con, snapshot.id)


def effect(
    snapshot: Snapshot, events: Mapping[str, pd.DataFrame], filters: Filters
) -> pd.DataFrame:
    """Shares before and after, one row for each affected source and label; columns EFFECT.

    Shares are 0–1, changes −1 to 1, both NaN where undefined. Empty if no source is affected.
    """
    with rehearsed(snapshot, events) as after:
        return effect_between(snapshot, after, filters)


def effect_between(snapshot: Snapshot, after: Snapshot, filters: Filters) -> pd.DataFrame:
    """The effect as in `effect`, of a rehearsal that is open: after is what `rehearsed` gives."""
    ids = [source for (source,) in after.rows("SELECT source_id FROM sources")]
    only = replace(filters, source=tuple(i for i in ids if _allowed(filters, i)))
    if not only.source:
        nothing = shares_by_source(snapshot, filters).iloc[:0]
        return compared(nothing, nothing)
    return compared(shares_by_source(snapshot, only), shares_by_source(after, only))


def compared(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Two tables of shares side by side; columns EFFECT."""
    keys = ["source_id", "label"]
    left = before[[*keys, "source", *_BOTH]].rename(columns=_renamed("before"))
    right = after[[*keys, *_BOTH]].rename(columns=_renamed("after"))
    both = left.merge(right, on=keys, how="inner", sort=False, validate="one_to_one")
    return both.assign(change=both["share_after"] - both["share_before"])[EFFECT]


def _renamed(end: str) -> dict[str, str]:
    return {name: f"{short}_{end}" for name, short in _BOTH.items()}


def _allowed(filters: Filters, source: str) -> bool:
    return not filters.source or source in filters.source


def _copy(snapshot: Snapshot, con: Connection, sources: list[str]) -> None:
    for statement in (*sql.statements("schema/facts"), *sql.statements("schema/additions")):
        con.execute(statement)
    for table in (*_FACTS, "files", "loads"):
        parameters = {"sources": sources} if table in _FACTS else None
        rows = snapshot.arrow(f"meetings/copy_{table}", parameters)
        con.register("copied", rows)
        con.execute(f"INSERT INTO {table} BY NAME FROM copied")
        con.unregister("copied")
    con.execute(
        "INSERT INTO loads (load_id, loaded_at, command) VALUES (-1, now()::TIMESTAMP, 'rehearsal')"
    )


_FILE = (
    "INSERT INTO files (file_id, load_id, file, table_name, bytes, rows_read, rows_loaded, "
    "duplicates, rejected, corrections, unknown_columns) "
    "VALUES (?, -1, ?, 'labels', 0, 0, 0, 0, 0, 0, [])"
)
