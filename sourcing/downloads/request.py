"""The CSV that an address or a command asks for: snapshot, filters, second side."""

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
    """The CSV of a table, piece by piece; pairs: name and value as in an address.

    Raises FilterError where something is asked for that does not exist or plays no part in the
    table (a spreadsheet must not get other numbers than it asked for), and StoreError where a
    snapshot cannot be read.
    """
    first, second, rest = sides(pairs)
    paired = table not in tables.TABLES or tables.TABLES[table].paired is not None
    if not paired and (second or {"mix", "other_snapshot"} & set(rest)):
        raise FilterError(f"The table {table} has no second side to compare with.")
    for name in rest:
        if sum(found == name for found, _ in pairs) > 1:
            raise FilterError(f"There is {name!r} twice: give it once.")
    if rest.get("mix", "same") != "same":
        raise FilterError(f"There is no 'mix={rest['mix'][:60]}'. There is: same.")
    with ExitStack() as open_snapshots:
        snapshot = open_snapshots.enter_context(reading(warehouse, rest.get("snapshot")))
        choices, other = queries.choices(snapshot), None
        if second or "other_snapshot" in rest:
            named = rest.get("other_snapshot", snapshot.id)
            against = open_snapshots.enter_context(reading(warehouse, named))
            # What is new in a snapshot can be asked of an older one: it has nothing of it.
            choices = choices.union(queries.choices(against))
            other = tables.Other(Side(against, _filters(table, second, choices)), "mix" in rest)
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
