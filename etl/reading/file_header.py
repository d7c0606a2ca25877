"""The header of an input file: where it is, its delimiter, its columns in the contract's words.

A spreadsheet may write `sep=;` above the header. Names are understood in other capitals and with
spaces or hyphens (`Source ID`); the load says which.
"""

import csv
import difflib
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sourcing.errors import LoadError
from sourcing.formatting import first_of
from sourcing.warehouse.contract import TABLES, column_names, required_names

_SEPARATOR = re.compile(r'"?sep=(.|\\t)"?[,;]*\s*', re.IGNORECASE)
_DELIMITERS = (",", ";", "\t", "|")
_MOST_COLUMNS = 2_000
_SHOWN = 8


@dataclass(frozen=True)
class Dialect:
    """How a file separates its fields. quoted: quotation marks may enclose a field."""

    delimiter: str
    quoted: bool = True

    def records(self, lines: Iterable[str], skip_spaces: bool = False) -> Iterator[list[str]]:
        """The records of the lines, by Python's csv module."""
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quoting=csv.QUOTE_MINIMAL if self.quoted else csv.QUOTE_NONE,
            # As in DuckDB, a quotation mark after a space also opens a field.
            skipinitialspace=skip_spaces and self.quoted,
        )


@dataclass(frozen=True)
class Header:
    """The columns of a file, as written there. skipped: the number of lines above them."""

    dialect: Dialect
    skipped: int
    names: tuple[str, ...]


def read(path: Path, text: str) -> Header:
    """The header at the start of a file's text. Raises LoadError if no column of it is known."""
    first, _, rest = text.partition("\n")
    separator = _SEPARATOR.fullmatch(first)
    if separator:
        delimiter = separator.group(1).replace("\\t", "\t")
        header = Header(Dialect(delimiter), 1, _first_record(rest, delimiter))
    else:
        header = max(
            (Header(Dialect(each), 0, _first_record(text, each)) for each in _DELIMITERS),
            key=lambda reading: _hits(reading.names),
        )
    if len(header.names) > _MOST_COLUMNS:
        raise LoadError(
            f"{path} line {header.skipped + 1}: {len(header.names):,} columns, which cannot be "
            f"meant; expected at most {_MOST_COLUMNS:,}. Is this a table with its rows as columns?"
        )
    if not _hits(header.names):
        names = first_of([name[:40] for name in header.names], _SHOWN) or "no readable header"
        raise LoadError(
            f"{path} line {header.skipped + 1}: no known column name (found: {names}). Expected a "
            f"CSV file of one of the tables {', '.join(TABLES)}; data/README.md lists their "
            "columns."
        )
    return header


def _first_record(text: str, delimiter: str) -> tuple[str, ...]:
    """The column names; an empty one is named by its position."""
    lines = io.StringIO(text, newline="")
    try:
        names = next(csv.reader(lines, delimiter=delimiter, strict=True), [])
    except csv.Error:  # for example a quotation mark that is never closed
        return ()
    return tuple(name.strip() or f"column {place}" for place, name in enumerate(names, 1))


def _folded(name: str) -> str:
    """A column name without capitals, spaces, hyphens and underscores."""
    return re.sub(r"[\W_]+", "", name).casefold()


_OTHER_NAMES = {"table": "table_name"}
"""Names of columns that are words of SQL, and how the contract calls them."""
_CONTRACT = _OTHER_NAMES | {_folded(name): name for table in TABLES for name in column_names(table)}


def _hits(names: tuple[str, ...]) -> int:
    return sum(_folded(name) in _CONTRACT for name in names)


def in_contract_words(path: Path, line: int, table: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """The names with those of the table's columns as the contract writes them.

    Raises LoadError if a column is there twice or a required one is missing.
    """
    columns = {_folded(name): name for name in column_names(table)}
    columns |= {name: own for name, own in _OTHER_NAMES.items() if own in columns.values()}
    header = tuple(columns.get(_folded(name), name) for name in names)
    times = Counter(name.lower() for name in header)
    if repeated := next((name for name in header if times[name.lower()] > 1), None):
        ways = {
            name
            for name, read_as in zip(names, header, strict=True)
            if read_as.lower() == repeated.lower()
        }
        also = f" (as {', '.join(map(repr, sorted(ways)))})" if len(ways) > 1 else ""
        raise LoadError(
            f"{path} line {line}: column {repeated!r} appears twice{also}; upper and lower case "
            "are the same. Rename or remove one."
        )
    missing = [name for name in required_names(table) if name not in header]
    if missing:
        raise LoadError(_missing_columns(f"{path} line {line}", table, missing, names))
    return header


def table_from_columns(path: Path, names: tuple[str, ...]) -> str:
    """The one table whose columns fit best. Raises LoadError if there is none, or several."""
    folded = {_folded(_OTHER_NAMES.get(_folded(name), name)) for name in names}
    fitting = {
        table: len(folded & set(map(_folded, column_names(table))))
        for table in TABLES
        if set(map(_folded, required_names(table))) <= folded
    }
    best = [table for table, hits in fitting.items() if hits == max(fitting.values())]
    if len(best) != 1:
        what = f"could be {' or '.join(best)}" if best else "is none of the tables"
        raise LoadError(
            f"{path}: judging by its columns, this file {what}. Name it after its table, such as "
            f"labels.csv or labels-2026-05.csv (tables: {', '.join(TABLES)})."
        )
    return best[0]


def _missing_columns(place: str, table: str, missing: list[str], names: tuple[str, ...]) -> str:
    close = difflib.get_close_matches(missing[0], names, n=1, cutoff=0.6)
    hint = f" (did you mean to rename {close[0]!r}?)" if close else ""
    return (
        f"{place}: the table {table} needs the column{'s' if len(missing) > 1 else ''} "
        f"{', '.join(repr(item) for item in missing)}{hint}; found: "
        f"{first_of([name[:40] for name in names], _SHOWN)}. "
        f"Add {'them' if len(missing) > 1 else 'it'} and load again."
    )
