"""The source of the rooms, parsed, and who imports what: `tach` does not know outside packages."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

from tests.processes import REPOSITORY

ROOMS = (
    "vectorstore",
    "prompts",
    "ingest",
    "service",
    "evals",
)
LAB = "lab"  # beside them, not installed


@cache
def modules(rooms: tuple[str, ...] = ROOMS) -> dict[str, ast.Module]:
    """Return every module of the rooms by its path in the repository."""
    paths = sorted(path for room in rooms for path in (REPOSITORY / room).rglob("*.py"))
    return {
        path.relative_to(REPOSITORY).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in paths
    }


def nodes(rooms: tuple[str, ...] = ROOMS) -> Iterator[tuple[str, ast.AST]]:
    """Yield every node of every module, with the module's path."""
    return ((path, node) for path, tree in modules(rooms).items() for node in ast.walk(tree))


@cache
def imported_names(rooms: tuple[str, ...] = ROOMS) -> dict[str, set[str]]:
    """Return the dotted names that each module imports anywhere in it, functions included."""
    found = {path: set[str]() for path in modules(rooms)}
    for path, node in nodes(rooms):
        if isinstance(node, ast.Import):
            found[path] |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found[path] |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found
