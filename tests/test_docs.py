"""The documents say what the program does: columns, tables, commands, labels."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from code_walk import MODULES, imports

from etl.commands.command_line import cli
from sourcing.codebook import Label, State
from sourcing.downloads import tables
from sourcing.warehouse.contract import TABLES, required_names

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DATA = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
CODEBOOK = (ROOT / "docs" / "codebook.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("table", TABLES)
def test_data_dictionary_is_the_contract(table):
    section = DATA.split(f"### {table}\n")[1].split("\n#")[0]
    rows = [line.split("|") for line in section.splitlines() if line.startswith("| `")]
    written = [
        (cells[1].replace("(required)", "").strip(" `"), "(required)" in cells[1], cells[2].strip())
        for cells in rows
    ]
    assert written == [(c.name, c.required, str(c.kind)) for c in TABLES[table]]
    for cells, column in zip(rows, TABLES[table], strict=True):
        assert cells[3].strip() == ", ".join(f"`{value}`" for value in column.legal)


@pytest.mark.parametrize("table", TABLES)
def test_readme_names_the_required_columns(table):
    row = next(line for line in README.splitlines() if line.startswith(f"| {table} |"))
    assert row.split("|")[2].strip() == ", ".join(f"`{name}`" for name in required_names(table))


@pytest.mark.parametrize("command", cli.commands)
def test_readme_names_every_command(command):
    assert f"`python -m etl {command}" in README


def test_readme_names_every_table_for_download():
    listed = README.split("Tables: ")[1].split(".\n")[0].replace("\n", " ")
    assert listed.split(", ") == [name for name in tables.TABLES if name != "dictionary"] + [
        "dictionary"
    ]


@pytest.mark.parametrize("word", [*Label, *State])
def test_codebook_defines_labels_and_states(word):
    assert f"`{word}`" in CODEBOOK


def test_links_of_the_documents_lead_somewhere():
    for document in (README, DATA):
        base = ROOT if document is README else ROOT / "data"
        for target in (part.split(")")[0] for part in document.split("](")[1:]):
            if not target.startswith("http"):
                assert (base / target).exists(), target


# The picture in docs/architecture.md.

EDGE = re.compile(r"([\w.]+)(?:\[.*?\])?")


def arrows() -> list[tuple[str, str]]:
    """The solid arrows of the picture: from whom, to whom. Stores are no modules."""
    picture = ARCHITECTURE.split("```mermaid\n")[1].split("```")[0]
    pairs = []
    for line in picture.splitlines()[1:]:
        for part in re.split(r"-\..*?\.->", line):
            names = [EDGE.match(item.strip()) for item in part.split("-->")]
            ends = [match.group(1) for match in names if match]
            pairs += list(pairwise(ends))
    return pairs


def test_the_picture_has_arrows() -> None:
    assert len(arrows()) > 20
    assert ("pages.overview", "sourcing.ui.view") in arrows()


@pytest.mark.parametrize(("user", "used"), arrows())
def test_every_arrow_of_the_picture_is_an_import(user: str, used: str) -> None:
    assert user in MODULES
    assert used in imports(user) or used in ("files", "snapshots", "kept", "reviews")


def test_every_room_and_file_of_the_architecture_is_there() -> None:
    folder = "sourcing|etl|pages|tests|docs|data|benchmarks"
    named = re.findall(rf"`((?:{folder})/[\w./-]*)`", ARCHITECTURE)
    assert len(named) > 40
    assert [name for name in named if not (ROOT / name).exists()] == []
    rooms = (path.parent for path in (ROOT / "sourcing").glob("*/__init__.py"))
    folders = {path.name for path in rooms}
    assert {name for name in folders if f"`sourcing/{name}/`" not in ARCHITECTURE} == set()
