"""Open the review database, upgrade its schema, and read and write in transactions."""

import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from filelock import FileLock
from sqlalchemy import Connection, Engine, create_engine, event, insert, select, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from sourcing.errors import ReviewError
from sourcing.reviews import schema

MIGRATIONS = Path(__file__).with_name("migrations")
_WAIT_S = 60
_SCHEMA_LOCK = 7_315_126
_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "wal_autocheckpoint = 1",  # otherwise the file itself would long lack the newest rows
    "foreign_keys = ON",
    "recursive_triggers = ON",  # otherwise REPLACE would delete a row without its trigger
)


class Reviews:
    """The review database. Safe to share between threads: every call has its own connection."""

    def __init__(self, url: URL) -> None:
        """Open it and upgrade its schema. Raises ReviewError if that fails."""
        self.url = url
        with _sentences(self):
            self.engine = _engine(url)
            upgrade(self.engine)
        # Otherwise PostgreSQL would show later queries of a connection what was written in between.
        level = {"isolation_level": "REPEATABLE READ"} if _is_postgresql(url) else {}
        self._readers = self.engine.execution_options(**level)

    @property
    def name(self) -> str:
        """The address for display, without the password and the options, which may hold one."""
        return self.url.set(query={}).render_as_string(hide_password=True)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the database."""
        with _sentences(self), self._readers.connect() as con:
            yield con

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction: when it ends, either everything written in it is on disk or nothing is."""
        with _sentences(self), self.engine.execution_options(writes=True).begin() as con:
            yield con

    @property
    def identity(self) -> str:
        """The unique identity of this database."""
        with self.reading() as con:
            return str(con.execute(select(schema.database.c.identity)).scalar_one())

    def close(self) -> None:
        """Release all connections."""
        self.engine.dispose()


def _is_postgresql(url: URL) -> bool:
    return url.get_backend_name() == "postgresql"


def _engine(url: URL) -> Engine:
    if _is_postgresql(url):
        return create_engine(url, pool_pre_ping=True)
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": _WAIT_S})

    @event.listens_for(engine, "connect")
    def _prepare(raw: Any, _record: object) -> None:
        raw.isolation_level = None  # otherwise sqlite3 would begin transactions itself, too late
        for pragma in _PRAGMAS:
            raw.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(con: Connection) -> None:
        # Otherwise a writer that reads first could find that another one wrote in between.
        writes = con.get_execution_options().get("writes")
        con.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


@contextmanager
def _sentences(reviews: Reviews) -> Iterator[None]:
    """Turn errors of the database into ReviewError with a sentence."""
    try:
        yield
    except DBAPIError as error:
        reason = str(error.orig).strip().splitlines()[0][:300]
        raise ReviewError(
            f"The review database {reviews.name} cannot be used ({reason}). Nothing was written."
        ) from error
    except OSError as error:
        raise ReviewError(
            f"The review database {reviews.name} cannot be opened ({error.strerror})."
        ) from error


def upgrade(engine: Engine) -> None:
    """Upgrade the schema, one process at a time; an SQLite file is backed up first.

    Raises ReviewError if the database is newer than this program.
    """
    if _is_up_to_date(engine):
        return
    path = engine.url.database if engine.dialect.name == "sqlite" else None
    if path:
        with FileLock(f"{path}.lock"):
            if not _is_up_to_date(engine):
                _keep_copy(Path(path))
                _run(engine)
        return
    with engine.connect() as con:
        con.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _SCHEMA_LOCK})
        try:
            if not _is_up_to_date(engine):
                _run(engine)
        finally:
            con.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _SCHEMA_LOCK})


def _is_up_to_date(engine: Engine) -> bool:
    scripts = ScriptDirectory(str(MIGRATIONS))
    with engine.connect() as con:
        revision = MigrationContext.configure(con).get_current_revision()
    revisions = {script.revision for script in scripts.walk_revisions()}
    if revision is not None and revision not in revisions:
        raise ReviewError(
            f"The review database has version {revision!r}, which this program does not know. "
            "Use the program that last wrote it, or a newer one."
        )
    return revision == scripts.get_current_head()


def _keep_copy(path: Path) -> None:
    """Copy the whole database, including its write-ahead log, to a file beside it.

    An empty database is not copied.
    """
    with sqlite3.connect(path) as source:
        if not source.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            return
    now = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    target = path.with_name(f"{path.name}.before-{now}")
    partial = path.with_name(f"{target.name}.half")
    with sqlite3.connect(path) as source, sqlite3.connect(partial) as copy:
        source.backup(copy)
    shutil.move(partial, target)


def _run(engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.execution_options(writes=True).begin() as con:
        config.attributes["connection"] = con
        command.upgrade(config, "head")
        if con.execute(select(schema.database.c.identity)).first() is None:
            con.execute(insert(schema.database).values(identity=uuid.uuid4().hex))
