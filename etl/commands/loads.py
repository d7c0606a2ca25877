"""The commands `loads`, `undo` and `redo`: what was loaded, and taking a load back."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from etl.amendments import load_log
from etl.amendments import undo as undoing
from etl.amendments.load_log import LoggedLoad
from etl.commands.options import (
    as_json_option,
    by_option,
    failing_as_json,
    in_warehouse,
    named_warehouse,
    show,
)
from etl.progress import Progress
from etl.report import LoadReport
from sourcing.formatting import first_of, plural, printable
from sourcing.warehouse.snapshots import reading


@click.command()
@in_warehouse
@as_json_option
def loads(folder: Path | None, as_json: bool) -> None:
    """List every load: when, by whom, its files and rows, and whether it is undone."""
    warehouse = named_warehouse(folder)
    with reading(warehouse) as snapshot:
        every, undone = load_log.of_snapshot(snapshot.path)
    counting = {load.load_id for load in load_log.counting(every, undone)}
    rows = [_row(load, counts=load.load_id in counting) for load in every]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        click.echo(printable(_line(row)))
        for file in row["files"]:
            counts = f"{file['rows_loaded']:,} of {plural(file['rows_read'], 'row')} loaded"
            click.echo(printable(f"      {file['table']}: {file['file']}, {counts}"))


def _row(load: LoggedLoad, *, counts: bool) -> dict[str, Any]:
    return {
        "load": load.load_id,
        "loaded_at": load.loaded_at.isoformat(timespec="seconds") + "Z",
        "by": load.person,
        "command": load.command,
        "counts": counts,
        "kept": load.kept is not None,
        "replaces": list(load.replaces),
        "files": [
            {
                "file": file.file,
                "table": file.table,
                "rows_read": file.rows_read,
                "rows_loaded": file.rows_loaded,
                "rejected": file.rejected,
            }
            for file in load.files
        ],
    }


def _line(row: dict[str, Any]) -> str:
    loaded = sum(file["rows_loaded"] for file in row["files"])
    person = f" by {row['by']}" if row["by"] else ""
    replaced = first_of([str(load) for load in row["replaces"]], 5)
    notes = [f"in place of load {replaced}"] if replaced else []
    notes += [] if row["counts"] else ["does not count"]
    notes += [] if row["kept"] else ["files not kept"]
    return (
        f"{row['load']:>4}  {row['loaded_at']}  {row['command']}{person}: {plural(loaded, 'row')}"
        f"{' (' + ', '.join(notes) + ')' if notes else ''}"
    )


def _taking_back(name: str, action: Callable[..., LoadReport], sentence: str) -> click.Command:
    """The command `undo` or `redo`."""

    @click.command(name, help=sentence)
    @click.argument("load_id", metavar="[LOAD]", required=False, type=int)
    @click.option("--reason", default="", help="Why; stays on record.")
    @click.option("--check", is_flag=True, help="Dry run: say what would change, publish nothing.")
    @by_option
    @in_warehouse
    @as_json_option
    def command(
        load_id: int | None,
        reason: str,
        check: bool,
        person: str,
        folder: Path | None,
        as_json: bool,
    ) -> None:
        warehouse = named_warehouse(folder)
        options = undoing.Options(load_id, reason, person, check)
        with failing_as_json(warehouse, as_json):
            show(action(warehouse, options, Progress()), warehouse, as_json)

    return command


undo = _taking_back(
    "undo",
    undoing.undo,
    "Publish a snapshot as if a load (by default the newest) had never been. Decisions are kept.",
)
redo = _taking_back(
    "redo", undoing.redo, "Let a load that was undone count again (by default the newest of them)."
)
