"""Undo a load, and redo it: publish a snapshot as if the load had never been, or had never gone."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from etl import derive, load_record, snapshot_store
from etl.amendments import kept_files, load_log
from etl.amendments.load_log import PUBLISH, LoggedLoad
from etl.amendments.replay import replay
from etl.amendments.row_changes import row_changes
from etl.progress import Progress
from etl.publication import put_in_force, user
from etl.report import LoadReport, add_amendments, claim_counts
from sourcing.errors import LoadError, StoreError
from sourcing.formatting import listed, plural
from sourcing.warehouse.snapshots import SAME_FACTS, Snapshot, Warehouse


@dataclass(frozen=True)
class Options:
    """load_id: which load; the newest if None. check: a dry run."""

    load_id: int | None = None
    reason: str = ""
    person: str = ""
    check: bool = False


def undo(warehouse: Warehouse, options: Options, progress: Progress) -> LoadReport:
    """Publish a snapshot without a load: the others are loaded again, decisions are kept.

    Raises LoadError if there is no such load, it is undone already or brought decisions, and
    StoreError if the files of a load are not kept any more.
    """
    return _publish_without(warehouse, options, progress, undone=True)


def redo(warehouse: Warehouse, options: Options, progress: Progress) -> LoadReport:
    """Publish a snapshot with a load that was undone, at its old place. Raises as `undo` does."""
    return _publish_without(warehouse, options, progress, undone=False)


def _publish_without(
    warehouse: Warehouse, options: Options, progress: Progress, *, undone: bool
) -> LoadReport:
    started = time.monotonic()
    # The newest load is that of now, not one that ends while this waits for the lock.
    load_id = _chosen(*_log(warehouse), options.load_id, undone=undone).load_id
    with snapshot_store.locked(warehouse, progress.say):
        current = str(warehouse.current())
        loads, already = _log(warehouse)
        load = _chosen(loads, already, load_id, undone=undone)
        remaining = load_log.counting(
            loads, already | {load.load_id} if undone else already - {load.load_id}
        )
        base, rest = _base(warehouse, remaining)
        with (
            snapshot_store.building(warehouse, empty=base is None, start=base) as (con, path),
            progress.watching(con),
        ):
            load_record.prepare(con)
            waiting = replay(con, warehouse, rest, progress)
            load_log.rewrite(con, warehouse.path(current), [item.load_id for item in remaining])
            load_log.note(con, load.load_id, undone, options.person or user(), options.reason)
            report = LoadReport(snapshot=current)
            report.findings = derive.derive(con, progress)
            report.claims = claim_counts(con)
            add_amendments(con, report)
            report.changes = row_changes(con, warehouse, current)
            shifts = _shifts(load, remaining, load_log.read(con), waiting)
            files = listed(
                [f"{file.file}: {plural(file.rows_loaded, 'row')}" for file in load.files]
            )
            if options.check:
                verb = "would no longer count" if undone else "would count again"
                report.message = (
                    f"Dry run: nothing was published. Load {load.load_id} ({files}) {verb}.{shifts}"
                )
            else:
                put_in_force(con, path, warehouse, report, progress)
                verb = "is undone" if undone else "counts again"
                back = _way_back(warehouse, load, undone)
                report.message = (
                    f"Load {load.load_id} ({files}) {verb}.{shifts} {back} {report.message}"
                )
    report.seconds = time.monotonic() - started
    return report


def _log(warehouse: Warehouse) -> tuple[list[LoggedLoad], set[int]]:
    """The loads of the snapshot in force, and those that people have undone."""
    current = warehouse.current()
    if current is None:
        raise LoadError(f"{warehouse.folder} has no load yet.")
    return load_log.of_snapshot(_checked(warehouse, current))


def _way_back(warehouse: Warehouse, load: LoggedLoad, undone: bool) -> str:
    """How to take an undo or redo back, if it can be."""
    if not undone:
        return f"To take this back: `python -m etl undo {load.load_id}`."
    try:
        kept_files.find(warehouse, load.kept or "")
    except StoreError:
        return (
            f"Its files are not in {warehouse.folder / 'loads'}, so it can count again only if "
            "they are loaded again, or from a snapshot that holds it."
        )
    return f"To take this back: `python -m etl redo {load.load_id}`."


def _checked(warehouse: Warehouse, snapshot_id: str) -> Path:
    """The file of a snapshot that can be read. Raises StoreError."""
    snapshot = Snapshot(warehouse, snapshot_id, SAME_FACTS)
    snapshot.close()
    return snapshot.path


def _chosen(
    loads: Sequence[LoggedLoad], already: set[int], load_id: int | None, *, undone: bool
) -> LoggedLoad:
    """The load that is meant: by its number, or the newest that can be undone or redone."""
    verb = "undone" if undone else "redone"
    counting = {load.load_id for load in load_log.counting(loads, already)}
    candidates = [
        load
        for load in loads
        if load.command != PUBLISH and load.load_id in (counting if undone else already)
    ]
    if load_id is None:
        if not candidates:
            raise LoadError(f"There is no load that could be {verb}: `python -m etl loads`.")
        return candidates[-1]
    load = next((load for load in loads if load.load_id == load_id), None)
    if load is None:
        raise LoadError(f"There is no load {load_id}. `python -m etl loads` lists them.")
    if load in candidates:
        return load
    if load.command == PUBLISH:
        raise LoadError(
            f"Load {load_id} published decisions, answers and withdrawals of the review database. "
            "Take those back on the dashboard; they stay on record."
        )
    if not undone:
        raise LoadError(f"Load {load_id} was not undone, so there is nothing to redo.")
    if load_id in already:
        raise LoadError(f"Load {load_id} is undone already. `python -m etl redo {load_id}`.")
    owner = next(item for item in loads if load_id in item.replaces)
    raise LoadError(
        f"Load {load_id} made room for load {owner.load_id} and does not count. It comes back "
        f"when load {owner.load_id} is undone."
    )


def _base(
    warehouse: Warehouse, remaining: Sequence[LoggedLoad]
) -> tuple[str | None, Sequence[LoggedLoad]]:
    """The snapshot to build on and the loads to add: the one that holds most of them and no other.

    None where every load has to be added. Raises LoadError if the files of one are not kept.
    """
    best: tuple[str | None, int] = (None, 0)
    for snapshot_id in warehouse.ids():
        try:
            loads, undone = load_log.of_snapshot(_checked(warehouse, snapshot_id))
        except StoreError:
            continue  # damaged: another one, or the files, will do
        there = [load.identity for load in load_log.counting(loads, undone)]
        same = there == [load.identity for load in remaining[: len(there)]]
        if same and len(there) > best[1]:
            best = (snapshot_id, len(there))
    rest = remaining[best[1] :]
    missing = [str(load.load_id) for load in rest if not load.kept]
    if missing:
        which = "load" if len(missing) == 1 else "loads"
        raise LoadError(
            f"The files of {which} {listed(missing)} were not kept, because an earlier version of "
            "this program loaded them, so what came before them can no longer be changed. Load "
            "corrected files instead."
        )
    return best[0], rest


def _shifts(
    load: LoggedLoad, before: Sequence[LoggedLoad], after: Sequence[LoggedLoad], waiting: int
) -> str:
    """What undoing or redoing a load does to the others, as sentences after a space.

    before, after: the loads that count, with the rows that they had and those that they have.
    """
    rows = {each.load_id: each.rows_loaded for each in after}
    words = [
        _shift(other.load_id, other.rows_loaded, rows[other.load_id])
        for other in before
        if other.load_id != load.load_id
        and other.command != PUBLISH
        and other.rows_loaded != rows[other.load_id]
    ]
    if waiting:
        words.append(
            f"{plural(waiting, 'event')} of the review database "
            f"{'waits' if waiting == 1 else 'wait'} until the claims are back."
        )
    return "".join(f" {sentence}" for sentence in words)


def _shift(load_id: int, before: int, after: int) -> str:
    """What became of the rows of another load, which stood on this one."""
    if after < before:
        return f"Of load {load_id}, {after:,} of {plural(before, 'row')} count now."
    verb = "counts" if after == 1 else "count"
    return f"Of load {load_id}, {plural(after, 'row')} {verb} now, instead of {before:,}."
