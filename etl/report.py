"""The load report: rows read, loaded and rejected, and the claims in the warehouse afterwards."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from etl.merging.partial_rows import Corrections
from etl.merging.row_conflicts import BLANK, DUPLICATE
from etl.reading.input_files import Skipped
from etl.reading.stage import Staged
from etl.reading.text_encoding import UTF_8
from sourcing.errors import LoadError
from sourcing.formatting import plural
from sourcing.warehouse.snapshots import Connection

FIRST_REJECTS = 100
"""The most rejected rows that a report holds."""


@dataclass(frozen=True)
class FileReport:
    """One file's counts. rows_read = rows_loaded + duplicates + rejected, always.

    literal_quotes: quotation marks were read as characters of the texts, not around fields.
    """

    file: str
    table: str
    rows_read: int
    rows_loaded: int
    duplicates: int
    rejected: int
    corrections: int = 0
    unknown_columns: tuple[str, ...] = ()
    blank_rows: int = 0
    encoding: str = UTF_8
    renamed_columns: Mapping[str, str] = field(default_factory=dict)
    cells_cleared: int = 0
    cells_kept: int = 0
    literal_quotes: bool = False

    def check(self) -> None:
        """Raise LoadError if a row is unaccounted for."""
        if self.rows_read != self.rows_loaded + self.duplicates + self.rejected:
            raise LoadError(
                f"{self.file}: {plural(self.rows_read, 'row')} read, but {self.rows_loaded:,} "
                f"loaded + {plural(self.duplicates, 'duplicate')} + {self.rejected:,} rejected. "
                "Rows would be lost, so nothing was loaded. Please report this with the file."
            )


@dataclass(frozen=True)
class Cause:
    """Rows or cells of one column that are wrong in one way, and the first of them.

    emptied: whether only the cells were left out, not the rows.
    """

    file: str
    column: str | None
    rows: int
    line: int
    found: str | None
    expected: str
    emptied: bool


@dataclass
class LoadReport:
    """What a load did. `published` is false for a dry run and if nothing is new.

    withdrawn: rows that do not count, by table. joined: names that stand for others, by kind.
    changes: by table, the number of rows before and after an undo or redo.
    """

    snapshot: str | None = None
    published: bool = False
    files: list[FileReport] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    rejects: list[dict[str, Any]] = field(default_factory=list)
    causes: list[Cause] = field(default_factory=list)
    consequences: dict[str, int] = field(default_factory=dict)
    forms: list[dict[str, Any]] = field(default_factory=list)
    emptied_cells: list[dict[str, Any]] = field(default_factory=list)
    emptied: int = 0
    labels_on_decided_claims: int = 0
    withdrawn: dict[str, int] = field(default_factory=dict)
    joined: dict[str, int] = field(default_factory=dict)
    changes: dict[str, tuple[int, int]] = field(default_factory=dict)
    claims: dict[str, int] = field(default_factory=dict)
    findings: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    message: str = ""
    failed: bool = False

    @property
    def rejected(self) -> int:
        """The rejected rows of all files."""
        return sum(file.rejected for file in self.files)

    def as_json(self) -> dict[str, Any]:
        """The report in the form that scripts rely on."""
        return {
            "snapshot": self.snapshot,
            "published": self.published,
            "files": [
                {
                    "file": file.file,
                    "table": file.table,
                    "rows_read": file.rows_read,
                    "rows_loaded": file.rows_loaded,
                    "duplicates": file.duplicates,
                    "rejected": file.rejected,
                    "corrections": file.corrections,
                    "unknown_columns": list(file.unknown_columns),
                    "blank_rows": file.blank_rows,
                    "encoding": file.encoding,
                    "renamed_columns": dict(file.renamed_columns),
                    "cells_cleared": file.cells_cleared,
                    "cells_kept": file.cells_kept,
                    "literal_quotes": file.literal_quotes,
                }
                for file in self.files
            ],
            "rejects": self.rejects,
            "claims": self.claims,
            "findings": self.findings,
            "seconds": round(self.seconds, 3),
            "message": self.message,
            "skipped": [{"file": str(item.path), "reason": item.reason} for item in self.skipped],
            "causes": [asdict(cause) for cause in self.causes],
            "consequences": self.consequences,
            "read_otherwise": self.forms,
            "emptied_cells": self.emptied_cells,
            "emptied": self.emptied,
            "labels_on_decided_claims": self.labels_on_decided_claims,
            "withdrawn": self.withdrawn,
            "joined": self.joined,
            "changes": {table: list(numbers) for table, numbers in self.changes.items()},
        }


def file_report(con: Connection, staged: Staged, corrections: Corrections) -> FileReport:
    """Count a file's loaded, duplicate and rejected rows in the staging table."""
    table = staged.source.table
    loaded, duplicates, rejected = con.execute(
        f"SELECT count(*) FILTER (fault IS NULL), "
        f"count(*) FILTER (fault >= {DUPLICATE} AND fault < {BLANK}), "
        f"count(*) FILTER (fault < {DUPLICATE}) FROM staged_{table} WHERE file_id = ?",
        [staged.file_id],
    ).fetchall()[0]
    return FileReport(
        str(staged.source.path),
        table,
        staged.rows_read,
        loaded,
        duplicates,
        rejected + staged.refused_lines,
        corrections.rows,
        staged.source.unknown,
        staged.blank,
        staged.source.encoding,
        staged.source.renamed,
        corrections.cleared,
        corrections.kept,
        not staged.source.dialect.quoted,
    )


def labels_on_decided_claims(con: Connection, load_id: int) -> int:
    """The labels of a load that change nothing, because a decision on their claim holds."""
    count: int = con.execute(
        "SELECT count(*) FROM labels JOIN files USING (file_id) JOIN claims USING (claim_id) "
        "JOIN resolved USING (claim_key) WHERE files.load_id = ? AND state = 'adjudicated' "
        "AND labels.round IS DISTINCT FROM 'adjudication'",
        [load_id],
    ).fetchall()[0][0]
    return count


def add_amendments(con: Connection, report: LoadReport) -> None:
    """Add to a report how many rows are withdrawn and how many names stand for others."""
    for table in ("sources", "articles", "claims", "citations", "labels"):
        rows = con.execute(f"SELECT count(*) FROM withdrawn_{table}").fetchall()[0][0]
        if rows:
            report.withdrawn[table] = rows
    joined = con.execute("SELECT table_name, count(*) FROM joined GROUP BY 1 ORDER BY 1")
    report.joined = dict(joined.fetchall())


def claim_counts(con: Connection) -> dict[str, int]:
    """The number of claims: all, resolved, open (and why), and not a claim."""
    names = ("all", "resolved", "open", "unlabelled", "tie", "not_a_claim")
    row = con.execute(
        "SELECT count(*), count(*) FILTER (label <> 'not_a_claim'), "
        "count(*) FILTER (label IS NULL), count(*) FILTER (state = 'unlabelled'), "
        "count(*) FILTER (state = 'tie'), count(*) FILTER (label = 'not_a_claim') FROM resolved"
    ).fetchall()[0]
    return dict(zip(names, row, strict=True))


def first_fault(report: LoadReport) -> str:
    """The first rejected row or emptied cell, as a sentence."""
    first = (report.rejects or report.emptied_cells)[0]
    return (
        f"The first: {first['file']} line {first['line']}, column {first['column']}: found "
        f"{str(first['found'])[:80]!r}, expected {first['expected']}."
    )
