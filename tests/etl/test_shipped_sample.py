"""The shipped sample makes room for the first data of a team's own, and says so."""

import json
import shutil
from pathlib import Path

import pytest
from support import BASE, SAMPLE, ask, etl, write

from sourcing.warehouse.snapshots import Warehouse

pytestmark = pytest.mark.slow


@pytest.fixture
def holding_sample(sample: Warehouse, tmp_path: Path) -> Warehouse:
    """A warehouse with the sample, to be changed."""
    return Warehouse(shutil.copytree(sample.folder, tmp_path / "warehouse"))


def sources(warehouse: Warehouse) -> list[str]:
    return [name for (name,) in ask(warehouse, "SELECT source_id FROM sources ORDER BY 1")]


def test_own_data_replace_the_sample(holding_sample: Warehouse, files: Path) -> None:
    before = holding_sample.current()
    where = ("--warehouse", holding_sample.folder)
    result = etl("load", write(files, BASE), *where)
    assert "The sample made room for these files: it is no longer counted." in result.text
    assert sources(holding_sample) == ["s"]
    assert ask(holding_sample, "SELECT count(*) FROM claims") == [(1,)]
    assert etl("snapshots", "--use", before, *where).code == 0  # and it can be had again
    assert "s" not in sources(holding_sample)


def test_the_sample_is_kept_on_request(holding_sample: Warehouse, files: Path) -> None:
    report = json.loads(
        etl(
            *("load", write(files, BASE), "--keep", "--json"),
            *("--warehouse", holding_sample.folder),
        ).out
    )
    assert "made room" not in report["message"]
    assert report["claims"]["all"] == 329


def test_data_that_add_to_the_sample_do_not_replace_it(
    holding_sample: Warehouse, files: Path
) -> None:
    label = BASE["labels"][0] | {"claim_id": "seed-000-c001", "method": "human"}
    result = etl("load", write(files, {"labels": [label]}), "--warehouse", holding_sample.folder)
    assert "made room" not in result.text
    assert ask(holding_sample, "SELECT count(*) FROM claims") == [(328,)]


def test_the_sample_again_is_nothing_new(holding_sample: Warehouse) -> None:
    result = etl("load", SAMPLE, "--warehouse", holding_sample.folder)
    assert "Nothing new: every row was already loaded." in result.text


def test_own_data_are_never_replaced(holding_sample: Warehouse, files: Path) -> None:
    where = ("--warehouse", holding_sample.folder)
    etl("load", write(files, BASE), *where)
    more = [{"source_id": "t", "name": "T"}]
    assert (
        "made room" not in etl("load", write(files.parent / "more", {"sources": more}), *where).text
    )
    assert sources(holding_sample) == ["s", "t"]


def test_a_load_that_fails_leaves_the_sample(holding_sample: Warehouse, files: Path) -> None:
    before = holding_sample.current()
    bad = [{"source_id": f"t{n}", "name": ""} for n in range(3)]
    result = etl("load", write(files, {"sources": bad}), "--warehouse", holding_sample.folder)
    assert result.code == 1
    assert holding_sample.current() == before
