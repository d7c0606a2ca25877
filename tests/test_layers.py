"""Who may import whom (docs/architecture.md), and where SQL may stand."""

import ast
import re
import sys

import pytest
from code_walk import MODULES, imports, inside, of, ours, reached, room, tree, uses
from support import ROOT

from sourcing.ui.page_registry import PAGES

MOST_MODULES = 16

ROOMS: dict[str, tuple[str, tuple[str, ...]]] = {
    "sourcing": ("The root knows nothing.", ()),
    "codebook": ("The codebook knows nothing but Python.", ()),
    "errors": ("Errors know nothing but Python.", ()),
    "formatting": ("Numbers and plurals for people need no room of ours.", ()),
    "source_names": ("Names of sources need no room of ours.", ()),
    "literal_text": ("Texts shown as they are need no room of ours.", ()),
    "frame_rows": ("Rows of frames need no room of ours.", ()),
    "csv_format": ("The format of CSV needs no room of ours.", ()),
    "statistics": ("Pure maths knows the codebook's labels.", ("codebook",)),
    "filters": ("Filters know the codebook and the weightings.", ("codebook", "statistics")),
    "query_string": (
        "What an address asks for is read into filters.",
        ("codebook", "filters", "statistics"),
    ),
    "charts": (
        "A chart is made from a frame, with the codebook's colours and words.",
        ("codebook", "formatting", "frame_rows", "literal_text", "source_names"),
    ),
    "sql": ("Questions are written over the codebook's labels.", ("codebook",)),
    "warehouse": (
        "The warehouse reads: it asks questions under filters, and computes nothing.",
        (
            *("codebook", "errors", "filters", "formatting", "query_string", "source_names"),
            *("sql", "statistics"),
        ),
    ),
    "analysis": (
        "An analysis turns what queries read into results by statistics.",
        ("codebook", "filters", "sql", "statistics", "warehouse"),
    ),
    "reviews": (
        "The review database knows the codebook, the contract, and where the warehouse is.",
        ("codebook", "errors", "warehouse"),
    ),
    "meetings": (
        "A meeting works on analyses and the review database.",
        (
            *("analysis", "codebook", "csv_format", "filters", "formatting", "frame_rows"),
            *("reviews", "sql", "warehouse"),
        ),
    ),
    "downloads": (
        "A download is a result or a meeting's file, as an address asks for it.",
        (
            *("analysis", "csv_format", "errors", "filters", "frame_rows", "meetings"),
            *("query_string", "reviews", "statistics", "warehouse"),
        ),
    ),
    "server": (
        "The server answers with downloads to those who may have them.",
        ("downloads", "errors", "reviews", "warehouse"),
    ),
    "ui": (
        "Pages are built from everything below; nothing below knows them.",
        (
            *("analysis", "charts", "codebook", "downloads", "errors", "filters", "formatting"),
            *(
                "frame_rows",
                "literal_text",
                "meetings",
                "query_string",
                "reviews",
                "server",
                "sourcing",
            ),
            *("statistics", "warehouse"),
        ),
    ),
}
"""What each room of `sourcing` is for, and which others it may import."""

PURE = ("statistics", "filters", "query_string", "charts", "csv_format", "codebook")
"""Rooms that touch neither a database nor a page."""
STREAMLIT = ("sourcing.ui", "pages", "dashboard")
ETL_IMPORTS = (
    *("analysis", "codebook", "csv_format", "downloads", "errors", "filters", "formatting"),
    "meetings",
    *("query_string", "reviews", "sourcing", "sql", "statistics", "warehouse"),
)
"""What the ETL may import: everything but what draws pages."""


def test_the_walk_sees_what_there_is() -> None:
    wanted = {"etl.commands.command_line", "sourcing.codebook", "sourcing.ui.app", "dashboard"}
    assert wanted <= set(MODULES)
    assert uses("sourcing.warehouse.snapshots", "duckdb")
    assert "sourcing.errors" in imports("sourcing.warehouse.snapshots")
    assert "sourcing.warehouse.queries" in imports("sourcing.downloads.tables")
    assert "sourcing.sql" in reached("etl.load")
    assert any(uses(module, "streamlit") for module in of("sourcing.ui"))
    assert len(of("pages")) >= 4


@pytest.mark.parametrize("module", of("sourcing"))
def test_a_module_imports_what_its_room_may(module: str) -> None:
    sentence, allowed = ROOMS[room(module)]
    used = {room(name) for name in ours(module)} - {room(module)}
    assert used <= set(allowed), sentence


@pytest.mark.parametrize("name", ROOMS)
def test_a_room_is_there_and_allows_no_more_than_it_uses(name: str) -> None:
    used = {room(other) for m in of("sourcing") if room(m) == name for other in ours(m)} - {name}
    assert used == set(ROOMS[name][1])


