"""Load the files of one table after the other: stage, check, reject, correct, insert."""

from etl import load_record
from etl.merging import id_matches, insert, partial_rows, rejects, row_conflicts
from etl.progress import Progress
from etl.reading import rounded_ids, stage, swallowed_rows
from etl.reading.input_files import InputFile
from etl.reading.line_numbers import line_map
from etl.reading.stage import Staged
from etl.report import FileReport, file_report
from sourcing.warehouse.contract import TABLES
from sourcing.warehouse.snapshots import Connection


def load_tables(
    con: Connection, sources: list[InputFile], load_id: int, order: str, progress: Progress
) -> list[FileReport]:
    """Load the files in table order, as part of this load. Returns a report for each.

    order: how dates are written, if a person has said so (`accepted_forms.ORDERS`).
    """
    numbered = list(enumerate(sources, load_record.next_file(con)))
    reports = []
    for table in TABLES:
        mine = [(number, source) for number, source in numbered if source.table == table]
        if mine:
            parts = _staged(con, mine, order, progress)
            reports += _load_table(con, table, parts, load_id, progress)
    return reports


def _staged(
    con: Connection, numbered: list[tuple[int, InputFile]], order: str, progress: Progress
) -> list[Staged]:
    parts = []
    for number, source in numbered:
        progress.phase(f"Reading {source.path.name}")
        parts.append(stage.read(con, source, number, order))
        rounded_ids.mark(con, parts[-1])
        progress.rows(parts[-1].rows_read)
    return parts


def _load_table(
    con: Connection, table: str, parts: list[Staged], load_id: int, progress: Progress
) -> list[FileReport]:
    staged = stage.combine(con, table, parts)
    progress.phase(f"Checking {table}", sum(item.rows for item in staged))
    lines = {item.file_id: line_map(item) for item in staged}
    staged = [swallowed_rows.mark(con, table, item, lines[item.file_id]) for item in staged]
    id_matches.match_keys(con, table, staged)
    row_conflicts.check_references(con, table)
    id_matches.match_references(con, table, staged)
    partial_rows.fill(con, table, staged)
    row_conflicts.check_repeats(con, table)
    row_conflicts.check_against_loaded(con, table)
    rejects.write(con, table, staged, lines)
    progress.phase(f"Loading {table}", sum(item.rows for item in staged))
    reports = []
    for item in staged:
        report = file_report(con, item, partial_rows.corrections(con, table, item))
        report.check()
        load_record.record_file(con, item, load_id, report, lines[item.file_id])
        reports.append(report)
    row_conflicts.correct(con, table)
    insert.insert(con, table, staged, lines)
    return reports
