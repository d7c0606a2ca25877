"""Load files: stage, check, merge, resolve and publish, or change nothing."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from etl import (
    derive,
    input_files,
    insert,
    rejects,
    review_events,
    row_conflicts,
    snapshot_store,
    stage,
)
from etl.input_files import InputFile
from etl.line_numbers import line_map
from etl.progress import Progress
from etl.report import FileReport, LoadReport, claim_counts, file_report, first_rejects
from sourcing import sql
from sourcing.errors import LoadError
from sourcing.formatting import plural
from sourcing.warehouse.contract import TABLES
from sourcing.warehouse.snapshots import FORMAT, Connection, Warehouse


@dataclass(frozen=True)
class Options:
    """Options of a load. check: a dry run. strict: any reject fails the load."""

    check: bool = False
    strict: bool = False
    command: str = "load"


def load(paths: list[Path], target: Warehouse, options: Options, progress: Progress) -> LoadReport:
    """Load files and folders into the target warehouse and publish a snapshot.

    If `strict` is set and a row is rejected, the report has `failed` set. Raises LoadError if a
    file cannot be used and StoreError if the warehouse cannot. In all three cases the snapshot in
    force stays unchanged.
    """
    started = time.monotonic()
    sources = input_files.find(paths)
    for path in input_files.skipped_files(paths):
        progress.say(f"{path} was skipped: only .csv files are loaded.")
    with (
        _or_scratch(target, options) as warehouse,
        snapshot_store.locked(warehouse, progress.say),
        snapshot_store.building(warehouse) as (con, snapshot_file),
        progress.watching(con),
    ):
        if warehouse.current() is None:
            _create(con)
        report = _load_files(con, sources, options, progress)
        report.findings = derive.derive(con, progress)
        report.claims = claim_counts(con)
        _conclude(con, snapshot_file, warehouse, options, report, progress)
    report.seconds = time.monotonic() - started
    return report


@contextmanager
def _or_scratch(warehouse: Warehouse, options: Options) -> Iterator[Warehouse]:
    """The warehouse; for a dry run without one, a temporary warehouse."""
    if not options.check or warehouse.folder.exists():
        yield warehouse
        return
    with tempfile.TemporaryDirectory(prefix="sourcing-check-") as folder:
        yield Warehouse(Path(folder))


def publish(warehouse: Warehouse, progress: Progress, *, if_waiting: bool = False) -> LoadReport:
    """Derive everything again from the facts and publish the result.

    if_waiting: publish only if the review database has events that the snapshot in force lacks.
    """
    started = time.monotonic()
    if warehouse.current() is None:
        raise LoadError(
            f"{warehouse.folder} has nothing to publish yet. Load files first: "
            "`python -m etl load data/sample`."
        )
    report = LoadReport()
    with (
        snapshot_store.locked(warehouse, progress.say),
        snapshot_store.building(warehouse) as (con, snapshot_file),
        progress.watching(con),
    ):
        waiting = _add_review_events(con, warehouse, _start_load(con, "publish"), report)
        if if_waiting and not report.files:
            report.snapshot = warehouse.current()
            report.message = (
                "Nothing is waiting to be published; another run may have published it."
            )
        else:
            report.findings = derive.derive(con, progress)
            report.claims = claim_counts(con)
            _put_in_force(con, snapshot_file, warehouse, report, progress)
    if waiting:
        report.message += (
            f" {plural(waiting, 'event')} of the review database {'is' if waiting == 1 else 'are'} "
            "still waiting: the article of the claim is not loaded here."
        )
    report.seconds = time.monotonic() - started
    return report


def _add_review_events(
    con: Connection, warehouse: Warehouse, load_id: int, report: LoadReport
) -> int:
    """Add the events of the review database. Returns how many are waiting for their claims."""
    first = _next_file(con)
    report.files, waiting = review_events.publish(con, warehouse, first)
    for number, file in enumerate(report.files, first):
        _record(con, number, load_id, file, 0)
    return waiting


def _create(con: Connection) -> None:
    for statement in sql.statements("schema/facts"):
        con.execute(statement)


def _start_load(con: Connection, command: str) -> int:
    now = datetime.now(UTC).replace(tzinfo=None)
    load_id: int = con.execute("SELECT coalesce(max(load_id), 0) + 1 FROM loads").fetchall()[0][0]
    con.execute("INSERT INTO loads VALUES (?, ?, ?)", [load_id, now, command])
    return load_id


def _next_file(con: Connection) -> int:
    file_id: int = con.execute("SELECT coalesce(max(file_id), 0) + 1 FROM files").fetchall()[0][0]
    return file_id


def _load_files(
    con: Connection, sources: list[InputFile], options: Options, progress: Progress
) -> LoadReport:
    load_id = _start_load(con, options.command)
    numbered = list(enumerate(sources, _next_file(con)))
    report = LoadReport()
    for table in TABLES:
        mine = [(number, source) for number, source in numbered if source.table == table]
        if mine:
            report.files += _load_table(con, table, mine, load_id, progress)
    report.rejects = first_rejects(con, [number for number, _ in numbered])
    return report


def _load_table(
    con: Connection,
    table: str,
    numbered: list[tuple[int, InputFile]],
    load_id: int,
    progress: Progress,
) -> list[FileReport]:
    parts = []
    for number, source in numbered:
        progress.phase(f"Reading {source.path.name}")
        parts.append(stage.read(con, source, number))
        progress.rows(parts[-1].rows_read)
    staged = stage.combine(con, table, parts)
    progress.phase(f"Checking {table}", sum(item.rows for item in staged))
    lines = {item.file_id: line_map(item) for item in staged}
    row_conflicts.check_references(con, table)
    row_conflicts.check_repeats(con, table)
    row_conflicts.check_against_loaded(con, table)
    rejects.write(con, table, staged, lines)
    progress.phase(f"Loading {table}", sum(item.rows for item in staged))
    corrections = row_conflicts.correct(con, table)
    reports = []
    for item in staged:
        reports.append(file_report(con, item, corrections.get(item.file_id, 0)))
        reports[-1].check()
        size = Path(reports[-1].file).stat().st_size
        _record(con, item.file_id, load_id, reports[-1], size)
    insert.insert(con, table, staged, lines)
    return reports


def _record(con: Connection, file_id: int, load_id: int, report: FileReport, size: int) -> None:
    con.execute(
        "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            file_id,
            load_id,
            report.file,
            report.table,
            size,
            report.rows_read,
            report.rows_loaded,
            report.duplicates,
            report.rejected,
            report.corrections,
            list(report.unknown_columns),
        ],
    )
    if not size:  # from the review database, never staged
        return
    con.execute(
        "INSERT INTO duplicates SELECT ?, ?, count(*) FILTER (fault = ?), "
        f"count(*) FILTER (fault = ?) FROM staged_{report.table} WHERE file_id = ?",
        [
            file_id,
            report.table,
            row_conflicts.DUPLICATE,
            row_conflicts.DUPLICATE_OF_LOADED,
            file_id,
        ],
    )


def _conclude(
    con: Connection,
    snapshot_file: Path,
    warehouse: Warehouse,
    options: Options,
    report: LoadReport,
    progress: Progress,
) -> None:
    """Publish, or set the message to the reason why not."""
    report.snapshot = warehouse.current()
    if options.strict and report.rejected:
        first = report.rejects[0]
        count = plural(report.rejected, "row")
        report.failed = True
        report.message = (
            f"{count} {'was' if report.rejected == 1 else 'were'} rejected and --strict is set, so "
            f"nothing was loaded. The first: {first['file']} line {first['line']}, column "
            f"{first['column']}: found {first['found']!r}, expected {first['expected']}."
        )
        return
    if options.check:
        report.message = "Dry run: nothing was published."
    elif _is_new(con, report) or _is_older(con):
        _put_in_force(con, snapshot_file, warehouse, report, progress)
    elif any(file.rows_read for file in report.files):
        report.message = "Nothing new: every row was already loaded. Nothing was published."
    else:
        report.message = "The files contain no rows below their headers. Nothing was published."


def _is_new(con: Connection, report: LoadReport) -> bool:
    """Whether the load added a row, or a reject that was not recorded before."""
    if any(file.rows_loaded for file in report.files):
        return True
    repeated = con.execute(
        'SELECT count(*) FROM (SELECT file, line, "column", found, expected, row, '
        "count(*) AS times FROM rejects GROUP BY ALL HAVING bool_or(file_id IN "
        "(SELECT file_id FROM files WHERE load_id = (SELECT max(load_id) FROM loads))) "
        "AND times = 1)"
    ).fetchall()
    return bool(repeated[0][0])


def _is_older(con: Connection) -> bool:
    """Whether the snapshot in force has an older format, which readers refuse."""
    tables = con.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'snapshot'")
    if not tables.fetchall()[0][0]:
        return False
    formats = con.execute("SELECT format FROM snapshot").fetchall()
    return bool(formats[0][0] != FORMAT)


def _put_in_force(
    con: Connection,
    snapshot_file: Path,
    warehouse: Warehouse,
    report: LoadReport,
    progress: Progress,
) -> None:
    progress.phase("Publishing")
    snapshot_id = snapshot_store.new_id(warehouse, derive.content_hash(con))
    derive.sign(con, snapshot_id)
    con.execute("CHECKPOINT")
    con.close()
    snapshot_store.publish(warehouse, snapshot_file, snapshot_id)
    report.snapshot, report.published = snapshot_id, True
    report.message = f"Published snapshot {snapshot_id}."
