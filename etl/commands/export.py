"""The command `export`: a table as CSV."""

import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from etl.commands.options import in_warehouse, named_warehouse
from sourcing.downloads import request, tables
from sourcing.errors import FilterError, StoreError
from sourcing.filters import COUNTED, LISTED
from sourcing.query_string import OTHER


def _filter_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the filters of the pages as options, under the names used in the dashboard's URLs."""
    several = "Can be repeated."
    for name in reversed((*COUNTED, *LISTED, OTHER[0])):
        option = f"--{name.replace('_', '-')}"
        command = click.option(option, multiple=True, help=several)(command)
    for name in (*reversed(OTHER[1:]), "weighting", "view", "search", "until", "since"):
        command = click.option(f"--{name.replace('_', '-')}")(command)
    return command


@click.command()
@click.argument("table", type=click.Choice(list(tables.TABLES)), metavar="TABLE")
@in_warehouse
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to a file.")
@click.option(
    "--snapshot", "snapshot_id", help="An older snapshot. [default: the snapshot in force]"
)
@_filter_options
def export(
    table: str,
    folder: Path | None,
    output: Path | None,
    snapshot_id: str | None,
    **filters: Any,
) -> None:
    """Write a table as CSV to standard output or a file.

    The README lists the tables; an unknown name prints the list.
    """
    pairs = [
        (name, item)
        for name, value in filters.items()
        if isinstance(value, tuple)
        for item in value
    ]
    pairs += [(name, value) for name, value in filters.items() if isinstance(value, str)]
    if snapshot_id:
        pairs.append(("snapshot", snapshot_id))
    pieces = request.csv(named_warehouse(folder), table, pairs)
    try:
        if output is None:
            for piece in pieces:
                sys.stdout.buffer.write(piece)
            return
        _write(output, pieces)
    except FilterError as error:
        raise click.UsageError(str(error)) from error


def _write(output: Path, pieces: Any) -> None:
    """Write the whole file, or none of it if writing fails."""
    part = output.with_name(f".{output.name}.part")
    try:
        with part.open("wb") as stream:
            stream.writelines(pieces)
        part.replace(output)
    except OSError as error:
        raise StoreError(f"{output}: cannot be written ({error.strerror}).") from error
    finally:
        with suppress(OSError):
            part.unlink()
