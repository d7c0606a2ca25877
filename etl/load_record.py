"""What a snapshot keeps about its loads: the load, its files, cells read otherwise or emptied."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from etl.amendments import aliases, withdrawals
from etl.merging import row_conflicts
from etl.reading.line_numbers import LineMap
from etl.reading.stage import Staged
from etl.report import FileReport
from sourcing import sql
from sourcing.warehouse.snapshots import Connection


def prepare(con: Connection) -> None:
    """Create the tables of the facts, or add what a snapshot of an earlier format lacks.

    Rows that were withdrawn or joined are as they were loaded afterwards, until `derive`.
    """
    if not con.execute("SELECT count(*) FROM duckdb_tables()").fetchall()[0][0]:
        for statement in sql.statements("schema/facts"):
            con.execute(statement)
    for statement in sql.statements("schema/additions"):
        con.execute(statement)
    withdrawals.bring_back(con)
    aliases.separate(con)


def start_load(
    con: Connection,
    command: str,
    person: str,
    kept: str,
    replaces: Sequence[int] = (),
    after: int = 0,
) -> int:
    """Record a new load and return its id.

    kept: the folder of its files. replaces: the loads that make room for it. after: an id that was
    used already, in a snapshot that is no longer in force.
    """
    now = datetime.now(UTC).replace(tzinfo=None)
    load_id: int = con.execute(
        "SELECT greatest(coalesce(max(load_id), 0), ?) + 1 "
        "FROM (SELECT load_id FROM loads UNION ALL SELECT load_id FROM undone_loads)",
        [after],
    ).fetchall()[0][0]
    con.execute(
        "INSERT INTO loads VALUES (?, ?, ?, ?, ?, ?)",
        [load_id, now, command, person, kept, list(replaces)],
    )
    return load_id


def next_file(con: Connection) -> int:
    """The id of the next file."""
    file_id: int = con.execute("SELECT coalesce(max(file_id), 0) + 1 FROM files").fetchall()[0][0]
    return file_id


def record_events(con: Connection, file_id: int, load_id: int, report: FileReport) -> None:
    """Record events of the review database as a file of their own."""
    _insert_file(con, file_id, load_id, report, 0)


def record_file(
    con: Connection, staged: Staged, load_id: int, report: FileReport, lines: LineMap
) -> None:
    """Record a file, its duplicates, and its cells that were read otherwise or emptied."""
    source = staged.source
    renamed = {"key": list(source.renamed), "value": list(source.renamed.values())}
    _insert_file(
        con,
        staged.file_id,
        load_id,
        report,
        source.path.stat().st_size,
        encoding=source.encoding,
        blank_rows=staged.blank,
        renamed_columns=renamed,  # DuckDB's form of a map
        present_columns=list(source.header),
    )
    con.execute(
        "INSERT INTO duplicates SELECT ?, ?, count(*) FILTER (fault = ?), "
        f"count(*) FILTER (fault = ?) FROM staged_{report.table} WHERE file_id = ?",
        [
            staged.file_id,
            report.table,
            row_conflicts.DUPLICATE,
            row_conflicts.DUPLICATE_OF_LOADED,
            staged.file_id,
        ],
    )
    for use in staged.forms:
        con.execute(
            "INSERT INTO cell_forms VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                staged.file_id,
                use.column,
                use.form,
                use.cells,
                lines.line(use.row),
                use.found,
                use.read_as,
            ],
        )
    _insert_emptied(con, staged, lines)


def rename(con: Connection, reports: list[FileReport], names: list[str]) -> list[FileReport]:
    """Give the files of a load that was just loaded other names; returns the renamed reports."""
    renamed = []
    for report, name in zip(reports, names, strict=True):
        for table in ("files", "rejects", "emptied_cells"):
            con.execute(
                f"UPDATE {table} SET file = $new WHERE file = $old",
                {"new": name, "old": report.file},
            )
        con.execute(
            "UPDATE rejects SET expected = replace(expected, $old, $new)",
            {"new": name, "old": report.file},
        )
        renamed.append(replace(report, file=name))
    return renamed


def _insert_file(
    con: Connection, file_id: int, load_id: int, report: FileReport, size: int, **read: object
) -> None:
    """Record a file. read: how it was read, by column of `files`; events were not read at all."""
    cells = {
        "file_id": file_id,
        "load_id": load_id,
        "file": report.file,
        "table_name": report.table,
        "bytes": size,
        "rows_read": report.rows_read,
        "rows_loaded": report.rows_loaded,
        "duplicates": report.duplicates,
        "rejected": report.rejected,
        "corrections": report.corrections,
        "unknown_columns": list(report.unknown_columns),
        **read,
    }
    places = ", ".join("?" * len(cells))
    con.execute(f"INSERT INTO files ({', '.join(cells)}) VALUES ({places})", list(cells.values()))


def _insert_emptied(con: Connection, staged: Staged, lines: LineMap) -> None:
    if not staged.emptied:
        return
    frame = pd.DataFrame(
        [
            (
                staged.file_id,
                str(Path(staged.source.path)),
                lines.line(cell.row),
                cell.column,
                cell.found,
                cell.expected,
            )
            for cell in staged.emptied
        ],
        columns=["file_id", "file", "line", "column", "found", "expected"],
    )
    con.register("emptied_rows", frame)
    con.execute("INSERT INTO emptied_cells SELECT * FROM emptied_rows ORDER BY line")
    con.unregister("emptied_rows")
