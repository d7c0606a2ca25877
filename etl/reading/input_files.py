"""The files to load: which table each one holds, its encoding, dialect and header."""

import os
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

from etl.reading import file_header, quoting, text_encoding
from etl.reading.file_header import Dialect
from etl.reading.text_encoding import UTF_8, Scratch
from sourcing.errors import LoadError
from sourcing.formatting import plural
from sourcing.warehouse.contract import TABLES, column_names

_NAMED = re.compile(rf"^({'|'.join(TABLES)})([-_. ].*)?\.csv$", re.IGNORECASE)
_HEADER_BYTES = 1 << 20


@dataclass(frozen=True)
class InputFile:
    """One CSV file whose table and header are known.

    header: the columns, those of the contract in its words. names: the same as in the file.
    text_path: the file, or its copy in UTF-8. skipped: the lines above the header.
    """

    path: Path
    table: str
    dialect: Dialect
    header: tuple[str, ...]
    names: tuple[str, ...] = ()
    skipped: int = 0
    encoding: str = UTF_8
    text_path: Path = Path()
    scratch: Scratch = field(default_factory=Scratch, compare=False)

    @property
    def unknown(self) -> tuple[str, ...]:
        """The columns that are not in the contract: stored as JSON, otherwise not used."""
        return tuple(name for name in self.header if name not in column_names(self.table))

    @property
    def renamed(self) -> dict[str, str]:
        """The columns that the file writes otherwise than the contract, and the contract's name."""
        pairs = zip(self.names, self.header, strict=True)
        return {name: read_as for name, read_as in pairs if name != read_as}


@dataclass(frozen=True)
class Skipped:
    """A file that is not loaded, and why."""

    path: Path
    reason: str


@dataclass(frozen=True)
class Inputs:
    """The files to load, in table order, and those that are skipped."""

    files: list[InputFile]
    skipped: list[Skipped]


def find(paths: list[Path], scratch: Scratch, encoding: str = "") -> Inputs:
    """Every CSV file under the given paths.

    scratch: keeps copies in UTF-8 as long as the files are read. encoding: that of all files, if a
    person has named it. An empty file is skipped if there are others.
    Raises LoadError, which lists every missing path, every folder without CSV files and every file
    that cannot be used.
    """
    files: dict[Path, InputFile] = {}
    empty: dict[Path, str] = {}
    refused: dict[Path, str] = {}
    for path in paths:
        try:
            members = _members(path)
        except LoadError as error:
            refused[path] = str(error)
            continue
        for member in members:
            try:
                files.setdefault(member.resolve(), inspect(member, scratch, encoding))
            except _EmptyError as error:
                empty[member] = str(error)
            except LoadError as error:
                refused[member] = str(error)
    if not files:
        refused |= empty
    if refused:
        raise LoadError(_refusal(list(refused.values())))
    order = list(TABLES)
    return Inputs(
        sorted(files.values(), key=lambda item: (order.index(item.table), str(item.path))),
        [Skipped(path, "the file is empty") for path in empty]
        + [Skipped(path, "only .csv files are loaded") for path in _of_other_kinds(paths)],
    )


class _EmptyError(LoadError):
    """The file holds nothing at all."""


def _of_other_kinds(paths: list[Path]) -> list[Path]:
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
        entries = sorted(path.iterdir())
    except OSError as error:
        raise LoadError(f"{path}: cannot be read ({error.strerror}).") from error
    members = [entry for entry in entries if _is_csv(entry)]
    if not members:
        raise LoadError(f"{path}: this folder contains no .csv file{_kinds(entries)}")
    return members


def _kinds(entries: list[Path]) -> str:
    """What a folder without CSV files contains, and what to do about it."""
    kinds = Counter("".join(entry.suffixes[-2:]).lower() for entry in entries if entry.is_file())
    if not kinds:
        return "."
    listed = ", ".join(
        f"{plural(number, f'{kind} file') if kind else plural(number, 'file without an ending')}"
        for kind, number in sorted(kinds.items())
    )
    return f", but {listed}. Save the tables as CSV in UTF-8: {', '.join(TABLES)}."


def _is_csv(path: Path) -> bool:
    """Whether an entry of a folder is read. A broken .csv link is, so that it gets reported."""
    missing = path.is_symlink() and not path.exists()
    return path.suffix.lower() == ".csv" and (missing or path.is_file())


def inspect(path: Path, scratch: Scratch, encoding: str = "", whole: bool = False) -> InputFile:
    """The table, encoding, dialect and header of one file.

    whole: judge the encoding by all of the file, not by its start. Raises LoadError if it is
    unreadable, empty, not text, of no known table, or lacks a required column.
    """
    try:
        str(path).encode()
    except UnicodeEncodeError:
        raise LoadError(f"{str(path)!a}: the file name is not UTF-8. Rename the file.") from None
    start = _start(path)
    copied = bool(encoding)  # so that a named encoding is held against all of the file
    encoding = encoding or text_encoding.found_in(path, whole)
    copied |= encoding != UTF_8
    text_path = scratch.copy(path, encoding) if copied else path
    start = _start(text_path) if copied else start
    if b"\x00" in start:
        line = start[: start.index(b"\x00")].count(b"\n") + 1
        wide = "le" if start[1::2].count(0) > len(start) // 4 else "be"
        hint = f" If it is UTF-16, give --encoding utf-16-{wide}." if start.count(0) > 9 else ""
        raise LoadError(
            f"{path} line {line}: a NUL byte, so this is not a text file; expected CSV in UTF-8."
            f"{hint}"
        )
    text = start.decode("utf-8-sig", errors="replace")
    header = file_header.read(path, text)
    dialect = header.dialect
    if dialect.delimiter == "\t":
        rows = text.split("\n", header.skipped)[-1]
        whole_text = len(start) < _HEADER_BYTES
        dialect = replace(dialect, quoted=quoting.is_quoted(rows, len(header.names), whole_text))
    table = _table_from_name(path) or file_header.table_from_columns(path, header.names)
    line = header.skipped + 1
    columns = file_header.in_contract_words(path, line, table, header.names)
    return InputFile(
        path, table, dialect, columns, header.names, header.skipped, encoding, text_path, scratch
    )


def judged_whole(source: InputFile) -> InputFile:
    """The same file, its encoding judged by all of it. Raises LoadError if none fits."""
    return inspect(source.path, source.scratch, whole=True)


def _start(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            start = stream.read(_HEADER_BYTES)
    except FileNotFoundError as error:
        raise LoadError(f"{path}: a link to a missing file. Fix or remove it.") from error
    except OSError as error:
        raise LoadError(f"{path}: cannot be read ({error.strerror}).") from error
    if not start.strip():
        raise _EmptyError(f"{path}: the file is empty; expected a header line.")
    return start


def _table_from_name(path: Path) -> str | None:
    match = _NAMED.match(path.name)
    return match.group(1).lower() if match else None
