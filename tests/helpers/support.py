"""Shared by the tests of the ETL and of the pure modules: files, loads, the command line."""

import csv
import io
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

from etl import load as loading
from etl.commands import command_line
from etl.progress import Progress
from etl.report import LoadReport
from sourcing import statistics
from sourcing.downloads import tables
from sourcing.filters import Filters
from sourcing.statistics import Counts, Weighting
from sourcing.warehouse.contract import TABLES, column_names
from sourcing.warehouse.snapshots import Warehouse, reading

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "data" / "sample"

OF_ONE_SNAPSHOT = [name for name in tables.TABLES if name not in ("since", "changed_claims")]
"""Tables that need only one snapshot."""

Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]

BASE: dict[str, list[dict[str, Any]]] = {
    "sources": [{"source_id": "s", "name": "Source"}],
    "articles": [{"article_id": "a", "source_id": "s"}],
    "claims": [{"claim_id": "c", "article_id": "a", "claim": "It rained."}],
    "labels": [
        {
            "claim_id": "c",
            "annotator": "anna",
            "label": "sourced",
            "method": "human",
            "labelled_at": "2026-01-01",
        }
    ],
}
"""One claim with one label: what a test adds its own row to."""


def csv_text(rows: Sequence[Row], columns: Sequence[str] | None = None) -> str:
    """Rows as CSV with the columns that any of them has."""
    names = columns or list(dict.fromkeys(name for row in rows for name in row))
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def write(folder: Path, tables: Tables, part: str = "") -> Path:
    """Write each table to a file in the folder, with all columns of the contract."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, rows in tables.items():
        path = folder / f"{table}{part}.csv"
        path.write_text(csv_text(rows, column_names(table)), encoding="utf-8")
    return folder


def load(warehouse: Warehouse, *paths: Path, **options: Any) -> LoadReport:
    """Load files as the command line does, in this process; any share of rows may be refused."""
    options = {"max_refused": 1} | options
    return loading.load(list(paths), warehouse, loading.Options(**options), Progress(shown=False))


def loaded(warehouse: Warehouse, folder: Path, tables: Tables) -> LoadReport:
    """Write the tables into a folder and load them."""
    return load(warehouse, write(folder, tables))


def ask(warehouse: Warehouse, question: str) -> list[tuple[Any, ...]]:
    """Query the snapshot in force."""
    with reading(warehouse) as snapshot:
        return snapshot.rows(question)


def exported(
    warehouse: Warehouse, table: str, filters: Filters | None = None
) -> list[dict[str, str]]:
    """The rows of a table as `etl export` writes it, without the snapshot's id."""
    with reading(warehouse) as snapshot:
        text = b"".join(tables.csv(snapshot, table, filters or Filters())).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    for row in rows:
        row.pop("snapshot", None)
    return rows


@contextmanager
def new_folder() -> Iterator[Path]:
    """A temporary folder for one example of a property test."""
    with tempfile.TemporaryDirectory(prefix="sourcing-test-") as name:
        yield Path(name)


@dataclass(frozen=True)
class Result:
    """The exit code and output of a command."""

    code: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        return self.out.decode("utf-8-sig")


def etl(*arguments: object) -> Result:
    """Run `python -m etl …` in this process. Unexpected exceptions are raised."""
    out, err = io.BytesIO(), io.BytesIO()
    code = 0
    with (
        mock.patch.object(sys, "argv", ["etl", *map(str, arguments)]),
        io.TextIOWrapper(out, encoding="utf-8", write_through=True) as stdout,
        io.TextIOWrapper(err, "utf-8", "backslashreplace", write_through=True) as stderr,
    ):
        with redirect_stdout(stdout), redirect_stderr(stderr):
            try:
                command_line.main()
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
        return Result(code, out.getvalue(), err.getvalue().decode())


def all_tables(**changed: Sequence[Row]) -> dict[str, list[Row]]:
    """BASE with these rows added."""
    tables = {name: [*rows] for name, rows in BASE.items()}
    for name, rows in changed.items():
        tables[name] = [*tables.get(name, []), *rows]
    return tables


def in_table_order(tables: Tables) -> dict[str, Sequence[Row]]:
    """The tables in the order of the contract, in which references point backwards."""
    return {name: tables[name] for name in TABLES if name in tables}


def found_moments(n: list[int], k: list[list[int]]) -> statistics.Moments:
    """Moments of one group. n: resolved claims by article; k: of these, those with each label."""
    counts = Counts(
        group=np.zeros(len(n), np.int64),
        article=np.arange(len(n), dtype=np.int64),
        claims=np.array(n, np.int64),
        labels=np.array(k, np.int64),
        repeats=np.ones(len(n), np.int64),
        repeats_all=np.ones(len(n), np.int64),
        groups=1,
    )
    return statistics.moments(counts, Weighting.CLAIM)
