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
from sourcing.warehouse import seals
from sourcing.warehouse.snapshots import SAME_FACTS, Connection, Snapshot, Warehouse, published_at

_CANNOT_WRITE = (duckdb.IOException, duckdb.OutOfMemoryException, OSError)
_FULL = (errno.ENOSPC, errno.EDQUOT)
"""What the system says where nothing more fits on the disk, or into what somebody may use of it."""
_BUILDING: dict[str, str | bool | int | float | list[str]] = {
    "preserve_insertion_order": "true",
    # Every statement would wait for the disk, for a file that a crash makes worthless anyway:
    # `publish` syncs all of it before anybody can read it.
    "fsync_mode": "none",
}
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
def building(
    warehouse: Warehouse, *, empty: bool = False, start: str | None = None
) -> Iterator[tuple[Connection, Path]]:
    """A private copy of a snapshot, to be changed at will.

    It is a copy of the one in force, or of `start`; an empty file before the first load, or if
    `empty` is set. Whatever happens, it is gone afterwards unless `publish` took it.
    """
    for left in (
        *warehouse.snapshots_folder.glob(".building-*"),
        *warehouse.folder.glob(".current-*"),
        *_seals_without_snapshot(warehouse),
    ):
        _remove(left)
    path = warehouse.snapshots_folder / f".building-{os.getpid()}.duckdb"
    current = start or warehouse.current()
    if current:
        Snapshot(warehouse, current, SAME_FACTS).close()  # raises where it cannot be used
    try:
        if current and not empty:
            shutil.copyfile(warehouse.path(current), path)
        con = duckdb.connect(str(path), config=_BUILDING)
        try:
            con.execute("SET TimeZone = 'UTC'")
            con.execute("SET enable_progress_bar = false")
            # One checkpoint at the end instead of one whenever the log has grown.
            con.execute("SET checkpoint_threshold = '1TB'")
            yield con, path
        finally:
            con.close()
    except (duckdb.Error, OSError) as error:
        if not isinstance(error, _CANNOT_WRITE) and not is_full(error):
            raise
        raise StoreError(
            f"{warehouse.folder}: the snapshot could not be written ({_reason(error, warehouse)}). "
            "The one in force is unchanged."
        ) from error
    finally:
        for left in warehouse.snapshots_folder.glob(f"{path.name}*"):
            _remove(left)


def _seals_without_snapshot(warehouse: Warehouse) -> list[Path]:
    """What a crash between the two steps of `publish` leaves behind."""
    names = set(warehouse.ids())
    return [seal for seal in warehouse.snapshots_folder.glob("*.seal") if seal.stem not in names]


def is_full(error: Exception) -> bool:
    """Whether an error says that nothing more fits on the disk."""
    if isinstance(error, OSError) and error.errno in _FULL:
        return True
    return any(os.strerror(number) in str(error) for number in _FULL)


def _reason(error: Exception, warehouse: Warehouse) -> str:
    """Why a snapshot could not be written, and what to do where it is known."""
    reason = str(error).splitlines()[0][:300]
    if isinstance(error, duckdb.OutOfMemoryException) and not is_full(error):
        return f"{reason}: memory ran out, so close other programs or use a larger machine"
    return f"{reason}: the disk is full{_space(warehouse)}" if is_full(error) else reason


def _space(warehouse: Warehouse) -> str:
    """How much space is free and how much a new snapshot needs at least, in words."""
    try:
        current = warehouse.current()
        needed = 2 * warehouse.path(current).stat().st_size if current else 0
        free = shutil.disk_usage(warehouse.folder).free
    except (OSError, StoreError):
        return ", so free some space"
    size = f", and a new snapshot needs about {_megabytes(needed)}" if needed else ""
    return f": {_megabytes(free)} are free{size}, so free some space"


def _megabytes(size: int) -> str:
    return f"{max(size / 1e6, 0.1):,.1f} MB"


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
    """Sync the new file at `path`, seal and rename it, and point `current` at it."""
    _sync(path)
    sealed = warehouse.path(snapshot_id)
    seals.path_of(sealed).write_text(seals.of(path), encoding="ascii")
    _sync(seals.path_of(sealed))
    path.replace(sealed)
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


def use(warehouse: Warehouse, snapshot_id: str) -> None:
    """Put an existing snapshot in force. Raises StoreError if it cannot be read."""
    Snapshot(warehouse, snapshot_id).close()
    try:
        put_in_force(warehouse, snapshot_id)
    except OSError as error:
        raise StoreError(f"{warehouse.folder}: cannot be written ({error.strerror}).") from error


def prune(warehouse: Warehouse, keep: int = KEEP) -> list[str]:
    """Remove all but the newest `keep`, pinned and current snapshots. Returns the removed ids."""
    protected = warehouse.pinned() | {warehouse.current()}
    removed = [name for name in warehouse.ids()[keep:] if name not in protected]
    for name in removed:
        _remove(warehouse.path(name))
        _remove(seals.path_of(warehouse.path(name)))
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
