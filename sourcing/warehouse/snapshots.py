"""Find, open and read snapshots. Nothing here writes into one.

A warehouse is a folder: `snapshots/<id>.duckdb`, one file a snapshot, and `current`, which holds
the id of the one in force. A snapshot never changes after it is published, so that a reader keeps
what it opened and what was read from it can be kept as long as its id is in use.
"""

import os
import re
from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from sourcing import sql
from sourcing.errors import StoreError

DEFAULT = Path("data/warehouse")
VARIABLE = "SOURCING_WAREHOUSE"
FORMAT = 2
"""The version of the tables in a snapshot; one of another version is refused, not misread."""
SAME_FACTS = frozenset({1, 2})
"""Versions whose facts are the same, so that all else can be derived from them anew."""

_ID = re.compile(r"^(\d{8}T\d{6}Z)-[0-9a-f]{8}$")

Connection = duckdb.DuckDBPyConnection


def default_path() -> Path:
    """The warehouse to use where none is named: SOURCING_WAREHOUSE, else data/warehouse."""
    return Path(os.environ.get(VARIABLE) or DEFAULT)


def is_snapshot_id(text: str) -> bool:
    """Whether the text has the form of a snapshot's id (20261121T093000Z-1a2b3c4d)."""
    return bool(_ID.match(text))


def published_at(snapshot_id: str) -> datetime:
    """When the snapshot was made, as its id says (UTC)."""
    return datetime.strptime(snapshot_id[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


@dataclass(frozen=True)
class Warehouse:
    """A folder of snapshots and the pointer to the one in force."""

    folder: Path

    @property
    def snapshots_folder(self) -> Path:
        """Where the snapshot files lie."""
        return self.folder / "snapshots"

    def path(self, snapshot_id: str) -> Path:
        """The file of a snapshot."""
        return self.snapshots_folder / f"{snapshot_id}.duckdb"

    def current(self) -> str | None:
        """The id of the snapshot in force; None before the first load.

        Raises StoreError where the pointer names a snapshot that is not there.
        """
        try:
            named = (self.folder / "current").read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return None
        except NotADirectoryError as error:
            raise StoreError(f"{self.folder}: a folder was expected, this is none.") from error
        except OSError as error:
            raise StoreError(
                f"{self.folder / 'current'}: cannot be read ({error.strerror})."
            ) from error
        except UnicodeDecodeError as error:
            raise StoreError(f"{self.folder / 'current'}: cannot be read (no text).") from error
        if not is_snapshot_id(named) or not self.path(named).exists():
            raise StoreError(
                f"{self.folder / 'current'} names the snapshot {named[:60]!r}, which is not in "
                f"{self.snapshots_folder}. Put the file back, or write the id of another "
                "snapshot into it."
            )
        return named

    def ids(self) -> list[str]:
        """The ids of all snapshots, newest first."""
        if not self.snapshots_folder.is_dir():
            return []
        names = (path.stem for path in self.snapshots_folder.glob("*.duckdb"))
        return sorted((name for name in names if is_snapshot_id(name)), reverse=True)

    def pinned(self) -> set[str]:
        """The ids that are kept however many newer ones there are."""
        return {path.stem for path in self.snapshots_folder.glob("*.pin")}


class Snapshot:
    """One open snapshot, read-only. Safe to share between threads: every call has a cursor."""

    def __init__(
        self, warehouse: Warehouse, snapshot_id: str, formats: Container[int] = (FORMAT,)
    ) -> None:
        """Open it. Raises StoreError where it is missing, broken or of another version."""
        self.id = snapshot_id
        self.path = path = warehouse.path(snapshot_id)
        if not is_snapshot_id(snapshot_id) or not path.exists():
            raise StoreError(
                f"There is no snapshot {snapshot_id[:60]!r} in {warehouse.snapshots_folder}. "
                "`python -m etl snapshots` lists those there are."
            )
        try:
            self._connection = duckdb.connect(str(path), read_only=True, config=_SAFE)
            self._check_version(path, formats)
        except duckdb.Error as error:
            reason = str(error).splitlines()[0]
            raise StoreError(f"{path}: cannot be read as a snapshot ({reason}).") from error

    @classmethod
    def over(cls, connection: Connection, name: str) -> "Snapshot":
        """The tables of a connection, to be asked as those of a snapshot are."""
        found = cls.__new__(cls)
        found.id = name
        found._connection = connection  # noqa: SLF001 (its own class)
        return found

    def _check_version(self, path: Path, formats: Container[int]) -> None:
        found = self.rows("SELECT format FROM snapshot")[0][0]
        if found not in formats:
            self.close()
            way = (
                "Run `python -m etl publish`, which makes a new snapshot of the newest one"
                if found in SAME_FACTS
                else "Load the files again"
            )
            raise StoreError(
                f"{path} was made for version {found} of the tables, this program reads version "
                f"{FORMAT}. {way}, or use the program that made it."
            )

    def frame(self, name: str, parameters: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """The answer to the question in sql/`name`.sql as a DataFrame."""
        cursor = self._connection.cursor()
        try:
            return cursor.execute(sql.text(name), dict(parameters or {})).df()
        finally:
            cursor.close()

    def rows(self, text: str, parameters: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """The rows of a short query."""
        cursor = self._connection.cursor()
        try:
            return cursor.execute(text, dict(parameters or {})).fetchall()
        finally:
            cursor.close()

    def arrow(self, name: str, parameters: dict[str, Any] | None = None) -> pa.Table:
        """The same as an Arrow table: values keep their types, also those that are missing."""
        cursor = self._connection.cursor()
        try:
            return cursor.sql(sql.text(name), params=parameters).to_arrow_table()
        finally:
            cursor.close()

    def batches(
        self, name: str, parameters: Mapping[str, Any] | None = None, size: int = 20_000
    ) -> Iterator[tuple[list[str], list[tuple[Any, ...]]]]:
        """The answer in batches of rows, each with the column names: for what may be large."""
        cursor = self._connection.cursor()
        try:
            cursor.execute(sql.text(name), dict(parameters or {}))
            columns = [item[0] for item in cursor.description or []]
            yield columns, cursor.fetchmany(size)
            while rows := cursor.fetchmany(size):
                yield columns, rows
        finally:
            cursor.close()

    def close(self) -> None:
        """Give the file back."""
        self._connection.close()


_SAFE: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
}
"""A reader touches its own file and nothing else, whatever a query says."""


@contextmanager
def reading(warehouse: Warehouse, snapshot_id: str | None = None) -> Iterator[Snapshot]:
    """Open a snapshot (the one in force where none is named) and close it again.

    Raises StoreError where there is none.
    """
    wanted = snapshot_id or warehouse.current()
    if wanted is None:
        raise StoreError(
            f"{warehouse.folder} holds no snapshot yet. Load labelled articles first: "
            "`python -m etl load data/sample`."
        )
    snapshot = Snapshot(warehouse, wanted)
    try:
        yield snapshot
    finally:
        snapshot.close()
