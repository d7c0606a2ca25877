"""How many rows count, before and after something was put right."""

from sourcing.warehouse.contract import TABLES
from sourcing.warehouse.snapshots import SAME_FACTS, Connection, Snapshot, Warehouse

MOVED = {
    "joined_articles": "articles under another source",
    "joined_labels": "labels under another annotator",
}
"""Tables of rows that count under another name, and how a report calls them."""
DECISIONS = ("withdrawals", "source_aliases", "annotator_aliases")
"""Tables of decisions, which say themselves what else changes."""


def row_changes(
    con: Connection, warehouse: Warehouse, snapshot_id: str
) -> dict[str, tuple[int, int]]:
    """The number of rows of each table in a snapshot and on the connection, where it differs.

    The keys are tables of the contract and the words of MOVED.
    """
    snapshot = Snapshot(warehouse, snapshot_id, SAME_FACTS)
    try:
        changes = {}
        for table in (*TABLES, *MOVED):
            question = f"SELECT count(*) FROM {table}"
            before = snapshot.rows(question)[0][0] if snapshot.has_table(table) else 0
            after = con.execute(question).fetchall()[0][0]
            if before != after:
                changes[MOVED.get(table, table)] = (before, after)
        return changes
    finally:
        snapshot.close()
