"""The command line: `python -m etl …`. Names, options and exit codes are a contract.

Exit codes: 0 done, 1 the input or the warehouse cannot be used (one sentence on standard error),
2 wrong usage.
"""

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import click

from etl import demo as demo_corpus
from etl import load as loading
from etl import review_events, store
from etl.describe import report_lines, snapshot_rows, status_lines, status_of
from etl.exports import export, in_warehouse, named
from etl.progress import Progress
from etl.report import LoadReport
from sourcing.errors import SourcingError, StoreError
from sourcing.warehouse import queries
from sourcing.warehouse.snapshots import DEFAULT, VARIABLE, Warehouse, default_path, reading

DEMO_WAREHOUSE = Path("data/demo")

_json = click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")


def main() -> None:
    """Run the command line; errors that are sentences go to standard error, with exit code 1."""
    try:
        cli()
    except SourcingError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(1)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Load labelled articles into the warehouse, publish snapshots, export tables."""


@cli.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@in_warehouse
@click.option("--check", is_flag=True, help="Dry run: everything but the publishing.")
@click.option("--strict", is_flag=True, help="Any rejected row fails the load.")
@_json
def load(
    paths: tuple[Path, ...], folder: Path | None, check: bool, strict: bool, as_json: bool
) -> None:
    """Check and load CSV files or folders of them, then publish a snapshot."""
    found, options = named(folder), loading.Options(check=check, strict=strict)
    with _failing_as_json(found, as_json):
        _show(loading.load(list(paths), found, options, Progress()), found, as_json)


@cli.command()
@in_warehouse
@click.option("--phases", is_flag=True, help="Say each phase in a line on standard error.")
@click.option("--if-waiting", is_flag=True, help="Only if decisions or answers wait for it.")
@_json
def publish(folder: Path | None, phases: bool, if_waiting: bool, as_json: bool) -> None:
    """Resolve again with the newest review decisions, and publish."""
    found = named(folder)
    with _failing_as_json(found, as_json):
        progress = Progress(lines=phases)
        _show(loading.publish(found, progress, if_waiting=if_waiting), found, as_json)


@cli.command()
@click.option(
    "--warehouse",
    "folder",
    type=click.Path(path_type=Path),
    help=f"The warehouse folder. [default: {VARIABLE}, else {DEMO_WAREHOUSE}]",
)
@click.option("--sources", default=40, show_default=True, type=click.IntRange(1, 100_000))
@click.option("--articles", default=3_000, show_default=True, type=click.IntRange(1))
@click.option("--claims", default=60_000, show_default=True, type=click.IntRange(1))
@click.option("--labels-per-claim", default=None, type=click.FloatRange(0, 20))
@click.option("--seed", default=1, show_default=True, help="The same seed, the same corpus.")
@click.option(
    "--files",
    type=click.Path(path_type=Path, file_okay=False),
    help="Only write the CSV files into this folder; load nothing.",
)
@_json
def demo(folder: Path | None, files: Path | None, as_json: bool, seed: int, **sizes: Any) -> None:
    """Make a larger, made-up corpus and load it into a warehouse of its own.

    Made-up claims are never mixed with real ones: a warehouse that holds real ones is refused.
    """
    if files:
        _make_up(files, seed, sizes)
        click.echo(f"Wrote a made-up corpus into {files}.", err=True)
        return
    store_folder = Warehouse(folder or (default_path() if _named() else DEMO_WAREHOUSE))
    progress = Progress()
    made = store_folder.folder / "made-up"
    with _failing_as_json(store_folder, as_json):
        _refuse_real(store_folder)
        progress.say("Making up a corpus …")
        try:
            _make_up(made, seed, sizes)
            options = loading.Options(command="demo")
            report = loading.load([made], store_folder, options, progress)
        finally:
            shutil.rmtree(made, ignore_errors=True)
        _show(report, store_folder, as_json)
    click.echo(
        f"To look at it: {VARIABLE}={store_folder.folder} streamlit run dashboard.py", err=True
    )


def _make_up(folder: Path, seed: int, sizes: dict[str, Any]) -> None:
    try:
        demo_corpus.make(folder, seed=seed, **sizes)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    except OSError as error:
        raise StoreError(f"{folder}: cannot be written ({error.strerror}).") from error


cli.add_command(export)


@cli.command()
@in_warehouse
@_json
def status(folder: Path | None, as_json: bool) -> None:
    """Say which snapshot is in force, what it holds, its age and open findings."""
    with reading(named(folder)) as snapshot:
        found = status_of(snapshot)
    if as_json:
        click.echo(json.dumps(found, indent=2))
        return
    for line in status_lines(found):
        click.echo(line)


@cli.command()
@in_warehouse
@click.option("--pin", metavar="ID", help="Keep this snapshot for good.")
@click.option("--unpin", metavar="ID", help="Keep it no longer than others.")
@click.option("--prune", is_flag=True, help=f"Remove all but the newest {store.KEEP} and pinned.")
@_json
def snapshots(
    folder: Path | None, pin: str | None, unpin: str | None, prune: bool, as_json: bool
) -> None:
    """List the snapshots; pin, unpin or prune them."""
    found = named(folder)
    if pin or unpin or prune:
        with store.locked(found, lambda sentence: click.echo(sentence, err=True)):
            if pin:
                store.pin(found, pin, on=True)
            if unpin:
                _unpin(found, unpin, prune)
            if prune:
                for name in store.prune(found):
                    click.echo(f"Removed {name}.", err=True)
    rows = snapshot_rows(found)
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    if not rows:
        click.echo("No snapshot yet. Load files first: python -m etl load data/sample", err=True)
    for row in rows:
        marks = [word for word in ("in_force", "pinned") if row[word]]
        click.echo(f"{row['snapshot']}  {row['bytes']:>14,} bytes  {', '.join(marks)}".rstrip())


def _unpin(found: Warehouse, snapshot_id: str, prune: bool) -> None:
    """Keep a snapshot no longer than others; never remove a meeting's without a word before."""
    held = review_events.meetings_on(found, snapshot_id)
    said = (
        f"Meeting {', '.join(held)} looks at {snapshot_id}: without it its minutes have no shares."
    )
    if held and prune:
        raise StoreError(f"{said} Nothing was changed. To remove it all the same, unpin it alone.")
    store.pin(found, snapshot_id, on=False)
    if held:
        click.echo(
            f"{said} The next --prune may remove it, and so may every load. Keep it: "
            f"`python -m etl snapshots --pin {snapshot_id}`.",
            err=True,
        )


def _named() -> bool:
    return default_path() != DEFAULT


def _refuse_real(found: Warehouse) -> None:
    if found.current() is None:
        return
    with reading(found) as snapshot:
        if not queries.status(snapshot)["made_up"]:
            raise StoreError(
                f"{found.folder} holds real labels, and made-up ones are never mixed with them. "
                "Name another folder: --warehouse data/demo."
            )


@contextmanager
def _failing_as_json(found: Warehouse, as_json: bool) -> Iterator[None]:
    """Where the run fails and JSON was asked for: a report of nothing done, with the sentence."""
    try:
        yield
    except SourcingError as error:
        if as_json:
            report = LoadReport(message=str(error))
            with suppress(SourcingError):
                report.snapshot = found.current()
            click.echo(json.dumps(report.as_json(), indent=2))
        raise


def _show(report: LoadReport, found: Warehouse, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(report.as_json(), indent=2))
    else:
        for line in report_lines(report, found):
            click.echo(line)
    if report.failed:
        click.echo(f"Error: {report.message}", err=True)
        sys.exit(1)
