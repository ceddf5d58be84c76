"""Texts that people read stand in `prompts/`: every wording that the code names is there, with its
placeholders.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from string import Formatter

import pytest

from prompts import say
from service.records import AnswerMode, AnswerStatus, labels
from vectorstore.records import DocumentKind, DocumentStatus, ItemKind, ItemStatus

_ROOT = Path(__file__).parents[1]
_ROOMS = ("vectorstore", "ingest", "service", "evals")
_GERMAN = re.compile(
    r"\b(?:der|die|das|den|dem|des|ein|eine|einen|und|oder|nicht|ist|sind|wird|werden|kein|keine|mit|von|für|aus|zu|es|sich)\b"
)


def _said() -> list[tuple[str, str, set[str]]]:
    """Where the code says a wording: place, key and the names of the values that it puts in."""
    found = []
    for path in sorted(source for room in _ROOMS for source in (_ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = node.func if isinstance(node, ast.Call) else None
            statement = isinstance(called, ast.Name) and called.id == "say"
            in_answer = (
                isinstance(called, ast.Attribute) and called.attr == "say"
            )  # of the answer's language
            if (
                isinstance(node, ast.Call)
                and (statement or in_answer)
                and isinstance(key := node.args[0], ast.Constant)
            ):
                names = {keyword.arg or "" for keyword in node.keywords}
                name = f"answers.{key.value}" if in_answer else str(key.value)
                found.append((f"{path.relative_to(_ROOT)}:{node.lineno}", name, names))
    return found


def _tables(language: str = "de") -> dict[str, str]:
    """Every wording of a language, by its key."""
    return {
        f"{path.stem}.{name}": wording
        for path in (_ROOT / "prompts" / language).glob("*.toml")
        for name, wording in tomllib.loads(path.read_text(encoding="utf-8")).items()
    }


def test_every_wording_is_there_with_its_placeholders() -> None:
    tables = _tables()
    said = _said()
    for place, key, names in said:
        if key.partition(".")[0] == "model":  # tables in folders
            continue
        assert key in tables, (place, key)
        wanted = {name for _, name, _, _ in Formatter().parse(tables[key]) if name}
        # "" is for values that are passed on ("**values")
        assert names == wanted or "" in names, (place, key, names ^ wanted)
    assert len(said) > 300


@pytest.mark.parametrize(
    ("words", "values"),
    [
        (labels.KINDS, ItemKind),
        (labels.KINDS_MANY, ItemKind),
        (labels.STATUSES, ItemStatus),
        (labels.DOCUMENT_KINDS, DocumentKind),
        (labels.DOCUMENT_STATUSES, DocumentStatus),
        (labels.ANSWER_STATUSES, AnswerStatus),
        (labels.MODES, AnswerMode),
    ],
)
def test_each_value_has_a_label_and_each_label_a_value(
    words: Mapping[str, str], values: type[StrEnum]
) -> None:
    assert set(words) == set(values)


def test_answers_say_the_same_in_both_languages() -> None:
    def filled(language: str) -> dict[str, set[str]]:
        statement = {
            key: wording for key, wording in _tables(language).items() if key.startswith("answers.")
        }
        return {
            key: {name for _, name, _, _ in Formatter().parse(item) if name}
            for key, item in statement.items()
        }

    assert filled("de") == filled("en") and filled("de")


def test_a_wording_that_is_not_there_is_an_error() -> None:
    with pytest.raises((KeyError, FileNotFoundError)):
        say("problems.no such wording")


def _german(path: Path) -> list[str]:
    """The German sentences in a module's own strings: at least four words, two of them the usual
    ones.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = list(ast.walk(tree))
    scopes = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    first = [node.body[0] for node in nodes if isinstance(node, scopes) and node.body]
    docstrings = {id(item.value) for item in first if isinstance(item, ast.Expr)}
    texts = [
        item for item in nodes if isinstance(item, ast.Constant) and isinstance(item.value, str)
    ]
    statement = [
        text.value for text in texts if id(text) not in docstrings and "|" not in text.value
    ]
    return [
        item for item in statement if len(item.split()) >= 4 and len(_GERMAN.findall(item)) >= 2
    ]


def test_german_sentences_stand_in_prompts() -> None:
    modules = [path for room in _ROOMS for path in sorted((_ROOT / room).rglob("*.py"))]
    named = {str(path.relative_to(_ROOT)): path for path in modules}
    found = {name: _german(path) for name, path in named.items()}
    assert {name: texts for name, texts in found.items() if texts} == {}


def test_a_german_sentence_in_a_module_is_seen(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(
        '"""Ein Text, der nicht zählt."""\nSAID = f"Die Datei {1} ist nicht lesbar."\nLOG = "not seen"\n'
    )
    assert _german(module) == []
    module.write_text('SAID = "Die Datei ist nicht zu lesen."\n')
    assert _german(module) == ["Die Datei ist nicht zu lesen."]
