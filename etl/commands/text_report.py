"""Load reports and the state of the warehouse, as text and as data for `--json`."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from etl.report import FIRST_REJECTS, LoadReport
from sourcing.codebook import FINDINGS
from sourcing.formatting import plural
from sourcing.warehouse import queries
from sourcing.warehouse.snapshots import Snapshot, Warehouse, published_at

_SHOWN_REJECTS = 10
"""Rejects listed if they were published; otherwise all that the report holds are listed."""


def report_lines(report: LoadReport, warehouse: Warehouse) -> Iterator[str]:
    """The load report as lines of text."""
    for file in report.files:
        line = (
            f"{file.file}: {file.table}, {plural(file.rows_read, 'row')} read = "
            f"{file.rows_loaded:,} loaded + {plural(file.duplicates, 'duplicate')} + "
            f"{file.rejected:,} rejected"
        )
        yield line + (f" ({plural(file.corrections, 'correction')})" if file.corrections else "")
        if file.unknown_columns:
            yield f"  columns not used: {', '.join(file.unknown_columns)}"
    listed = _SHOWN_REJECTS if report.published else FIRST_REJECTS
    for reject in report.rejects[:listed]:
        yield (
            f"  {reject['file']} line {reject['line']}, column {reject['column']}: found "
            f"{str(reject['found'])[:80]!r}, expected {reject['expected']}"
        )
    if report.rejected > listed:
        command = f": python -m etl export rejects --warehouse {warehouse.folder}"
        ending = command if report.published else f"; the first {listed} are listed"
        yield f"  … {report.rejected:,} rejected rows in all{ending}"
    claims = report.claims
    if claims:
        yield (
            f"{plural(claims['all'], 'claim')}: {claims['resolved']:,} resolved, "
            f"{claims['open']:,} open ({claims['unlabelled']:,} unlabelled, "
            f"{claims['tie']:,} tied), {claims['not_a_claim']:,} not a claim"
        )
    for rule, number in report.findings.items():
        if number:
            yield f"  finding: {number:,} × {FINDINGS[rule]}"
    yield f"{report.message} ({report.seconds:.1f} s)"


def status_of(snapshot: Snapshot) -> dict[str, Any]:
    """The snapshot in force: id, age, counts by table, claims by state, open findings."""
    status = queries.status(snapshot)
    age = datetime.now(UTC) - published_at(snapshot.id)
    counts = {
        name: int(status[name])
        for name in (
            "sources publishers articles claims citations labels rejects corrections loads"
        ).split()
    }
    return {
        "snapshot": snapshot.id,
        "published_at": published_at(snapshot.id).isoformat(),
        "age_seconds": int(age.total_seconds()),
        "codebook_version": str(status["codebook_version"]),
        "made_up": bool(status["made_up"]),
        **counts,
        "resolution": queries.states(snapshot),
        "findings": queries.findings(snapshot),
    }


def status_lines(status: dict[str, Any]) -> Iterator[str]:
    """The result of `status_of` as lines of text."""
    entries = dict(status)
    findings = entries.pop("findings")
    age = timedelta(seconds=entries.pop("age_seconds"))
    entries["published_at"] = f"{status['published_at']} ({age} ago)"
    entries["sources"] = f"{status['sources']:,} ({entries.pop('publishers'):,} with articles)"
    entries["resolution"] = ", ".join(
        f"{number:,} {state}" for state, number in status["resolution"].items() if number
    )
    for name, value in entries.items():
        number = f"{value:,}" if type(value) is int else value
        yield f"{name.replace('_', ' '):<18} {number}"
    for rule, number in findings.items():
        yield f"{'finding':<18} {rule}: {number:,}"


def snapshot_rows(warehouse: Warehouse) -> list[dict[str, Any]]:
    """All snapshots, newest first: id, size, whether it is in force and whether it is pinned."""
    current, pinned = warehouse.current(), warehouse.pinned()
    return [
        {
            "snapshot": name,
            "published_at": published_at(name).isoformat(),
            "bytes": warehouse.path(name).stat().st_size,
            "in_force": name == current,
            "pinned": name in pinned,
        }
        for name in warehouse.ids()
    ]
