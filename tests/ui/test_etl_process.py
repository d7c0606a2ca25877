"""The ETL as the pages run it: a process of its own, from any folder, whatever it prints."""

import json
from pathlib import Path

import pytest
import support
from pages_support import sound
from streamlit.testing.v1 import AppTest

from sourcing.ui import app, etl_process
from sourcing.warehouse.snapshots import Warehouse

pytestmark = pytest.mark.slow

pytest_plugins = "pages_fixtures"


def dashboard(page: str) -> AppTest:
    """The dashboard at a page, with the working directory as it is."""
    test = AppTest.from_file(support.ROOT / "dashboard.py", default_timeout=600)
    return test.switch_page(f"pages/{page}.py")


def test_a_report_larger_than_a_pipe_is_read_whole(tmp_path: Path) -> None:
    rows = [{**support.BASE["labels"][0], "label": f"{n}" * 5_000} for n in range(100)]
    folder = support.write(tmp_path / "files", {**support.BASE, "labels": rows})
    warehouse = str(tmp_path / "warehouse")
    options = ("--warehouse", warehouse, "--json", "--max-refused", "1")
    finished = etl_process.run("load", str(folder), *options)
    assert len(finished.output) > 500_000
    assert len(json.loads(finished.output)["rejects"]) == 100
    assert not finished.failed


def test_it_runs_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    finished = etl_process.run("load", str(support.SAMPLE))
    assert (finished.code, finished.lines) == (0, ())
    assert Warehouse(tmp_path / "data/warehouse").current()


def test_lines_are_passed_on_and_the_last_says_why(sample: Warehouse) -> None:
    lines: list[str] = []
    folder = str(sample.folder)
    finished = etl_process.run("snapshots", "--pin", "x", "--warehouse", folder, say=lines.append)
    assert finished.failed
    assert lines == [f"Error: {finished.reason}"]
    assert finished.reason.startswith("There is no snapshot 'x'")


def test_the_dashboard_starts_from_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    app._load_once.clear()
    for page in ("overview", "method"):
        assert sound(dashboard(page).run()).title
    assert Warehouse(tmp_path / "data/warehouse").current()


def test_a_failed_load_of_the_sample_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    app._load_once.clear()
    (tmp_path / "data").mkdir()
    (tmp_path / "data/warehouse").mkdir()
    (tmp_path / "data/warehouse/snapshots").write_text("in the way")
    [error] = dashboard("overview").run().error
    assert error.value.startswith("The sample could not be loaded.")
    (tmp_path / "data/warehouse/snapshots").unlink()
    assert sound(dashboard("overview").run()).title
