"""The files of a load as they were, compressed, beside the snapshots: so that it can be undone.

To undo a load is to load the others again. Every load that was published has a folder
`loads/<key>` in its warehouse, with the files in table order and `load.json`, which names them.
"""

import json
import os
import secrets
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from etl.reading.input_files import InputFile
from sourcing.errors import StoreError
from sourcing.warehouse.snapshots import Connection, Warehouse

_PIECE = 1 << 20


@dataclass(frozen=True)
class KeptFile:
    """One file of a load. file: its name then. events: of the review database, not CSV."""

    path: Path
    file: str
    table: str
    events: bool = False


@dataclass(frozen=True)
class KeptLoad:
    """The files of a load, in the order in which they were loaded, and how they were read."""

    files: list[KeptFile]
    order: str = ""
    encoding: str = ""


class Keeper:
    """Compresses the files of a load while they are loaded. `settle` makes them permanent.

    A crash after that and before the snapshot is in force leaves files that no snapshot names.
    """

    def __init__(self, warehouse: Warehouse) -> None:
        """Prepare a folder that no one else uses; nothing is written before `start`."""
        self.key = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
        self._folder = warehouse.folder / "loads"
        self._building = self._folder / f".building-{self.key}"
        self._entries: list[dict[str, object]] = []
        self._error: Exception | None = None
        self._thread: threading.Thread | None = None
        self._stopped = threading.Event()

    def start(self, files: list[InputFile]) -> None:
        """Begin to copy the files, in another thread."""
        self._thread = threading.Thread(target=self._copy, args=(files,), daemon=True)
        self._thread.start()

    def _copy(self, files: list[InputFile]) -> None:
        try:
            for file in files:
                target = self._place(f"{file.table}.csv.zst", str(file.path), file.table)
                with file.path.open("rb") as source, pa.output_stream(target, "zstd") as stream:
                    while (piece := source.read(_PIECE)) and not self._stopped.is_set():
                        stream.write(piece)
                _sync(target)
        except (OSError, pa.ArrowException) as error:
            self._error = error

    def _place(self, name: str, file: str, table: str, events: bool = False) -> Path:
        folder = f"{len(self._entries) + 1:06}"
        (self._building / folder).mkdir(parents=True)
        self._entries.append({"path": f"{folder}/{name}", "file": file, "table": table})
        if events:
            self._entries[-1]["events"] = True
        return self._building / folder / name

    def add_events(self, con: Connection, file_id: int, origin: str, table: str) -> None:
        """Keep events of the review database, which are rows of the table now."""
        path = str(self._place(f"{table}.parquet", origin, table, events=True)).replace("'", "''")
        con.execute(
            f"COPY (FROM {table} WHERE file_id = {int(file_id)}) TO '{path}' (FORMAT parquet)"
        )

    def settle(self, order: str = "", encoding: str = "", names: str = "") -> None:
        """Make the copies permanent. names: what all files are called, if not by their paths.

        Raises OSError if a file could not be copied.
        """
        if self._thread:
            self._thread.join()
        if isinstance(self._error, OSError):
            raise self._error
        if self._error:
            raise OSError(str(self._error)) from self._error
        entries = [entry | ({"file": names} if names else {}) for entry in self._entries]
        self._building.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"files": entries, "order": order, "encoding": encoding}, indent=1)
        (self._building / "load.json").write_text(text, encoding="utf-8")
        _sync(self._building / "load.json")
        self._building.replace(self._folder / self.key)
        _sync(self._folder)

    def discard(self) -> None:
        """Remove what is not permanent."""
        self._stopped.set()
        if self._thread:
            self._thread.join()
        if self._building.exists():
            shutil.rmtree(self._building, ignore_errors=True)
            with suppress(OSError):
                self._folder.rmdir()  # only if it is empty


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def keeping(warehouse: Warehouse) -> Iterator[Keeper]:
    """A keeper for one load; what it did not settle is gone afterwards."""
    for left in (warehouse.folder / "loads").glob(".building-*"):
        shutil.rmtree(left, ignore_errors=True)
    keeper = Keeper(warehouse)
    try:
        yield keeper
    finally:
        keeper.discard()


def find(warehouse: Warehouse, key: str) -> KeptLoad:
    """The kept files of a load. Raises StoreError if they are gone or damaged."""
    folder = warehouse.folder / "loads" / key
    try:
        content = json.loads((folder / "load.json").read_text(encoding="utf-8"))
        files = [
            KeptFile(folder / str(entry.pop("path")), **entry) for entry in content.pop("files")
        ]
        return KeptLoad(files, **content)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise StoreError(
            f"{folder}: the kept files of a load cannot be read ({error}). Without them, no load "
            "before it can be undone or redone. Put the folder back from a backup."
        ) from error


def check(warehouse: Warehouse, key: str) -> None:
    """Read the kept files of a load. Raises StoreError if one is gone or damaged."""
    for file in find(warehouse, key).files:
        try:
            with pa.input_stream(file.path, None if file.events else "zstd") as source:
                while source.read(_PIECE):
                    pass
        except (OSError, pa.ArrowException) as error:
            raise damaged(file, error) from error


def unpack(file: KeptFile, folder: Path) -> Path:
    """Decompress a kept CSV file into the folder. Raises StoreError if it is damaged."""
    target = folder / file.path.parent.name / file.path.name.removesuffix(".zst")
    target.parent.mkdir(parents=True)
    try:
        with pa.input_stream(file.path, "zstd") as source, target.open("wb") as stream:
            while piece := source.read(_PIECE):
                stream.write(piece)
    except (OSError, pa.ArrowException) as error:
        raise damaged(file, error) from error
    return target


def damaged(file: KeptFile, error: Exception) -> StoreError:
    """The error to raise for a kept file that cannot be read."""
    reason = str(error).splitlines()[0][:200]
    return StoreError(
        f"{file.path}: this kept file of a load cannot be read ({reason}). Put it back from a "
        "backup. Nothing was changed."
    )
