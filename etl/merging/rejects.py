"""Write every rejected row to `rejects`: place, value found and expected, original text."""

import io
from collections.abc import Iterator

import pandas as pd

from etl.merging import explanations, row_conflicts
from etl.merging.explanations import Texts
from etl.reading import rounded_ids, row_rules
from etl.reading.csv_reader import Malformed
from etl.reading.line_numbers import LineMap, lines_of_bytes, texts
from etl.reading.quoting import lines_of
from etl.reading.rounded_ids import ROUNDED
from etl.reading.stage import Staged
from etl.reading.swallowed_rows import SWALLOWING
from sourcing.warehouse.contract import KEYS, TABLES
from sourcing.warehouse.snapshots import Connection

_AT_ONCE = 100_000
_COLUMNS = ["file_id", "file", "line", "column", "found", "expected", "row", "id"]


def write(con: Connection, table: str, staged: list[Staged], lines: dict[int, LineMap]) -> None:
    """Append the rejected rows of a table's files, malformed ones included, in file order.

    The temporary table `refused` holds their ids, to explain rejected rows that refer to them.
    """
    con.execute(
        "CREATE TEMP TABLE IF NOT EXISTS refused "
        "(table_name VARCHAR, id VARCHAR, file VARCHAR, line BIGINT)"
    )
    by_id = {item.file_id: item for item in staged}
    for item in staged:
        rows = [*_malformed(item), *_swallowed(item, lines[item.file_id])]
        faults = con.execute(
            f"SELECT rowid - ?, fault FROM staged_{table} WHERE file_id = ? "
            f"AND fault < {row_conflicts.DUPLICATE} ORDER BY rowid",
            [item.first, item.file_id],
        ).fetchall()
        clashes = (
            explanations.clashes(con, table, item, by_id, lines)
            if any(f >= row_conflicts.CLASH for _, f in faults)
            else {}
        )
        for start in range(0, len(faults), _AT_ONCE):
            part = dict(faults[start : start + _AT_ONCE])
            rows.extend(_described(con, item, table, part, lines[item.file_id], clashes))
            _append(con, table, rows)
            rows = []
        _append(con, table, rows)


def _malformed(item: Staged) -> Iterator[tuple[object, ...]]:
    malformed = item.refused_as_malformed
    starts = lines_of_bytes(item.source.text_path, [bad.byte for bad in malformed])
    for bad, line in zip(malformed, starts, strict=True):
        yield (
            item.file_id,
            str(item.source.path),
            line,
            bad.column,
            _field(item, bad),
            bad.reason,
            bad.text,
            None,
        )


def _swallowed(item: Staged, lines: LineMap) -> Iterator[tuple[object, ...]]:
    """The lines that a field of another row swallowed."""
    for inside in item.swallowed_by_malformed:
        yield _swallowed_line(item, inside.start, inside.line, inside.text)
    originals = texts(item, set(item.swallowed))
    for row, offsets in item.swallowed.items():
        start = lines.line(row)
        parts = lines_of(originals[row][0])
        for offset in offsets:
            yield _swallowed_line(item, start, start + offset, parts[offset])


def _swallowed_line(item: Staged, start: int, line: int, text: str) -> tuple[object, ...]:
    expected = f"a row of its own; a quotation mark on line {start} opens a field around it"
    return item.file_id, str(item.source.path), line, None, text, expected, text, None


def _field(item: Staged, bad: Malformed) -> str:
    """The value of the invalid column; the whole row if the value cannot be isolated."""
    fields = next(item.source.dialect.records(io.StringIO(bad.text, newline="")), [])
    if bad.column in item.source.header and len(fields) == len(item.source.header):
        return fields[item.source.header.index(bad.column)]
    return bad.text


def _described(
    con: Connection,
    item: Staged,
    table: str,
    faults: dict[int, int],
    lines: LineMap,
    clashes: Texts,
) -> Iterator[tuple[object, ...]]:
    originals = texts(item, set(faults))
    additions = explanations.further_faults(
        con, item, table, faults, originals
    ) | explanations.roots(con, table, faults, originals)
    for row, words in explanations.further_references(con, table, item, faults):
        additions[row] = additions.get(row, "") + words
    for row, fault in faults.items():
        text, fields = originals.get(row, ("", {}))
        column, expected = _expectation(table, row, fault, fields, clashes)
        yield (
            item.file_id,
            str(item.source.path),
            lines.line(row),
            column,
            fields.get(column, ""),
            expected + additions.get(row, ""),
            text,
            fields.get(KEYS.get(table, "")),
        )


def _expectation(
    table: str, row: int, fault: int, fields: dict[str, str], clashes: Texts
) -> tuple[str, str]:
    """The invalid column and what was expected in it."""
    if fault >= row_conflicts.CLASH:
        key = KEYS.get(table, "label")
        what = "one row with this id" if table in KEYS else "one answer per annotator and time"
        where = clashes.get(row, "a label that was already loaded")
        return key, f"{what}; it clashes with {where}"
    if fault == SWALLOWING:
        name = next((name for name, text in fields.items() if len(lines_of(text)) > 1), "")
        return name, (
            "a quotation mark that is closed in the same row: this field contains lines that look "
            "like rows. Double the quotation marks that belong to the text"
        )
    if ROUNDED <= fault < row_conflicts.REFERENCE:
        return TABLES[table][fault - ROUNDED].name, rounded_ids.EXPECTED
    if fault >= row_conflicts.REFERENCE:
        column = TABLES[table][fault - row_conflicts.REFERENCE]
        target = explanations.referred_table(column, fields)
        if column.refers_to or target == fields.get("table_name"):
            return column.name, f"the id of a row in the table {target}"
        return column.name, "the id of a claim with such a label"
    rule = row_rules.rules(table)[fault - 1]
    return rule.column, row_rules.expected(rule, fields.get(rule.column))


def _append(con: Connection, table: str, rows: list[tuple[object, ...]]) -> None:
    if rows:
        frame = pd.DataFrame(rows, columns=_COLUMNS)
        con.register("reject_rows", frame)
        con.execute(
            'INSERT INTO rejects SELECT file_id, file, line, CAST("column" AS VARCHAR), '
            "CAST(found AS VARCHAR), CAST(expected AS VARCHAR), CAST(row AS VARCHAR) "
            "FROM reject_rows"
        )
        con.execute(
            "INSERT INTO refused SELECT ?, CAST(id AS VARCHAR), file, line FROM reject_rows "
            "WHERE id IS NOT NULL",
            [table],
        )
        con.unregister("reject_rows")
