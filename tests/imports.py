"""Who imports what, read from the source: the oracle beside `tach`, which does not know outside packages."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOMS = ("vectorstore", "prompts", "ingest", "service", "evals")
MAY_IMPORT = {
    "vectorstore": set[str](),
    "prompts": set[str](),
    "ingest": {"vectorstore", "prompts"},
    "service": {"vectorstore", "prompts"},
    "evals": {"service", "vectorstore", "prompts"},
}
COMPOSITION_ROOT = tuple(Path(f"service/{name}") for name in ("cli", "ingestion"))


@cache
def imported_names(source: str) -> frozenset[str]:
    """Return the dotted names that a module imports anywhere in it, functions included."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found)


def modules(root: Path) -> Iterator[tuple[Path, frozenset[str]]]:
    """Yield every module of the rooms, relative to `root`, with what it imports."""
    for room in ROOMS:
        for path in sorted((root / room).rglob("*.py")):
            yield path.relative_to(root), imported_names(path.read_text(encoding="utf-8"))


def importers(root: Path, package: str) -> set[str]:
    """Return the modules that import an outside package."""
    return {str(path) for path, names in modules(root) if package in {name.split(".")[0] for name in names}}


def wrong_arrows(root: Path) -> list[str]:
    """Return each import of one room by another that the plan does not have."""
    wrong = []
    for path, names in modules(root):
        room = path.parts[0]
        allowed = MAY_IMPORT[room] | {room} | ({"ingest", "evals"} if _may_import_all(path) else set())
        used = {name.split(".")[0] for name in names} & set(ROOMS)
        wrong += [f"{path} imports {other}" for other in sorted(used - allowed)]
    return wrong


def _may_import_all(path: Path) -> bool:
    return any(path == item or item in path.parents for item in COMPOSITION_ROOT)
