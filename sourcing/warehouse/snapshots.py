"""Find, open and read snapshots, without writing to them.

A warehouse is a folder with one file per snapshot, `snapshots/<id>.duckdb`, and the file `current`,
which holds the id of the snapshot in force. A published snapshot never changes, so an open one
stays valid and results can be cached under its id.
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
"""The version of the tables in a snapshot; snapshots of other versions are refused."""
SAME_FACTS = frozenset({1, 2})
"""Versions with the same facts, from which everything else can be derived again."""

_ID = re.compile(r"^(\d{8}T\d{6}Z)-[0-9a-f]{8}$")

Connection = duckdb.DuckDBPyConnection


def default_path() -> Path:
    """The default warehouse: SOURCING_WAREHOUSE, or else data/warehouse."""
    return Path(os.environ.get(VARIABLE) or DEFAULT)


def is_snapshot_id(text: str) -> bool:
    """Whether the text has the form of a snapshot's id (20261121T093000Z-1a2b3c4d)."""
    return bool(_ID.match(text))


def published_at(snapshot_id: str) -> datetime:
    """The time (UTC) at which the snapshot was made, read from its id."""
    return datetime.strptime(snapshot_id[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


@dataclass(frozen=True)
class Warehouse:
    """A folder of snapshots and the pointer to the one in force."""

    folder: Path

    @property
    def snapshots_folder(self) -> Path:
        """The folder of the snapshot files."""
        return self.folder / "snapshots"

    def path(self, snapshot_id: str) -> Path:
        """The file of a snapshot."""
        return self.snapshots_folder / f"{snapshot_id}.duckdb"

    def current(self) -> str | None:
        """The id of the snapshot in force; None before the first load.

        Raises StoreError if `current` cannot be read or names a missing snapshot.
        """
        try:
            snapshot_id = (self.folder / "current").read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return None
        except NotADirectoryError as error:
            raise StoreError(
                f"{self.folder}: this is not a folder, but a warehouse must be one."
            ) from error
        except OSError as error:
            raise StoreError(
                f"{self.folder / 'current'}: cannot be read ({error.strerror})."
            ) from error
        except UnicodeDecodeError as error:
            raise StoreError(
                f"{self.folder / 'current'}: cannot be read (not a text file)."
            ) from error
        if not is_snapshot_id(snapshot_id) or not self.path(snapshot_id).exists():
            raise StoreError(
                f"{self.folder / 'current'} names the snapshot {snapshot_id[:60]!r}, "
                f"which is not in {self.snapshots_folder}. Put the file back, "
                "or write the id of another snapshot into it."
            )
        return snapshot_id

    def ids(self) -> list[str]:
        """The ids of all snapshots, newest first."""
        if not self.snapshots_folder.is_dir():
            return []
        names = (path.stem for path in self.snapshots_folder.glob("*.duckdb"))
        return sorted((name for name in names if is_snapshot_id(name)), reverse=True)

    def pinned(self) -> set[str]:
        """The ids of snapshots that are kept regardless of how many newer ones there are."""
        return {path.stem for path in self.snapshots_folder.glob("*.pin")}


class Snapshot:
    """One open, read-only snapshot. Safe to share between threads: each call has its own cursor."""

    def __init__(
        self, warehouse: Warehouse, snapshot_id: str, formats: Container[int] = (FORMAT,)
    ) -> None:
        """Open it. Raises StoreError if it is missing, broken or of another version."""
        self.id = snapshot_id
        self.path = path = warehouse.path(snapshot_id)
        if not is_snapshot_id(snapshot_id) or not path.exists():
            raise StoreError(
                f"There is no snapshot {snapshot_id[:60]!r} in {warehouse.snapshots_folder}. "
                "`python -m etl snapshots` lists the existing ones."
            )
        try:
            self._connection = duckdb.connect(str(path), read_only=True, config=_SAFE)
            self._check_version(path, formats)
        except duckdb.Error as error:
            reason = str(error).splitlines()[0]
            raise StoreError(f"{path}: cannot be read as a snapshot ({reason}).") from error

    @classmethod
    def over(cls, connection: Connection, name: str) -> "Snapshot":
        """A snapshot over the tables of an open connection."""
        snapshot = cls.__new__(cls)
        snapshot.id = name
        snapshot._connection = connection  # noqa: SLF001 (its own class)
        return snapshot

    def _check_version(self, path: Path, formats: Container[int]) -> None:
        version = self.rows("SELECT format FROM snapshot")[0][0]
        if version not in formats:
            self.close()
            advice = (
                "Run `python -m etl publish`, which makes a new snapshot from the newest one"
                if version in SAME_FACTS
                else "Load the files again"
            )
            raise StoreError(
                f"{path} was made for version {version} of the tables, but this program reads "
                f"version {FORMAT}. {advice}, or use the program that made it."
            )

    def frame(self, name: str, parameters: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """The result of the query in sql/`name`.sql as a DataFrame."""
        cursor = self._connection.cursor()
        try:
            return cursor.execute(sql.text(name), dict(parameters or {})).df()
        finally:
            cursor.close()

    def rows(self, text: str, parameters: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """The rows of a query given as text."""
        cursor = self._connection.cursor()
        try:
            return cursor.execute(text, dict(parameters or {})).fetchall()
        finally:
            cursor.close()

    def arrow(self, name: str, parameters: dict[str, Any] | None = None) -> pa.Table:
        """The result as an Arrow table, which keeps the types of columns with missing values."""
        cursor = self._connection.cursor()
        try:
            return cursor.sql(sql.text(name), params=parameters).to_arrow_table()
        finally:
            cursor.close()

    def batches(
        self, name: str, parameters: Mapping[str, Any] | None = None, size: int = 2_048
    ) -> Iterator[tuple[list[str], list[tuple[Any, ...]]]]:
        """The result in batches of rows, each with the column names, for large results."""
        cursor = self._connection.cursor()
        try:
            try:
                cursor.execute(sql.text(name), dict(parameters or {}))
            except duckdb.CatalogException as error:
                raise StoreError(
                    f"The snapshot {self.id} was made by an earlier version of this program, which "
                    "did not keep this. `python -m etl publish` makes a new snapshot, which does "
                    "from the next load on."
                ) from error
            columns = [item[0] for item in cursor.description or []]
            yield columns, cursor.fetchmany(size)
            while rows := cursor.fetchmany(size):
                yield columns, rows
        finally:
            cursor.close()

    def close(self) -> None:
        """Release the file."""
        self._connection.close()


_SAFE: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
}
"""Queries of a reader can touch no file but its own."""


@contextmanager
def reading(warehouse: Warehouse, snapshot_id: str | None = None) -> Iterator[Snapshot]:
    """Open a snapshot (by default the one in force) and close it afterwards.

    Raises StoreError if there is none.
    """
    chosen_id = snapshot_id or warehouse.current()
    if chosen_id is None:
        raise StoreError(
            f"{warehouse.folder} holds no snapshot yet. Load labelled articles first: "
            "`python -m etl load data/sample`."
        )
    snapshot = Snapshot(warehouse, chosen_id)
    try:
        yield snapshot
    finally:
        snapshot.close()
