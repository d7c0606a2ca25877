"""Read CSV files into staging tables with typed columns and the number of any broken rule.

DuckDB reads a tidy file once. Where a row breaks a rule or may be meant otherwise, the file's texts
are read again and tidied (`tidied_rows`). Rows of the staging table are in file order, and
`line_numbers` derives their lines from that. The rules must therefore be plain expressions: a join
in the query, such as DuckDB makes of a long IN list, loses the order.
"""

from dataclasses import dataclass, field, replace

from etl.merging.row_conflicts import BLANK
from etl.reading import accepted_forms, csv_reader, input_files, row_rules, tidied_rows
from etl.reading.csv_reader import Malformed
from etl.reading.input_files import InputFile
from etl.reading.tidied_rows import EmptiedCell, FormUse
from sourcing.errors import LoadError
from sourcing.warehouse.contract import TABLES, column_names
from sourcing.warehouse.snapshots import Connection

_UNTIDY = 0


@dataclass(frozen=True)
class SwallowedLine:
    """A line that looks like a row, inside a malformed row that starts on line `start`."""

    start: int
    line: int
    text: str


@dataclass(frozen=True)
class Staged:
    """A file that was read: its rows are the `rows` rows of the staging table from `first`.

    swallowed: by row, the lines within a field of it that look like rows (from 0 at its start).
    """

    source: InputFile
    file_id: int
    first: int
    rows: int
    malformed: tuple[Malformed, ...]
    blank_rows: int = 0
    forms: list[FormUse] = field(default_factory=list)
    emptied: list[EmptiedCell] = field(default_factory=list)
    swallowed: dict[int, list[int]] = field(default_factory=dict)
    swallowed_by_malformed: list[SwallowedLine] = field(default_factory=list)

    @property
    def rows_read(self) -> int:
        """All rows of the file below its header that hold a value."""
        return self.rows - self.blank_rows + self.refused_lines

    @property
    def refused_lines(self) -> int:
        """What is refused beside rows of the staging table: malformed rows and swallowed lines."""
        swallowed = sum(map(len, self.swallowed.values())) + len(self.swallowed_by_malformed)
        return len(self.refused_as_malformed) + swallowed

    @property
    def refused_as_malformed(self) -> list[Malformed]:
        """The malformed rows that hold a value."""
        return [bad for bad in self.malformed if not bad.is_blank]

    @property
    def blank(self) -> int:
        """The rows without any value, which are skipped."""
        return self.blank_rows + len(self.malformed) - len(self.refused_as_malformed)

    @property
    def tidied(self) -> str:
        """The table of the file's texts as they were understood; only if a row was not tidy."""
        return f"tidied_{self.file_id}"


def read(con: Connection, source: InputFile, file_id: int, order: str = "") -> Staged:
    """Read the file into its own table, `part_<file_id>`; `combine` joins the parts of a table.

    order: how its dates are written, if a person has said so. Raises LoadError if the file as a
    whole cannot be read.
    """
    part = f"part_{file_id}"
    untidy = " OR ".join(
        f"({condition})"
        for column in TABLES[source.table]
        if column.name in source.header
        for condition in accepted_forms.untidy(column)
    )
    first, word = next(
        (name, word)
        for name, word in zip(source.header, source.names, strict=True)
        if name in column_names(source.table)
    )
    header_again = f"{first} = {csv_reader.literal(word)}"
    fault = row_rules.fault(source.table, f"WHEN {untidy} OR {header_again} THEN {_UNTIDY}")
    csv_reader.create(
        con, source, f"TABLE {part} AS {_typed(source, file_id, fault, _texts(source))}"
    )
    malformed = csv_reader.malformed_rows(con, source)
    if any(
        bad.reason == csv_reader.NOT_UTF_8 for bad in malformed
    ):  # after the part that was judged
        con.execute(f"DROP TABLE {part}")
        return read(con, input_files.judged_whole(source), file_id, order)
    rows, faults = con.execute(f"SELECT count(*), count(fault) FROM {part}").fetchall()[0]
    if not faults:
        return Staged(source, file_id, 0, rows, malformed)
    return _read_tidied(con, source, file_id, order, malformed)


