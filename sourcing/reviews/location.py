"""Where the review database is: one address, the same for the dashboard and the ETL."""

import os
import tomllib
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from sourcing.errors import ReviewError
from sourcing.warehouse.snapshots import DEFAULT, Warehouse

VARIABLE = "SOURCING_REVIEWS_URL"
SECRETS = Path(".streamlit/secrets.toml")
_DRIVERS = {
    **dict.fromkeys(("postgresql", "postgres", "postgresql+psycopg"), "postgresql+psycopg"),
    **dict.fromkeys(("sqlite", "sqlite+pysqlite"), "sqlite"),
}


def address_of(warehouse: Warehouse) -> URL:
    """The address of the review database that belongs to a warehouse.

    SOURCING_REVIEWS_URL, else `url` of [connections.reviews] in Streamlit's secrets, else a SQLite
    file: data/review.db, or review.db in the folder of a warehouse that is elsewhere. Raises
    ReviewError where an address cannot be read.
    """
    named = os.environ.get(VARIABLE)
    if named:
        return _read(named, VARIABLE)
    if warehouse.folder == DEFAULT:
        if (named := _in_secrets()) is not None:
            return _read(named, str(SECRETS))
        return _file(DEFAULT.parent / "review.db")
    return _file(warehouse.folder / "review.db")


def is_there(url: URL) -> bool:
    """Whether there may be something: a file that nobody has made yet holds nothing."""
    return url.get_backend_name() != "sqlite" or Path(url.database or "").exists()


def _in_secrets() -> str | None:
    try:
        held = tomllib.loads(SECRETS.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ReviewError(f"{SECRETS}: cannot be read as TOML ({error}).") from error
    for name in ("connections", "reviews"):
        held = held.get(name, {})
        if not isinstance(held, dict):
            raise ReviewError(f"{SECRETS}: {name} is no table. Write [connections.reviews].")
    found = held.get("url")
    return str(found) if found else None


def _read(text: str, where: str) -> URL:
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):  # the latter where a port is no number
        raise ReviewError(
            f"{where}: this is no address of a database. Expected postgresql://user@host/name or "
            "sqlite:///path/to/review.db."
        ) from None
    if url.drivername not in _DRIVERS:
        raise ReviewError(
            f"{where}: reviews are kept in SQLite or PostgreSQL, not in {url.drivername!r}. "
            "Write sqlite:///path/to/review.db or postgresql://user@host/name."
        )
    return url.set(drivername=_DRIVERS[url.drivername])


def _file(path: Path) -> URL:
    return URL.create("sqlite", database=str(path))
