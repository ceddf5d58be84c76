"""The table of examples in the package's README, and its lists."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

import service.answering
from german_clauses import Clause, split_clauses
from german_clauses.words import list_names
from service.answering.verification.wordlists import deciding_words, synonym_groups, word_lists

README = files("german_clauses").joinpath("README.md").read_text(encoding="utf-8")
ROWS = [line.strip("| ").split(" | ") for line in README.partition("## Examples")[2].splitlines()]
EXAMPLES = [(row[0], row[1]) for row in ROWS if len(row) == 2 and row[0] != "text"]


def described(clause: Clause) -> str:
    agent = f" ({' '.join(clause.agent)})" if clause.agent else ""
    marks = {
        "condition": clause.is_condition,
        "limited": clause.is_limited,
        "denied": clause.includes_word_of("denied"),
    }
    held = "".join(f", {name}" for name, holds in marks.items() if holds)
    return f"{clause.stage.name.lower()}{agent}{held}"


def test_there_are_examples() -> None:
    assert len(EXAMPLES) > 20


@pytest.mark.parametrize(("text", "clauses"), EXAMPLES)
def test_an_example_of_the_readme_holds(text: str, clauses: str) -> None:
    assert "; ".join(map(described, split_clauses(text))) == clauses


@pytest.mark.parametrize(
    ("text", "group", "decides"),
    [
        ("Nicht nur im Sommer wird gebaut.", "only", False),
        ("Nur im Sommer wird gebaut.", "only", True),
        # a participle is known by the stem of its verb
        ("Die Zahl ist gleich geblieben.", "kept", True),
    ],
)
def test_words_that_decide(text: str, group: str, *, decides: bool) -> None:
    assert (group in deciding_words(split_clauses(text)[0])) is decides


def test_words_that_stand_for_each_other_share_a_group() -> None:
    assert synonym_groups("areal") & synonym_groups("gelände") and synonym_groups(
        "computer"
    ) & synonym_groups("pcs")
    assert not synonym_groups("kreistag") and not synonym_groups("bundesmittel") & synonym_groups(
        "landesmittel"
    )


def test_every_list_of_words_is_used() -> None:
    folders = [Path(service.answering.__path__[0]), Path(str(files("german_clauses")))]
    paths = [path for folder in folders for path in folder.rglob("*.py")]
    paths.append(Path(service.answering.__path__[0]).parent / "people" / "decided_questions.py")
    code = "\n".join(path.read_text(encoding="utf-8") for path in paths)
    names = [*word_lists(), *list_names()]
    assert [name for name in names if f'"{name}"' not in code] == []
