"""The one place for SQL: a folder a subject, a file a question, DuckDB dialect.

A question is named by its path, such as `shares/totals`. Its parameters are named ($name); a NULL
list means all. Files are Jinja templates, for two things only: a part that several questions share
is included, and what there is one of for each label is written once, over the labels of the
codebook. Nothing that anybody typed ever comes into the text.
"""

import re
from functools import cache
from importlib.resources import files

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sourcing.codebook import Attribution, Label, NoAnswer

_FOLDER = str(files(__name__))


def _quoted(words: list[str]) -> str:
    """Words as a list of SQL texts."""
    return ", ".join(f"'{word}'" for word in words)


def _environment() -> Environment:
    made = Environment(  # noqa: S701 (SQL, into which only our own words come)
        loader=FileSystemLoader(_FOLDER), undefined=StrictUndefined, lstrip_blocks=True
    )
    made.filters["quoted"] = _quoted
    made.globals |= {
        "labels": [str(label) for label in Label],
        "attributions": [str(label) for label in Attribution],
        "no_answers": [str(answer) for answer in NoAnswer],
    }
    return made


_TEMPLATES = _environment()


@cache
def text(name: str) -> str:
    """The text of `name`.sql, with the parts that it includes."""
    return _TEMPLATES.get_template(f"{name}.sql").render()


def statements(name: str) -> list[str]:
    """The statements of a script, in order, without the empty ones."""
    parts = re.split(r";\s*\n", text(name))
    return [part.strip().rstrip(";") for part in parts if _has_code(part)]


def _has_code(part: str) -> bool:
    return any(line.strip() and not line.strip().startswith("--") for line in part.splitlines())
