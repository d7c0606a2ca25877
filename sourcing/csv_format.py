"""Rows to CSV: RFC 4180, UTF-8 with a byte order mark, formula cells made harmless. Pure.

The first columns of every table that a page shows are the snapshot and the sentence of what is
counted, so that a number never travels without them.
"""

import csv
import io
import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

BOM = b"\xef\xbb\xbf"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def lines(
    columns: Sequence[str],
    batches: Iterable[Sequence[Sequence[Any]]],
    head: Sequence[tuple[str, str]] = (),
) -> Iterator[bytes]:
    """The table as CSV, piece by piece; `head` gives columns that are the same in every row."""
    first = [cell(value) for _, value in head]
    yield BOM + _encoded([[name for name, _ in head] + list(columns)])
    for batch in batches:
        yield _encoded([first + [cell(value) for value in row] for row in batch])


def cell(value: Any) -> str:
    """One value as text. Numbers in full; true and false; times in UTC; nothing where undefined.

    Text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="auto") + "Z"
    if isinstance(value, int | date):
        return str(value)
    text = str(value)
    return "'" + text if text.startswith(_FORMULA) else text


def _encoded(rows: list[list[str]]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue().encode("utf-8")
