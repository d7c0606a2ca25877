"""Read CSV files into staging tables with typed columns and the number of any broken rule.

DuckDB reads the file once. Rows of the staging table are in file order, and `etl.line_numbers`
derives their lines from that. The rules must therefore be plain expressions: a join in the query,
such as DuckDB makes of a long IN list, loses the order.
"""

from dataclasses import dataclass, replace

import duckdb

from etl import row_rules
from etl.input_files import InputFile
from sourcing.errors import LoadError
from sourcing.warehouse.contract import TABLES, column_names
from sourcing.warehouse.snapshots import Connection

_TEXT_BYTES = 9_990


@dataclass(frozen=True)
class Malformed:
    """A row that could not be split into columns, and the byte (from 1) at which it starts.

    The reader returns at most the first 10,000 bytes of its text.
    """

    byte: int
    column: str | None
    reason: str
    text: str

    @property
    def is_cut(self) -> bool:
        """Whether the text may be truncated."""
        return len(self.text.encode()) >= _TEXT_BYTES


@dataclass(frozen=True)
class Staged:
    """A file that was read: its rows are the `rows` rows of the staging table from `first`."""

    source: InputFile
    file_id: int
    first: int
    rows: int
    malformed: tuple[Malformed, ...]

    @property
    def rows_read(self) -> int:
        """All rows of the file below its header."""
        return self.rows + len(self.malformed)


def read(con: Connection, source: InputFile, file_id: int) -> Staged:
    """Read the file into its own table, `part_<file_id>`; `combine` joins the parts of a table.

    Raises LoadError if the file as a whole cannot be read.
    """
    columns = ", ".join(
        f"{row_rules.value(column)} AS {column.name}" for column in TABLES[source.table]
    )
    fields = ", ".join(
        _quoted(name) if name in source.header else f"CAST(NULL AS VARCHAR) AS {name}"
        for name in column_names(source.table)
    )
    con.execute("DROP TABLE IF EXISTS reject_errors")
    con.execute("DROP TABLE IF EXISTS reject_scans")
    try:
        con.execute(
            f"CREATE TABLE part_{file_id} AS SELECT {columns}, extra, "
            f"{row_rules.fault(source.table)} AS fault, CAST({file_id} AS INTEGER) AS file_id "
            f"FROM (SELECT {fields}, {_extra(source)} AS extra FROM {_reader(source)})"
        )
    except duckdb.Error as error:
        reason = str(error).splitlines()[0][:300]
        if "invalid state" in reason:
            reason = "its line endings are mixed, such as CRLF and LF; save it again"
        raise LoadError(
            f"{source.path}: cannot be read as CSV ({reason}). Nothing was loaded."
        ) from error
    rows = con.execute(f"SELECT count(*) FROM part_{file_id}").fetchall()[0][0]
    return Staged(source, file_id, 0, rows, _malformed(con))


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
    return (
        f"read_csv({_text(str(source.path))}, columns = {{{columns}}}, header = true, "
        f"auto_detect = false, delim = {_text(source.delimiter)}, quote = '\"', escape = '\"', "
        "store_rejects = true, rejects_limit = 0, max_line_size = 4194304)"
    )


def _extra(source: InputFile) -> str:
    """SQL: the unknown columns as one JSON object."""
    if not source.unknown:
        return "CAST(NULL AS VARCHAR)"
    fields = ", ".join(f"{_text(name)}: {_quoted(name)}" for name in source.unknown)
    return f"CAST(to_json({{{fields}}}) AS VARCHAR)"


def _malformed(con: Connection) -> tuple[Malformed, ...]:
    """The rows that the reader rejected, with the first error of each."""
    rows = con.execute(
        "SELECT line_byte_position, column_name, error_type, csv_line FROM reject_errors "
        "QUALIFY row_number() OVER (PARTITION BY line ORDER BY column_idx) = 1 ORDER BY line"
    ).fetchall()
    return tuple(_malformed_row(*row) for row in rows)


def _malformed_row(byte: int | None, column: str | None, kind: str, text: str | None) -> Malformed:
    """One rejected row. The reader may count line breaks before a row as part of it."""
    row = (text or "").lstrip("\r\n")
    start = (byte or 1) + len(text or "") - len(row)
    reason = _REASONS.get(str(kind), "a row of valid CSV")
    return Malformed(start, column, reason, row.rstrip("\r\n"))


_REASONS = {
    "MISSING COLUMNS": "as many fields as the header has (too few here)",
    "TOO MANY COLUMNS": "as many fields as the header has (too many here)",
    "UNQUOTED VALUE": "a quoted field that ends with a quotation mark (double those inside it)",
    "INVALID ENCODING": "text in UTF-8",
    "LINE SIZE OVER MAXIMUM": "a row of at most 4 MiB (is a quotation mark not closed?)",
}


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
