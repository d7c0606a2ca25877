"""Quotation marks in a file: whether they enclose fields, and fields that swallowed rows.

In a tab-separated file a quotation mark is mostly a character of the text. Read as the start of a
field, it swallows the rows down to the next one, and every count still adds up.
"""

import csv
import io
import re
from collections.abc import Callable

from etl.reading.file_header import Dialect

_BREAK = re.compile("\r\n|\n|\r")
_ENCLOSED = re.compile(r'"((?:[^"]|"")*)"')


def lines_of(text: str) -> list[str]:
    """The lines of a text, which end with LF, CRLF or CR only: str.splitlines knows more ends."""
    return _BREAK.split(text)


def is_quoted(text: str, fields: int, whole: bool) -> bool:
    """Whether quotation marks enclose fields in a tab-separated text with so many columns.

    They do if the header has them, if every enclosed field needs them, or if the text can only be
    split into rows with them. whole: whether this is all of the file, not its start.
    """
    lines = lines_of(text) if whole else lines_of(text)[:-1]
    cells = [line.split("\t") for line in lines if line]
    if not cells or not any('"' in cell for row in cells for cell in row):
        return True
    if all(_ENCLOSED.fullmatch(cell) for cell in cells[0]):
        return True
    marked = [cell for row in cells for cell in row if '"' in cell]
    enclosed = [match for cell in marked if (match := _ENCLOSED.fullmatch(cell))]
    if len(enclosed) == len(marked):
        return all('""' in match.group(1) or "," in match.group(1) for match in enclosed)
    even = all(len(row) == fields for row in cells)
    return not even and _splits(lines, fields)


def _splits(lines: list[str], fields: int) -> bool:
    """Whether the lines are records of so many fields if quotation marks enclose them."""
    stream = io.StringIO("\n".join(lines), newline="")
    try:
        return all(
            len(row) == fields for row in csv.reader(stream, delimiter="\t", strict=True) if row
        )
    except csv.Error:
        return False


def swallowed_lines(
    record: list[str], dialect: Dialect, is_row: Callable[[list[str]], bool]
) -> list[int]:
    """The lines within a record, counted from 0 at its start, that are rows themselves.

    is_row: whether fields are those of a row. A line of prose rarely has as many fields as the
    header, without a space after each delimiter, with ids where ids belong.
    """
    within: list[int] = []
    line = 0
    for place, cell in enumerate(record):
        parts = lines_of(cell)
        for number, part in enumerate(parts[1:], 1):
            line += 1
            fields = next(dialect.records([part]), [])
            if number == len(parts) - 1:  # the field ended here, and the row went on
                fields += record[place + 1 :]
            if is_row(fields):
                within.append(line)
    return within
