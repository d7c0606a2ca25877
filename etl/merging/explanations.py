"""What a rejected row is told beside its first fault: further ones, and what an id may mean."""

from collections.abc import Iterator

from etl.merging import row_conflicts
from etl.reading import row_rules
from etl.reading.line_numbers import LineMap
from etl.reading.stage import Staged
from etl.reading.swallowed_rows import SWALLOWING
from sourcing.warehouse.contract import KEYS, TABLES, Column
from sourcing.warehouse.snapshots import Connection

_EXPLAINED, _COMPARED = 100, 100_000
"""How many unknown ids are compared with the known ones, and with how many: it takes time."""
ROOT = " has it, but was itself rejected"
"""How the description of a row ends that was refused only because another one was."""
Texts = dict[int, str]
"""By row: part of the description of what was expected."""

Originals = dict[int, tuple[str, dict[str, str]]]
"""By row: its text in the file, and its fields by column."""


def further_faults(
    con: Connection, item: Staged, table: str, faults: dict[int, int], originals: Originals
) -> Texts:
    """The other broken rules of rows that break more than one."""
    if not any(fault < SWALLOWING for fault in faults.values()):
        return {}
    broken_rules = con.execute(
        f"SELECT row, broken FROM (SELECT rowid AS row, {row_rules.also_broken(table)} AS broken "
        f"FROM {item.tidied} WHERE rowid BETWEEN $low AND $high) WHERE len(broken) > 0",
        {"low": min(faults), "high": max(faults)},
    ).fetchall()
    sentences: Texts = {}
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


def further_references(
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


def roots(con: Connection, table: str, faults: dict[int, int], originals: Originals) -> Texts:
    """For rows with an unknown id: where its row was rejected in this load, or what is meant."""
    sentences: Texts = {}
    for place, column in enumerate(TABLES[table]):
        missing: dict[str, dict[int, str]] = {}
        for row, fault in faults.items():
            if fault == row_conflicts.REFERENCE + place and row in originals:
                fields = originals[row][1]
                rows = missing.setdefault(referred_table(column, fields), {})
                rows[row] = fields.get(column.name, "")
        for target, ids in missing.items():
            ends = _endings(con, target, set(ids.values()))
            sentences |= {row: ends[value] for row, value in ids.items() if value in ends}
    return sentences


def referred_table(column: Column, fields: dict[str, str]) -> str:
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


def clashes(
    con: Connection,
    table: str,
    item: Staged,
    files: dict[int, Staged],
    lines: dict[int, LineMap],
) -> Texts:
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
