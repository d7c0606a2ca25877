"""Rows to CSV: RFC 4180, UTF-8 with a byte order mark, formulas escaped. Pure.

Every table that a page shows starts with columns for the snapshot and for what is counted, so that
its numbers keep their context.
"""

import csv
import io
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

BOM = b"\xef\xbb\xbf"
_INVISIBLE = r"[ \t\r\n\x0b\x0c\x{a0}\x{2000}-\x{200d}\x{202f}\x{2060}\x{3000}\x{feff}]*"
_FORMULA = r"[=+@\t\r\n\x{ff1d}\x{ff0b}\x{ff0d}\x{ff20}-]"
GUARDED = f"^'+{_INVISIBLE}{_FORMULA}"
"""The pattern (in DuckDB's notation) of a text that carries the apostrophe of `cell`.

An apostrophe is also written before a text that looks as if it carried one already, so removing one
apostrophe gives back every text exactly.
"""
_NEEDS_GUARD = re.compile(
    re.sub(r"\\x\{(\w+)\}", lambda code: chr(int(code[1], 16)), f"'*{_INVISIBLE}{_FORMULA}")
)


def lines(
    columns: Sequence[str],
    batches: Iterable[Sequence[Sequence[Any]]],
    head: Sequence[tuple[str, str]] = (),
) -> Iterator[bytes]:
    """The table as CSV in pieces; `head` holds leading columns with the same value in every row."""
    first = [cell(value) for _, value in head]
    yield BOM + _encoded([[name for name, _ in head] + list(columns)])
    for batch in batches:
        yield _encoded([first + [cell(value) for value in row] for row in batch])


def cell(value: Any) -> str:
    """One value as text: full precision, true or false, times in UTC, empty for None and NaN.

    Text that a spreadsheet would run as a formula gets a leading apostrophe (see GUARDED).
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
    return "'" + text if _NEEDS_GUARD.match(text) else text


def _encoded(rows: list[list[str]]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue().encode("utf-8")
