"""The line of its file on which a row starts, and the row's original text.

DuckDB's reader gives neither. Where every row takes one line, the line follows from the row number.
Otherwise (line breaks within fields, blank lines, malformed rows) the file is read once more with
Python's csv module. A line ends with LF, CRLF or CR.
"""

import csv
import io
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TextIO

from etl.reading.file_header import Dialect
from etl.reading.stage import Staged
from sourcing.errors import LoadError
from sourcing.formatting import plural

_BLOCK = 1 << 22
_LONGEST = (1 << 31) - 1


@dataclass
class LineMap:
    """Lines of a file's well-formed rows: row r is on line r + 2 + the shift in force at r.

    one_line_rows: whether every line below the header is a row, so that no field has a line break.
    """

    rows: list[int] = field(default_factory=lambda: [0])
    shifts: list[int] = field(default_factory=lambda: [0])
    one_line_rows: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether every row is on the line that its number implies."""
        return self.shifts == [0]

    def line(self, row: int) -> int:
        """The line (from 1, header included) on which row number `row` (from 0) starts."""
        return row + 2 + self.shifts[bisect_right(self.rows, row) - 1]

    def note(self, row: int, line: int) -> None:
        """Record that the row starts on that line, unless the shifts so far already say so."""
        if self.line(row) == line:
            return
        if self.rows[-1] == row:
            self.shifts[-1] = line - row - 2
        else:
            self.rows.append(row)
            self.shifts.append(line - row - 2)


def lines_of_bytes(path: Path, positions: list[int]) -> list[int]:
    """The lines that contain the bytes at these positions (from 1, ascending)."""
    lines, line, last = [], 1, b""
    with path.open("rb") as stream:
        for position in positions:
            while (remaining := position - 1 - stream.tell()) > 0:
                block = stream.read(min(remaining, _BLOCK))
                if not block:
                    break
                line += _breaks(block, last)
                last = block[-1:]
            lines.append(line)
    return lines


def _breaks(block: bytes, last: bytes) -> int:
    """The line breaks in a block. After a CR (`last`), a leading LF is not counted."""
    count = block.count(b"\n")
    if b"\r" in block:
        count += block.count(b"\r") - block.count(b"\r\n")
    return count - (last == b"\r" and block.startswith(b"\n"))


def line_map(staged: Staged) -> LineMap:
    """The lines of all well-formed rows of a file."""
    skipped = staged.source.skipped
    lines = LineMap(shifts=[skipped])
    if _lines_in(staged) == skipped + 1 + staged.rows and not staged.malformed:
        return replace(lines, one_line_rows=True)
    records = 0
    for row, line, _ in _walk(staged):
        lines.note(row, line)
        records += 1
    if records != staged.rows:
        raise LoadError(
            f"{staged.source.path}: {plural(staged.rows, 'row')} read, but its lines hold "
            f"{records:,}. Are its line endings mixed, such as CRLF and LF? Save the file again as "
            "CSV in UTF-8. Nothing was loaded."
        )
    return lines


def lines_from(path: Path, first: int, last: int | None) -> Iterator[tuple[int, str]]:
    """The lines of a file from `first` (counted from 1) to before `last`, with their numbers."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        for number, line in enumerate(stream, 1):
            if last is not None and number >= last:
                return
            if number >= first:
                yield number, line.rstrip("\r\n")


def first_line_after(staged: Staged, lines: LineMap, line: int) -> int | None:
    """The line on which the next well-formed row after this line starts; None if there is none."""
    row = bisect_right(range(staged.rows), line, key=lines.line)
    return lines.line(row) if row < staged.rows else None


def texts(staged: Staged, rows: set[int]) -> dict[int, tuple[str, dict[str, str]]]:
    """For these rows (from 0): the text in the file, and the fields by column."""
    if not rows:
        return {}
    originals: dict[int, tuple[str, dict[str, str]]] = {}
    last = max(rows)
    for row, _, record in _walk(staged):
        if row in rows:
            fields = _with_spaces(record, staged.source.dialect)
            originals[row] = (record.text, dict(zip(staged.source.header, fields, strict=False)))
        if row >= last:
            break
    return originals


@dataclass
class _Record:
    fields: list[str]
    text: str


def _with_spaces(record: _Record, dialect: Dialect) -> list[str]:
    """The fields with the leading spaces that `_walk` drops."""
    fields = next(dialect.records(io.StringIO(record.text, newline="")), [])
    return fields if len(fields) == len(record.fields) else record.fields


class _Recorder:
    """Feeds lines to the csv reader, skipping some, and records those of the current record."""

    def __init__(self, stream: TextIO, skipped: set[int]) -> None:
        self.stream = stream
        self.skipped = skipped
        self.lines: list[str] = []
        self.count = 0

    def __iter__(self) -> Iterator[str]:
        for line in self.stream:
            self.count += 1
            if self.count not in self.skipped:
                self.lines.append(line)
                yield line


def _walk(staged: Staged) -> Iterator[tuple[int, int, _Record]]:
    """Row number, starting line and record of each well-formed row."""
    source = staged.source
    bad, skipped = _malformed_lines(staged)
    csv.field_size_limit(_LONGEST)
    with source.text_path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        recorder = _Recorder(stream, skipped | set(range(1, source.skipped + 1)))
        reader = source.dialect.records(iter(recorder), skip_spaces=True)
        row, header_seen = 0, False
        for fields in reader:
            text = "".join(recorder.lines).rstrip("\r\n")
            line = recorder.count - len(recorder.lines) + 1
            recorder.lines.clear()
            if not fields or line in bad:
                continue
            if not header_seen:
                header_seen = True
                continue
            yield row, line, _Record(fields, text)
            row += 1


def _malformed_lines(staged: Staged) -> tuple[set[int], set[int]]:
    """The lines on which malformed rows start, and all the lines that they take up.

    Where DuckDB's reader truncated a row's text, the csv reader has to find its end instead.
    """
    bad = lines_of_bytes(staged.source.text_path, [item.byte for item in staged.malformed])
    skipped = {
        line
        for start, item in zip(bad, staged.malformed, strict=True)
        if not item.is_cut
        for line in range(start, start + _breaks(item.text.encode(), b"") + 1)
    }
    return set(bad), skipped


def _lines_in(staged: Staged) -> int:
    """The number of lines in the file; a last line without a line break counts.

    Raises LoadError if the file contains a NUL byte.
    """
    count, last = 0, b"\n"
    with staged.source.text_path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            if b"\x00" in block:
                line = count + _breaks(block[: block.index(b"\x00")], last) + 1
                raise LoadError(
                    f"{staged.source.path} line {line}: a NUL byte, so this is not a text file; "
                    "expected CSV in UTF-8. Nothing was loaded."
                )
            count += _breaks(block, last)
            last = block[-1:]
    return count + (last not in b"\r\n")
