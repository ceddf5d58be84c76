"""How tightly the product is written may not grow: what is compressed has to be read twice.

Counted over the product as `nodes` gives it. The limits are those of 26 November 2026, when lines
became 100 wide; who comes below one lowers it.
"""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator
from pathlib import Path

from tests.imports import modules, nodes
from tests.processes import REPOSITORY

COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
LAYOUT = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
}


def _files() -> Iterator[Path]:
    for path in modules():
        yield REPOSITORY / path


def _is_nested(node: ast.AST) -> bool:
    """True for a comprehension over a comprehension, or over several iterables."""
    if not isinstance(node, COMPREHENSIONS):
        return False
    inner = any(isinstance(child, COMPREHENSIONS) for child in ast.walk(node) if child is not node)
    return inner or len(node.generators) > 1


def _has_inner_condition(node: ast.AST) -> bool:
    """True for a conditional expression in a conditional expression."""
    if not isinstance(node, ast.IfExp):
        return False
    return any(isinstance(child, ast.IfExp) for child in ast.walk(node) if child is not node)


def test_nested_comprehensions_do_not_grow() -> None:
    assert sum(_is_nested(node) for _, node in nodes()) <= NESTED


def test_conditions_in_conditions_do_not_grow() -> None:
    assert sum(_has_inner_condition(node) for _, node in nodes()) <= INNER_CONDITIONS


def test_nothing_but_tables_keeps_its_format() -> None:
    kept = [path for path in _files() if "fmt: " in path.read_text(encoding="utf-8")]
    assert kept == []


def test_tokens_a_line_do_not_grow() -> None:
    tokens = lines = 0
    for path in _files():
        text = path.read_text(encoding="utf-8")
        lines += text.count("\n")
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            tokens += token.type not in LAYOUT
    assert tokens / lines <= TOKENS_A_LINE


def test_the_counters_count() -> None:
    tree = ast.parse("[[b for b in a] for a in c]\nx = 1 if p else 2 if q else 3")
    assert sum(map(_is_nested, ast.walk(tree))) == 1
    assert sum(map(_has_inner_condition, ast.walk(tree))) == 1


NESTED, INNER_CONDITIONS, TOKENS_A_LINE = 344, 14, 6.5
