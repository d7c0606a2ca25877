"""Load reports and the state of the warehouse, as text and as data for `--json`."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from etl.reading import text_encoding
from etl.reading.text_encoding import UTF_8
from etl.report import FileReport, LoadReport
from sourcing.codebook import FINDINGS
from sourcing.formatting import first_of, listed, plural
from sourcing.warehouse import amendments, queries
from sourcing.warehouse.snapshots import Snapshot, Warehouse, published_at

_SHOWN_CAUSES = 20


def report_lines(report: LoadReport, warehouse: Warehouse) -> Iterator[str]:
    """The load report as lines of text: files, causes, what follows from them, claims."""
    for file in report.files:
        yield from _file_lines(file)
    for form in report.forms:
        cells = plural(form["cells"], "cell")
        yield (
            f"  {form['file']}, column {form['column']}: {cells} in another form ({form['form']}), "
            f"for example line {form['line']}: {_short(form['found'])} read as "
            f"{_short(form['read_as']) if form['read_as'] else 'empty'}"
        )
    yield from _cause_lines(report, warehouse)
    for table, (before, after) in report.changes.items():
        yield f"  {table.replace('_', ' ')}: {before:,} before, {after:,} now"
    claims = report.claims
    if claims:
        yield (
            f"{plural(claims['all'], 'claim')}: {claims['resolved']:,} resolved, "
            f"{claims['open']:,} open ({claims['unlabelled']:,} unlabelled, "
            f"{claims['tie']:,} tied), {claims['not_a_claim']:,} not a claim"
        )
    if report.withdrawn:
        counts = [plural(rows, name.removesuffix("s")) for name, rows in report.withdrawn.items()]
        yield f"  withdrawn and not counted: {listed(counts)}"
    if report.joined:
        counts = [plural(names, kind.removesuffix("s")) for kind, names in report.joined.items()]
        yield f"  counted under another name: {listed(counts)}"
    if report.labels_on_decided_claims:
        yield (
            f"  {plural(report.labels_on_decided_claims, 'label')} on claims that were decided: "
            "kept, but the decisions hold"
        )
    for rule, number in report.findings.items():
        if number:
            yield f"  finding: {number:,} × {FINDINGS[rule]}"
    yield f"{report.message} ({report.seconds:.1f} s)"


def _file_lines(file: FileReport) -> Iterator[str]:
    line = (
        f"{file.file}: {file.table}, {plural(file.rows_read, 'row')} read = "
        f"{file.rows_loaded:,} loaded + {plural(file.duplicates, 'duplicate')} + "
        f"{file.rejected:,} rejected"
    )
    yield line + (f" ({plural(file.corrections, 'correction')})" if file.corrections else "")
    if file.cells_cleared:
        yield f"  {plural(file.cells_cleared, 'cell')} cleared: loaded before, and empty here"
    if file.corrections and file.cells_kept:
        yield f"  {plural(file.cells_kept, 'cell')} kept, in columns that the file lacks"
    if file.encoding != UTF_8:
        word = text_encoding.example(Path(file.file), file.encoding)
        sample = f", for example {_short(word)}" if word else ""
        yield (
            f"  read as {file.encoding}{sample}; if letters are wrong, save the file in UTF-8 or "
            "name its encoding with --encoding"
        )
    if file.literal_quotes:
        yield "  quotation marks read as characters of the texts, as they enclose no fields here"
    if file.blank_rows:
        rows = plural(file.blank_rows, "row")
        yield f"  {rows} without data skipped (empty, or the header again)"
    for name, read_as in file.renamed_columns.items():
        yield f"  column {_short(name)} read as {read_as}"
    if file.unknown_columns:
        yield f"  columns not used: {first_of(file.unknown_columns, 12)}"


def _cause_lines(report: LoadReport, warehouse: Warehouse) -> Iterator[str]:
    """What was refused, by cause; a cause with one row is named by its line alone."""
    for cause in report.causes[:_SHOWN_CAUSES]:
        column = f", column {cause.column}" if cause.column else ""
        what = f"found {_short(cause.found or '')}, expected {cause.expected}"
        if cause.rows == 1:
            ending = "; the cell is empty, or as it was loaded before" if cause.emptied else ""
            yield f"  {cause.file} line {cause.line}{column}: {what}{ending}"
        else:
            done = "cells left empty, or as loaded" if cause.emptied else "rows refused"
            yield (
                f"  {cause.file}{column}: {cause.rows:,} {done}, for example line {cause.line}: "
                f"{what}"
            )
    if len(report.causes) > _SHOWN_CAUSES:
        yield f"  … and {plural(len(report.causes) - _SHOWN_CAUSES, 'more cause')}"
    if report.consequences:
        counts = [
            plural(number, table.removesuffix("s")) for table, number in report.consequences.items()
        ]
        yield f"  because of these, also refused: {listed(counts)}"
    for table, number in (("rejects", report.rejected), ("emptied_cells", report.emptied)):
        if number and report.published:
            yield f"  all of them: python -m etl export {table} --warehouse {warehouse.folder}"


def _short(text: str) -> str:
    """A value as it was written, with quotation marks, shortened if it is long."""
    return repr(text if len(text) <= 80 else text[:79] + "…")


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
        **asdict(amendments.counts(snapshot)),
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
    for name in ("withdrawn", "joined"):
        counts = [plural(rows, what.removesuffix("s")) for what, rows in status[name].items()]
        entries[name] = listed(counts) or 0
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
