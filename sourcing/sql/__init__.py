"""All SQL queries: a folder per subject, a file per query, in DuckDB's dialect.

A query is named by its path, such as `shares/totals`. Its parameters are named ($name); a NULL
list means all. Files are Jinja templates, for two purposes only: to include parts that several
queries share, and to repeat expressions for each label of the codebook. User input never becomes
part of the text.
"""

import re
from functools import cache
from importlib.resources import files

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sourcing.codebook import Attribution, Label, NoAnswer

_FOLDER = str(files(__name__))


def _quoted(words: list[str]) -> str:
    """Words as a list of SQL string literals."""
    return ", ".join(f"'{word}'" for word in words)


def _environment() -> Environment:
    environment = Environment(  # noqa: S701 (SQL without user input)
        loader=FileSystemLoader(_FOLDER), undefined=StrictUndefined, lstrip_blocks=True
    )
    environment.filters["quoted"] = _quoted
    environment.globals |= {
        "labels": [str(label) for label in Label],
        "attributions": [str(label) for label in Attribution],
        "no_answers": [str(answer) for answer in NoAnswer],
        "full_width": "".join(map(chr, range(0xFF01, 0xFF5F))),
        "half_width": "".join(map(chr, range(0x21, 0x7F))).replace("'", "''"),
    }
    return environment


_TEMPLATES = _environment()


@cache
def text(name: str) -> str:
    """The text of `name`.sql, with its includes."""
    return _TEMPLATES.get_template(f"{name}.sql").render()


@cache
def statements(name: str) -> tuple[str, ...]:
    """The statements of a script in order, without empty ones."""
    parts = re.split(r";\s*\n", text(name))
    return tuple(part.strip().rstrip(";") for part in parts if _has_code(part))


def _has_code(part: str) -> bool:
    return any(line.strip() and not line.strip().startswith("--") for line in part.splitlines())
