"""The load report: rows read, loaded and rejected, and the claims in the warehouse afterwards."""

from dataclasses import dataclass, field
from typing import Any

from etl.row_conflicts import DUPLICATE
from etl.stage import Staged
from sourcing.errors import LoadError
from sourcing.formatting import plural
from sourcing.warehouse.snapshots import Connection

FIRST_REJECTS = 100
"""The most rejected rows that a report holds."""


@dataclass(frozen=True)
class FileReport:
    """One file's counts. rows_read = rows_loaded + duplicates + rejected, always."""

    file: str
    table: str
    rows_read: int
    rows_loaded: int
    duplicates: int
    rejected: int
    corrections: int = 0
    unknown_columns: tuple[str, ...] = ()

    def check(self) -> None:
        """Raise LoadError if a row is unaccounted for."""
        if self.rows_read != self.rows_loaded + self.duplicates + self.rejected:
            raise LoadError(
                f"{self.file}: {plural(self.rows_read, 'row')} read, but {self.rows_loaded:,} "
                f"loaded + {plural(self.duplicates, 'duplicate')} + {self.rejected:,} rejected. "
                "Rows would be lost, so nothing was loaded. Please report this with the file."
            )


@dataclass
class LoadReport:
    """What a load did. `published` is false for a dry run and if nothing is new."""

    snapshot: str | None = None
    published: bool = False
    files: list[FileReport] = field(default_factory=list)
    rejects: list[dict[str, Any]] = field(default_factory=list)
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
                }
                for file in self.files
            ],
            "rejects": self.rejects,
            "claims": self.claims,
            "findings": self.findings,
            "seconds": round(self.seconds, 3),
            "message": self.message,
        }


def file_report(con: Connection, staged: Staged, corrections: int) -> FileReport:
    """Count a file's loaded, duplicate and rejected rows in the staging table."""
    table = staged.source.table
    loaded, duplicates, rejected = con.execute(
        f"SELECT count(*) FILTER (fault IS NULL), count(*) FILTER (fault >= {DUPLICATE}), "
        f"count(*) FILTER (fault < {DUPLICATE}) FROM staged_{table} WHERE file_id = ?",
        [staged.file_id],
    ).fetchall()[0]
    return FileReport(
        str(staged.source.path),
        table,
        staged.rows_read,
        loaded,
        duplicates,
        rejected + len(staged.malformed),
        corrections,
        staged.source.unknown,
    )


def claim_counts(con: Connection) -> dict[str, int]:
    """The number of claims: all, resolved, open (and why), and not a claim."""
    names = ("all", "resolved", "open", "unlabelled", "tie", "not_a_claim")
    row = con.execute(
        "SELECT count(*), count(*) FILTER (label <> 'not_a_claim'), "
        "count(*) FILTER (label IS NULL), count(*) FILTER (state = 'unlabelled'), "
        "count(*) FILTER (state = 'tie'), count(*) FILTER (label = 'not_a_claim') FROM resolved"
    ).fetchall()[0]
    return dict(zip(names, row, strict=True))


def first_rejects(con: Connection, file_ids: list[int]) -> list[dict[str, Any]]:
    """The first rejected rows of these files, as the report lists them."""
    rows = con.execute(
        'SELECT file, line, "column", found, expected FROM rejects '
        "WHERE list_contains($ids, file_id) ORDER BY file_id, line LIMIT $most",
        {"ids": file_ids, "most": FIRST_REJECTS},
    ).fetchall()
    names = ("file", "line", "column", "found", "expected")
    return [dict(zip(names, row, strict=True)) for row in rows]
