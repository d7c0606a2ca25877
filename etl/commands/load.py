"""The commands `load` and `publish`, which publish a new snapshot."""

from pathlib import Path

import click

from etl import load as loading
from etl.commands.options import (
    as_json_option,
    failing_as_json,
    in_warehouse,
    named_warehouse,
    show,
)
from etl.progress import Progress


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@in_warehouse
@click.option("--check", is_flag=True, help="Dry run: check everything, publish nothing.")
@click.option("--strict", is_flag=True, help="Any rejected row fails the load.")
@as_json_option
def load(
    paths: tuple[Path, ...], folder: Path | None, check: bool, strict: bool, as_json: bool
) -> None:
    """Check and load CSV files or folders of CSV files, then publish a snapshot."""
    warehouse, options = named_warehouse(folder), loading.Options(check=check, strict=strict)
    with failing_as_json(warehouse, as_json):
        show(loading.load(list(paths), warehouse, options, Progress()), warehouse, as_json)


@click.command()
@in_warehouse
@click.option("--phases", is_flag=True, help="Print a line for each phase on standard error.")
@click.option(
    "--if-waiting", is_flag=True, help="Publish only if decisions or answers are waiting."
)
@as_json_option
def publish(folder: Path | None, phases: bool, if_waiting: bool, as_json: bool) -> None:
    """Resolve all claims again with the latest review decisions, and publish."""
    warehouse = named_warehouse(folder)
    with failing_as_json(warehouse, as_json):
        progress = Progress(lines=phases)
        show(loading.publish(warehouse, progress, if_waiting=if_waiting), warehouse, as_json)
