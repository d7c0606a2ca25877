"""Corrections by a file with some columns only: a column that it lacks keeps what is loaded.

A cell that is there and empty clears what is loaded; both are counted. A cell that was emptied
because it broke a rule clears nothing.
"""

from dataclasses import dataclass

from etl.merging.row_conflicts import key_column
from etl.reading.stage import Staged
from sourcing.warehouse.contract import KEYS, column_names
from sourcing.warehouse.snapshots import Connection

_TOGETHER = {
    "char_start": ("char_start", "char_end"),
    "char_end": ("char_start", "char_end"),
    "published": ("published", "published_precision"),
    "published_precision": ("published", "published_precision"),
}
"""Columns that mean something only together."""


@dataclass(frozen=True)
class Corrections:
    """The rows of a file that correct loaded ones, and the cells cleared and kept by them."""

    rows: int = 0
    cleared: int = 0
    kept: int = 0


def absent_columns(staged: Staged) -> list[str]:
    """The columns of the contract that a file lacks. A date brings its own precision."""
    present = set(staged.source.header)
    if "published" in present:
        present.add("published_precision")
    return [name for name in column_names(staged.source.table) if name not in present]


def fill(con: Connection, table: str, staged: list[Staged]) -> None:
    """Fill the columns that a file lacks with the values of the rows that it corrects."""
    if table not in KEYS:
        return
    key = KEYS[table]
    for item in staged:
        values = [f"{name} = t.{name}" for name in absent_columns(item)]
        values.append("extra = coalesce(json_merge_patch(t.extra, s.extra), s.extra, t.extra)")
        con.execute(
            f"UPDATE staged_{table} AS s SET {', '.join(values)} FROM {table} AS t "
            f"WHERE s.file_id = {item.file_id} AND s.fault IS NULL AND t.{key} = s.{key}"
        )
        for column in {cell.column for cell in item.emptied}:
            rows = [item.first + cell.row for cell in item.emptied if cell.column == column]
            kept = ", ".join(f"{name} = t.{name}" for name in _TOGETHER.get(column, (column,)))
            con.execute(
                f"UPDATE staged_{table} AS s SET {kept} FROM {table} AS t "
                f"WHERE s.rowid IN (SELECT unnest($rows)) AND t.{key} = s.{key}",
                {"rows": rows},
            )


def corrections(con: Connection, table: str, staged: Staged) -> Corrections:
    """Count the valid rows of a file that correct a loaded row, before they replace it."""
    if table not in KEYS:
        return Corrections()
    absent = absent_columns(staged)
    key, number = KEYS[table], key_column(table)
    cleared = [
        f"count(*) FILTER (t.{name} IS NOT NULL AND s.{name} IS NULL)"
        for name in column_names(table)
        if name not in absent
    ]
    kept = [f"count(t.{name})" for name in absent]
    rows = con.execute(
        f"SELECT count(t.{number}), {' + '.join(cleared)}, {' + '.join(kept) or '0'} "
        f"FROM staged_{table} AS s JOIN {table} AS t ON t.{key} = s.{key} "
        f"WHERE s.fault IS NULL AND s.file_id = {staged.file_id}"
    ).fetchall()
    return Corrections(*rows[0])
