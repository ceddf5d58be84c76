"""How much there is, and how tightly it is written, may not grow: what is compressed has to be read
twice.

How tightly is counted over the product as `nodes` gives it. The limits are those of 27 November
2026; who comes below one lowers it. How much a room has is held by a table in `pyproject.toml`.
"""

from __future__ import annotations

import ast
import io
import sys
import tokenize
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.imports import LAB, ROOMS, modules, nodes
from tests.processes import REPOSITORY

HAVE_DOCSTRINGS = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
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


@cache
def _count_tokens(path: Path) -> tuple[int, int]:
    """Return how many names, numbers, strings and operators a file has that are no docstrings, and
    how many docstrings.
    """
    text = path.read_text(encoding="utf-8")
    docstrings = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, HAVE_DOCSTRINGS) and ast.get_docstring(node, clean=False) is not None:
            docstrings.add((node.body[0].lineno, node.body[0].col_offset))
    counts = Counter(
        token.start in docstrings
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type not in LAYOUT
    )
    return counts[False], counts[True]


def _room_of(path: Path, rooms: list[str]) -> str:
    """Return the room of the table in which a file lies: the innermost, "?" for none."""
    own = [room for room in rooms if path.is_relative_to(REPOSITORY / room)]
    return max(own, key=len, default="?")


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
        tokens += sum(_count_tokens(path))
    assert tokens / lines <= TOKENS_A_LINE


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="there f-strings are several tokens")
def test_no_room_grows() -> None:
    """Where this fails because a room grew, take something out; the table may only fall."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    most: dict[str, int] = project["tool"]["strategielotse"]["rooms"]
    tokens = dict.fromkeys(most, 0)
    for folder in (*ROOMS, LAB, "tests"):
        for path in (REPOSITORY / folder).rglob("*.py"):
            tokens[_room_of(path, list(most))] += _count_tokens(path)[0]
    over = {room: tokens[room] - most[room] for room in most if tokens[room] > most[room]}
    assert over == {}


def test_every_table_of_cases_has_its_test() -> None:
    """A case that no test asks for would prove nothing."""
    unasked = []
    for path in (REPOSITORY / "tests").rglob("test_*.toml"):
        tests = path.with_suffix(".py").read_text(encoding="utf-8")
        for name in tomllib.loads(path.read_text(encoding="utf-8")):
            asked = f'documents("{path.name}")' if name == "case" else f"def test_{name}("
            if asked not in tests and f'values(__file__, "{name}")' not in tests:
                unasked.append(f"{path.name}: {name}")
    assert unasked == []


def test_the_counters_count(tmp_path: Path) -> None:
    path = tmp_path / "counted.py"
    path.write_text('"""Said."""\nx = 1  # said too\n\ndef f(): "Said." "again."\n')
    assert _count_tokens(path) == (9, 2)
    assert _room_of(REPOSITORY / "a/b/c.py", ["a", "a/b", "a/bc"]) == "a/b"
    tree = ast.parse("[[b for b in a] for a in c]\nx = 1 if p else 2 if q else 3")
    assert sum(map(_is_nested, ast.walk(tree))) == 1
    assert sum(map(_has_inner_condition, ast.walk(tree))) == 1
    assert list(map(_sets_several, ast.parse("A, B = 1, 2\nC = D = 1, 2").body)) == [True, False]


OVER_SEVERAL, TOKENS_A_LINE = 29, 6.5
