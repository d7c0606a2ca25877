"""Read one CSV file into a staging table: typed columns, the number of a broken rule, nothing lost.

The file is read once, by DuckDB's own reader. A row's place in the staging table is its place in
the file; lines are worked out from that afterwards (`etl.lines`), for all rows at once.
"""

from dataclasses import dataclass

import duckdb

from etl import checks
from etl.inputs import InputFile
from sourcing.errors import LoadError
from sourcing.tables import TABLES, column_names
from sourcing.warehouse import Connection


@dataclass(frozen=True)
class Malformed:
    """A row that could not be taken apart into columns. `record` counts from 1, header included."""

    record: int
    byte: int
    column: str | None
    reason: str
    text: str


@dataclass(frozen=True)
class Staged:
    """What reading a file gave: `first` and `rows` say where its rows lie in the staging table."""

    source: InputFile
    file_id: int
    first: int
    rows: int
    malformed: tuple[Malformed, ...]

    @property
    def rows_read(self) -> int:
        """All rows of the file below its header."""
        return self.rows + len(self.malformed)


def create(con: Connection, table: str) -> None:
    """Make the empty staging table of a table."""
    columns = ", ".join(f"{checks.value(column)} AS {column.name}" for column in TABLES[table])
    texts = ", ".join(f"CAST(NULL AS VARCHAR) AS {name}" for name in column_names(table))
    con.execute(
        f"CREATE TABLE staged_{table} AS SELECT {columns}, CAST(NULL AS VARCHAR) AS extra, "
        f"CAST(NULL AS SMALLINT) AS fault, CAST(NULL AS INTEGER) AS file_id "
        f"FROM (SELECT {texts}) LIMIT 0"
    )


def read(con: Connection, source: InputFile, file_id: int) -> Staged:
    """Append the file's rows to its staging table.

    Raises LoadError where the reader gives up on the file as a whole.
    """
    table = source.table
    first = con.execute(f"SELECT count(*) FROM staged_{table}").fetchall()[0][0]
    columns = ", ".join(f"{checks.value(column)} AS {column.name}" for column in TABLES[table])
    given = ", ".join(
        _quoted(name) if name in source.header else f"CAST(NULL AS VARCHAR) AS {name}"
        for name in column_names(table)
    )
    con.execute("DROP TABLE IF EXISTS reject_errors")
    con.execute("DROP TABLE IF EXISTS reject_scans")
    try:
        con.execute(
            f"INSERT INTO staged_{table} SELECT {columns}, extra, {checks.fault(table)}, {file_id} "
            f"FROM (SELECT {given}, {_extra(source)} AS extra FROM {_reader(source)})"
        )
    except duckdb.Error as error:
        reason = str(error).splitlines()[0][:300]
        raise LoadError(
            f"{source.path}: cannot be read as CSV ({reason}). Nothing was loaded."
        ) from error
    rows = con.execute(f"SELECT count(*) FROM staged_{table}").fetchall()[0][0] - first
    return Staged(source, file_id, first, rows, _malformed(con))


def _reader(source: InputFile) -> str:
    columns = ", ".join(f"{_text(name)}: 'VARCHAR'" for name in source.header)
    return (
        f"read_csv({_text(str(source.path))}, columns = {{{columns}}}, header = true, "
        f"auto_detect = false, delim = {_text(source.delimiter)}, quote = '\"', escape = '\"', "
        "store_rejects = true, rejects_limit = 0, max_line_size = 4194304)"
    )


def _extra(source: InputFile) -> str:
    """Unknown columns are kept aside, as JSON."""
    if not source.unknown:
        return "CAST(NULL AS VARCHAR)"
    fields = ", ".join(f"{_text(name)}: {_quoted(name)}" for name in source.unknown)
    return f"CAST(to_json({{{fields}}}) AS VARCHAR)"


def _malformed(con: Connection) -> tuple[Malformed, ...]:
    """The rows that the reader refused, the first error of each."""
    rows = con.execute(
        "SELECT line, line_byte_position, column_name, error_type, csv_line FROM reject_errors "
        "QUALIFY row_number() OVER (PARTITION BY line ORDER BY column_idx) = 1 ORDER BY line"
    ).fetchall()
    return tuple(_refused(*row) for row in rows)


def _refused(
    record: int, byte: int | None, column: str | None, kind: str, text: str | None
) -> Malformed:
    """One refused row. The reader may count the line breaks before a row as part of it."""
    row = (text or "").lstrip("\r\n")
    start = (byte or 1) + len(text or "") - len(row)
    reason = _REASONS.get(str(kind), "a row that is CSV")
    return Malformed(record, start, column, reason, row.rstrip("\r\n"))


_REASONS = {
    "MISSING COLUMNS": "as many fields as the header has (too few here)",
    "TOO MANY COLUMNS": "as many fields as the header has (too many here)",
    "UNQUOTED VALUE": "a quoted field that ends with a quotation mark (double those inside it)",
    "INVALID ENCODING": "text in UTF-8",
    "LINE SIZE OVER MAXIMUM": "a row of at most 4 MiB (is a quotation mark never closed?)",
}


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
