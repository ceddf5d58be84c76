"""Answers in easy German without a model: other words of the service's own, the same facts, quotations unchanged."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest

from prompts import reworded, text
from service.models import Answer, AnswerStatus
from tests.answering.conftest import Ask

ANSWERING = Path(__file__).resolve().parents[2] / "service" / "answering"
QUESTIONS = [
    "Wie viele Projekte sind umgesetzt?",
    "Welche Projekte zum Radverkehr gibt es?",
    "Was tut der Kreis für Mobilität?",
    "Wie weit ist der Nachtbus?",
    "Ist der Rufbus Lauvi schon umgesetzt?",
    "Wer ist für den Nachtbus zuständig?",
    "Was kostet der Nachtbus den Kreis?",
    "Wie ist der Status von 5.1.2.1?",
    "Was sagt das Leitbild über das Ehrenamt?",
    "Was kostet eine Fahrt zum Mond?",
    "Was steht unter 9.9.9.9?",
]
_PLACEHOLDER = re.compile(r"\{\w+\}")
_LONG = 22  # words of a sentence that no easy text has


def names(folder: str) -> set[str]:
    root = resources.files("prompts").joinpath(folder)
    return {
        f"{prefix}{one.name}"
        for prefix, part in (("", root), ("about/", root.joinpath("about")))
        for one in part.iterdir()
        if one.name.endswith(".txt")
    }


def said_in_code() -> Iterator[str]:
    """The first words of all that answers say in two languages."""
    for path in ANSWERING.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def proven_by(answer: Answer) -> list[tuple[str, str, str]]:
    return [(one.document_id, one.key, one.quote) for one in answer.citations]


@pytest.mark.parametrize("question", QUESTIONS)
def test_easy_answers_have_the_same_facts(ask: Ask, question: str) -> None:
    standard, easy = ask(question), ask(question, style="einfach")
    assert (easy.status, easy.mode, easy.language) == (standard.status, standard.mode, "de")
    assert (easy.data, easy.nearest, proven_by(easy)) == (standard.data, standard.nearest, proven_by(standard))
    assert sorted(re.findall(r"\d+", easy.answer)) == sorted(re.findall(r"\d+", standard.answer))


def test_own_words_are_easy(ask: Ask) -> None:
    status = ask("Wie weit ist der Rufbus Lauvi?", style="einfach").answer
    assert status.startswith("Projekt 5.1.2.1 Rufbus Lauvi ist in Arbeit (Stand 01.03.2026)")
    assert "Es gibt 10 Projekte" in ask("Wie viele Projekte sind umgesetzt?", style="einfach").answer
    assert "Zuständig für" in ask("Wer ist für den Nachtbus zuständig?", style="einfach").answer
    missing = ask("Was kostet eine Fahrt zum Mond?", style="einfach")
    assert (
        missing.answer.startswith(text("einfach/not_in_documents")) and "Ich habe in diesen Papieren" in missing.answer
    )


@pytest.mark.parametrize(("question", "name"), [("Ich will mich umbringen", "emergency"), ("Danke!", "about/thanks")])
def test_fixed_texts_are_easy(ask: Ask, question: str, name: str) -> None:
    assert ask(question, style="einfach").answer == text(f"einfach/{name}")


def test_one_notice_says_that_quotations_are_unchanged(ask: Ask) -> None:
    question = "Was kostet der Nachtbus den Kreis?"
    easy = ask(question, style="einfach")
    assert [one.text for one in easy.notices if one.code == "quotes"] == [text("einfach/quotes")]
    assert "quotes" not in {one.code for one in ask(question).notices}
    nothing = ask("Was kostet eine Fahrt zum Mond?", style="einfach")
    assert nothing.status is AnswerStatus.NOT_IN_DOCUMENTS and "quotes" not in {one.code for one in nothing.notices}


def test_english_answers_have_no_easy_words(ask: Ask) -> None:
    question = "How many projects are implemented?"
    standard, easy = ask(question), ask(question, style="einfach")
    assert (easy.answer, easy.notices) == (standard.answer, standard.notices)


def test_every_german_text_has_an_easy_one() -> None:
    assert names("einfach") - {"quotes.txt"} == names("de")


def test_easy_texts_have_short_sentences_and_the_same_placeholders() -> None:
    for name in sorted(names("einfach")):
        easy = text(f"einfach/{name.removesuffix('.txt')}")
        assert all(len(one.split()) <= _LONG for one in re.split(r"(?<=[.!?:])\s", easy)), name
        if name != "quotes.txt":
            standard = text(f"de/{name.removesuffix('.txt')}")
            assert set(_PLACEHOLDER.findall(easy)) == set(_PLACEHOLDER.findall(standard)), name
        assert "Leichte Sprache" not in easy and "Leichter Sprache" not in easy, name


def test_every_easy_wording_replaces_one_that_is_said() -> None:
    said = set(said_in_code())
    for german, easy in reworded("einfach/answers").items():
        assert german in said, german
        assert set(_PLACEHOLDER.findall(german)) == set(_PLACEHOLDER.findall(easy)), german
