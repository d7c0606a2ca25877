"""What the commands share: the warehouse they work on, and their answer as JSON."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click

from etl.commands.text_report import report_lines
from etl.report import LoadReport
from sourcing.errors import SourcingError
from sourcing.warehouse.snapshots import VARIABLE, Warehouse, default_path

in_warehouse = click.option(
    "--warehouse",
    "folder",
    type=click.Path(path_type=Path),
    default=None,
    help=f"The warehouse folder. [default: {VARIABLE}, else data/warehouse]",
)
as_json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print JSON and nothing else."
)


def named_warehouse(folder: Path | None) -> Warehouse:
    """The warehouse that was named, else the default one."""
    return Warehouse(folder or default_path())


@contextmanager
def failing_as_json(warehouse: Warehouse, as_json: bool) -> Iterator[None]:
    """Where the run fails and JSON was asked for: a report of nothing done, with the sentence."""
    try:
        yield
    except SourcingError as error:
        if as_json:
            report = LoadReport(message=str(error))
            with suppress(SourcingError):
                report.snapshot = warehouse.current()
            click.echo(json.dumps(report.as_json(), indent=2))
        raise


def show(report: LoadReport, warehouse: Warehouse, as_json: bool) -> None:
    """Print a report; where it says that the load failed, end with exit code 1."""
    if as_json:
        click.echo(json.dumps(report.as_json(), indent=2))
    else:
        for line in report_lines(report, warehouse):
            click.echo(line)
    if report.failed:
        click.echo(f"Error: {report.message}", err=True)
        sys.exit(1)
