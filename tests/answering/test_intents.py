"""What kind of answer a question wants, and which kind of fact."""

from __future__ import annotations

import pytest

from service.answering.query import Asked, Intent
from tests.answering.conftest import Understand

INTENTS: dict[Intent, tuple[str, ...]] = {
    Intent.OVERVIEW: (
        "Was tut der Kreis für Familien?",
        "Was wird gegen Hochwasser unternommen?",
        "Was macht ihr im Klimaschutz?",
    ),
    Intent.DEFINITION: (
        "Was ist der Rollende Jugendtreff?",
        "Was bedeutet Barrierefreiheit?",
        "What is a Plauderbank?",
    ),
    Intent.RANKING: (
        "Welches Projekt ist am teuersten?",
        "In welchem Kapitel gibt es die meisten Projekte?",
        "Welche Abteilung hat die wenigsten Projekte?",
        "Was ist das wichtigste Ziel?",
        "Which project is the most expensive?",
    ),
    Intent.LIST: (
        "Welche Mobilitätsprojekte sind bisher nur Ideen?",
        "Zähl mir bitte alles auf, was laut Bericht schon umgesetzt ist.",
        "Nenne alle Handlungsprinzipien.",
        "Bei welchen Projekten ist die Abfallwirtschaft (70.03) verantwortlich?",
        "Für welche Projekte ist der Fachdienst 36 Straßenverkehr eingetragen?",
        "Was beantragt die Grüne Mitte Punkt für Punkt?",
        "Welche strategischen Ziele gehören zum Themenfeld Mobilität?",
        "Projekte zum Thema Wohnen:",
        "Ideen im Bereich Mobilität",
        "Was befindet sich in Planung?",
        "Was macht die 53 alles?",
        "Which mobility projects are still ideas?",
        "Welche Dokumente gibt es?",
        "Wo kommt das Wort Rufbus vor?",
    ),
    Intent.COUNT: (
        "Wie viele Projekte sind umgesetzt?",
        "Wieviele Projekte sind umgesetzt?",
        "Wie viele der Projekte sind umgesetzt?",
        "Anzahl der Projekte in Planung",
        "Wie viele Projekte unter Ziel 1.1 sind derzeit in Planung?",
        "An wie vielen Projekten ist die WAL als Verantwortliche beteiligt?",
        "Wie viele Thesen hat das Leitbild?",
        "Wie viele Beschlusspunkte enthält der Antrag?",
        "Wie viele Einträge hat das Archiv?",
        "In wie viele Felder gliedert sich Teil B der Strategischen Ziele?",
        "How many projects are implemented?",
    ),
    Intent.STATUS: (
        "Wie ist der Stand von 5.1.3.1?",
        "Wie weit ist das Jugendbudget?",
        "Wie steht es um die Plauderbänke?",
        "Ist der Rufbus schon umgesetzt?",
        "Welchen Projektstand hat die Amtssprechstunde per Video?",
        "What is the status of the night bus?",
    ),
    Intent.RESPONSIBLE: (
        "Wer ist für den Nachtbus zuständig?",
        "Wer kümmert sich um die Lesepaten?",
        "Welche Stelle betreut das Jugendbudget?",
        "Bei wem liegt die Verantwortung für den Rufbus?",
        "Welches Sachgebiet hat den Hut auf?",
        "Sozialticket für Familien – welche Fachdienste stehen dahinter?",
        "Who is responsible for the night bus?",
    ),
    Intent.COMPARE: (
        "Vergleiche, was der Leitbild-Entwurf und die Strategischen Ziele zur Pflege sagen.",
        "Was sagen Bericht und Antrag jeweils zum Lärm?",
        "Nenne die Unterschiede zwischen Leitbild und Bericht beim Thema Wasser.",
        "Bis wann soll das Glasfasernetz stehen – einmal nach dem Bericht, einmal nach den Strategischen Zielen?",
    ),
    Intent.DOCUMENT: (
        "Von wann ist der Nachhaltigkeitsbericht?",
        "Ist das Leitbild beschlossen?",
        "Gilt das Leitbild schon, oder ist das nur ein Entwurf?",
        "Wer hat den Antrag gestellt?",
        "Wie ist das Leitbild gegliedert?",
        "Worum geht es im Leitbild?",
        "Wie viele Seiten hat der Bericht?",
        "Wie aktuell ist der Bericht?",
    ),
    Intent.TOPIC: (
        "Welches Ziel deckt Radwege ab?",
        "Wo steht etwas zur Holzbauweise?",
        "Unter welchem Ziel steht der Radverkehr?",
        "Wo finde ich Vorgaben zur Gleichstellung?",
        "Which goal covers cycling?",
    ),
    Intent.FACT: (
        "Was kostet die neue Beleuchtung?",
        "Wie viele Bushaltestellen werden umgebaut?",
        "Wie viele Gebäude hat der Kreis?",
        "Wann beginnt die zweite Runde?",
        "Was sagt das Leitbild zur Pflege?",
        "Wie viel Prozent der Mittel kommen vom Bund?",
    ),
}
ASKED: dict[Asked, tuple[str, ...]] = {
    Asked.AMOUNT: (
        "Was kostet die neue Beleuchtung?",
        "Wie viel Euro kostet das Azubi-Wohnheim?",
        "Welche Summe fordert der Antrag?",
        "Wie teuer ist eine Fahrt?",
        "Welche Kosten entstehen?",
        "How much does it cost?",
    ),
    Asked.DATE: (
        "Seit wann gibt es den Nachtbus?",
        "Bis wann soll Glasfaser fertig sein?",
        "Wann beginnt die zweite Runde?",
    ),
    Asked.NUMBER: (
        "Wie viele Gebäude hat der Kreis?",
        "Wie hoch ist die Arbeitslosenquote?",
        "Welche Einwohnerzahl hat der Kreis?",
        "How many buses are there?",
    ),
    Asked.PERSON: ("Wie heißt der Landrat?",),
    Asked.ORGANISATION: ("Von welcher Firma kommen die Sensoren?",),
    Asked.CONTACT: ("Wie lautet die Telefonnummer?",),
    Asked.NOTHING: ("Was ist der Rufbus?", "Welche Projekte gibt es?", "Was sagt das Leitbild zur Pflege?"),
}


@pytest.mark.parametrize(("intent", "question"), [(name, one) for name, all_ in INTENTS.items() for one in all_])
def test_intent(read: Understand, intent: Intent, question: str) -> None:
    assert read(question).intent is intent


@pytest.mark.parametrize(("asked", "question"), [(name, one) for name, all_ in ASKED.items() for one in all_])
def test_kind_of_fact(read: Understand, asked: Asked, question: str) -> None:
    assert read(question).asked is asked


def test_every_intent_and_every_kind_of_fact_is_told() -> None:
    assert set(INTENTS) == set(Intent)
    assert set(ASKED) == set(Asked)


def test_one_document_is_not_compared(read: Understand) -> None:
    assert read("Vergleiche die Pflege im Leitbild.").intent is not Intent.COMPARE


def test_one_project_is_not_listed(read: Understand) -> None:
    assert read("Gibt es ein Projekt zu Lastenrädern?").intent is not Intent.LIST
