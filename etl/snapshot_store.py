"""Build a snapshot beside the old ones and put it in force in one step.

A crash at any point leaves the old snapshot in force: the new one is built under a name that
readers ignore, synced and renamed, and only then is the pointer replaced atomically.
"""

import errno
import json
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from sourcing.errors import StoreError
from sourcing.warehouse.snapshots import SAME_FACTS, Connection, Snapshot, Warehouse, published_at

FULL = (errno.ENOSPC, errno.EDQUOT)
"""What the system says where nothing more fits on the disk, or into what somebody may use of it."""
KEEP = 20
"""How many of the newest snapshots are kept; pinned ones are always kept."""


@contextmanager
def locked(warehouse: Warehouse, say: Callable[[str], None], wait: float = 600) -> Iterator[None]:
    """Lock the warehouse: one ETL process at a time.

    A second process reports who holds the lock and waits. Raises StoreError after `wait` seconds,
    or if the folder cannot be written.
    """
    holder = warehouse.folder / "lock.holder"
    try:
        warehouse.snapshots_folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(warehouse.folder / "lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            say(f"{warehouse.folder} is in use by {_holder(holder)}; waiting for it to finish.")
            lock.acquire(timeout=wait)
    except Timeout:
        raise StoreError(
            f"{warehouse.folder} is still in use by {_holder(holder)} after {wait:.0f} s. "
            "Try again when it has finished."
        ) from None
    except OSError as error:
        raise StoreError(f"{warehouse.folder}: cannot be written ({error.strerror}).") from error
    try:
        started = datetime.now(UTC).isoformat(timespec="seconds")
        with suppress(OSError):
            holder.write_text(f"process {os.getpid()} on {socket.gethostname()}, since {started}")
        yield
    finally:
        with suppress(OSError):
            holder.unlink()
        lock.release()


def _holder(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return "another process"


@contextmanager
def building(warehouse: Warehouse) -> Iterator[tuple[Connection, Path]]:
    """A private copy of the snapshot in force (or an empty file), to be changed at will.

    Whatever happens, the copy is gone afterwards unless `publish` took it.
    """
    for left in (
        *warehouse.snapshots_folder.glob(".building-*"),
        *warehouse.folder.glob(".current-*"),
    ):
        _remove(left)
    path = warehouse.snapshots_folder / f".building-{os.getpid()}.duckdb"
    current = warehouse.current()
    if current:
        Snapshot(warehouse, current, SAME_FACTS).close()  # raises where it cannot be used
    try:
        if current:
            shutil.copyfile(warehouse.path(current), path)
        con = duckdb.connect(str(path), config={"preserve_insertion_order": "true"})
        try:
            con.execute("SET TimeZone = 'UTC'")
            con.execute("SET enable_progress_bar = false")
            # One checkpoint at the end instead of one whenever the log has grown.
            con.execute("SET checkpoint_threshold = '1TB'")
            yield con, path
        finally:
            con.close()
    except (duckdb.IOException, duckdb.OutOfMemoryException, OSError) as error:
        raise StoreError(
            f"{warehouse.folder}: the snapshot could not be written ({_reason(error)}). "
            "The one in force is unchanged."
        ) from error
    finally:
        for left in warehouse.snapshots_folder.glob(f"{path.name}*"):
            _remove(left)


def _reason(error: Exception) -> str:
    """Why a snapshot could not be written; what to do is said where it is known."""
    reason = str(error).splitlines()[0][:300]
    if isinstance(error, duckdb.OutOfMemoryException):
        return f"{reason}: memory ran out, so close other programs or use a larger machine"
    full = isinstance(error, OSError) and error.errno in FULL
    if full or any(os.strerror(number) in reason for number in FULL):
        return f"{reason}: the disk is full, so free some space"
    return reason


def _remove(path: Path) -> None:
    with suppress(OSError):
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def new_id(warehouse: Warehouse, content: str) -> str:
    """A new id that sorts after all others and ends with a short hash of the content."""
    now = datetime.now(UTC).replace(microsecond=0)
    ids = warehouse.ids()
    if ids:
        now = max(now, published_at(ids[0]) + timedelta(seconds=1))
    return f"{now:%Y%m%dT%H%M%SZ}-{content[:8]}"


def publish(warehouse: Warehouse, path: Path, snapshot_id: str) -> None:
    """Sync the new file at `path`, rename it, and point `current` at it."""
    _sync(path)
    path.replace(warehouse.path(snapshot_id))
    _sync(warehouse.snapshots_folder)
    put_in_force(warehouse, snapshot_id)
    prune(warehouse)


def put_in_force(warehouse: Warehouse, snapshot_id: str) -> None:
    """Point `current` at a snapshot, atomically."""
    pointer = warehouse.folder / f".current-{os.getpid()}"
    pointer.write_text(snapshot_id + "\n", encoding="ascii")
    _sync(pointer)
    pointer.replace(warehouse.folder / "current")
    _sync(warehouse.folder)


def prune(warehouse: Warehouse, keep: int = KEEP) -> list[str]:
    """Remove all but the newest `keep`, pinned and current snapshots. Returns the removed ids."""
    protected = warehouse.pinned() | {warehouse.current()}
    removed = [name for name in warehouse.ids()[keep:] if name not in protected]
    for name in removed:
        _remove(warehouse.path(name))
    return removed


def pin(warehouse: Warehouse, snapshot_id: str, on: bool) -> None:
    """Pin or unpin a snapshot. Raises StoreError if it does not exist."""
    if snapshot_id not in warehouse.ids():
        raise StoreError(
            f"There is no snapshot {snapshot_id[:60]!r}. `python -m etl snapshots` lists them."
        )
    mark = warehouse.snapshots_folder / f"{snapshot_id}.pin"
    try:
        if on:
            mark.write_text(json.dumps({"pinned": datetime.now(UTC).isoformat(timespec="seconds")}))
        else:
            mark.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(f"{mark}: cannot be written ({error.strerror}).") from error


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
