"""The command line: `python -m etl …`. Names, options and exit codes are a contract.

Exit codes: 0 success, 1 unusable input or warehouse (one sentence on standard error), 2 usage
error.
"""

import sys

import click

import sourcing
from etl.commands.demo import demo
from etl.commands.export import export
from etl.commands.load import load, publish
from etl.commands.loads import loads, redo, undo
from etl.commands.snapshots import snapshots
from etl.commands.status import status
from etl.commands.verify import verify
from etl.commands.withdraw import join, withdraw
from sourcing.errors import SourcingError
from sourcing.formatting import printable


def main() -> None:
    """Run the command line. A SourcingError goes to standard error, with exit code 1."""
    try:
        cli()
    except SourcingError as error:
        click.echo(printable(f"Error: {error}"), err=True)
        sys.exit(1)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(
    sourcing.__version__, prog_name="source-reliability-dashboard", message="%(prog)s %(version)s"
)
def cli() -> None:
    """Load labelled articles into the warehouse, put them right, publish and export."""


for _command in (
    *(load, publish, withdraw, join, loads, undo, redo),
    *(export, status, snapshots, verify, demo),
):
    cli.add_command(_command)
