"""Which questions stand alone after another, and which lean on the record before."""

from __future__ import annotations

import pytest

from tests.answering.conftest import Ask

NIGHT_BUS = "Wann fährt der Nachtbus?"
FRESH = [
    (NIGHT_BUS, "Was hat der Kreis gegen den Fachkräftemangel vor?"),
    (NIGHT_BUS, "was hat der kreis gegen den fachkräftemangel vor?"),
    (NIGHT_BUS, "Gibt es Solaranlagen?"),
    (NIGHT_BUS, "Is there help for old people?"),
    ("Was kostet eine Fahrt mit dem Rufbus?", "Plant der Kreis Schatten auf Schulhöfen?"),
    ("Ist das Leitbild schon beschlossen?", "Was macht der Kreis für alte Menschen?"),
    ("Welche Projekte sind in Mühlenranft geplant?", "Was passiert mit dem Moor?"),
    ("Wann startet der Reparatur-Bonus?", "Wird die Bahnstrecke reaktiviert?"),
    ("Wann kommt Glasfaser?", "Wie viele Windräder werden gebaut?"),
]
LEANING = [
    (NIGHT_BUS, "was kostet der?", "5.1.1.1"),
    ("Was ist der Rufbus Lauvi?", "Wie lange muss man warten?", "5.1.2.1"),
    ("Was ist der Bürgerwindpark Quelmer Höhe?", "Welche Gemeinden machen mit?", "1.2.2.1"),
    ("Was ist der Bürgerwindpark Quelmer Höhe?", "Wie viele Windräder?", "1.2.2.1"),
    ("Wie ist der Stand beim Digitalen Bauantrag?", "Wie lange dauert die Bearbeitung?", "6.1.2.1"),
    ("Was ist der Gesundheitsbus für die Randgemeinden?", "An welchen Tagen fährt der Bus?", "3.2.2.2"),
    ("Was ist der Hitzeaktionsplan?", "Wer macht dort mit?", "1.3.2.1"),
]


@pytest.mark.parametrize(("before", "question"), FRESH)
def test_a_complete_question_stands_alone(ask: Ask, before: str, question: str) -> None:
    assert ask(question, before, ask(before).answer).answer == ask(question).answer


@pytest.mark.parametrize(("before", "question", "ref"), LEANING)
def test_what_names_nothing_new_leans_on_the_record_before(ask: Ask, before: str, question: str, ref: str) -> None:
    assert ask(question, before, ask(before).answer).citations[0].ref == ref
