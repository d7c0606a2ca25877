"""Read CSV files into staging tables with typed columns and the number of any broken rule.

DuckDB reads a tidy file once. Where a row breaks a rule or may be meant otherwise, the file's texts
are read again and tidied (`tidied_rows`). Rows of the staging table are in file order, and
`line_numbers` derives their lines from that. The rules must therefore be plain expressions: a join
in the query, such as DuckDB makes of a long IN list, loses the order.
"""

import io
import re
from dataclasses import dataclass, field, replace

import duckdb

from etl.merging.row_conflicts import BLANK
from etl.reading import accepted_forms, input_files, row_rules, tidied_rows
from etl.reading.input_files import InputFile
from etl.reading.tidied_rows import EmptiedCell, FormUse
from etl.snapshot_store import is_full
from sourcing.errors import LoadError
from sourcing.formatting import plural
from sourcing.warehouse.contract import TABLES, column_names
from sourcing.warehouse.snapshots import Connection

_UNTIDY = 0
_TEXT_BYTES = 9_990
_ENDS_SEARCHED = 64 << 20


@dataclass(frozen=True)
class Malformed:
    """A row that could not be split into columns, and the byte (from 1) at which it starts.

    The reader returns at most the first 10,000 bytes of its text.
    """

    byte: int
    column: str | None
    reason: str
    text: str
    is_blank: bool = False

    @property
    def is_cut(self) -> bool:
        """Whether the text may be truncated."""
        return len(self.text.encode()) >= _TEXT_BYTES


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
    header_again = f"{first} = {_text(word)}"
    fault = row_rules.fault(source.table, f"WHEN {untidy} OR {header_again} THEN {_UNTIDY}")
    _create(con, source, f"TABLE {part} AS {_typed(source, file_id, fault, _texts(source))}")
    malformed = _malformed(con, source)
    if any(bad.reason == _NOT_UTF_8 for bad in malformed):  # after the part that was judged
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
    _create(con, source, f"TEMP TABLE {raw} AS {_texts(source)}")
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


def _create(con: Connection, source: InputFile, what: str) -> None:
    """Create a table from the file. Raises LoadError if the file as a whole cannot be read."""
    con.execute("DROP TABLE IF EXISTS reject_errors")
    con.execute("DROP TABLE IF EXISTS reject_scans")
    try:
        con.execute(f"CREATE {what}")
    except duckdb.Error as error:
        reason = str(error).splitlines()[0][:300]
        if is_full(error) or isinstance(error, duckdb.OutOfMemoryException):
            raise  # the warehouse has no room; the file is not to blame
        if "invalid state" in reason:
            reason = _mixed_ends(source) or "its line endings are mixed; save it again"
        raise LoadError(
            f"{source.path}: cannot be read as CSV ({reason}). Nothing was loaded."
        ) from error


_ENDS = {b"\r\n": "CRLF", b"\n": "LF", b"\r": "CR"}


def _mixed_ends(source: InputFile) -> str:
    """Where a line ends otherwise than the first one, in words; empty if nowhere near the start."""
    with source.text_path.open("rb") as stream:
        ends = re.findall(rb"\r\n|\n|\r", stream.read(_ENDS_SEARCHED))
    other = next((line for line, end in enumerate(ends, 1) if end != ends[0]), None)
    if other is None:
        return ""
    return (
        f"line {other} ends with {_ENDS[ends[other - 1]]}, but line 1 with {_ENDS[ends[0]]}; "
        "expected one kind of line ending, so save it again"
    )


def _texts(source: InputFile) -> str:
    """SQL: the file's cells as text, by column of the contract, and whether a row is blank."""
    fields = ", ".join(
        _quoted(name) if name in source.header else f"CAST(NULL AS VARCHAR) AS {name}"
        for name in column_names(source.table)
    )
    cells = ", ".join(_quoted(name) for name in source.header)
    written = zip(source.header, source.names, strict=True)
    again = " AND ".join(f"{_quoted(name)} = {_text(word)}" for name, word in written)
    blank = f"regexp_full_match(concat_ws('', {cells}), '{accepted_forms.BLANK}*') OR ({again})"
    return f"SELECT {fields}, {_extra(source)} AS extra, {blank} AS blank FROM {_reader(source)}"


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


def _reader(source: InputFile) -> str:
    columns = ", ".join(f"{_text(name)}: 'VARCHAR'" for name in source.header)
    mark = _text('"' if source.dialect.quoted else "")
    return (
        f"read_csv({_text(str(source.text_path))}, columns = {{{columns}}}, header = true, "
        f"skip = {source.skipped}, auto_detect = false, delim = {_text(source.dialect.delimiter)}, "
        f"quote = {mark}, escape = {mark}, "
        "store_rejects = true, rejects_limit = 0, max_line_size = 4194304)"
    )


def _extra(source: InputFile) -> str:
    """SQL: the unknown columns as one JSON object."""
    if not source.unknown:
        return "CAST(NULL AS VARCHAR)"
    fields = ", ".join(f"{_text(name)}: {_quoted(name)}" for name in source.unknown)
    return f"CAST(to_json({{{fields}}}) AS VARCHAR)"


def _malformed(con: Connection, source: InputFile) -> tuple[Malformed, ...]:
    """The rows that the reader rejected, with the first error of each; without blank ones."""
    rows = con.execute(
        "SELECT line_byte_position, column_name, error_type, csv_line FROM reject_errors "
        "QUALIFY row_number() OVER (PARTITION BY line ORDER BY column_idx) = 1 ORDER BY line"
    ).fetchall()
    return tuple(_malformed_row(source, *row) for row in rows)


def _malformed_row(
    source: InputFile, byte: int | None, column: str | None, kind: str, text: str | None
) -> Malformed:
    """One rejected row. The reader may count line breaks before a row as part of it."""
    row = (text or "").lstrip("\r\n")
    start = (byte or 1) + len((text or "").encode()) - len(row.encode())
    row = row.rstrip("\r\n")
    reason = _REASONS.get(str(kind), "a row of valid CSV")
    if "{fields}" in reason:
        fields = len(next(source.dialect.records(io.StringIO(row, newline="")), []))
        reason = reason.format(fields=plural(len(source.header), "field"), found=fields)
    is_blank = not row.replace(source.dialect.delimiter, "").replace('"', "").strip()
    return Malformed(start, column, reason, row, is_blank)


_NOT_UTF_8 = "text in UTF-8"
_REASONS = {
    "MISSING COLUMNS": "{fields}, as the header has (found {found})",
    "TOO MANY COLUMNS": "{fields}, as the header has (found {found})",
    "UNQUOTED VALUE": "a quoted field that ends with a quotation mark (double those inside it)",
    "INVALID ENCODING": _NOT_UTF_8,
    "LINE SIZE OVER MAXIMUM": "a row of at most 4 MiB (is a quotation mark not closed?)",
}


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
