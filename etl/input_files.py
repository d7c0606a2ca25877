"""Which files are to be loaded, which table each holds, and how its header reads."""

import csv
import difflib
import io
import os
import re
from dataclasses import dataclass
from pathlib import Path

from sourcing.errors import LoadError
from sourcing.warehouse.contract import TABLES, column_names, required_names

_NAMED = re.compile(rf"^({'|'.join(TABLES)})([-_. ].*)?\.csv$", re.IGNORECASE)
_DELIMITERS = (",", ";", "\t", "|")
_HEADER_BYTES = 1 << 20


@dataclass(frozen=True)
class InputFile:
    """One CSV file whose table and header are known."""

    path: Path
    table: str
    delimiter: str
    header: tuple[str, ...]

    @property
    def unknown(self) -> tuple[str, ...]:
        """The columns that are not in the contract: kept aside, never read as ours."""
        return tuple(name for name in self.header if name not in column_names(self.table))


def find(paths: list[Path]) -> list[InputFile]:
    """Every CSV file under the given paths, in table order.

    Raises LoadError that names every path that does not exist, every folder without CSV files, and
    whatever `inspect` refuses.
    """
    found: dict[Path, InputFile] = {}
    refused: dict[Path, str] = {}
    for path in paths:
        try:
            members = _members(path)
        except LoadError as error:
            refused[path] = str(error)
            continue
        for member in members:
            try:
                found.setdefault(member.resolve(), inspect(member))
            except LoadError as error:
                refused[member] = str(error)
    if refused:
        raise LoadError(_refusal(list(refused.values())))
    order = list(TABLES)
    return sorted(found.values(), key=lambda item: (order.index(item.table), str(item.path)))


def left_out(paths: list[Path]) -> list[Path]:
    """What lies in the given folders under the name of a table, but is no .csv file."""
    return [
        member
        for path in paths
        if path.is_dir()
        for member in sorted(path.iterdir())
        if _NAMED.match(f"{member.name.split('.')[0]}.csv") and not _is_csv(member)
    ]


def _refusal(sentences: list[str]) -> str:
    if len(sentences) == 1:
        return f"{sentences[0]} Nothing was loaded."
    listed = " ".join(f"({place}) {text}" for place, text in enumerate(sentences, 1))
    return f"{len(sentences)} files or folders cannot be used, so nothing was loaded: {listed}"


def _members(path: Path) -> list[Path]:
    if not os.path.lexists(path):  # Path.exists raises for a name that is too long
        raise LoadError(f"{path}: there is no such file or folder. Check the path.")
    if not path.is_dir():
        return [path]
    try:
        members = sorted(member for member in path.iterdir() if _is_csv(member))
    except OSError as error:
        raise LoadError(f"{path}: cannot be read ({error.strerror}).") from error
    if not members:
        raise LoadError(f"{path}: this folder holds no .csv file.")
    return members


def _is_csv(path: Path) -> bool:
    """Whether a folder's member is to be read; a link to nothing is, so that it gets named."""
    missing = path.is_symlink() and not path.exists()
    return path.suffix.lower() == ".csv" and (missing or path.is_file())


def inspect(path: Path) -> InputFile:
    """The table and header of one file.

    Raises LoadError where it is unreadable, empty, no CSV in UTF-8, of no known table, or lacks
    a required column.
    """
    try:
        str(path).encode()
    except UnicodeEncodeError:
        raise LoadError(f"{str(path)!a}: its name is not UTF-8; rename it.") from None
    text = _first_lines(path)
    delimiter, header = _read_header(path, text)
    table = _told_by_name(path) or _told_by_columns(path, header)
    folded = [name.lower() for name in header]
    repeated = [name for name in header if folded.count(name.lower()) > 1]
    if repeated:
        raise LoadError(
            f"{path} line 1: column {repeated[0]!r} stands twice (in capitals or not); each column "
            "may stand once. Rename or remove one."
        )
    missing = [name for name in required_names(table) if name not in header]
    if missing:
        raise LoadError(_missing_columns(path, table, missing, header))
    return InputFile(path, table, delimiter, header)


def _first_lines(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            start = stream.read(_HEADER_BYTES)
    except FileNotFoundError as error:
        raise LoadError(
            f"{path}: a link to a file that is not there. Mend or remove it."
        ) from error
    except OSError as error:
        raise LoadError(f"{path}: cannot be read ({error.strerror}).") from error
    if not start.strip():
        raise LoadError(f"{path}: the file is empty; a header line was expected.")
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise LoadError(f"{path}: UTF-16 text; save it as CSV in UTF-8.")
    if b"\x00" in start:
        line = start[: start.index(b"\x00")].count(b"\n") + 1
        raise LoadError(
            f"{path} line {line}: a NUL byte, so this is not a text file; CSV in UTF-8 was "
            "expected."
        )
    header = start.removeprefix(b"\xef\xbb\xbf").splitlines(keepends=True)[0]
    try:
        header.decode("utf-8")
    except UnicodeDecodeError:
        raise LoadError(
            f"{path} line 1: the header is not UTF-8; save the file as CSV in UTF-8."
        ) from None
    return start.decode("utf-8-sig", errors="replace")


def _read_header(path: Path, text: str) -> tuple[str, tuple[str, ...]]:
    """The delimiter under which the header names the most columns of the contract."""
    known = {name for table in TABLES for name in column_names(table)}
    readings = []
    for delimiter in _DELIMITERS:
        names = _first_record(text, delimiter)
        readings.append((sum(name in known for name in names), delimiter, names))
    hits, delimiter, header = max(readings, key=lambda reading: reading[0])
    if not hits:
        shown = ", ".join(header[:6])[:120] or "no header that can be read"
        raise LoadError(
            f"{path} line 1: no column name is known (found: {shown}). A CSV file with one of "
            f"the tables {', '.join(TABLES)} was expected; the column names stand in the README."
        )
    return delimiter, header


def _first_record(text: str, delimiter: str) -> tuple[str, ...]:
    """The column names; one that is empty is called after its place."""
    lines = io.StringIO(text, newline="")
    try:
        names = next(csv.reader(lines, delimiter=delimiter, strict=True), [])
    except csv.Error:  # such as a quotation mark that is never closed
        return ()
    return tuple(name or f"column {place}" for place, name in enumerate(names, 1))


def _told_by_name(path: Path) -> str | None:
    match = _NAMED.match(path.name)
    return match.group(1).lower() if match else None


def _told_by_columns(path: Path, header: tuple[str, ...]) -> str:
    fitting = {
        table: sum(name in column_names(table) for name in header)
        for table in TABLES
        if set(required_names(table)) <= set(header)
    }
    best = [table for table, hits in fitting.items() if hits == max(fitting.values())]
    if len(best) != 1:
        what = f"could be {' or '.join(best)}" if best else "is none of them"
        raise LoadError(
            f"{path}: by its columns this file {what}. Name it after its table, for example "
            f"labels.csv or labels-2026-05.csv (tables: {', '.join(TABLES)})."
        )
    return best[0]


def _missing_columns(path: Path, table: str, missing: list[str], header: tuple[str, ...]) -> str:
    name = missing[0]
    close = difflib.get_close_matches(name, header, n=1, cutoff=0.6)
    hint = f" (did you mean to rename {close[0]!r}?)" if close else ""
    return (
        f"{path} line 1: {table} need the column{'s' if len(missing) > 1 else ''} "
        f"{', '.join(repr(item) for item in missing)}{hint}; found: {', '.join(header)[:300]}. "
        "Add it and load again."
    )
