"""Numbers of things that the papers count in other words, and prices that belong to another thing."""

from __future__ import annotations

import pytest

from service.models import AnswerStatus
from tests.answering.conftest import Ask

COUNTED = [
    ("Wie viele Leute haben beim Pflegetelefon angerufen?", "2.118"),
    pytest.param(
        "Wie viele Bürger haben sich am Windpark beteiligt?",
        "613",
        marks=pytest.mark.xfail(strict=True, reason="the sentence with the number is not the one that is told"),
    ),
    ("Wie viele Mitarbeiterinnen hat das Pflegetelefon?", "drei Fachkräften"),
    ("Wie viele Werkstätten machen beim Reparaturbonus mit?", "18 Betriebe"),
    ("Wie viele Windkraftanlagen sind auf der Quelmer Höhe vorgesehen?", "fünf Windräder"),
    ("Wie viele Mietwohnungen bekommen Strom vom Dach?", "214"),
    ("Wie viele Notfall-Anlaufpunkte sind bei Stromausfall geplant?", "33"),
    pytest.param(
        "Wie oft werden die Kreisbrücken kontrolliert?",
        "alle drei Jahre",
        marks=pytest.mark.xfail(strict=True, reason="the embedding finds an item whose written question stands near"),
    ),
    ("Wie oft wird der Wohnungsmarktbericht aktualisiert?", "alle zwei Jahre"),
    ("Wie viel Strom spart die neue Hallenbeleuchtung pro Jahr?", "186.000"),
    ("Wie viel Stipendium bekommen Medizinstudenten im Monat?", "600 Euro"),
    ("Wie hoch ist die Arbeitslosigkeit im Kreis?", "4,8 Prozent"),
    ("Wie hoch soll der Frauenanteil in Führungspositionen sein?", "50 Prozent"),
    ("Wie viele Patienten waren im Gesundheitsbus?", "1.346 Besuche"),
    ("Wie viele Treffen der Enkelstunde gab es?", "74 Termine"),
    ("Wie groß ist das Moor bei Birkmoosen?", "64 Hektar"),
    ("Wie alt müssen die Mitglieder des Jugendgremiums beim Jugendbudget sein?", "13 und 20"),
]
NOT_SAID = [
    "Wie viele Bürger haben gegen den Windpark geklagt?",
    "Wie viele Personen passen in den Gesundheitsbus?",
    "Wie viel Strom verbraucht das Kreishaus?",
    "Wie viel Strom verbrauchen die Ladepunkte?",
    "Wie hoch ist der Anteil der Radfahrer im Kreis?",
    "Wie viele Stellen sind in der Verwaltung unbesetzt?",
]
OTHER_PRICES = [
    "Was kostet ein neuer Personalausweis?",
    "Was muss ich für einen neuen Ausweis zahlen?",
    "Was kostet Parken am Badesee?",
    "Was kostet ein Platz im Pflegeheim?",
    "Was kostet ein Ticket für den Nachtbus?",
]
PRICES = [
    ("Was kostet eine Fahrt mit dem Rufbus?", "5.1.2.1"),
    ("Was kosten die Wärmepumpen für den Straßenbauhof?", "1.1.2.2"),
    ("Was kostet der Radschnellweg nach Dornquell?", "5.2.2.1"),
    ("Was kostet der Wagen für den rollenden Jugendtreff?", "4.2.3.1"),
    ("Was zahlt der Kreis für den Nachtbus?", "5.1.1.1"),
]


@pytest.mark.parametrize(("question", "fact"), COUNTED)
def test_a_number_is_found_though_the_papers_say_it_otherwise(ask: Ask, question: str, fact: str) -> None:
    answer = ask(question)
    assert answer.status is AnswerStatus.ANSWERED
    assert fact in answer.answer


@pytest.mark.parametrize("question", NOT_SAID)
def test_a_number_of_something_else_is_no_answer(ask: Ask, question: str) -> None:
    assert ask(question).status is not AnswerStatus.ANSWERED


@pytest.mark.parametrize("question", OTHER_PRICES)
def test_the_price_of_another_thing_is_no_answer(ask: Ask, question: str) -> None:
    assert ask(question).status is not AnswerStatus.ANSWERED


def test_no_price_of_another_thing_after_another_question(ask: Ask) -> None:
    before = "Plant der Kreis Schatten auf Schulhöfen?"
    answer = ask("Was kostet ein neuer Personalausweis?", before, ask(before).answer)
    assert answer.status is not AnswerStatus.ANSWERED


@pytest.mark.parametrize(("question", "ref"), PRICES)
def test_the_price_of_the_thing_is_answered(ask: Ask, question: str, ref: str) -> None:
    assert ask(question).citations[0].ref == ref
