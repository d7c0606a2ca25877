"""The command `snapshots`: list, pin, unpin and prune snapshots."""

import json
from contextlib import suppress
from pathlib import Path

import click
import duckdb

from etl import review_events, snapshot_store
from etl.amendments import load_log
from etl.commands.options import as_json_option, in_warehouse, named_warehouse
from etl.commands.text_report import snapshot_rows
from sourcing.errors import StoreError
from sourcing.formatting import first_of
from sourcing.warehouse.snapshots import Warehouse

_PRUNE = f"Remove all but the newest {snapshot_store.KEEP} and the pinned snapshots."


@click.command()
@in_warehouse
@click.option("--pin", metavar="ID", help="Never prune this snapshot.")
@click.option("--unpin", metavar="ID", help="Allow this snapshot to be pruned.")
@click.option("--use", metavar="ID", help="Put this snapshot in force.")
@click.option("--prune", is_flag=True, help=_PRUNE)
@as_json_option
def snapshots(
    folder: Path | None,
    pin: str | None,
    unpin: str | None,
    use: str | None,
    prune: bool,
    as_json: bool,
) -> None:
    """List the snapshots; pin, unpin or prune them, or put one in force."""
    warehouse = named_warehouse(folder)
    if pin or unpin or use or prune:
        with snapshot_store.locked(warehouse, lambda sentence: click.echo(sentence, err=True)):
            if use:
                _use(warehouse, use)
            if pin:
                snapshot_store.pin(warehouse, pin, on=True)
            if unpin:
                _unpin(warehouse, unpin, prune)
            if prune:
                for snapshot_id in snapshot_store.prune(warehouse):
                    click.echo(f"Removed {snapshot_id}.", err=True)
    rows = snapshot_rows(warehouse)
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    if not rows:
        click.echo("No snapshot yet. Load files first: python -m etl load data/sample", err=True)
    for row in rows:
        marks = [word for word in ("in_force", "pinned") if row[word]]
        click.echo(f"{row['snapshot']}  {row['bytes']:>14,} bytes  {', '.join(marks)}".rstrip())


def _use(warehouse: Warehouse, snapshot_id: str) -> None:
    """Put a snapshot in force, and say which loads count otherwise than in the newest one."""
    snapshot_store.use(warehouse, snapshot_id)
    newest = warehouse.ids()[0]
    with suppress(duckdb.Error):  # the newest one may be damaged, which is why another is used
        here, there = (
            {
                load.load_id
                for load in load_log.counting(*load_log.of_snapshot(warehouse.path(each)))
            }
            for each in (snapshot_id, newest)
        )
        if gone := sorted(there - here):
            loads = first_of([str(load_id) for load_id in gone], 8)
            click.echo(
                f"Not counted in this snapshot: load {loads}. To count them again: "
                f"`python -m etl snapshots --use {newest}`.",
                err=True,
            )


def _unpin(warehouse: Warehouse, snapshot_id: str, prune: bool) -> None:
    """Unpin a snapshot; warn, or refuse to prune too, if a meeting uses it."""
    meetings = review_events.meetings_on(warehouse, snapshot_id)
    warning = (
        f"{snapshot_id} is used by meeting {', '.join(meetings)}; without it the minutes have no "
        "shares."
    )
    if meetings and prune:
        raise StoreError(
            f"{warning} Nothing was changed. To remove it anyway, first run --unpin alone."
        )
    snapshot_store.pin(warehouse, snapshot_id, on=False)
    if meetings:
        click.echo(
            f"{warning} The next --prune or load may remove it. To keep it: "
            f"`python -m etl snapshots --pin {snapshot_id}`.",
            err=True,
        )
