"""Load files: stage, check, merge, resolve and publish, or change nothing."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from etl import derive, load_record, refusals, shipped_sample, snapshot_store
from etl.amendments import kept_files, load_log
from etl.amendments.row_changes import DECISIONS, row_changes
from etl.merging import table_load
from etl.progress import Progress
from etl.publication import put_in_force, user
from etl.reading import input_files
from etl.reading.text_encoding import Scratch
from etl.report import (
    LoadReport,
    add_amendments,
    claim_counts,
    first_fault,
    labels_on_decided_claims,
)
from sourcing.formatting import listed, percent, plural
from sourcing.warehouse.snapshots import FORMAT, Connection, Warehouse


@dataclass(frozen=True)
class Options:
    """Options of a load.

    check: a dry run. strict: any rejected row or emptied cell fails the load. max_refused: the
    share (0–1) of a file's rows that may be refused. order: how dates are written, a key of
    `accepted_forms.ORDERS`. encoding: that of all files; found in each if empty. keep: mix the
    first data of a team's own with the shipped sample, instead of replacing it. person: who loads;
    the account's name if empty. name: what the files are called, if not by their paths.
    amends: the report says how many rows count before and after.
    """

    check: bool = False
    strict: bool = False
    command: str = "load"
    max_refused: float = 0.5
    order: str = ""
    encoding: str = ""
    keep: bool = False
    person: str = ""
    name: str = ""
    amends: bool = False


def load(paths: list[Path], target: Warehouse, options: Options, progress: Progress) -> LoadReport:
    """Load files and folders into the target warehouse and publish a snapshot.

    If `strict` is set and a row is rejected, the report has `failed` set. Raises LoadError if a
    file cannot be used and StoreError if the warehouse cannot. In all three cases the snapshot in
    force stays unchanged.
    """
    started = time.monotonic()
    with (
        _inputs(paths, options, progress) as inputs,
        _or_scratch(target, options) as warehouse,
        snapshot_store.locked(warehouse, progress.say),
        kept_files.keeping(warehouse) as keeper,
        _building(warehouse, inputs, options) as (con, snapshot_file, replaces),
        progress.watching(con),
    ):
        load_record.prepare(con)
        current = warehouse.current()
        replaced = load_log.set_aside(con, warehouse.path(current)) if replaces and current else []
        person = options.person or user()
        load_id = load_record.start_load(
            con, options.command, person, keeper.key, replaced, load_log.last_id(warehouse)
        )
        if not options.check:
            keeper.start(inputs.files)
        files = table_load.load_tables(con, inputs.files, load_id, options.order, progress)
        if options.name:
            files = load_record.rename(con, files, [options.name] * len(files))
        report = LoadReport(files=files, skipped=inputs.skipped)
        refusals.describe(con, report, load_id, options.order)
        report.findings = derive.derive(con, progress)
        report.claims = claim_counts(con)
        add_amendments(con, report)
        if options.amends and current:
            report.changes = row_changes(con, warehouse, current)
        report.labels_on_decided_claims = labels_on_decided_claims(con, load_id)
        if _is_accepted(con, warehouse, options, report):
            keeper.settle(options.order, options.encoding, options.name)
            put_in_force(con, snapshot_file, warehouse, report, progress)
        if report.published and options.amends and not set(report.changes) - set(DECISIONS):
            report.message += " Nothing that counts has changed."
        if replaces and not report.failed:
            report.message += _REPLACED
    report.seconds = time.monotonic() - started
    return report


_REPLACED = (
    " The sample made room for these files: it is no longer counted. Its snapshot is kept, and "
    "--keep would have mixed both."
)


@contextmanager
def _building(
    warehouse: Warehouse, inputs: input_files.Inputs, options: Options
) -> Iterator[tuple[Connection, Path, bool]]:
    """The snapshot to build, and whether it starts empty because it replaces the sample."""
    replaces = not options.keep and shipped_sample.makes_room(warehouse, inputs.files)
    with snapshot_store.building(warehouse, empty=replaces) as (con, path):
        yield con, path, replaces


@contextmanager
def _or_scratch(warehouse: Warehouse, options: Options) -> Iterator[Warehouse]:
    """The warehouse; for a dry run without one, a temporary warehouse."""
    if not options.check or warehouse.folder.exists():
        yield warehouse
        return
    with tempfile.TemporaryDirectory(prefix="sourcing-check-") as folder:
        yield Warehouse(Path(folder))


@contextmanager
def _inputs(
    paths: list[Path], options: Options, progress: Progress
) -> Iterator[input_files.Inputs]:
    """The files to load. Copies in UTF-8 of those in another encoding are gone afterwards."""
    with closing(Scratch()) as scratch:
        inputs = input_files.find(paths, scratch, options.encoding)
        for item in inputs.skipped:
            progress.say(f"{item.path} was skipped: {item.reason}.")
        yield inputs


def _is_accepted(
    con: Connection, warehouse: Warehouse, options: Options, report: LoadReport
) -> bool:
    """Whether to publish; otherwise the message says why not."""
    report.snapshot = warehouse.current()
    if reason := _reason_to_refuse(report, options):
        report.failed = True
        report.message = reason
    elif options.check:
        report.message = "Dry run: nothing was published."
    elif _is_new(con, report) or _is_older(con):
        return True
    elif any(file.rows_read for file in report.files):
        report.message = "Nothing new: every row was already loaded. Nothing was published."
    else:
        report.message = "The files contain no rows below their headers. Nothing was published."
    return False


def _reason_to_refuse(report: LoadReport, options: Options) -> str:
    """Why nothing may be published, as a sentence; empty if it may."""
    if options.strict and (report.rejected or report.emptied):
        rows, cells = plural(report.rejected, "row"), plural(report.emptied, "cell")
        what = f"{rows} rejected and {cells} emptied" if report.emptied else f"{rows} rejected"
        return f"{what}, and --strict is set, so nothing was loaded. {first_fault(report)}"
    too_many = [
        file for file in report.files if file.rejected > options.max_refused * file.rows_read
    ]
    if too_many:
        counts = [f"{file.file} ({file.rejected:,} of {file.rows_read:,})" for file in too_many]
        return (
            f"More than {percent(options.max_refused)} of the rows were refused in "
            f"{listed(counts)}, so nothing was published: the rest would be a biased sample. "
            "Correct the causes above, or accept it with --max-refused 1."
        )
    return ""


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
