"""The words of the code are those of the field: what is named, and that a name has one meaning."""

from __future__ import annotations

import ast
import re
from collections import defaultdict

from tests.imports import nodes

_PARTICIPLE = re.compile(
    r"_*(?:told|said|held|found|kept|made|shown|asked|meant|named|printed|given|left|taken|marked|joined|counted|listed"
    r"|prepared|judged|proven|wanted|known|borne|written|opened|drawn|sorted|grouped|scaled|laid|bound|built|chosen|folded"
    r"|filled|ranked)(?:_(?:out|on|off|up|in|of|as|to|so|at|by|with|for|before|behind|beside))?"
)
_SCHEMAS = {
    "Answer"
}  # the form that a model fills is shown to it under this name; the answer of the API is another


def test_no_variable_is_called_one() -> None:
    stored = [
        (path, node.lineno)
        for path, node in nodes()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id == "one"
    ]
    assert stored == []


def test_functions_are_called_by_a_verb() -> None:
    """A property is a noun; a function is a verb with its object."""
    wrong = [
        (path, node.name)
        for path, node in nodes()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and not any("property" in ast.unparse(decorator) for decorator in node.decorator_list)
        and _PARTICIPLE.fullmatch(node.name)
    ]
    assert wrong == []


def test_a_class_name_has_one_meaning() -> None:
    places = defaultdict(set)
    for path, node in nodes():
        if isinstance(node, ast.ClassDef):
            places[node.name].add(path)
    assert {
        name: paths for name, paths in places.items() if len(paths) > 1 and name not in _SCHEMAS
    } == {}


# Words of our own for what the field has a word for, and names that other programs read or that
# users type.
_REPLACED = {
    "alike", "amending", "bears", "believed", "borne", "desk", "few", "house", "joined", "joining", "near", "proven",
    "room", "said", "says", "shelf", "speaks", "stands", "told", "unfuse", "walk",
}  # fmt: skip
_PUBLIC = {"said", "told"}  # fields of values that templates and clients read


def test_no_name_is_a_word_of_our_own_or_one_that_the_glossary_replaces() -> None:
    wrong = set()
    for path, node in nodes():
        name = node.id if isinstance(node, ast.Name) else getattr(node, "name", None)
        if (
            isinstance(name, str)
            and name not in _PUBLIC
            and _REPLACED.intersection(name.lower().split("_"))
        ):
            wrong.add((path, name))
    assert wrong == set()