@pytest.mark.parametrize("name", ["codebook", "errors"])
def test_the_lowest_need_nothing_but_python(name: str) -> None:
    others = {module.split(".")[0] for module in imports(f"sourcing.{name}")}
    assert others <= set(sys.stdlib_module_names)


@pytest.mark.parametrize("module", [m for m in of("sourcing") if room(m) in PURE])
def test_pure_modules_touch_neither_database_nor_page(module: str) -> None:
    for name in {module, *reached(module)}:
        assert not uses(name, "duckdb"), name
        assert not uses(name, "streamlit"), name
        assert room(name) != "warehouse", name


def test_only_ui_and_pages_know_streamlit() -> None:
    knowing = {module for module in MODULES if uses(module, "streamlit")}
    assert {m for m in knowing if not any(inside(m, allowed) for allowed in STREAMLIT)} == set()


@pytest.mark.parametrize("module", of("sourcing"))
def test_sourcing_knows_neither_etl_nor_pages(module: str) -> None:
    assert not any(inside(name, other) for name in ours(module) for other in ("etl", "pages"))


@pytest.mark.parametrize("module", of("etl"))
def test_etl_never_imports_what_draws_pages(module: str) -> None:
    shared = {room(name) for name in ours(module) if inside(name, "sourcing")}
    assert shared <= set(ETL_IMPORTS)
    for name in {module, *reached(module)}:
        assert not uses(name, "streamlit"), name
        assert not uses(name, "plotly"), name
        assert not inside(name, "sourcing.ui"), name
        assert not inside(name, "sourcing.charts"), name


@pytest.mark.parametrize("module", of("pages"))
def test_pages_import_streamlit_and_sourcing_only(module: str) -> None:
    allowed = {"streamlit", "sourcing"}
    others = {name.split(".")[0] for name in imports(module)} - set(sys.stdlib_module_names)
    assert others <= allowed


@pytest.mark.parametrize("module", MODULES)
def test_nobody_imports_the_dashboard_or_a_page(module: str) -> None:
    assert "dashboard" not in imports(module)
    assert not uses(module, "pages")


@pytest.mark.parametrize("module", MODULES)
def test_nobody_imports_the_tests_or_changes_the_path(module: str) -> None:
    assert not any(uses(module, name) for name in ("tests", "pytest", "support", "oracle"))
    assert "sys.path" not in MODULES[module].read_text(encoding="utf-8")


def test_every_page_is_a_file_and_every_file_a_page() -> None:
    assert {f"pages.{page.address}" for page in PAGES} == set(of("pages"))


def test_no_room_is_crowded() -> None:
    """Modules beside each other; a folder of them counts as one."""
    folders = {path.parent for path in MODULES.values()} - {ROOT}
    sizes = {folder: len([*folder.glob("[!_]*.py")]) for folder in folders}
    assert {folder.name: size for folder, size in sizes.items() if size > MOST_MODULES} == {}


def test_no_circles() -> None:
    circles = [module for module in MODULES if module in reached(module)]
    assert circles == []


SQL = re.compile(
    r"\b(SELECT|FROM|WHERE|JOIN|HAVING|(GROUP|ORDER|PARTITION) BY|(INSERT|MERGE) INTO|DELETE FROM|"
    r"(CREATE|ALTER|DROP) (TABLE|VIEW)|UPDATE \w+ SET)\b"
    r"|\bselect\s+[\w*.,() ]+\s+from\s+\w+\s+(where|group|order|join|limit)\b"
)


def texts(module: str) -> list[str]:
    """Strings of a module that are not docstrings."""
    docs = {
        node.body[0].value
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    words = []
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.JoinedStr):
            parts = [part.value for part in node.values if isinstance(part, ast.Constant)]
            words.append(" ".join(str(part).strip() for part in parts))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in docs:
            words.append(node.value)
    return words


def test_the_pattern_knows_sql() -> None:
    assert all(
        SQL.search(text)
        for text in ("SELECT 1", "select a, b from x where y", "INSERT INTO a", "x GROUP BY y")
    )
    assert not SQL.search("Select the claims that you want, from top to bottom")
    assert any(SQL.search(text) for text in texts("etl.merging.row_conflicts"))


@pytest.mark.parametrize(
    "module",
    [
        *of("pages"),
        *of("sourcing.ui"),
        "dashboard",
        *(m for m in of("sourcing") if room(m) in PURE),
    ],
)
def test_no_sql_in_what_people_see(module: str) -> None:
    assert [text for text in texts(module) if SQL.search(text)] == []


@pytest.mark.parametrize("module", [*of("pages"), *of("sourcing.ui"), "dashboard"])
def test_no_page_runs_a_query_of_its_own(module: str) -> None:
    called = {
        node.func.attr
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert not {"execute", "sql", "rows", "read_csv"} & called
