"""Every condition on records counts: what is said beside a status or a theme, areas, what nothing can decide."""

from __future__ import annotations

import pytest

from service.answering.corpus import Corpus
from service.answering.query import Undecided
from service.answering.understanding.areas import areas_apart
from service.answering.understanding.units import Units, called_units
from service.models import AnswerStatus
from tests.answering.conftest import Ask, Understand
from tests.answering.shapes import data, refs
from tests.answering.truth import projects
from vectorstore.records import ItemStatus


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("Welche Projekte in der Pflege sind umgesetzt?", ["Pflege"]),
        ("Welche Projekte an Schulen sind umgesetzt?", ["Schulen"]),
        ("Digitalisierung: was ist davon noch in Planung?", ["Digitalisierung"]),
        ("Welche Mobilitätsprojekte hat das Jugendamt?", ["Jugendamt"]),
        ("Wie viele Verkehrs- und Mobilitätsprojekte sind in Planung?", []),
        ("Zähl mir bitte alle Projekte auf, die umgesetzt sind.", []),
        ("Welche Projekte wurden im März umgesetzt?", []),
        ("Für welche Projekte ist die Abteilung 66 eingetragen?", []),
    ],
)
def test_nouns_beside_a_status_or_a_theme_are_a_topic(read: Understand, question: str, topic: list[str]) -> None:
    assert [word.text for word in read(question).topic] == topic


def test_a_list_beside_a_status_is_only_of_what_was_named(ask: Ask) -> None:
    answer = ask("Welche Projekte in der Pflege sind umgesetzt?")
    assert refs(answer) and set(refs(answer)) < set(projects(status="implemented"))
    none = ask("Wie viele Projekte zur Raumfahrt in der Pflege sind umgesetzt?")
    assert none.data is None or data(none).total == 0


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Was läuft im Verkehrsbereich?", "Was läuft im Bereich Verkehr?"),
        ("Projekte des Energiesektors", "Projekte des Bereich Energie"),
        ("Wer leitet den Fachbereich?", "Wer leitet den Fachbereich?"),
        ("Was macht der Verkehrsbereich 3?", "Was macht der Verkehrsbereich 3?"),
        ("Was tun Quastenflosserwesen?", "Was tun Quastenflosserwesen?"),
        ("Was wird für Lebewesen getan?", "Was wird für Lebewesen getan?"),
    ],
)
def test_areas_are_taken_apart(corpus: Corpus, said: str, meant: str) -> None:
    assert areas_apart(said, corpus) == meant


def test_an_area_is_the_theme_that_is_called_so(ask: Ask) -> None:
    assert refs(ask("Welche Projekte gibt es im Energiesektor?")) == refs(
        ask("Welche Projekte gibt es im Bereich Energie?")
    )


@pytest.mark.parametrize(
    "question",
    [
        "Nenne alle Projekte ohne Status.",
        "Wie viele Projekte haben keine Kosten?",
        "Welche Projekte bekommen kein Geld?",
        "Welche Projekte kosten mehr als 100.000 Euro?",
    ],
)
def test_what_nothing_in_records_decides_is_not_answered(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.status is AnswerStatus.NOT_IN_DOCUMENTS and "nicht zuverlässig auswählen" in answer.answer


@pytest.mark.parametrize(
    "question",
    [
        "Wie viele Projekte gibt es ohne das Archiv?",
        "Wie viele Maßnahmen gibt es für Menschen ohne Wohnung?",
        "Bei welchen Projekten ist niemand verantwortlich?",
        "Wie viele der Projekte ohne verantwortliche Einheit sind umgesetzt?",
    ],
)
def test_other_conditions_stay(read: Understand, question: str) -> None:
    assert read(question).undecided is Undecided.NOTHING


@pytest.mark.parametrize(
    "question", ["Welche Projekte sollen bis 2027 umgesetzt werden?", "Welche Projekte müssen 2026 fertig sein?"]
)
def test_what_shall_be_finished_is_not_finished(read: Understand, question: str) -> None:
    assert ItemStatus.IMPLEMENTED not in read(question).filters.statuses
    assert read("Welche Projekte wurden umgesetzt?").filters.statuses == {ItemStatus.IMPLEMENTED}


@pytest.mark.parametrize("unit", ["der Fachbereich 93", "das Dezernat XIX", "das Amt 98"])
def test_a_unit_that_no_document_knows_does_nothing(ask: Ask, unit: str) -> None:
    answer = ask(f"Was macht {unit}?")
    assert answer.status is AnswerStatus.NOT_IN_DOCUMENTS
    assert f"Eine Einheit {unit.split()[-1]} nennen die Dokumente nicht" in answer.answer


def test_units_are_known_as_printed(ask: Ask) -> None:
    assert Units(["Dezernat IV"]).prints("IV") and not Units(["Dezernat IV"]).prints("V")
    assert called_units("Was machen Dezernat IV und Amt 61?") == [("Dezernat", "IV"), ("Amt", "61")]
    assert refs(ask("Was macht die Abteilung 66?")) == projects(unit="66")
