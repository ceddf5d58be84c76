"""The item is there, the fact asked for is not: then it is not answered; where it is there, it is."""

from __future__ import annotations

import pytest

from service.models import AnswerStatus
from tests.answering.conftest import Ask

MISSING = [
    "Wie hoch werden die Windräder auf der Quelmer Höhe?",
    "Wie schwer ist ein Gesundheitsbus?",
    "Wie laut ist die Wärmepumpe im Straßenbauhof?",
    "Wie breit ist die Fahrbahn auf den Ortsdurchfahrten?",
    "In welchem Jahr wird der zweite Abschnitt des Radschnellwegs nach Dornquell eröffnet?",
    "Bis zu welchem Stichtag muss man den Antrag für „Jung kauft Alt“ abgeben?",
    "Bis wann muss man sich für das Stipendium bewerben?",
    "Wie viele Mitglieder hat die Genossenschaft beim Mieterstrom?",
    "Wie viele Schüler besuchen das Berufskolleg Dornquell?",
    "Warum wurde die Fischtreppe am Wehr Elsterhude archiviert?",
    "Wer hat die Fischtreppe am Wehr Elsterhude entworfen?",
    "Welche Telefonnummer hat das Pflegetelefon?",
]
THERE = [
    ("Was kostet eine Fahrt mit dem Rufbus Lauvi?", "1,50"),
    ("Wie lang ist die Bahnstrecke nach Mühlenranft?", "14"),
    ("Wie breit ist der Radweg zwischen Lauterfeld und Dornquell?", "vier Meter"),
    ("Wie viele Windräder sollen auf der Quelmer Höhe entstehen?", "fünf"),
    ("Wie viele Anrufe gingen beim Pflegetelefon ein?", "2.118"),
    ("An wie vielen Stellen wird der Wasserstand gemessen?", "16"),
    ("Wann wurde das Pflegetelefon eingerichtet?", "07.04.2025"),
]


@pytest.mark.parametrize("question", MISSING)
def test_a_fact_that_is_not_there_is_not_answered(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.status is AnswerStatus.NOT_IN_DOCUMENTS
    assert answer.citations == []


@pytest.mark.parametrize(("question", "fact"), THERE)
def test_a_fact_that_is_there_is_answered(ask: Ask, question: str, fact: str) -> None:
    answer = ask(question)
    assert answer.status is AnswerStatus.ANSWERED
    assert fact in answer.answer


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("Warum hält der Kreis die Mehrheit am Bürgerwindpark Quelmer Höhe?", "keine Anteile"),
        ("Warum übernimmt der Kreis beim Reparatur-Bonus die komplette Rechnung?", "80 Euro"),
    ],
)
def test_a_reason_for_what_is_not_so_is_answered_with_what_is(ask: Ask, question: str, fact: str) -> None:
    answer = ask(question)
    assert answer.status is AnswerStatus.ANSWERED
    assert fact in answer.answer
