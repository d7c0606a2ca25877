"""Write every refused row to `rejects`: where, what was found and expected, how it stood."""

from collections.abc import Iterator

import pandas as pd

from etl import checks, merge
from etl.lines import LineMap, lines_of_bytes, texts
from etl.stage import Staged
from sourcing.tables import KEYS, TABLES
from sourcing.warehouse import Connection

_AT_ONCE = 100_000
_COLUMNS = ["file_id", "file", "line", "column", "found", "expected", "row"]


def write(con: Connection, table: str, staged: list[Staged], lines: dict[int, LineMap]) -> None:
    """Append the refused rows of a table's files, malformed ones included, in file order."""
    by_id = {item.file_id: item for item in staged}
    for item in staged:
        rows = [*_malformed(item)]
        faults = con.execute(
            f"SELECT rowid - ?, fault FROM staged_{table} WHERE file_id = ? "
            f"AND fault < {merge.DUPLICATE} ORDER BY rowid",
            [item.first, item.file_id],
        ).fetchall()
        clashes = (
            _clashes(con, table, item, by_id, lines)
            if any(f >= merge.CLASH for _, f in faults)
            else {}
        )
        for start in range(0, len(faults), _AT_ONCE):
            part = dict(faults[start : start + _AT_ONCE])
            rows.extend(_described(item, table, part, lines[item.file_id], clashes))
            _append(con, rows)
            rows = []
        _append(con, rows)


def _malformed(item: Staged) -> Iterator[tuple[object, ...]]:
    starts = lines_of_bytes(item.source.path, [bad.byte for bad in item.malformed])
    for bad, line in zip(item.malformed, starts, strict=True):
        yield (
            item.file_id,
            str(item.source.path),
            line,
            bad.column,
            bad.text,
            bad.reason,
            bad.text,
        )


def _described(
    item: Staged, table: str, faults: dict[int, int], lines: LineMap, clashes: dict[int, str]
) -> Iterator[tuple[object, ...]]:
    stood = texts(item, set(faults))
    for row, fault in faults.items():
        text, fields = stood.get(row, ("", {}))
        column, expected = _said(table, row, fault, fields, clashes)
        yield (
            item.file_id,
            str(item.source.path),
            lines.line(row),
            column,
            fields.get(column, ""),
            expected,
            text,
        )


def _said(
    table: str, row: int, fault: int, fields: dict[str, str], clashes: dict[int, str]
) -> tuple[str, str]:
    """The column that is at fault and what was expected of it."""
    if fault >= merge.CLASH:
        column = KEYS.get(table, "label")
        what = "one row with this id" if table in KEYS else "one answer of an annotator at one time"
        where = clashes.get(row, "a label that was loaded before")
        return column, f"{what}; it clashes with {where}"
    if fault >= merge.REFERENCE:
        refers = TABLES[table][fault - merge.REFERENCE]
        return refers.name, f"the id of a row that the table {refers.refers_to} holds"
    rule = checks.rules(table)[fault - 1]
    return rule.column, checks.expected(rule, fields.get(rule.column))


def _clashes(
    con: Connection,
    table: str,
    item: Staged,
    files: dict[int, Staged],
    lines: dict[int, LineMap],
) -> dict[int, str]:
    """For rows of a file that clash within this load: where another of them stands."""
    rows = con.execute(
        f"SELECT rowid, file_id, min(rowid) OVER same, max(rowid) OVER same FROM staged_{table} "
        f"WHERE fault = {merge.CLASH} "
        f"WINDOW same AS (PARTITION BY {', '.join(merge.IDENTITY[table])})"
    ).fetchall()
    owner = {row: file_id for row, file_id, _, _ in rows}
    found = {}
    for row, file_id, lowest, highest in rows:
        if file_id == item.file_id:
            other = highest if row == lowest else lowest
            where = files[owner[other]]
            line = lines[where.file_id].line(other - where.first)
            found[row - item.first] = f"{where.source.path} line {line}"
    return found


def _append(con: Connection, rows: list[tuple[object, ...]]) -> None:
    if rows:
        frame = pd.DataFrame(rows, columns=_COLUMNS)
        con.register("reject_rows", frame)
        con.execute(
            'INSERT INTO rejects SELECT file_id, file, line, CAST("column" AS VARCHAR), '
            "CAST(found AS VARCHAR), CAST(expected AS VARCHAR), CAST(row AS VARCHAR) "
            "FROM reject_rows"
        )
        con.unregister("reject_rows")
