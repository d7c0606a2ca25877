"""The CSV of a table for the parameters of an address or a command."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack

from sourcing.analysis.comparison import Side
from sourcing.downloads import tables
from sourcing.errors import FilterError
from sourcing.filters import Filters
from sourcing.query_string import Choices, from_query, refusal, sides
from sourcing.warehouse import queries
from sourcing.warehouse.snapshots import Warehouse, reading


def csv(warehouse: Warehouse, table: str, pairs: Sequence[tuple[str, str]]) -> Iterator[bytes]:
    """The CSV of a table in pieces. pairs: names and values as in an address.

    Raises FilterError if a parameter is unknown, invalid or does not apply to the table, as a
    spreadsheet must not get other numbers than it asked for. Raises StoreError if a snapshot cannot
    be read.
    """
    first, second, rest = sides(pairs)
    paired = table not in tables.TABLES or tables.TABLES[table].paired is not None
    if not paired and (second or {"mix", "other_snapshot"} & set(rest)):
        raise FilterError(f"The table {table} has no second side to compare with.")
    for name in rest:
        if sum(key == name for key, _ in pairs) > 1:
            raise FilterError(f"{name!r} may be given only once.")
    if rest.get("mix", "same") != "same":
        raise FilterError(f"Unknown value 'mix={rest['mix'][:60]}'. Values: same.")
    with ExitStack() as open_snapshots:
        snapshot = open_snapshots.enter_context(reading(warehouse, rest.get("snapshot")))
        choices, other = queries.choices(snapshot), None
        if second or "other_snapshot" in rest:
            other_id = rest.get("other_snapshot", snapshot.id)
            other_snapshot = open_snapshots.enter_context(reading(warehouse, other_id))
            # A source may be missing from one of the snapshots, which then has no claims of it.
            choices = choices.union(queries.choices(other_snapshot))
            other = tables.Other(
                Side(other_snapshot, _filters(table, second, choices)), "mix" in rest
            )
        filters = _filters(table, first, choices)
        if (
            other is not None
            and other.side.filters == filters
            and other.side.snapshot.id == snapshot.id
        ):
            raise FilterError("Both sides are the same, so there is nothing to compare.")
        yield from tables.csv(snapshot, table, filters, other)


def _filters(table: str, pairs: Sequence[tuple[str, str]], choices: Choices) -> Filters:
    filters = from_query(pairs, choices)
    if filters.ignored:
        raise FilterError(refusal(filters.ignored[0], choices))
    if table in tables.TABLES and (unused := tables.unused(table, filters)):
        raise FilterError(f"The table {table} cannot be filtered by {unused[0]}.")
    return filters
