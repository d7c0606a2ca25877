"""The commands `load` and `publish`, which publish a new snapshot."""

import codecs
from pathlib import Path
from typing import Any

import click

from etl import load as loading
from etl import publication
from etl.commands.options import (
    as_json_option,
    failing_as_json,
    in_warehouse,
    named_warehouse,
    show,
)
from etl.progress import Progress
from etl.reading.accepted_forms import ORDERS


def _known_encoding(_context: click.Context, _option: click.Parameter, name: str | None) -> str:
    """The encoding under the name that Python gives it."""
    try:
        return codecs.lookup(name).name if name else ""
    except LookupError:
        raise click.BadParameter(f"unknown encoding {name!r}; such as utf-8 or cp1252") from None


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@in_warehouse
@click.option("--check", is_flag=True, help="Dry run: check everything, publish nothing.")
@click.option("--strict", is_flag=True, help="Any rejected row or emptied cell fails the load.")
@click.option(
    "--max-refused",
    type=click.FloatRange(0, 1),
    default=0.5,
    show_default=True,
    metavar="SHARE",
    help="Publish nothing if more than this share of a file's rows is refused.",
)
@click.option(
    "--dates",
    "order",
    type=click.Choice(list(ORDERS)),
    help="How dates with numbers are written: 22/05/2026 (dmy) or 05/22/2026 (mdy).",
)
@click.option("--keep", is_flag=True, help="Mix with the shipped sample; it is replaced otherwise.")
@click.option("--encoding", callback=_known_encoding, help="The encoding of the files. [found]")
@as_json_option
def load(
    paths: tuple[Path, ...], folder: Path | None, as_json: bool, order: str | None, **options: Any
) -> None:
    """Check and load CSV files or folders of CSV files, then publish a snapshot."""
    warehouse = named_warehouse(folder)
    chosen = loading.Options(order=order or "", **options)
    with failing_as_json(warehouse, as_json):
        show(loading.load(list(paths), warehouse, chosen, Progress()), warehouse, as_json)


@click.command()
@in_warehouse
@click.option("--phases", is_flag=True, help="Print a line for each phase on standard error.")
@click.option("--if-waiting", is_flag=True, help="Publish only if anything recorded is waiting.")
@as_json_option
def publish(folder: Path | None, phases: bool, if_waiting: bool, as_json: bool) -> None:
    """Resolve all claims again with the latest review decisions, and publish."""
    warehouse = named_warehouse(folder)
    with failing_as_json(warehouse, as_json):
        progress = Progress(lines=phases)
        show(publication.publish(warehouse, progress, if_waiting=if_waiting), warehouse, as_json)
