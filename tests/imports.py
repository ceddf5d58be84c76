"""Who imports what, read from the source: `tach` does not know outside packages."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOMS = ("vectorstore", "prompts", "ingest", "service", "evals")


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
