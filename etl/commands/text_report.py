"""Reports and the state of the warehouse, in words and as data for `--json`."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from etl.report import FIRST_REJECTS, LoadReport
from sourcing.codebook import FINDINGS
from sourcing.warehouse import queries
from sourcing.warehouse.snapshots import Snapshot, Warehouse, published_at

_SHOWN_REJECTS = 10
"""So many are shown where the whole list was published; else all that the report holds are."""


def report_lines(report: LoadReport, warehouse: Warehouse) -> Iterator[str]:
    """The load report as lines of text."""
    for file in report.files:
        line = (
            f"{file.file}: {file.table}, {file.rows_read:,} rows read = {file.rows_loaded:,} loaded"
            f" + {file.duplicates:,} duplicates + {file.rejected:,} rejected"
        )
        yield line + (f" ({file.corrections:,} corrections)" if file.corrections else "")
        if file.unknown_columns:
            yield f"  columns kept aside: {', '.join(file.unknown_columns)}"
    shown = _SHOWN_REJECTS if report.published else FIRST_REJECTS
    for reject in report.rejects[:shown]:
        yield (
            f"  {reject['file']} line {reject['line']}, column {reject['column']}: found "
            f"{str(reject['found'])[:80]!r}, expected {reject['expected']}"
        )
    if report.rejected > shown:
        command = f": python -m etl export rejects --warehouse {warehouse.folder}"
        all_of_them = command if report.published else f", of which the first {shown} are listed"
        yield f"  … {report.rejected:,} rejected rows in all{all_of_them}"
    claims = report.claims
    if claims:
        yield (
            f"{claims['all']:,} claims: {claims['resolved']:,} resolved, {claims['open']:,} open "
            f"({claims['unlabelled']:,} unlabelled, {claims['tie']:,} tied), "
            f"{claims['not_a_claim']:,} not a claim"
        )
    for rule, number in report.findings.items():
        if number:
            yield f"  finding: {number:,} × {FINDINGS[rule]}"
    yield f"{report.message} ({report.seconds:.1f} s)"


def status_of(snapshot: Snapshot) -> dict[str, Any]:
    """The snapshot in force: id, age, counts by table, claims by state, open findings."""
    found = queries.status(snapshot)
    age = datetime.now(UTC) - published_at(snapshot.id)
    counts = {
        name: int(found[name])
        for name in (
            "sources publishers articles claims citations labels rejects corrections loads"
        ).split()
    }
    return {
        "snapshot": snapshot.id,
        "published_at": published_at(snapshot.id).isoformat(),
        "age_seconds": int(age.total_seconds()),
        "codebook_version": str(found["codebook_version"]),
        "made_up": bool(found["made_up"]),
        **counts,
        "resolution": queries.states(snapshot),
        "findings": queries.findings(snapshot),
    }


def status_lines(found: dict[str, Any]) -> Iterator[str]:
    """What `status_of` found, as lines of text."""
    shown = dict(found)
    findings = shown.pop("findings")
    age = timedelta(seconds=shown.pop("age_seconds"))
    shown["published_at"] = f"{found['published_at']} ({age} ago)"
    shown["sources"] = f"{found['sources']:,}, {shown.pop('publishers'):,} of them with articles"
    shown["resolution"] = ", ".join(
        f"{number:,} {state}" for state, number in found["resolution"].items() if number
    )
    for name, value in shown.items():
        number = f"{value:,}" if type(value) is int else value
        yield f"{name.replace('_', ' '):<18} {number}"
    for rule, number in findings.items():
        yield f"{'finding':<18} {rule}: {number:,}"


def snapshot_rows(warehouse: Warehouse) -> list[dict[str, Any]]:
    """All snapshots, newest first: id, size, whether in force and pinned."""
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
