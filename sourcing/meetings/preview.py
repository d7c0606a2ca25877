"""The effect of unpublished decisions on shares, computed on a copy with the same SQL.

The facts of the affected sources are copied into memory, the new events are added, claims are
withdrawn or brought back, and labels are resolved and counted by the scripts that publish a
snapshot. The snapshot itself is only read.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from types import MappingProxyType

import duckdb
import pandas as pd

from sourcing import sql
from sourcing.analysis import share_mart
from sourcing.analysis.shares import shares_by_source
from sourcing.filters import Filters
from sourcing.meetings import label_events, withdrawal_events
from sourcing.warehouse import queries
from sourcing.warehouse.snapshots import Connection, Snapshot

EFFECT = (
    "source_id source label claims_before claims_after resolved_before resolved_after "
    "articles_before articles_after share_before share_after low_before low_after high_before "
    "high_after change too_few_before too_few_after provisional_before provisional_after"
).split()
_FACTS = ("sources", "articles", "claims", "labels")
_AMENDED = {
    "withdrawn_claims": "claims",
    "withdrawn_labels": "labels",
    "joined_labels": "joined_labels",
    "joined": "joined",
    "withdrawals": "withdrawals",
}
"""What was put right and is copied, and the table that takes it. Earlier snapshots lack it."""
_BOTH = {"claims": "claims", "resolved_claims": "resolved", "articles": "articles",
         "share": "share", "low": "low", "high": "high", "too_few": "too_few",
         "provisional_claims": "provisional"}  # fmt: skip

_SCRIPTS = (
    "amendments/join_annotators",
    "amendments/withdraw",
    "resolve/resolve",
    "meetings/rehearsal",
    "resolve/marts",
)
Events = Mapping[str, pd.DataFrame]
"""Events of the review database by their origin."""
NOTHING: Events = MappingProxyType({})


def publishers_of(snapshot: Snapshot, claims: list[str]) -> list[str]:
    """The ids of the publishers of these claims, in order; unknown claims are skipped."""
    questions = ["meetings/touched"]
    if snapshot.has_table("withdrawn_claims"):
        questions.append("meetings/touched_withdrawn")
    rows = [row for name in questions for row in snapshot.rows(sql.text(name), {"claims": claims})]
    return sorted({source for (source,) in rows})


@contextmanager
def rehearsed(
    snapshot: Snapshot, events: Events, withdrawals: Events = NOTHING
) -> Iterator[Snapshot]:
    """The sources that the events affect, as a snapshot in memory with the events published.

    events: labels. withdrawals: of claims, or ends of them (withdrawal_events). It lacks what
    depends on all sources: labels by Dawid and Skene's model, and findings.
    """
    claims = {claim for frame in events.values() for claim in frame["claim_id"]}
    claims |= {claim for frame in withdrawals.values() for claim in frame["id"]}
    with duckdb.connect() as con:
        con.execute("SET TimeZone = 'UTC'")
        _copy(snapshot, con, sorted(claims))
        file_ids = count(-1, -1)
        for table, every, publish in (
            ("labels", events, label_events.publish),
            ("withdrawals", withdrawals, withdrawal_events.publish),
        ):
            for name, frame in every.items():
                file_id = next(file_ids)
                con.execute(_FILE, [file_id, name, table])
                publish(con, frame, file_id)
        for script in _SCRIPTS:
            for statement in sql.statements(script):
                con.execute(statement)
        share_mart.write(con)
        yield Snapshot.over(con, snapshot.id)


def effect(
    snapshot: Snapshot, events: Events, filters: Filters, withdrawals: Events = NOTHING
) -> pd.DataFrame:
    """Shares before and after, one row for each affected source and label; columns EFFECT.

    Shares are 0–1, changes −1 to 1, both NaN where undefined. Empty if no source is affected.
    """
    with rehearsed(snapshot, events, withdrawals) as after:
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


def _copy(snapshot: Snapshot, con: Connection, claims: list[str]) -> None:
    """Copy the facts of the publishers of these claims, and what was put right about the claims."""
    values = {"sources": publishers_of(snapshot, claims), "claims": claims}
    for statement in (*sql.statements("schema/facts"), *sql.statements("schema/additions")):
        con.execute(statement)
    tables = {table: table for table in (*_FACTS, "files", "loads")}
    if snapshot.has_table("withdrawn_claims"):
        tables |= _AMENDED
    for table, target in tables.items():
        question = f"meetings/copy_{table}"
        con.register("copied", snapshot.arrow(question, queries.only_used(question, values)))
        con.execute(f"INSERT INTO {target} BY NAME FROM copied")
        con.unregister("copied")
    con.execute(
        "INSERT INTO loads (load_id, loaded_at, command) VALUES (-1, now()::TIMESTAMP, 'rehearsal')"
    )


_FILE = (
    "INSERT INTO files (file_id, load_id, file, table_name, bytes, rows_read, rows_loaded, "
    "duplicates, rejected, corrections, unknown_columns) "
    "VALUES (?, -1, ?, ?, 0, 0, 0, 0, 0, 0, [])"
)
