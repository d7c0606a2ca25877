"""The address of the review database, shared by the dashboard and the ETL."""

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

    SOURCING_REVIEWS_URL, or else `url` of [connections.reviews] in Streamlit's secrets (for the
    default warehouse only), or else an SQLite file: data/review.db, or review.db in the folder of
    another warehouse. Raises ReviewError if an address cannot be read.
    """
    address = os.environ.get(VARIABLE)
    if address:
        return _read(address, VARIABLE)
    if warehouse.folder == DEFAULT:
        if (address := _in_secrets()) is not None:
            return _read(address, str(SECRETS))
        return _file(DEFAULT.parent / "review.db")
    return _file(warehouse.folder / "review.db")


def is_there(url: URL) -> bool:
    """Whether the database may exist; False for an SQLite file that does not."""
    return url.get_backend_name() != "sqlite" or Path(url.database or "").exists()


def _in_secrets() -> str | None:
    try:
        values = tomllib.loads(SECRETS.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ReviewError(f"{SECRETS}: cannot be read as TOML ({error}).") from error
    for name in ("connections", "reviews"):
        values = values.get(name, {})
        if not isinstance(values, dict):
            raise ReviewError(f"{SECRETS}: {name} is not a table. Write [connections.reviews].")
    url = values.get("url")
    return str(url) if url else None


def _read(text: str, where: str) -> URL:
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):  # the latter if a port is not a number
        raise ReviewError(
            f"{where}: this is not the address of a database. Expected "
            "postgresql://user@host/name or sqlite:///path/to/review.db."
        ) from None
    if url.drivername not in _DRIVERS:
        raise ReviewError(
            f"{where}: reviews are kept in SQLite or PostgreSQL, not in {url.drivername!r}. "
            "Write sqlite:///path/to/review.db or postgresql://user@host/name."
        )
    return url.set(drivername=_DRIVERS[url.drivername])


def _file(path: Path) -> URL:
    return URL.create("sqlite", database=str(path))
