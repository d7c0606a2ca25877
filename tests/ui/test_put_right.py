"""What was put right, on the pages: lists with downloads."""

from pathlib import Path

import pytest
from amended_support import join, load_two_sources, run, words
from pages_support import IMAGE, Open, downloads

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
