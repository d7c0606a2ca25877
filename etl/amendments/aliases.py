"""Names that stand for others: two outlets that are one, two names of one annotator.

The rows keep what was loaded beside what it stands for, so that a join can be ended.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sourcing import sql
from sourcing.warehouse.snapshots import Connection


class AliasDecision(NamedTuple):
    """One decision that a name stands for another, or (`back`) no longer does.

    kind: sources or annotators. since: only articles of that day or later.
    """

    kind: str
    alias: str
    name: str
    since: date | None
    reason: str
    decided_by: str | None
    decided_at: datetime
    back: bool


def in_force(decisions: Iterable[AliasDecision]) -> list[AliasDecision]:
    """The decisions that hold, given the oldest first: the newest of each alias.

    They form chains (a stands for b, b for c) but no circles: a decision that would close one ends
    the earlier one about the name that is now the meant one.
    """
    links: dict[tuple[str, str], AliasDecision] = {}
    for decision in decisions:
        kind, alias, name = decision.kind, decision.alias, decision.name
        links.pop((kind, alias), None)
        if decision.back or alias == name:
            continue
        if alias in _chain(links, kind, name):
            del links[kind, name]
        links[kind, alias] = decision
    return list(links.values())


def _chain(links: dict[tuple[str, str], AliasDecision], kind: str, name: str) -> list[str]:
    """The names for which a name stands, one after the other."""
    names = []
    while link := links.get((kind, name)):
        name = link.name
        names.append(name)
    return names


def join(con: Connection) -> None:
    """Let every alias in force stand for what it means, in articles, citations and labels."""
    con.execute("DELETE FROM joined")
    rows = con.execute(sql.text("amendments/alias_decisions")).fetchall()
    holding = in_force(AliasDecision(*row) for row in rows)
    if not holding:
        return
    sources = [item for item in holding if item.kind == "sources"]
    _write(con, sources)
    for _ in sources:  # the longest chain that there can be
        for statement in sql.statements("amendments/join_once"):
            con.execute(statement)
    for statement in sql.statements("amendments/move_aliases"):
        con.execute(statement)
    _write(con, [item for item in holding if item.kind == "annotators"])
    for statement in sql.statements("amendments/join_annotators"):
        con.execute(statement)


def _write(con: Connection, decisions: Sequence[AliasDecision]) -> None:
    if decisions:
        con.executemany(
            "INSERT INTO joined VALUES (?, ?, ?, ?, ?, ?, ?)", [item[:-1] for item in decisions]
        )


def separate(con: Connection) -> None:
    """Give back to all rows the ids and names with which they were loaded."""
    changed = "SELECT (SELECT count(*) FROM joined) + (SELECT count(*) FROM joined_citations)"
    if con.execute(changed).fetchall()[0][0]:
        for statement in sql.statements("amendments/separate"):
            con.execute(statement)
