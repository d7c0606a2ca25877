"""What was put right, on the pages: lists, and nothing left to count."""

import shutil
from pathlib import Path

import pages_support
import pytest
import support
from amended_support import join, load_two_sources, run, words
from pages_support import IMAGE, Open, downloads
from support import BASE

from sourcing.ui.page_registry import BY_ADDRESS
from sourcing.warehouse import amendments
from sourcing.warehouse.snapshots import Warehouse

pytestmark = pytest.mark.slow

pytest_plugins = ("pages_fixtures", "server_fixtures")


@pytest.fixture
def own(warehouse: Warehouse, files: Path) -> Warehouse:
    """Two sources with a claim each; a third one without articles."""
    load_two_sources(warehouse, files)
    return warehouse


# Lists --------------------------------------------------------------------------------------------


def test_the_page_method_lists_what_was_put_right(show: Open, own: Warehouse) -> None:
    page = show(own, "method")
    assert "Nothing is withdrawn." in words(page)
    assert "Every source and annotator counts under the name that was loaded." in words(page)
    join(own, "t", "s")
    run(own, "withdraw", "claims", "d", "--reason", IMAGE)
    page = show(own, "method")
    frames = [item.value for item in page.dataframe]
    by_columns = {frame.columns[0]: frame for frame in frames}
    assert by_columns["load_id"]["command"].tolist() == ["load"] * 4 + ["join", "withdraw"]
    assert by_columns["table_name"]["about"].tolist() == ["It snowed."]
    assert by_columns["kind"]["alias"].tolist() == ["t"]
    assert {"/download/loads.csv", "/download/withdrawn.csv", "/download/joined.csv"} <= set(
        downloads(page)
    )


# Nothing left to count ----------------------------------------------------------------------------


@pytest.fixture
def undone(sample: Warehouse, tmp_path: Path) -> Warehouse:
    """The sample after its only load was undone."""
    own = Warehouse(Path(shutil.copytree(sample.folder, tmp_path / "own")))
    run(own, "undo")
    return own


@pytest.mark.parametrize("name", BY_ADDRESS)
def test_every_page_says_what_to_do_after_the_only_load_is_undone(
    show: Open, undone: Warehouse, name: str
) -> None:
    page = show(undone, name)
    [info] = page.info
    assert info.value.startswith("**No article counts in this snapshot.**")
    assert "python -m etl redo --warehouse DIR" in info.value
    assert not page.get("plotly_chart")
    assert len(page.title) == 1
    if name == "method":
        assert pages_support.facts(page)["Last load"] == "none that counts"
        counts = [frame.value for frame in page.dataframe if "counts" in frame.value]
        assert not counts[0]["counts"].any()
    else:
        assert not page.dataframe


@pytest.mark.parametrize("name", BY_ADDRESS)
def test_every_page_says_what_to_do_when_all_is_withdrawn(
    show: Open, own: Warehouse, name: str
) -> None:
    run(own, "withdraw", "sources", "s", "t", "u", "--reason", "Another topic.")
    [info] = show(own, name).info
    assert "All of them are withdrawn" in info.value
    assert "python -m etl withdraw sources ID --back" in info.value


def test_a_withdrawn_claim_has_its_page_when_all_is_withdrawn(show: Open, own: Warehouse) -> None:
    run(own, "withdraw", "sources", "s", "t", "u", "--reason", "Another topic.")
    with pages_support.opened(own) as snapshot:
        assert amendments.withdrawn_claim(snapshot, "c") is not None
    assert "**Its source** Source (s) was withdrawn" in words(show(own, "claims", claim="c"))


def test_sources_alone_say_what_to_load(show: Open, warehouse: Warehouse, files: Path) -> None:
    support.loaded(warehouse, files, {"sources": BASE["sources"]})
    [info] = show(warehouse, "overview").info
    assert "Articles have not been loaded yet." in info.value
    assert "python -m etl load PATH --warehouse DIR" in info.value


def test_earlier_snapshots_can_still_be_looked_at(show: Open, undone: Warehouse) -> None:
    page = show(undone, "overview", snapshot=undone.ids()[-1])
    assert page.get("plotly_chart")
