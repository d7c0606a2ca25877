"""The one place for SQL: one file a question, DuckDB dialect, named parameters ($name)."""

import re
from functools import cache
from importlib.resources import files

_INCLUDE = re.compile(r"^--@ include (\w+)\n", re.MULTILINE)


@cache
def text(name: str) -> str:
    """The text of `name`.sql; a line `--@ include other` stands for the text of other.sql."""
    raw = (files(__name__) / f"{name}.sql").read_text(encoding="utf-8")
    return _INCLUDE.sub(lambda found: text(found.group(1)), raw)


def statements(name: str) -> list[str]:
    """The statements of a script, in order, without the empty ones."""
    parts = re.split(r";\s*\n", text(name))
    return [part.strip().rstrip(";") for part in parts if _has_code(part)]


def _has_code(part: str) -> bool:
    return any(line.strip() and not line.strip().startswith("--") for line in part.splitlines())
