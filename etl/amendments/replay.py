"""Load again what was loaded before: the loads of a log, one after the other, from their files."""

import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import duckdb

from etl import load_record
from etl.amendments import kept_files
from etl.amendments.kept_files import KeptFile, KeptLoad
from etl.amendments.load_log import LoggedLoad
from etl.merging import table_load
from etl.progress import Progress
from etl.reading import input_files
from etl.reading.text_encoding import Scratch
from etl.report import FileReport
from sourcing.warehouse.snapshots import Connection, Warehouse


def replay(
    con: Connection, warehouse: Warehouse, loads: Sequence[LoggedLoad], progress: Progress
) -> int:
    """Add these loads to a snapshot that holds those before them, each as it was called then.

    Any number of rows may be refused: what they refer to may be gone. Returns the number of events
    of the review database that have to wait, as their claims are gone. Raises StoreError if the
    kept files of a load are gone or damaged.
    """
    waiting = 0
    for load in loads:
        kept = kept_files.find(warehouse, load.kept or "")
        con.execute(
            "INSERT INTO loads VALUES (?, ?, ?, ?, ?, ?)",
            [*load.identity, load.person, load.kept, list(load.replaces)],
        )
        events = [file for file in kept.files if file.events]
        for file in events:
            waiting += _add_events(con, file, load.load_id)
        if not events:
            _load_files(con, kept, load.load_id, progress)
    return waiting


def _load_files(con: Connection, kept: KeptLoad, load_id: int, progress: Progress) -> None:
    """Load kept CSV files, under the names that they had."""
    with tempfile.TemporaryDirectory(prefix="sourcing-replay-") as name, closing(Scratch()) as own:
        names = {kept_files.unpack(file, Path(name)): file.file for file in kept.files}
        inputs = input_files.find(list(names), own, kept.encoding)
        reports = table_load.load_tables(con, inputs.files, load_id, kept.order, progress)
        load_record.rename(con, reports, [names[Path(report.file)] for report in reports])


_CLAIM = {"labels": "claim_id", "withdrawals": "id"}
"""The column of events of the review database that names their claim."""


def _add_events(con: Connection, file: KeptFile, load_id: int) -> int:
    """Add kept events of the review database; returns how many cannot be, as their claim is gone.

    An event that another load has brought already is left out.
    """
    number, path = load_record.next_file(con), str(file.path).replace("'", "''")
    new = (
        f"FROM (SELECT * REPLACE (CAST({number} AS INTEGER) AS file_id) FROM '{path}') AS e "
        f"WHERE line NOT IN (SELECT t.line FROM {file.table} AS t JOIN files USING (file_id) "
        "WHERE files.file = $origin)"
    )
    origin = {"origin": file.file}
    try:
        events = con.execute(f"SELECT count(*) {new}", origin).fetchall()[0][0]
    except duckdb.Error as error:
        raise kept_files.damaged(file, error) from error
    here = f"{new} AND e.{_CLAIM[file.table]} IN (SELECT claim_id FROM claims)"
    added = con.execute(f"INSERT INTO {file.table} BY NAME {here}", origin).fetchall()[0][0]
    if added:
        report = FileReport(file.file, file.table, added, added, 0, 0)
        load_record.record_events(con, number, load_id, report)
    return int(events - added)
