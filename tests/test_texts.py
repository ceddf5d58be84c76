"""Texts that people read stand in `prompts/`: every wording that the code names is there, with its placeholders."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path
from string import Formatter

import pytest

from prompts import say

_ROOT = Path(__file__).parents[1]
_ROOMS = ("vectorstore", "ingest", "service", "evals")


def _said() -> list[tuple[str, str, set[str]]]:
    """Where the code says a wording: place, key and the names of the values that it puts in."""
    found = []
    for path in sorted(source for room in _ROOMS for source in (_ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say":
                key = node.args[0]
                if isinstance(key, ast.Constant):
                    names = {keyword.arg or "" for keyword in node.keywords}
                    found.append((f"{path.relative_to(_ROOT)}:{node.lineno}", str(key.value), names))
    return found


def _tables() -> dict[str, str]:
    """Every wording of `prompts/de`, by its key."""
    return {
        f"{path.stem}.{name}": wording
        for path in (_ROOT / "prompts" / "de").glob("*.toml")
        for name, wording in tomllib.loads(path.read_text(encoding="utf-8")).items()
    }


def test_every_wording_is_there_with_its_placeholders() -> None:
    tables = _tables()
    for place, key, names in _said():
        assert key in tables, (place, key)
        wanted = {name for _, name, _, _ in Formatter().parse(tables[key]) if name}
        assert not names or names == wanted, (place, key, names ^ wanted)
        assert names or not wanted, (place, key, wanted)


def test_a_wording_that_is_not_there_is_an_error() -> None:
    with pytest.raises((KeyError, FileNotFoundError)):
        say("problems.no such wording")
