"""Fixtures of the whole suite, and Hypothesis settings: the same examples every time on CI."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import duckdb
import pytest
import support
from hypothesis import HealthCheck, Phase, settings

from sourcing.reviews import database
from sourcing.warehouse.snapshots import VARIABLE, Warehouse

_CONNECT = duckdb.connect
_PRAGMAS = database._PRAGMAS
_CI = bool(os.environ.get("CI"))
_PHASES = (Phase.explicit, Phase.reuse, Phase.generate)

settings.register_profile(
    "suite",
    deadline=None,
    derandomize=_CI,
    phases=_PHASES if _CI else (*_PHASES, Phase.shrink),  # shrinking takes minutes of loading
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.register_profile("fast", settings.get_profile("suite"), max_examples=10)
settings.load_profile("suite")


@pytest.fixture(autouse=True, scope="session")
def _one_thread_per_process() -> Iterator[None]:
    """Where two processes run the tests on two cores, DuckDB's own threads only get in the way."""

    def with_one_thread(*place: Any, **options: Any) -> duckdb.DuckDBPyConnection:
        config = {"threads": 1} | (options.pop("config", None) or {})
        return _CONNECT(*place, config=config, **options)

    if "PYTEST_XDIST_WORKER" in os.environ:
        duckdb.connect = with_one_thread
    yield
    duckdb.connect = _CONNECT


def _nothing(_handle: int) -> None:
    """Sync no file."""


@pytest.fixture(autouse=True, scope="session")
def _no_waiting_for_the_disk() -> Iterator[None]:
    """Do not wait until the disk has what was written: it matters only where the power fails.

    Nothing else is left out. Processes that tests start and kill wait as ever, so what they have
    synced before which step is tested with the real calls.
    """
    unsynced = [text.replace("synchronous = FULL", "synchronous = OFF") for text in _PRAGMAS]
    with (
        mock.patch.object(os, "fsync", _nothing),
        mock.patch.object(database, "_PRAGMAS", unsynced),
    ):
        yield


@pytest.fixture(autouse=True, scope="session")
def _few_collections() -> Iterator[None]:
    """Leave the modules that all tests share out of the search for garbage, which is slow there."""
    gc.collect()
    gc.freeze()
    before = gc.get_threshold()
    gc.set_threshold(20_000, *before[1:])
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


@pytest.fixture
def all_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let DuckDB use every core again."""
    monkeypatch.setattr(duckdb, "connect", _CONNECT)


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    """An empty warehouse."""
    return Warehouse(tmp_path / "warehouse")


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """An empty folder for input files."""
    folder = tmp_path / "files"
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The shipped sample, loaded once. Tests must not change it."""
    loaded = Warehouse(tmp_path_factory.mktemp("sample"))
    assert support.load(loaded, support.SAMPLE).published
    return loaded


@pytest.fixture(autouse=True)
def _no_warehouse_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ignore the warehouse named in the caller's environment."""
    monkeypatch.delenv(VARIABLE, raising=False)
