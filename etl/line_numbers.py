"""Where in its file a row stands: the line it starts on, and the row as it stood.

DuckDB's reader tells neither. In a file whose rows take a line each, the line follows from the
row's number; only where they do not (line breaks within fields, blank lines, malformed rows) is the
file walked once more, with Python's csv module. A line ends with LF, CRLF or CR.
"""

import csv
import io
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from etl.stage import Staged

_BLOCK = 1 << 22
_LONGEST = (1 << 31) - 1


@dataclass
class LineMap:
    """Lines of a file's fit rows: row 0 is on line `2 + shift`; shifts start at given rows."""

    rows: list[int] = field(default_factory=lambda: [0])
    shifts: list[int] = field(default_factory=lambda: [0])

    @property
    def is_plain(self) -> bool:
        """Whether every row stands on the line that its number says."""
        return self.shifts == [0]

    def line(self, row: int) -> int:
        """The line (from 1, header included) on which row number `row` (from 0) starts."""
        return row + 2 + self.shifts[bisect_right(self.rows, row) - 1]

    def note(self, row: int, line: int) -> None:
        """Remember that the row starts on that line, where it does not follow from the others."""
        if self.line(row) == line:
            return
        if self.rows[-1] == row:
            self.shifts[-1] = line - row - 2
        else:
            self.rows.append(row)
            self.shifts.append(line - row - 2)


def lines_of_bytes(path: Path, positions: list[int]) -> list[int]:
    """The lines on which bytes (from 1, in ascending order) stand."""
    found, line, last = [], 1, b""
    with path.open("rb") as stream:
        for position in positions:
            while (left := position - 1 - stream.tell()) > 0:
                block = stream.read(min(left, _BLOCK))
                if not block:
                    break
                line += _breaks(block, last)
                last = block[-1:]
            found.append(line)
    return found


def _breaks(block: bytes, last: bytes) -> int:
    """Line breaks in a block; one that began with the CR that came last is not counted again."""
    count = block.count(b"\n")
    if b"\r" in block:
        count += block.count(b"\r") - block.count(b"\r\n")
    return count - (last == b"\r" and block.startswith(b"\n"))


def line_map(staged: Staged) -> LineMap:
    """The lines of all fit rows of a file."""
    found = LineMap()
    if not staged.malformed and _lines_in(staged.source.path) == staged.rows + 1:
        return found
    for row, line, _ in _walk(staged):
        found.note(row, line)
    return found


def texts(staged: Staged, wanted: set[int]) -> dict[int, tuple[str, dict[str, str]]]:
    """For the wanted rows (from 0): the row as it stood in the file, and its fields by column."""
    if not wanted:
        return {}
    found: dict[int, tuple[str, dict[str, str]]] = {}
    last = max(wanted)
    for row, _, record in _walk(staged):
        if row in wanted:
            fields = _with_spaces(record, staged.source.delimiter)
            found[row] = (record.text, dict(zip(staged.source.header, fields, strict=False)))
        if row >= last:
            break
    return found


@dataclass
class _Record:
    fields: list[str]
    text: str


def _with_spaces(record: _Record, delimiter: str) -> list[str]:
    """The fields as they stood; `_walk` leaves out spaces at their start."""
    reader = csv.reader(io.StringIO(record.text, newline=""), delimiter=delimiter)
    fields = next(reader, [])
    return fields if len(fields) == len(record.fields) else record.fields


class _Recorder:
    """Hands lines to the csv reader, all but some, and keeps those of the record in hand."""

    def __init__(self, stream: TextIO, left_out: set[int]) -> None:
        self.stream = stream
        self.left_out = left_out
        self.taken: list[str] = []
        self.count = 0

    def __iter__(self) -> Iterator[str]:
        for line in self.stream:
            self.count += 1
            if self.count not in self.left_out:
                self.taken.append(line)
                yield line


def _walk(staged: Staged) -> Iterator[tuple[int, int, _Record]]:
    """Row number, starting line and record of each fit row."""
    path, source = staged.source.path, staged.source
    bad, left_out = _malformed_lines(staged)
    csv.field_size_limit(_LONGEST)
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        recorder = _Recorder(stream, left_out)
        # As DuckDB has it, a quotation mark opens a field also after a space.
        reader = csv.reader(iter(recorder), delimiter=source.delimiter, skipinitialspace=True)
        row, header_seen = 0, False
        for fields in reader:
            text = "".join(recorder.taken).rstrip("\r\n")
            line = recorder.count - len(recorder.taken) + 1
            recorder.taken.clear()
            if not fields or line in bad:
                continue
            if not header_seen:
                header_seen = True
                continue
            yield row, line, _Record(fields, text)
            row += 1


def _malformed_lines(staged: Staged) -> tuple[set[int], set[int]]:
    """On which lines malformed rows start, and all the lines that they take up.

    Where the reader gave a row's text cut off, the csv reader has to find its end instead.
    """
    bad = lines_of_bytes(staged.source.path, [item.byte for item in staged.malformed])
    left_out = {
        line
        for start, item in zip(bad, staged.malformed, strict=True)
        if not item.is_cut
        for line in range(start, start + _breaks(item.text.encode(), b"") + 1)
    }
    return set(bad), left_out


def _lines_in(path: Path) -> int:
    """How many lines the file has; a last one without a line break counts."""
    count, last = 0, b"\n"
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            count += _breaks(block, last)
            last = block[-1:]
    return count + (last not in b"\r\n")
