"""Fixtures for the pages: warehouses built by the real ETL, and a page opened at a URL.

A plugin: test modules load it with `pytest_plugins = "pages_fixtures"`.
"""

from typing import Any

import pages_support
import pytest
import support
from pages_support import Open, loaded, write_odd
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from etl import demo
from sourcing.ui import person
from sourcing.warehouse.snapshots import VARIABLE, Warehouse


@pytest.fixture(scope="session")
def demo_corpus(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """A made-up corpus: more sources than fit on a page, some of them with too few claims."""
    files = tmp_path_factory.mktemp("made-up")
    demo.make(files, sources=45, articles=900, claims=12_000, threads=2)
    return loaded(tmp_path_factory.mktemp("demo"), files, command="demo")


@pytest.fixture(scope="session")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Hostile texts, ids that look like numbers, no dates (`write_odd`)."""
    files = tmp_path_factory.mktemp("files") / "odd"
    write_odd(files)
    return loaded(tmp_path_factory.mktemp("odd"), files)


@pytest.fixture(scope="session")
def two_snapshots(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The sample in two steps: sources, articles and claims, then labels and citations."""
    folder = tmp_path_factory.mktemp("two")
    loaded(
        folder, *(support.SAMPLE / f"{table}.csv" for table in ("sources", "articles", "claims"))
    )
    return loaded(folder, *(support.SAMPLE / f"{table}.csv" for table in ("labels", "citations")))


@pytest.fixture(autouse=True)
def _as_on_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Disable Streamlit's older `pages/` convention, as `dashboard.py` does on the server."""
    original = PagesManager.__init__

    def init(self: PagesManager, *args: Any, **kwargs: Any) -> None:
        PagesManager.uses_pages_directory = False
        original(self, *args, **kwargs)

    monkeypatch.setattr(PagesManager, "__init__", init)
    monkeypatch.setattr(person, "_name_of_cookie", lambda: "Ada")  # the cookie of a browser
    monkeypatch.chdir(support.ROOT)


@pytest.fixture
def show(monkeypatch: pytest.MonkeyPatch) -> Open:
    """Open a page of a warehouse at a URL, as a link does."""

    def opened(warehouse: Warehouse, page: str = "overview", **query: str | list[str]) -> AppTest:
        monkeypatch.setenv(VARIABLE, str(warehouse.folder))
        app = AppTest.from_file(support.ROOT / "dashboard.py", default_timeout=60)
        app.switch_page(f"pages/{page}.py")
        for name, value in query.items():
            app.query_params[name] = value
        return pages_support.sound(app.run())

    return opened


@pytest.fixture(params=["sample", "demo_corpus", "odd"])
def any_store(request: pytest.FixtureRequest) -> Warehouse:
    """Each warehouse in turn."""
    warehouse: Warehouse = request.getfixturevalue(request.param)
    return warehouse
