"""The CSV that an address or a command asks for: snapshot, filters, second side."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack

from sourcing import frames, queries
from sourcing.asked import Choices, from_query, refusal, sides
from sourcing.comparisons import Side
from sourcing.errors import FilterError
from sourcing.filters import Filters
from sourcing.warehouse import Warehouse, reading


def csv(warehouse: Warehouse, table: str, pairs: Sequence[tuple[str, str]]) -> Iterator[bytes]:
    """The CSV of a table, piece by piece; pairs: name and value as in an address.

    Raises FilterError where something is asked for that does not exist or plays no part in the
    table (a spreadsheet must not get other numbers than it asked for), and StoreError where a
    snapshot cannot be read.
    """
    first, second, rest = sides(pairs)
    if table in frames.TABLES and frames.TABLES[table].paired is None and (second or "mix" in rest):
        raise FilterError(f"The table {table} has no second side to compare with.")
    if "mix" in rest and table != "compare":
        raise FilterError(f"The table {table} cannot be had at the same mix.")
    if rest.get("mix", "same") != "same":
        raise FilterError(f"There is no 'mix={rest['mix'][:60]}'. There is: same.")
    with ExitStack() as open_snapshots:
        snapshot = open_snapshots.enter_context(reading(warehouse, rest.get("snapshot")))
        filters = _filters(table, first, queries.choices(snapshot))
        other = None
        if second or "other_snapshot" in rest:
            named = rest.get("other_snapshot", snapshot.id)
            against = open_snapshots.enter_context(reading(warehouse, named))
            asked = _filters(table, second, queries.choices(against))
            other = frames.Other(Side(against, asked), "mix" in rest)
        yield from frames.csv(snapshot, table, filters, other)


def _filters(table: str, pairs: Sequence[tuple[str, str]], choices: Choices) -> Filters:
    filters = from_query(pairs, choices)
    if filters.ignored:
        raise FilterError(refusal(filters.ignored[0], choices))
    if table in frames.TABLES and (unused := frames.unused(table, filters)):
        raise FilterError(f"The table {table} cannot be filtered by {unused[0]}.")
    return filters
