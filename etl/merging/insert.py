"""Move staged rows into the fact tables, each with its file and line."""

import pandas as pd

from etl.merging.row_conflicts import key_column
from etl.reading.line_numbers import LineMap
from etl.reading.stage import Staged
from sourcing.errors import LoadError
from sourcing.formatting import plural
from sourcing.warehouse.contract import KEYS, column_names
from sourcing.warehouse.snapshots import Connection

_ORDER = {
    "sources": "row_number() OVER (ORDER BY s.source_id)",
    "articles": "row_number() OVER (ORDER BY s.source_id, s.article_id)",
}
"""Keys follow the ids, so that sums are the same to the last digit whatever the row order, and
articles of one source are stored together. Claims keep the order in which they were read."""


def insert(con: Connection, table: str, staged: list[Staged], lines: dict[int, LineMap]) -> None:
    """Move the valid rows into their table and drop the staging table.

    Raises LoadError if the number of rows inserted differs from the number of valid rows.
    """
    valid = _count(con, f"staged_{table} WHERE fault IS NULL")
    before = _count(con, table)
    plain = len(staged) == 1 and lines[staged[0].file_id].is_plain
    if before == 0 and plain and table not in _ORDER:
        _adopt(con, table)
    else:
        _copy(con, table, staged, lines)
    inserted = _count(con, table) - before
    if inserted != valid:
        raise LoadError(
            f"{table}: expected to insert {plural(valid, 'row')}, but inserted {inserted:,}. "
            "Nothing was loaded. Please report this."
        )


def _adopt(con: Connection, table: str) -> None:
    """Turn the staging table of a single file into the table, so a first load writes rows once.

    A new column is filled in row order, so a sequence as its default numbers the rows.
    """
    numbers = {"line": (2, "BIGINT")}
    if table in KEYS:
        numbers[key_column(table)] = (0, "INTEGER")
    for column, (start, kind) in numbers.items():
        con.execute(f"CREATE SEQUENCE numbers MINVALUE 0 START {start}")
        con.execute(
            f"ALTER TABLE staged_{table} ADD COLUMN {column} {kind} DEFAULT nextval('numbers')"
        )
        con.execute(f"ALTER TABLE staged_{table} ALTER COLUMN {column} DROP DEFAULT")
        con.execute("DROP SEQUENCE numbers")
    con.execute(f"DELETE FROM staged_{table} WHERE fault IS NOT NULL")
    con.execute(f"ALTER TABLE staged_{table} DROP COLUMN fault")
    con.execute(f"DROP TABLE {table}")
    con.execute(f"ALTER TABLE staged_{table} RENAME TO {table}")


def _copy(con: Connection, table: str, staged: list[Staged], lines: dict[int, LineMap]) -> None:
    """Append the valid rows to the table."""
    _number_lines(con, staged, lines)
    columns = ", ".join(f"s.{name}" for name in column_names(table))
    added, joins = "", ""
    if table in KEYS:
        key = key_column(table)
        base = con.execute(f"SELECT coalesce(max({key}), -1) + 1 FROM {table}").fetchall()[0][0]
        number = _ORDER.get(table, "s.rowid")
        added = f", CAST(coalesce(k.own, {base} + {number}) AS INTEGER) AS {key}"
        joins = "LEFT JOIN kept AS k ON k.row = s.rowid"
    if table == "articles":
        added += ", p.source_key"
        joins += " JOIN sources AS p ON p.source_id = s.source_id"
    con.execute(
        f"INSERT INTO {table} BY NAME SELECT {columns}, s.extra, s.file_id, "
        f"{_line(staged)} AS line{added} "
        f"FROM staged_{table} AS s {joins} {_shift_join(lines)} WHERE s.fault IS NULL"
    )
    con.execute(f"DROP TABLE staged_{table}")


def _count(con: Connection, rows: str) -> int:
    count: int = con.execute(f"SELECT count(*) FROM {rows}").fetchall()[0][0]
    return count


def _number_lines(con: Connection, staged: list[Staged], lines: dict[int, LineMap]) -> None:
    starts = {item.file_id: item.first for item in staged}
    rows = [
        (file_id, starts[file_id] + row, shift)
        for file_id, line_map in lines.items()
        if file_id in starts and not line_map.is_plain
        for row, shift in zip(line_map.rows, line_map.shifts, strict=True)
    ]
    if not rows:  # then `_shift_join` does without the table
        return
    con.register("shift_rows", pd.DataFrame(rows, columns=["file_id", "row", "shift"]))
    con.execute(
        "CREATE OR REPLACE TEMP TABLE line_shift AS SELECT CAST(file_id AS INTEGER) AS file_id, "
        "CAST(row AS BIGINT) AS row, CAST(shift AS BIGINT) AS shift FROM shift_rows"
    )
    con.unregister("shift_rows")


def _shift_join(lines: dict[int, LineMap]) -> str:
    if all(line_map.is_plain for line_map in lines.values()):
        return "CROSS JOIN (SELECT 0 AS shift) AS x"
    return "ASOF LEFT JOIN line_shift AS x ON x.file_id = s.file_id AND x.row <= s.rowid"


def _line(staged: list[Staged]) -> str:
    cases = " ".join(f"WHEN {item.file_id} THEN {2 - item.first}" for item in staged)
    return f"s.rowid + CASE s.file_id {cases} END + coalesce(x.shift, 0)"
