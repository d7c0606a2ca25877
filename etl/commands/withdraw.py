"""The commands `withdraw` and `join`: rows that should not count, and two names that are one."""

import csv
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from etl import load as loading
from etl.commands.options import (
    as_json_option,
    by_option,
    failing_as_json,
    in_warehouse,
    named_warehouse,
    show,
)
from etl.progress import Progress
from etl.publication import user
from sourcing.errors import LoadError
from sourcing.formatting import first_of
from sourcing.warehouse.contract import WITHDRAWABLE

_REASON = click.option("--reason", required=True, help="Why; stays on record.")


@click.command()
@click.argument("table", type=click.Choice(list(WITHDRAWABLE)))
@click.argument("ids", metavar="ID…", nargs=-1, required=True)
@_REASON
@click.option("--annotator", default="", help="Only the labels of this annotator.")
@click.option("--back", is_flag=True, help="Bring them back.")
@by_option
@in_warehouse
@as_json_option
def withdraw(
    table: str,
    ids: tuple[str, ...],
    reason: str,
    annotator: str,
    back: bool,
    person: str,
    folder: Path | None,
    as_json: bool,
) -> None:
    """Withdraw sources, articles, claims or labels, with everything below them.

    They leave every count and stay on record. For labels, give the ids of their claims.
    """
    if annotator and table != "labels":
        raise click.UsageError("--annotator is for labels only.")
    rows = [
        {"table_name": table, "id": item, "annotator": annotator} | _decided(reason, person, back)
        for item in ids
    ]
    _load("withdraw", "withdrawals", rows, folder, as_json)


@click.command()
@click.argument("kind", type=click.Choice(["sources", "annotators"]))
@click.argument("alias")
@click.argument("name")
@_REASON
@click.option("--since", default="", help="Only articles published since this day (sources).")
@click.option("--back", is_flag=True, help="End it: the alias stands for itself again.")
@by_option
@in_warehouse
@as_json_option
def join(
    kind: str,
    alias: str,
    name: str,
    reason: str,
    since: str,
    back: bool,
    person: str,
    folder: Path | None,
    as_json: bool,
) -> None:
    """Count ALIAS under NAME: two outlets that are one, or two names of one annotator."""
    if since and kind != "sources":
        raise click.UsageError("--since is for sources only.")
    decided = _decided(reason, person, back)
    row = {"alias": alias, "annotator": name} | decided
    if kind == "sources":
        row = {"alias": alias, "source": name, "since": since} | decided
    _load("join", f"{kind.removesuffix('s')}_aliases", [row], folder, as_json)


def _decided(reason: str, person: str, back: bool) -> dict[str, str]:
    return {
        "reason": reason,
        "decided_by": person or user(),
        "decided_at": datetime.now(UTC).isoformat(),
        "back": "true" if back else "",
    }


def _load(
    command: str, table: str, rows: list[dict[str, str]], folder: Path | None, as_json: bool
) -> None:
    """Load the rows like a file of the table: they are checked, kept and undone like all others."""
    warehouse = named_warehouse(folder)
    options = loading.Options(
        command=command,
        strict=True,
        keep=True,
        person=rows[0]["decided_by"],
        name=f"python -m etl {command}",
        encoding="utf-8",
        amends=True,
    )
    with tempfile.TemporaryDirectory(prefix=f"sourcing-{command}-") as name:
        path = Path(name) / f"{table}.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        with failing_as_json(warehouse, as_json):
            if warehouse.current() is None:
                raise LoadError(
                    f"{warehouse.folder} holds no snapshot yet, so nothing to {command}."
                )
            report = loading.load([path], warehouse, options, Progress())
            if report.failed:
                raise LoadError(_refusal(report.rejects))
            show(report, warehouse, as_json)


def _refusal(rejects: list[dict[str, Any]]) -> str:
    """Why nothing was done, as a sentence."""
    faults = [f"{row['column']} {row['found']!r}: expected {row['expected']}" for row in rejects]
    return f"Nothing was changed. {first_of(faults, 5)}."
