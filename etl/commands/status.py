"""The command `status`: what the snapshot in force holds."""

import json
from pathlib import Path

import click

from etl.commands.options import as_json_option, in_warehouse, named_warehouse
from etl.commands.text_report import status_lines, status_of
from sourcing.warehouse.snapshots import reading


@click.command()
@in_warehouse
@as_json_option
def status(folder: Path | None, as_json: bool) -> None:
    """Show the snapshot in force: its age, contents and open findings."""
    with reading(named_warehouse(folder)) as snapshot:
        values = status_of(snapshot)
    if as_json:
        click.echo(json.dumps(values, indent=2))
        return
    for line in status_lines(values):
        click.echo(line)
