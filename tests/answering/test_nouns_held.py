"""What no document treats is not answered with what only shares its lesser words."""

from __future__ import annotations

import pytest

from service.models import AnswerStatus
from tests.answering.conftest import Ask

FAR = [
    "Soll der Segelflugplatz im Kreis Lauterfeld ausgebaut werden?",
    "Gibt es ein Konzept gegen Böllerei und Feuerwerk an Silvester?",
    "Wird das Planetarium modernisiert?",
    "Was tut der Kreis gegen Wildschweinschäden?",
    "Welche Regeln plant der Kreis für Silvesterfeuerwerk?",
    "Gibt es ein Programm für Zwillingseltern?",
    "Was macht der Kreis gegen Enkeltrickbetrüger?",
    "Plant man einen Atomreaktor?",
]
NEAR = [
    ("Werden die Bushaltestellen barrierefrei ausgebaut?", "5.1.2.2"),
    ("Gibt es ein Programm für Rückstauklappen?", "2.1.3.1"),
    ("Wird das Moor wieder vernässt?", "2.2.3.1"),
    ("Unterstützt der Kreis den Bau eines Wohnheims für Auszubildende?", "3.3.3.1"),
    ("Welche Regeln gelten für das Jugendbudget?", "4.2.2.1"),
    ("Wird die Bahnstrecke nach Mühlenranft reaktiviert?", "5.1.3.1"),
]


@pytest.mark.parametrize("question", FAR)
def test_what_no_document_names_is_not_answered(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.status is AnswerStatus.NOT_IN_DOCUMENTS
    assert answer.citations == []


@pytest.mark.parametrize(("question", "ref"), NEAR)
def test_what_a_document_names_is_answered(ask: Ask, question: str, ref: str) -> None:
    answer = ask(question)
    assert answer.status is AnswerStatus.ANSWERED
    assert ref in [one.ref for one in answer.citations[:3]]


def test_everyday_words_need_not_stand_in_the_papers(ask: Ask) -> None:
    answer = ask("Wie kommen unsere Teenies nach der Disco heim, ohne dass Papa losmuss?")
    assert answer.status is AnswerStatus.ANSWERED
