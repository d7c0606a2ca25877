"""The files to load: which table each one holds, its delimiter and its header."""

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
        """The columns that are not in the contract: stored as JSON, otherwise not used."""
        return tuple(name for name in self.header if name not in column_names(self.table))


def find(paths: list[Path]) -> list[InputFile]:
    """Every CSV file under the given paths, in table order.

    Raises LoadError, which lists every missing path, every folder without CSV files and every file
    that `inspect` refuses.
    """
    files: dict[Path, InputFile] = {}
    refused: dict[Path, str] = {}
    for path in paths:
        try:
            members = _members(path)
        except LoadError as error:
            refused[path] = str(error)
            continue
        for member in members:
            try:
                files.setdefault(member.resolve(), inspect(member))
            except LoadError as error:
                refused[member] = str(error)
    if refused:
        raise LoadError(_refusal(list(refused.values())))
    order = list(TABLES)
    return sorted(files.values(), key=lambda item: (order.index(item.table), str(item.path)))


def skipped_files(paths: list[Path]) -> list[Path]:
    """Entries of the given folders that are named after a table but are not .csv files."""
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
        raise LoadError(f"{path}: no such file or folder. Check the path.")
    if not path.is_dir():
        return [path]
    try:
        members = sorted(member for member in path.iterdir() if _is_csv(member))
    except OSError as error:
        raise LoadError(f"{path}: cannot be read ({error.strerror}).") from error
    if not members:
        raise LoadError(f"{path}: this folder contains no .csv file.")
    return members


def _is_csv(path: Path) -> bool:
    """Whether an entry of a folder is read. A broken .csv link is, so that it gets reported."""
    missing = path.is_symlink() and not path.exists()
    return path.suffix.lower() == ".csv" and (missing or path.is_file())


def inspect(path: Path) -> InputFile:
    """The table, delimiter and header of one file.

    Raises LoadError if it is unreadable, empty, not CSV in UTF-8, of no known table, or lacks a
    required column.
    """
    try:
        str(path).encode()
    except UnicodeEncodeError:
        raise LoadError(f"{str(path)!a}: the file name is not UTF-8. Rename the file.") from None
    text = _first_lines(path)
    delimiter, header = _read_header(path, text)
    table = _table_from_name(path) or _table_from_columns(path, header)
    folded = [name.lower() for name in header]
    repeated = [name for name in header if folded.count(name.lower()) > 1]
    if repeated:
        raise LoadError(
            f"{path} line 1: column {repeated[0]!r} appears twice (upper and lower case are the "
            "same). Rename or remove one."
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
        raise LoadError(f"{path}: a link to a missing file. Fix or remove it.") from error
    except OSError as error:
        raise LoadError(f"{path}: cannot be read ({error.strerror}).") from error
    if not start.strip():
        raise LoadError(f"{path}: the file is empty; expected a header line.")
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise LoadError(f"{path}: the file is UTF-16; save it as CSV in UTF-8.")
    if b"\x00" in start:
        line = start[: start.index(b"\x00")].count(b"\n") + 1
        raise LoadError(
            f"{path} line {line}: a NUL byte, so this is not a text file; expected CSV in UTF-8."
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
    """The delimiter with which the header has the most columns of the contract, and the header."""
    contract = {name for table in TABLES for name in column_names(table)}
    readings = []
    for delimiter in _DELIMITERS:
        names = _first_record(text, delimiter)
        readings.append((sum(name in contract for name in names), delimiter, names))
    hits, delimiter, header = max(readings, key=lambda reading: reading[0])
    if not hits:
        names_found = ", ".join(header[:6])[:120] or "no readable header"
        raise LoadError(
            f"{path} line 1: no known column name (found: {names_found}). Expected a CSV file of "
            f"one of the tables {', '.join(TABLES)}; data/README.md lists their columns."
        )
    return delimiter, header


def _first_record(text: str, delimiter: str) -> tuple[str, ...]:
    """The column names; an empty one is named by its position."""
    lines = io.StringIO(text, newline="")
    try:
        names = next(csv.reader(lines, delimiter=delimiter, strict=True), [])
    except csv.Error:  # for example a quotation mark that is never closed
        return ()
    return tuple(name or f"column {place}" for place, name in enumerate(names, 1))


def _table_from_name(path: Path) -> str | None:
    match = _NAMED.match(path.name)
    return match.group(1).lower() if match else None


def _table_from_columns(path: Path, header: tuple[str, ...]) -> str:
    fitting = {
        table: sum(name in column_names(table) for name in header)
        for table in TABLES
        if set(required_names(table)) <= set(header)
    }
    best = [table for table, hits in fitting.items() if hits == max(fitting.values())]
    if len(best) != 1:
        what = f"could be {' or '.join(best)}" if best else "is none of the tables"
        raise LoadError(
            f"{path}: judging by its columns, this file {what}. Name it after its table, such as "
            f"labels.csv or labels-2026-05.csv (tables: {', '.join(TABLES)})."
        )
    return best[0]


def _missing_columns(path: Path, table: str, missing: list[str], header: tuple[str, ...]) -> str:
    name = missing[0]
    close = difflib.get_close_matches(name, header, n=1, cutoff=0.6)
    hint = f" (did you mean to rename {close[0]!r}?)" if close else ""
    return (
        f"{path} line 1: the table {table} needs the column{'s' if len(missing) > 1 else ''} "
        f"{', '.join(repr(item) for item in missing)}{hint}; found: {', '.join(header)[:300]}. "
        f"Add {'them' if len(missing) > 1 else 'it'} and load again."
    )
