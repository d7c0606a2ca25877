"""Which loads there were, and which of them count: a load can be undone, and redone.

A snapshot holds the rows of the loads that count. Of the others it keeps what they were
(`undone_loads`, `undone_files`), and every undo and redo (`undo_events`).
"""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from sourcing import sql
from sourcing.warehouse.snapshots import Connection, Warehouse

_TABLES = ("undone_loads", "undone_files", "undo_events")
PUBLISH = "publish"
"""The command whose loads are events of the review database, not files."""


@dataclass(frozen=True)
class LoggedFile:
    """One file of a load and its rows."""

    file: str
    table: str
    rows_read: int
    rows_loaded: int
    rejected: int


@dataclass(frozen=True)
class LoggedLoad:
    """One load. kept: the folder of its files, if they are kept."""

    load_id: int
    loaded_at: datetime
    command: str
    person: str | None
    kept: str | None
    replaces: tuple[int, ...]
    files: tuple[LoggedFile, ...] = ()

    @property
    def rows_loaded(self) -> int:
        """The rows that it brought."""
        return sum(file.rows_loaded for file in self.files)

    @property
    def identity(self) -> tuple[int, datetime, str]:
        """What tells it from all other loads of its warehouse."""
        return self.load_id, self.loaded_at, self.command


def read(con: Connection) -> list[LoggedLoad]:
    """All loads of a snapshot in order, those that do not count included."""
    files: dict[int, list[LoggedFile]] = {}
    loads = []
    for table in ("loads", "undone_loads"):
        owner = table.replace("loads", "files")
        for load_id, *values in con.execute(
            f"SELECT load_id, file, table_name, rows_read, rows_loaded, rejected "
            f"FROM {owner} ORDER BY file_id"
        ).fetchall():
            files.setdefault(load_id, []).append(LoggedFile(*values))
        rows = con.execute(
            f"SELECT load_id, loaded_at, command, person, kept, coalesce(replaces, []) FROM {table}"
        ).fetchall()
        loads += [
            LoggedLoad(
                number, moment, command, person, kept, tuple(gone), tuple(files.get(number, ()))
            )
            for number, moment, command, person, kept, gone in rows
        ]
    return sorted(loads, key=lambda load: load.load_id)


def last_id(warehouse: Warehouse) -> int:
    """The largest id of a load in the newest snapshot, if an older one is in force; else 0."""
    ids = warehouse.ids()
    if not ids or warehouse.current() == ids[0]:
        return 0
    try:
        return max((load.load_id for load in of_snapshot(warehouse.path(ids[0]))[0]), default=0)
    except duckdb.Error:  # damaged
        return 0


def explicitly_undone(con: Connection) -> set[int]:
    """The loads that a person has undone and not redone."""
    newest = con.execute(
        "SELECT load_id, arg_max(undone, rowid) FROM undo_events GROUP BY load_id"
    ).fetchall()
    return {load_id for load_id, undone in newest if undone}


def counting(loads: Sequence[LoggedLoad], undone: set[int]) -> list[LoggedLoad]:
    """The loads that count, in order, if people have undone these.

    A load that replaced others takes them out as long as it counts itself.
    """
    replaced: set[int] = set()
    remaining = []
    for load in sorted(loads, key=lambda load: load.load_id, reverse=True):
        if load.load_id not in undone | replaced:
            remaining.append(load)
            replaced |= set(load.replaces)
    return remaining[::-1]


def of_snapshot(path: Path) -> tuple[list[LoggedLoad], set[int]]:
    """All loads of a snapshot of any format, and those that people have undone."""
    with closing(duckdb.connect()) as con:
        con.execute("SET TimeZone = 'UTC'")
        for script in ("schema/facts", "schema/additions"):
            for statement in sql.statements(script):
                con.execute(statement)
        _copy(con, path, {"loads": "loads", "files": "files"})
        return read(con), explicitly_undone(con)


def set_aside(con: Connection, path: Path) -> list[int]:
    """Take the log of a snapshot over into an empty one, with none of its loads counting.

    Returns the ids of the loads that counted there.
    """
    _copy(con, path, {"loads": "undone_loads", "files": "undone_files"})
    loads, undone = read(con), explicitly_undone(con)
    return [load.load_id for load in counting(loads, undone)]


def _copy(con: Connection, path: Path, names: Mapping[str, str]) -> None:
    """Insert the log of a snapshot. names: the tables, and those that take their rows."""
    name = str(path).replace("'", "''")
    con.execute(f"ATTACH '{name}' AS earlier (READ_ONLY)")
    try:
        there = con.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = 'earlier'"
        ).fetchall()
        own = {table: table for table in _TABLES if (table,) in there}
        for table, target in (own | dict(names)).items():
            con.execute(f"INSERT INTO {target} BY NAME FROM earlier.{table}")
    finally:
        con.execute("DETACH earlier")


def rewrite(con: Connection, path: Path, counted: Sequence[int]) -> None:
    """Give a snapshot that was replayed the log of another one. counted: the loads that count."""
    for table in _TABLES:
        con.execute(f"DELETE FROM {table}")
    _copy(con, path, {"loads": "undone_loads", "files": "undone_files"})
    for table in ("undone_loads", "undone_files"):
        con.execute(f"DELETE FROM {table} WHERE load_id IN (SELECT unnest(?))", [list(counted)])


def note(con: Connection, load_id: int, undone: bool, person: str, reason: str) -> None:
    """Record that a load was undone, or redone."""
    now = datetime.now(UTC).replace(tzinfo=None)
    con.execute(
        "INSERT INTO undo_events VALUES (?, ?, ?, ?, ?)",
        [load_id, undone, now, person, reason or None],
    )
