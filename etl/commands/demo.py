"""The command `demo`: a made-up corpus in its own warehouse."""

import shutil
from pathlib import Path
from typing import Any

import click

from etl import demo as demo_corpus
from etl import load as loading
from etl.commands.options import as_json_option, failing_as_json, show
from etl.progress import Progress
from sourcing.errors import StoreError
from sourcing.warehouse import queries
from sourcing.warehouse.snapshots import DEFAULT, VARIABLE, Warehouse, default_path, reading

DEMO_WAREHOUSE = Path("data/demo")


@click.command()
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
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same corpus.")
@click.option(
    "--files",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write the CSV files to this folder and load nothing.",
)
@as_json_option
def demo(folder: Path | None, files: Path | None, as_json: bool, seed: int, **sizes: Any) -> None:
    """Generate a larger, made-up corpus and load it into its own warehouse.

    Made-up claims are never mixed with real ones: a warehouse with real claims is refused.
    """
    if files:
        _generate(files, seed, sizes)
        click.echo(f"Wrote a made-up corpus to {files}.", err=True)
        return
    default = default_path() if default_path() != DEFAULT else DEMO_WAREHOUSE
    warehouse = Warehouse(folder or default)
    progress = Progress()
    made_up = warehouse.folder / "made-up"
    with failing_as_json(warehouse, as_json):
        _refuse_real(warehouse)
        progress.say("Generating a made-up corpus …")
        try:
            _generate(made_up, seed, sizes)
            options = loading.Options(command="demo")
            report = loading.load([made_up], warehouse, options, progress)
        finally:
            shutil.rmtree(made_up, ignore_errors=True)
        show(report, warehouse, as_json)
    click.echo(f"To view it: {VARIABLE}={warehouse.folder} streamlit run dashboard.py", err=True)


def _generate(folder: Path, seed: int, sizes: dict[str, Any]) -> None:
    try:
        demo_corpus.make(folder, seed=seed, **sizes)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    except OSError as error:
        raise StoreError(f"{folder}: cannot be written ({error.strerror}).") from error


def _refuse_real(warehouse: Warehouse) -> None:
    if warehouse.current() is None:
        return
    with reading(warehouse) as snapshot:
        if not queries.status(snapshot)["made_up"]:
            raise StoreError(
                f"{warehouse.folder} holds real labels, which are never mixed with made-up ones. "
                "Choose another folder: --warehouse data/demo."
            )
