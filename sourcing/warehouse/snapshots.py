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
from sourcing.formatting import plural
from sourcing.warehouse import seals

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

        Raises StoreError if `current` is lost, cannot be read or names a missing snapshot.
        """
        try:
            snapshot_id = (self.folder / "current").read_text(encoding="ascii").strip()
        except FileNotFoundError:
            if ids := self.ids():
                raise StoreError(
                    f"{self.folder / 'current'} is missing, although {self.snapshots_folder} holds "
                    f"{plural(len(ids), 'snapshot')}. {self._how_to_use(ids)}"
                ) from None
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
                f"which is not in {self.snapshots_folder}. Put the file back. "
                f"{self._how_to_use(self.ids())}"
            )
        return snapshot_id

    def _how_to_use(self, ids: list[str]) -> str:
        """The command that puts the newest of these snapshots in force again."""
        if not ids:
            return "There is no other snapshot, so load the files again."
        return (
            f"To put the newest one in force: `python -m etl snapshots --use {ids[0]} "
            f"--warehouse {self.folder}`."
        )

    def before(self, snapshot_id: str) -> str | None:
        """The id of the newest snapshot that is older than this one."""
        return next((name for name in self.ids() if name < snapshot_id), None)

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
        self._advice = _advice(warehouse, snapshot_id)
        try:
            seals.check(path)
            self._connection = duckdb.connect(str(path), read_only=True, config=_SAFE)
            self._check_version(path, formats)
        except StoreError as error:
            raise StoreError(f"{error} {self._advice}".rstrip()) from error
        except duckdb.Error as error:
            reason = str(error).splitlines()[0]
            raise StoreError(
                f"{path}: cannot be read as a snapshot ({reason}). {self._advice}".rstrip()
            ) from error

    @classmethod
    def over(cls, connection: Connection, name: str) -> "Snapshot":
        """A snapshot over the tables of an open connection."""
        snapshot = cls.__new__(cls)
        snapshot.id = name
        snapshot._connection = connection  # noqa: SLF001 (its own class)
        snapshot._advice = ""  # noqa: SLF001
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

    @contextmanager
    def _cursor(self) -> Iterator[Connection]:
        """A cursor for one query. Raises StoreError if the file is damaged or lacks the table."""
        cursor = self._connection.cursor()
        try:
            yield cursor
        except duckdb.CatalogException as error:
            raise StoreError(
                f"The snapshot {self.id} was made by an earlier version of this program, which did "
                "not keep this. A snapshot made by `python -m etl publish` does."
            ) from error
        except _DAMAGE as error:
            reason = str(error).splitlines()[0][:200]
            raise StoreError(
                f"The file of the snapshot {self.id} is damaged ({reason}). {self._advice}".rstrip()
            ) from error
        finally:
            cursor.close()

    def frame(self, name: str, parameters: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """The result of the query in sql/`name`.sql as a DataFrame."""
        with self._cursor() as cursor:
            return cursor.execute(sql.text(name), dict(parameters or {})).df()

    def has_table(self, name: str) -> bool:
        """Whether the snapshot has this table; those of earlier versions have fewer."""
        found = self.rows("SELECT 1 FROM duckdb_tables() WHERE table_name = $name", {"name": name})
        return bool(found)

    def rows(self, text: str, parameters: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """The rows of a query given as text."""
        with self._cursor() as cursor:
            return cursor.execute(text, dict(parameters or {})).fetchall()

    def arrow(self, name: str, parameters: dict[str, Any] | None = None) -> pa.Table:
        """The result as an Arrow table, which keeps the types of columns with missing values."""
        with self._cursor() as cursor:
            return cursor.sql(sql.text(name), params=parameters).to_arrow_table()

    def batches(
        self, name: str, parameters: Mapping[str, Any] | None = None, size: int = 2_048
    ) -> Iterator[tuple[list[str], list[tuple[Any, ...]]]]:
        """The result in batches of rows, each with the column names, for large results."""
        with self._cursor() as cursor:
            cursor.execute(sql.text(name), dict(parameters or {}))
            columns = [item[0] for item in cursor.description or []]
            yield columns, cursor.fetchmany(size)
            while rows := cursor.fetchmany(size):
                yield columns, rows

    def close(self) -> None:
        """Release the file."""
        self._connection.close()


_DAMAGE = (duckdb.IOException, duckdb.InternalException, duckdb.FatalException)
"""What DuckDB raises for a block that is not as it was written."""


def _advice(warehouse: Warehouse, snapshot_id: str) -> str:
    """What to do about a damaged snapshot, as a sentence; empty if there is no older one."""
    if before := warehouse.before(snapshot_id):
        return (
            f"The snapshot before it is {before}: `python -m etl snapshots --use {before} "
            f"--warehouse {warehouse.folder}`."
        )
    return ""


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
