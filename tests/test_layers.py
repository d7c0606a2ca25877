"""Who may import whom (design section 2), and where SQL may stand."""

import ast
import re
import sys
from functools import cache

import pytest
from support import ROOT

FOLDERS = ("etl", "sourcing", "pages")
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for folder in FOLDERS
    for path in sorted((ROOT / folder).rglob("*.py"))
} | {"dashboard": ROOT / "dashboard.py"}

LOW = ("sourcing", "sourcing.codebook", "sourcing.errors", "sourcing.warehouse.contract")
"""What imports nothing of ours but one another."""
PURE = (
    "sourcing.statistics",
    "sourcing.statistics.share_frames",
    "sourcing.filters",
    "sourcing.query_string",
    "sourcing.csv_format",
)


def inside(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


@cache
def imports(module: str) -> frozenset[str]:
    """What a module imports, anywhere in it, names taken from packages of ours resolved."""
    found = set()
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative import"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                found.add(whole if whole in MODULES else str(node.module))
    return frozenset(found)


def ours(module: str) -> set[str]:
    return {
        name for name in imports(module) if any(inside(name, f) for f in (*FOLDERS, "dashboard"))
    }


def reached(module: str) -> set[str]:
    """All modules of ours that a module imports, directly or not."""
    found, left = set(), [module]
    while left:
        new = {name for name in ours(left.pop()) if name in MODULES} - found
        found |= new
        left += new
    return found


def uses(module: str, package: str) -> bool:
    return any(inside(name, package) for name in imports(module))


def of(package: str) -> list[str]:
    return [module for module in MODULES if inside(module, package)]


def test_the_walk_sees_what_there_is() -> None:
    assert {"etl.cli", "sourcing.codebook", "sourcing.warehouse.snapshots", "dashboard"} <= set(
        MODULES
    )
    assert uses("sourcing.warehouse.snapshots", "duckdb")
    assert "sourcing.errors" in imports("sourcing.warehouse.snapshots")
    assert "sourcing.warehouse.queries" in imports("sourcing.downloads.tables")
    assert "sourcing.sql" in reached("etl.load")
    assert any(uses(module, "streamlit") for module in of("sourcing.ui"))
    assert len(of("pages")) >= 4


@pytest.mark.parametrize("module", LOW)
def test_the_lowest_import_nothing_above_them(module: str) -> None:
    assert ours(module) <= set(LOW)


@pytest.mark.parametrize("module", LOW)
def test_the_lowest_need_nothing_but_python(module: str) -> None:
    others = {name.split(".")[0] for name in imports(module)} - {"sourcing"}
    assert others <= set(sys.stdlib_module_names)


@pytest.mark.parametrize("module", [*PURE, *of("sourcing.statistics"), *of("sourcing.charts")])
def test_pure_modules_touch_neither_database_nor_page(module: str) -> None:
    for name in {module, *reached(module)}:
        assert not uses(name, "duckdb"), name
        assert not uses(name, "streamlit"), name
        assert not inside(name, "sourcing.warehouse.snapshots"), name


@pytest.mark.parametrize("module", of("sourcing.charts"))
def test_charts_use_no_database_modules(module: str) -> None:
    assert not {
        "sourcing.warehouse.snapshots",
        "sourcing.warehouse.queries",
        "sourcing.downloads.tables",
    } & reached(module)


def test_only_ui_and_pages_know_streamlit() -> None:
    knowing = {module for module in MODULES if uses(module, "streamlit")}
    allowed = {*of("sourcing.ui"), *of("pages"), "dashboard"}
    assert knowing <= allowed


@pytest.mark.parametrize("module", of("sourcing"))
def test_sourcing_knows_neither_etl_nor_pages(module: str) -> None:
    assert not any(inside(name, other) for name in ours(module) for other in ("etl", "pages"))
    if not inside(module, "sourcing.ui"):
        assert not any(inside(name, "sourcing.ui") for name in ours(module))


@pytest.mark.parametrize("module", of("etl"))
def test_etl_never_imports_what_draws_pages(module: str) -> None:
    for name in {module, *reached(module)}:
        assert not uses(name, "streamlit"), name
        assert not uses(name, "plotly"), name
        assert not inside(name, "sourcing.ui"), name
        assert not inside(name, "sourcing.charts"), name


@pytest.mark.parametrize("module", of("pages"))
def test_pages_import_streamlit_and_sourcing_only(module: str) -> None:
    allowed = {"streamlit", "sourcing"}
    assert {name.split(".")[0] for name in imports(module)} - set(
        sys.stdlib_module_names
    ) <= allowed


@pytest.mark.parametrize("module", MODULES)
def test_nobody_imports_the_dashboard_or_a_page(module: str) -> None:
    assert "dashboard" not in imports(module)
    assert not uses(module, "pages")


@pytest.mark.parametrize("module", MODULES)
def test_nobody_imports_the_tests_or_changes_the_path(module: str) -> None:
    assert not any(uses(module, name) for name in ("tests", "pytest", "support", "oracle"))
    assert "sys.path" not in MODULES[module].read_text(encoding="utf-8")


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
    found = []
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.JoinedStr):
            parts = [part.value for part in node.values if isinstance(part, ast.Constant)]
            found.append(" ".join(str(part).strip() for part in parts))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in docs:
            found.append(node.value)
    return found


def test_the_pattern_knows_sql() -> None:
    assert all(
        SQL.search(text)
        for text in ("SELECT 1", "select a, b from x where y", "INSERT INTO a", "x GROUP BY y")
    )
    assert not SQL.search("Select the claims that you want, from top to bottom")
    assert any(SQL.search(text) for text in texts("etl.merge"))


@pytest.mark.parametrize(
    "module", [*of("pages"), *of("sourcing.ui"), *of("sourcing.charts"), *PURE, *LOW, "dashboard"]
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
