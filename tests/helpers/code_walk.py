"""The modules of the project, and what each imports: read from the code, nothing is run."""

import ast
from functools import cache

from support import ROOT

FOLDERS = ("etl", "sourcing", "pages")
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for folder in FOLDERS
    for path in sorted((ROOT / folder).rglob("*.py"))
} | {"dashboard": ROOT / "dashboard.py"}


def inside(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


@cache
def imports(module: str) -> frozenset[str]:
    """What a module imports, anywhere in it, names taken from packages of ours resolved."""
    modules = set()
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative import"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                modules.add(whole if whole in MODULES else str(node.module))
    return frozenset(modules)


def ours(module: str) -> set[str]:
    return {
        name for name in imports(module) if any(inside(name, f) for f in (*FOLDERS, "dashboard"))
    }


def reached(module: str) -> set[str]:
    """All modules of ours that a module imports, directly or not."""
    modules, left = set(), [module]
    while left:
        new = {name for name in ours(left.pop()) if name in MODULES} - modules
        modules |= new
        left += new
    return modules


def uses(module: str, package: str) -> bool:
    return any(inside(name, package) for name in imports(module))


def of(package: str) -> list[str]:
    return [module for module in MODULES if inside(module, package)]


def room(module: str) -> str:
    """The room of `sourcing` that a module is in; `sourcing` is the root itself."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else parts[0]
