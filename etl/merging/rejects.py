"""Write every rejected row to `rejects`: place, value found and expected, original text."""

import io
from collections.abc import Iterator

import pandas as pd

from etl.merging import row_conflicts
from etl.reading import rounded_ids, row_rules
from etl.reading.line_numbers import LineMap, lines_of_bytes, texts
from etl.reading.quoting import lines_of
from etl.reading.rounded_ids import ROUNDED
from etl.reading.stage import Malformed, Staged
from etl.reading.swallowed_rows import SWALLOWING
from sourcing.warehouse.contract import KEYS, TABLES, Column
from sourcing.warehouse.snapshots import Connection

_AT_ONCE = 100_000
_EXPLAINED, _COMPARED = 100, 100_000
"""How many unknown ids are compared with the known ones, and with how many: it takes time."""
ROOT = " has it, but was itself rejected"
"""How the description of a row ends that was refused only because another one was."""
_COLUMNS = ["file_id", "file", "line", "column", "found", "expected", "row", "id"]
_Texts = dict[int, str]
"""By row: part of the description of what was expected."""

_Originals = dict[int, tuple[str, dict[str, str]]]
"""By row: its text in the file, and its fields by column."""


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
            _clashes(con, table, item, by_id, lines)
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
    clashes: _Texts,
) -> Iterator[tuple[object, ...]]:
    originals = texts(item, set(faults))
    additions = _further_faults(con, item, table, faults, originals) | _roots(
        con, table, faults, originals
    )
    for row, words in _further_references(con, table, item, faults):
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
    table: str, row: int, fault: int, fields: dict[str, str], clashes: _Texts
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
        target = _target(column, fields)
        if column.refers_to or target == fields.get("table_name"):
            return column.name, f"the id of a row in the table {target}"
        return column.name, "the id of a claim with such a label"
    rule = row_rules.rules(table)[fault - 1]
    return rule.column, row_rules.expected(rule, fields.get(rule.column))


def _further_faults(
    con: Connection, item: Staged, table: str, faults: dict[int, int], originals: _Originals
) -> _Texts:
    """The other broken rules of rows that break more than one."""
    if not any(fault < SWALLOWING for fault in faults.values()):
        return {}
    broken_rules = con.execute(
        f"SELECT row, broken FROM (SELECT rowid AS row, {row_rules.also_broken(table)} AS broken "
        f"FROM {item.tidied} WHERE rowid BETWEEN $low AND $high) WHERE len(broken) > 0",
        {"low": min(faults), "high": max(faults)},
    ).fetchall()
    sentences: _Texts = {}
    for row, numbers in broken_rules:
        if row not in originals or not 0 < faults.get(row, 0) < SWALLOWING:
            continue
        broken = [row_rules.rules(table)[number - 1] for number in (faults[row], *numbers)]
        first = {rule.column: rule for rule in reversed(broken)}
        fields = originals[row][1]
        sentences[row] = "".join(
            f"; also {name}: found {fields.get(name, '')[:80]!r}, "
            f"expected {row_rules.expected(rule, fields.get(name))}"
            for name, rule in reversed(first.items())
            if name != broken[0].column
        )
    return sentences


def _further_references(
    con: Connection, table: str, item: Staged, faults: dict[int, int]
) -> Iterator[tuple[int, str]]:
    """The unknown ids in rows that were rejected for another reason."""
    for place, column in enumerate(TABLES[table]):
        if not column.refers_to:
            continue
        key = KEYS[column.refers_to]
        unknown = con.execute(
            f"SELECT rowid - $first, {column.name} FROM staged_{table} AS s "
            "WHERE rowid BETWEEN $first + $low AND $first + $high "
            f"AND fault < {row_conflicts.CLASH} AND fault <> {row_conflicts.REFERENCE + place} "
            f"AND trim({column.name}) <> '' "
            f"AND NOT EXISTS (FROM {column.refers_to} AS r WHERE r.{key} = s.{column.name})",
            {"first": item.first, "low": min(faults), "high": max(faults)},
        ).fetchall()
        words = f"expected the id of a row in the table {column.refers_to}"
        for row, value in unknown:
            yield row, f"; also {column.name}: found {value[:80]!r}, {words}"


def _roots(con: Connection, table: str, faults: dict[int, int], originals: _Originals) -> _Texts:
    """For rows with an unknown id: where its row was rejected in this load, or what is meant."""
    sentences: _Texts = {}
    for place, column in enumerate(TABLES[table]):
        missing: dict[str, dict[int, str]] = {}
        for row, fault in faults.items():
            if fault == row_conflicts.REFERENCE + place and row in originals:
                fields = originals[row][1]
                rows = missing.setdefault(_target(column, fields), {})
                rows[row] = fields.get(column.name, "")
        for target, ids in missing.items():
            ends = _endings(con, target, set(ids.values()))
            sentences |= {row: ends[value] for row, value in ids.items() if value in ends}
    return sentences


def _target(column: Column, fields: dict[str, str]) -> str:
    """The table to whose rows a column refers; for a withdrawal, the row itself says."""
    if column.refers_to:
        return column.refers_to
    kind = fields.get("table_name", "").strip().lower()
    return "claims" if kind == "labels" else kind


def _endings(con: Connection, table: str, ids: set[str]) -> dict[str, str]:
    """How the descriptions of unknown ids of a table end, by id; not for all of them."""
    rows = con.execute(
        "SELECT id, arg_min(file || ' line ' || line, line) FROM refused "
        "WHERE table_name = ? AND id IN (SELECT unnest(?)) GROUP BY id",
        [table, list(ids)],
    ).fetchall()
    ends = {value: f"; {place}{ROOT}" for value, place in rows}
    for value, close in _similar_ids(con, table, ids - set(ends)):
        ends[value] = f" (did you mean {close!r}?)"
    return ends


def _similar_ids(con: Connection, table: str, missing: set[str]) -> list[tuple[str, str]]:
    """Unknown ids with the known one that is meant: the same in other capitals, or a slip away."""
    key = KEYS[table]
    return con.execute(
        f"SELECT m.id, min_by(r.{key}, levenshtein(lower(r.{key}), lower(m.id))) "
        f"FROM (SELECT unnest($missing) AS id) AS m, {table} AS r "
        f"WHERE (SELECT count(*) FROM {table}) <= {_COMPARED} AND length(r.{key}) > 2 "
        f"AND levenshtein(lower(r.{key}), lower(m.id)) <= (length(m.id) > 5)::INTEGER + 1 "
        "GROUP BY m.id",
        {"missing": sorted(missing)[:_EXPLAINED]},
    ).fetchall()


def _clashes(
    con: Connection,
    table: str,
    item: Staged,
    files: dict[int, Staged],
    lines: dict[int, LineMap],
) -> _Texts:
    """For rows of a file that clash within this load: the file and line of a clashing row."""
    rows = con.execute(
        f"SELECT rowid, file_id, min(rowid) OVER same, max(rowid) OVER same FROM staged_{table} "
        f"WHERE fault = {row_conflicts.CLASH} "
        f"WINDOW same AS (PARTITION BY {', '.join(row_conflicts.IDENTITY[table])})"
    ).fetchall()
    owner = {row: file_id for row, file_id, _, _ in rows}
    places = {}
    for row, file_id, lowest, highest in rows:
        if file_id == item.file_id:
            rival = highest if row == lowest else lowest
            file = files[owner[rival]]
            line = lines[file.file_id].line(rival - file.first)
            places[row - item.first] = f"{file.source.path} line {line}"
    return places


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
