"""Rows inside a field of another row: a quotation mark opened the field and was never closed.

Every count adds up over such a file, and still rows are missing. A line within a field is taken for
a row if it has as many fields as the header, an id where an id belongs, and refers to known rows.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from etl.reading import quoting
from etl.reading.line_numbers import (
    LineMap,
    first_line_after,
    lines_from,
    lines_of_bytes,
    texts,
)
from etl.reading.stage import Staged, SwallowedLine
from sourcing.warehouse.contract import KEYS, TABLES, Column, Kind
from sourcing.warehouse.snapshots import Connection

SWALLOWING = 900
"""The fault of the row whose field contains other rows."""
_Known = Callable[[str, str, str], bool]


def mark(con: Connection, table: str, staged: Staged, lines: LineMap) -> Staged:
    """Mark the rows of a file that swallowed others; their lines are noted in `swallowed`."""
    if lines.one_line_rows:
        return staged
    prose = [column.name for column in TABLES[table] if column.kind in (Kind.TEXT, Kind.ID)]
    has_break = " OR ".join(f"regexp_matches({name}, '[\\r\\n]')" for name in prose)
    candidates = {
        row
        for (row,) in con.execute(
            f"SELECT rowid - ? FROM staged_{table} WHERE file_id = ? AND fault IS NULL "
            f"AND ({has_break})",
            [staged.first, staged.file_id],
        ).fetchall()
    }

    @cache  # thousands of swallowed lines often refer to a few articles
    def known(column: str, refers_to: str, value: str) -> bool:
        return _is_known(con, table, column, refers_to, value)

    swallowed = {
        row: found
        for row, (_, fields) in texts(staged, candidates).items()
        if (found := _lines_within(table, staged, list(fields.values()), known))
    }
    for row in swallowed:
        con.execute(
            f"UPDATE staged_{table} SET fault = {SWALLOWING} WHERE rowid = ?", [staged.first + row]
        )
    by_malformed = _within_malformed(table, staged, lines, known)
    if not swallowed and not by_malformed:
        return staged
    return replace(staged, swallowed=swallowed, swallowed_by_malformed=by_malformed)


def _within_malformed(
    table: str, staged: Staged, lines: LineMap, known: _Known
) -> list[SwallowedLine]:
    """The lines that a quotation mark without an end swallowed, down to the next row."""
    starts = lines_of_bytes(staged.source.text_path, [bad.byte for bad in staged.malformed])
    found = []
    for place, (start, bad) in enumerate(zip(starts, staged.malformed, strict=True)):
        if not bad.is_cut and not {"\n", "\r"} & set(bad.text):
            continue
        ends = (first_line_after(staged, lines, start), *starts[place + 1 : place + 2])
        last = min((end for end in ends if end is not None), default=None)
        if not bad.is_cut:
            last = min(last or start + 1_000_000, start + len(quoting.lines_of(bad.text)))
        for line, text in lines_from(staged.source.text_path, start + 1, last):
            fields = next(staged.source.dialect.records([text]), [])
            if _is_row(table, staged.source.header, fields, known):
                found.append(SwallowedLine(start, line, text))
    return found


def _lines_within(table: str, staged: Staged, record: list[str], known: _Known) -> list[int]:
    return quoting.swallowed_lines(
        record,
        staged.source.dialect,
        lambda fields: _is_row(table, staged.source.header, fields, known),
    )


def _is_row(table: str, header: tuple[str, ...], fields: list[str], known: _Known) -> bool:
    if len(fields) != len(header) or any(text.startswith(" ") for text in fields):
        return False
    values = dict(zip(header, fields, strict=True))
    return all(
        _fits(column, values.get(column.name, "").strip(), known) for column in TABLES[table]
    )


def _fits(column: Column, value: str, known: _Known) -> bool:
    """Whether a value may be that of a row in this column."""
    if not value:
        return not column.required
    if column.legal:
        return value.lower() in column.legal
    if column.kind is not Kind.ID:
        return True
    fits = not column.refers_to or known(column.name, column.refers_to, value)
    return fits and not any(map(str.isspace, value))


def _is_known(con: Connection, table: str, column: str, refers_to: str, value: str) -> bool:
    """Whether the id is that of a row, or other rows of the file refer to it too."""
    rows = con.execute(
        f"SELECT EXISTS (FROM {refers_to} WHERE {KEYS[refers_to]} = $value) "
        f"OR EXISTS (FROM staged_{table} WHERE {column} = $value)",
        {"value": value},
    ).fetchall()
    return bool(rows[0][0])
