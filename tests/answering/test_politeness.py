"""Greeting, thanks and polite frames change nothing of what is asked."""

from __future__ import annotations

import pytest

from service.answering.reading.politeness import strip_politeness
from service.records import AnswerStatus
from tests.answering.conftest import Ask

BUS = "Was kostet der Gesundheitsbus?"
FRAMES = (
    "Guten Tag, können Sie mir bitte sagen, was der Gesundheitsbus kostet? Vielen Dank!",
    "Hallo! Ich hätte gern gewusst, was der Gesundheitsbus kostet. Danke im Voraus.",
    "Sehr geehrte Damen und Herren, was kostet der Gesundheitsbus? Mit freundlichen Grüßen, K. Muster",
    "Moin, was kostet der Gesundheitsbus, bitte? LG",
    "Hello, could you please tell me what the Gesundheitsbus kostet? Thanks",
    "Entschuldigung, ich habe eine Frage: Was kostet der Gesundheitsbus?",
)


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        (FRAMES[0], "Was der Gesundheitsbus kostet?"),
        (FRAMES[1], "Was der Gesundheitsbus kostet."),
        (FRAMES[2], "Was kostet der Gesundheitsbus?"),
        ("können sie mir sagen wie hoch der beitrag ist vielen dank", "wie hoch der beitrag ist"),
        ("Vielen Dank für die Auskunft. Wer ist zuständig?", "Wer ist zuständig?"),
        ("Was steht zu Nr. 5.2.1 im Bericht?", "Was steht zu Nr. 5.2.1 im Bericht?"),
        ("Was kostet das? Ich meine den Bus.", "Was kostet das? Ich meine den Bus."),
        ("Guten Tag!", "Guten Tag!"),
        ("Kann ich mit einem Menschen sprechen?", "Kann ich mit einem Menschen sprechen?"),
    ],
)
def test_politeness_is_taken_off(text: str, bare: str) -> None:
    assert strip_politeness(text).casefold() == bare.casefold()


@pytest.mark.parametrize("question", FRAMES)
def test_a_polite_question_gets_the_answer_of_the_bare_one(ask: Ask, question: str) -> None:
    bare, polite = ask(BUS), ask(question)
    assert polite.status is bare.status
    assert polite.citations[0].key == bare.citations[0].key


@pytest.mark.parametrize("text", ["Guten Tag!", "Vielen Dank!", "Hallo, wer bist du?"])
def test_mere_politeness_is_answered_by_the_service(ask: Ask, text: str) -> None:
    assert ask(text).status is AnswerStatus.ABOUT_SERVICE