def _read_tidied(
    con: Connection,
    source: InputFile,
    file_id: int,
    order: str,
    malformed: tuple[Malformed, ...],
) -> Staged:
    """Replace the file's table by one of its tidied rows."""
    part, raw, tidied = f"part_{file_id}", f"raw_{file_id}", f"tidied_{file_id}"
    con.execute(f"DROP TABLE {part}")
    csv_reader.create(con, source, f"TEMP TABLE {raw} AS {_texts(source)}")
    present = [name for name in column_names(source.table) if name in source.header]
    forms, emptied = tidied_rows.tidy(con, source.table, raw, tidied, present, order)
    fault = row_rules.fault(source.table, f"WHEN blank THEN {BLANK}")
    con.execute(f"CREATE TABLE {part} AS {_typed(source, file_id, fault, f'FROM {tidied}')}")
    con.execute(f"DROP TABLE {raw}")
    refused = {
        row
        for (row,) in con.execute(f"SELECT rowid FROM {part} WHERE fault IS NOT NULL").fetchall()
    }
    rows, blank = con.execute(
        f"SELECT count(*), count(*) FILTER (fault = {BLANK}) FROM {part}"
    ).fetchall()[0]
    kept = [cell for cell in emptied if cell.row not in refused]
    return Staged(source, file_id, 0, rows, malformed, blank, forms, kept)


def _texts(source: InputFile) -> str:
    """SQL: the file's cells as text, by column of the contract, and whether a row is blank."""
    fields = ", ".join(
        csv_reader.quoted(name) if name in source.header else f"CAST(NULL AS VARCHAR) AS {name}"
        for name in column_names(source.table)
    )
    cells = ", ".join(csv_reader.quoted(name) for name in source.header)
    written = zip(source.header, source.names, strict=True)
    again = " AND ".join(
        f"{csv_reader.quoted(name)} = {csv_reader.literal(word)}" for name, word in written
    )
    blank = f"regexp_full_match(concat_ws('', {cells}), '{accepted_forms.BLANK}*') OR ({again})"
    return (
        f"SELECT {fields}, {_extra(source)} AS extra, {blank} AS blank "
        f"FROM {csv_reader.relation(source)}"
    )


def _typed(source: InputFile, file_id: int, fault: str, texts: str) -> str:
    columns = ", ".join(
        f"{row_rules.value(column)} AS {column.name}" for column in TABLES[source.table]
    )
    return (
        f"SELECT {columns}, extra, {fault} AS fault, CAST({file_id} AS INTEGER) AS file_id "
        f"FROM ({texts})"
    )


def combine(con: Connection, table: str, parts: list[Staged]) -> list[Staged]:
    """Create `staged_<table>` from the files, one after the other.

    Raises LoadError if the rows of a file are not contiguous in it.
    """
    if len(parts) == 1:
        con.execute(f"ALTER TABLE part_{parts[0].file_id} RENAME TO staged_{table}")
        return parts
    together = " UNION ALL ".join(f"FROM part_{part.file_id}" for part in parts)
    con.execute(f"CREATE TABLE staged_{table} AS {together}")
    places = con.execute(
        f"SELECT file_id, min(rowid), max(rowid) - min(rowid) + 1 FROM staged_{table} GROUP BY ALL"
    ).fetchall()
    spans = {file_id: (first, rows) for file_id, first, rows in places}
    for part in parts:
        if spans.get(part.file_id, (0, 0))[1] != part.rows:
            raise LoadError(
                f"{part.source.path}: its rows are not contiguous after reading. Nothing was "
                "loaded. Please report this."
            )
        con.execute(f"DROP TABLE part_{part.file_id}")
    return [replace(part, first=spans.get(part.file_id, (0, 0))[0]) for part in parts]


def _extra(source: InputFile) -> str:
    """SQL: the unknown columns as one JSON object."""
    if not source.unknown:
        return "CAST(NULL AS VARCHAR)"
    fields = ", ".join(
        f"{csv_reader.literal(name)}: {csv_reader.quoted(name)}" for name in source.unknown
    )
    return f"CAST(to_json({{{fields}}}) AS VARCHAR)"
