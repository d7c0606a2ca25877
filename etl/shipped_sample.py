"""The shipped sample in a warehouse: it makes room for the first data of a team's own."""

import csv
import filecmp

from etl.reading.input_files import InputFile
from sourcing import ROOT
from sourcing.errors import StoreError
from sourcing.warehouse.snapshots import SAME_FACTS, Snapshot, Warehouse

FOLDER = ROOT / "data" / "sample"


def makes_room(warehouse: Warehouse, files: list[InputFile]) -> bool:
    """Whether the warehouse holds only the sample, and the files bring other sources or articles.

    Files that only add to the sample, such as labels, do not replace it.
    """
    current = warehouse.current()
    if current is None or not any(_is_own(file) for file in files):
        return False
    try:
        snapshot = Snapshot(warehouse, current, SAME_FACTS)
    except StoreError:
        return False  # the load itself says why it cannot be read
    try:
        articles = {row[0] for row in snapshot.rows("SELECT article_id FROM articles")}
        sources = {row[0] for row in snapshot.rows("SELECT source_id FROM sources")}
    finally:
        snapshot.close()
    return (
        bool(articles)
        and articles <= _ids("articles", "article_id")
        and sources <= _ids("sources", "source_id")
    )


def _is_own(file: InputFile) -> bool:
    """Whether a file brings sources or articles, and is not one of the sample."""
    if file.table not in ("sources", "articles"):
        return False
    shipped = FOLDER / f"{file.table}.csv"
    return not shipped.exists() or not filecmp.cmp(shipped, file.path, shallow=False)


def _ids(table: str, key: str) -> set[str]:
    path = FOLDER / f"{table}.csv"
    if not path.exists():
        return set()
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return {row[key] for row in csv.DictReader(stream)}
