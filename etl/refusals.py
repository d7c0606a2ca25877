"""What a load refused, emptied and read otherwise, for its report: by cause, with what follows."""

from etl.merging.explanations import ROOT
from etl.reading.accepted_forms import NUMERIC_DATE
from etl.report import FIRST_REJECTS, Cause, LoadReport
from sourcing import sql
from sourcing.formatting import listed
from sourcing.warehouse.snapshots import Connection

_FORM_KEYS = ("file", "column", "form", "cells", "line", "found", "read_as")
_ORDER_NAMES = {"dmy": "day/month/year", "mdy": "month/day/year"}


def describe(con: Connection, report: LoadReport, load_id: int, order: str = "") -> None:
    """Add to a report what a load rejected, emptied and read otherwise, and the causes of it.

    order: how dates are written, if a person has said so.
    """
    here = {"load": load_id, "most": FIRST_REJECTS}
    mine = "file_id IN (SELECT file_id FROM files WHERE load_id = $load)"
    for name, table in (("rejects", "rejects"), ("emptied_cells", "emptied_cells")):
        rows = con.execute(
            f'SELECT file, line, "column", found, expected FROM {table} WHERE {mine} '
            "ORDER BY file_id, line LIMIT $most",
            here,
        ).fetchall()
        keys = ("file", "line", "column", "found", "expected")
        setattr(report, name, [dict(zip(keys, row, strict=True)) for row in rows])
    report.emptied = con.execute(
        f"SELECT count(*) FROM emptied_cells WHERE {mine}", {"load": load_id}
    ).fetchall()[0][0]
    report.forms = [
        dict(zip(_FORM_KEYS, form, strict=True))
        for form in con.execute(
            'SELECT file, "column", form, cells, line, found, read_as FROM cell_forms '
            f"JOIN files USING (file_id) WHERE {mine} ORDER BY file_id, line",
            {"load": load_id},
        ).fetchall()
    ]
    _add_causes(con, report, load_id, order)


def _add_causes(con: Connection, report: LoadReport, load_id: int, order: str) -> None:
    """Group what was refused by its cause, apart from rows that only refer to refused rows."""
    rows = con.execute(
        sql.text("loads/causes"),
        {"load": load_id, "root": ROOT, "numeric_date": f"^{NUMERIC_DATE}"},
    ).fetchall()
    for follows, file, table, column, count, line, found, expected, emptied, *dates in rows:
        if follows:
            report.consequences[table] = report.consequences.get(table, 0) + count
        else:
            words = f"{expected}{_order_of_dates(order, count, *dates)}"
            report.causes.append(Cause(file, column, count, line, found, words, emptied))


def _order_of_dates(
    given: str, rows: int, dates: int, first: int | None, second: int | None
) -> str:
    """What to do where dates are written with numbers whose order only a person knows."""
    if not dates:
        return ""
    if given:
        return (
            f": {dates:,} of {rows:,} are no dates as --dates {given} says "
            f"({_ORDER_NAMES[given]}); write them as expected"
        )
    orders = [
        order
        for order, month in (("dmy", second), ("mdy", first))
        if month is not None and month <= 12
    ]
    kinds = listed([_ORDER_NAMES[order] for order in orders], "or")
    options = listed([f"--dates {order}" for order in orders], "or")
    if not orders:
        return ""
    return f": {dates:,} of {rows:,} are {kinds}; write them as expected, or give {options}"
