"""DuckDB's reader of CSV: one file as a table of texts, and the rows that it cannot split."""

import io
import re
from dataclasses import dataclass

import duckdb

from etl.reading.input_files import InputFile
from etl.snapshot_store import is_full
from sourcing.errors import LoadError
from sourcing.formatting import plural
from sourcing.warehouse.snapshots import Connection

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


def create(con: Connection, source: InputFile, what: str) -> None:
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


def relation(source: InputFile) -> str:
    """SQL: the file as a table whose columns are all texts."""
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in source.header)
    mark = literal('"' if source.dialect.quoted else "")
    delimiter = literal(source.dialect.delimiter)
    return (
        f"read_csv({literal(str(source.text_path))}, columns = {{{columns}}}, header = true, "
        f"skip = {source.skipped}, auto_detect = false, delim = {delimiter}, "
        f"quote = {mark}, escape = {mark}, "
        "store_rejects = true, rejects_limit = 0, max_line_size = 4194304)"
    )


def malformed_rows(con: Connection, source: InputFile) -> tuple[Malformed, ...]:
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


NOT_UTF_8 = "text in UTF-8"
_REASONS = {
    "MISSING COLUMNS": "{fields}, as the header has (found {found})",
    "TOO MANY COLUMNS": "{fields}, as the header has (found {found})",
    "UNQUOTED VALUE": "a quoted field that ends with a quotation mark (double those inside it)",
    "INVALID ENCODING": NOT_UTF_8,
    "LINE SIZE OVER MAXIMUM": "a row of at most 4 MiB (is a quotation mark not closed?)",
}


def quoted(name: str) -> str:
    """SQL: a name of a column."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: str) -> str:
    """SQL: a text."""
    return "'" + value.replace("'", "''") + "'"
