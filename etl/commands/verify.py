"""The command `verify`: whether every snapshot is as it was when it was published."""

import json
import sys
from pathlib import Path

import click
import duckdb

from etl.amendments import kept_files, load_log
from etl.commands.options import as_json_option, in_warehouse, named_warehouse
from sourcing.errors import StoreError
from sourcing.formatting import printable
from sourcing.warehouse import seals
from sourcing.warehouse.snapshots import SAME_FACTS, Snapshot, Warehouse


@click.command()
@in_warehouse
@as_json_option
def verify(folder: Path | None, as_json: bool) -> None:
    """Read every snapshot and the kept files of every load in full; exit 1 if one is damaged."""
    warehouse = named_warehouse(folder)
    rows = [_row(warehouse, snapshot_id) for snapshot_id in warehouse.ids()]
    rows += _damaged_loads(warehouse)
    if as_json:
        click.echo(json.dumps(rows, indent=2))
    else:
        for row in rows:
            line = f"{row['snapshot']}  {row['state']}"
            click.echo(printable(f"{line}: {row['reason']}" if row["reason"] else line))
        if not rows:
            click.echo("No snapshot yet.", err=True)
    if any(row["state"] == "damaged" for row in rows):
        sys.exit(1)


def _damaged_loads(warehouse: Warehouse) -> list[dict[str, str]]:
    """The loads of the snapshot in force whose kept files are gone or damaged."""
    rows: list[dict[str, str]] = []
    try:
        current = warehouse.current()
        loads = load_log.of_snapshot(warehouse.path(current))[0] if current else []
    except (StoreError, duckdb.Error):
        return rows  # the snapshot itself is named
    for load in loads:
        try:
            if load.kept:
                kept_files.check(warehouse, load.kept)
        except StoreError as error:
            name = f"load {load.load_id}"
            rows.append({"snapshot": name, "state": "damaged", "reason": str(error)})
    return rows


def _row(warehouse: Warehouse, snapshot_id: str) -> dict[str, str]:
    """The snapshot's id, its state (intact, damaged, not sealed) and the reason."""
    path = warehouse.path(snapshot_id)
    try:
        seals.check(path, whole=True)
        Snapshot(warehouse, snapshot_id, SAME_FACTS).close()
    except StoreError as error:
        return {"snapshot": snapshot_id, "state": "damaged", "reason": str(error)}
    if not seals.path_of(path).exists():
        reason = "made by an earlier version, which kept no checksum"
        return {"snapshot": snapshot_id, "state": "not sealed", "reason": reason}
    return {"snapshot": snapshot_id, "state": "intact", "reason": ""}
