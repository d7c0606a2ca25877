"""Options and helpers shared by the commands: the warehouse folder and JSON output."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click

from etl.commands.text_report import report_lines
from etl.report import LoadReport
from sourcing.errors import SourcingError
from sourcing.formatting import printable
from sourcing.warehouse.snapshots import VARIABLE, Warehouse, default_path

in_warehouse = click.option(
    "--warehouse",
    "folder",
    type=click.Path(path_type=Path),
    default=None,
    help=f"The warehouse folder. [default: {VARIABLE}, else data/warehouse]",
)
by_option = click.option(
    "--by", "person", default="", metavar="NAME", help="Who decided it. [default: the account]"
)
as_json_option = click.option("--json", "as_json", is_flag=True, help="Print only JSON.")


def named_warehouse(folder: Path | None) -> Warehouse:
    """The warehouse in the given folder, or the default warehouse."""
    return Warehouse(folder or default_path())


@contextmanager
def failing_as_json(warehouse: Warehouse, as_json: bool) -> Iterator[None]:
    """If the run fails and `as_json` is set, print an otherwise empty report with the error."""
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
    """Print a report; exit with code 1 if the load failed."""
    if as_json:
        click.echo(json.dumps(report.as_json(), indent=2))
    else:
        for line in report_lines(report, warehouse):
            click.echo(printable(line))
    if report.failed:
        click.echo(printable(f"Error: {report.message}"), err=True)
        sys.exit(1)
