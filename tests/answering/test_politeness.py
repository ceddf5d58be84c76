"""Greeting, thanks and polite frames change nothing of what is asked."""

from __future__ import annotations

from service.answering.reading.politeness import strip_politeness
from tests.answering.conftest import Ask
from tests.ingest.cases import cases

BUS = "Was kostet der Gesundheitsbus?"


@cases("text", "bare")
def test_politeness_is_taken_off(text: str, bare: str) -> None:
    assert strip_politeness(text).casefold() == bare.casefold()


@cases("question")
def test_a_polite_question_gets_the_answer_of_the_bare_one(ask: Ask, question: str) -> None:
    bare, polite = ask(BUS), ask(question)
    assert polite.status is bare.status
    assert polite.citations[0].key == bare.citations[0].key
