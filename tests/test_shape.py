"""How tightly the product is written may not grow: what is compressed has to be read twice.

Counted over the product as `nodes` gives it. The limits are those of 27 November 2026; who comes
below one lowers it.
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
    """True for a comprehension in a comprehension."""
    if not isinstance(node, COMPREHENSIONS):
        return False
    return any(isinstance(child, COMPREHENSIONS) for child in ast.walk(node) if child is not node)


def _is_over_several(node: ast.AST) -> bool:
    """True for a comprehension over several iterables."""
    return isinstance(node, COMPREHENSIONS) and len(node.generators) > 1


def _has_inner_condition(node: ast.AST) -> bool:
    """True for a conditional expression in a conditional expression."""
    if not isinstance(node, ast.IfExp):
        return False
    return any(isinstance(child, ast.IfExp) for child in ast.walk(node) if child is not node)


def _sets_several(node: ast.stmt) -> bool:
    """True for "A, B = 1, 2"."""
    if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Tuple):
        return False
    return len(node.targets) == 1 and isinstance(node.targets[0], ast.Tuple)


def _is_over_a_choice(node: ast.AST) -> bool:
    """True for a loop over something that a condition chooses: "for x in a or ()"."""
    if not isinstance(node, ast.For | ast.AsyncFor):
        return False
    return any(isinstance(child, ast.IfExp | ast.BoolOp) for child in ast.walk(node.iter))


def test_no_comprehension_stands_in_another() -> None:
    assert [path for path, node in nodes() if _is_nested(node)] == []


def test_comprehensions_over_several_iterables_do_not_grow() -> None:
    assert sum(_is_over_several(node) for _, node in nodes()) <= OVER_SEVERAL


def test_no_condition_stands_in_another_nor_in_what_a_loop_runs_over() -> None:
    assert [path for path, node in nodes() if _has_inner_condition(node)] == []
    assert [path for path, node in nodes() if _is_over_a_choice(node)] == []


def test_names_are_not_bound_in_conditions() -> None:
    """But for the idiom of a queue: "while (item := await queue.get()) is not None"."""
    bound = [path for path, node in nodes() if isinstance(node, ast.NamedExpr)]
    assert bound == ["service/web/stream.py"]


def test_nothing_but_tables_keeps_its_format() -> None:
    kept = [path for path in _files() if "fmt: " in path.read_text(encoding="utf-8")]
    assert kept == []


def test_every_constant_has_a_line_of_its_own() -> None:
    shared = [path for path, tree in modules().items() if any(map(_sets_several, tree.body))]
    assert shared == []


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
    assert list(map(_sets_several, ast.parse("A, B = 1, 2\nC = D = 1, 2").body)) == [True, False]


OVER_SEVERAL, TOKENS_A_LINE = 29, 6.5
