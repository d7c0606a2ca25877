"""Publish a snapshot: sign what was built and put it in force; derive it again from the facts."""

import getpass
import time
from pathlib import Path

from etl import derive, load_record, review_events, snapshot_store
from etl.amendments import kept_files, load_log
from etl.amendments.kept_files import Keeper
from etl.amendments.load_log import PUBLISH
from etl.progress import Progress
from etl.report import LoadReport, add_amendments, claim_counts
from sourcing.errors import LoadError
from sourcing.formatting import plural
from sourcing.warehouse.snapshots import Connection, Warehouse


def user() -> str:
    """The name of the account that runs this program; empty if it has none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


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
        kept_files.keeping(warehouse) as keeper,
        snapshot_store.building(warehouse) as (con, snapshot_file),
        progress.watching(con),
    ):
        load_record.prepare(con)
        load_id = load_record.start_load(
            con, PUBLISH, user(), keeper.key, after=load_log.last_id(warehouse)
        )
        waiting = _add_review_events(con, warehouse, load_id, report, keeper)
        if if_waiting and not report.files:
            report.snapshot = warehouse.current()
            report.message = (
                "Nothing is waiting to be published; another run may have published it."
            )
        else:
            report.findings = derive.derive(con, progress)
            report.claims = claim_counts(con)
            add_amendments(con, report)
            keeper.settle()
            put_in_force(con, snapshot_file, warehouse, report, progress)
    if waiting:
        report.message += (
            f" {plural(waiting, 'event')} of the review database {'is' if waiting == 1 else 'are'} "
            "still waiting: the article of the claim is not loaded here."
        )
    report.seconds = time.monotonic() - started
    return report


def _add_review_events(
    con: Connection, warehouse: Warehouse, load_id: int, report: LoadReport, keeper: Keeper
) -> int:
    """Add the events of the review database. Returns how many are waiting for their claims."""
    first = load_record.next_file(con)
    report.files, waiting = review_events.publish(con, warehouse, first)
    for number, file in enumerate(report.files, first):
        load_record.record_events(con, number, load_id, file)
        keeper.add_events(con, number, file.file, file.table)
    return waiting


def put_in_force(
    con: Connection,
    snapshot_file: Path,
    warehouse: Warehouse,
    report: LoadReport,
    progress: Progress,
) -> None:
    """Sign a snapshot, put it in force, and say so in the report."""
    progress.phase("Publishing")
    _pin_what_was_not_kept(con, warehouse)
    snapshot_id = snapshot_store.new_id(warehouse, derive.content_hash(con))
    derive.sign(con, snapshot_id)
    con.execute("CHECKPOINT")
    con.close()
    snapshot_store.publish(warehouse, snapshot_file, snapshot_id)
    report.snapshot, report.published = snapshot_id, True
    report.message = f"Published snapshot {snapshot_id}."


def _pin_what_was_not_kept(con: Connection, warehouse: Warehouse) -> None:
    """Pin the snapshot in force if its newest load is of a version that kept no files.

    To undo a load after it, the snapshot is needed in place of the files.
    """
    before = con.execute("SELECT kept FROM loads ORDER BY load_id DESC LIMIT 1 OFFSET 1").fetchall()
    current = warehouse.current()
    if current and before == [(None,)]:
        snapshot_store.pin(warehouse, current, on=True)
