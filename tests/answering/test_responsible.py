"""Who is responsible: the units as the project list prints them, or an honest gap."""

from __future__ import annotations

import pytest

from service.models import AnswerMode, AnswerStatus, DataKind
from tests.answering.conftest import Ask
from tests.answering.shapes import data
from tests.answering.truth import PROGRAMME, project, projects

WITH_UNITS = [ref for ref in projects() if project(ref)["responsible"]]


@pytest.mark.parametrize("ref", WITH_UNITS)
def test_every_project_with_units(ask: Ask, ref: str) -> None:
    answer = ask(f"Wer ist für {ref} zuständig?")
    units = project(ref)["responsible"]
    assert answer.mode is AnswerMode.COMPUTED
    assert f"verantwortlich: {', '.join(units)}" in answer.answer
    assert data(answer).kind is DataKind.FACTS
    assert data(answer).rows[0]["responsible"] == units
    assert answer.citations[0].ref == ref
    assert all(unit.replace(" ", "") in answer.citations[0].quote.replace(" ", "") for unit in units)


@pytest.mark.parametrize(
    ("question", "ref"),
    [
        ("Wer ist in der Kreisverwaltung für den Gesundheitsbus zuständig?", "3.2.2.2"),
        ("Welche Stellen verantworten das Azubi-Wohnheim am Bahnhof?", "3.3.3.1"),
        ("Sozialticket für Familien – welche Fachdienste stehen dahinter?", "5.1.2.3"),
        ("Wer kümmert sich um die Lesepatinnen und Lesepaten in den Grundschulen?", "4.1.2.1"),
        ("Bei wem liegt die Verantwortung für den Rufbus Lauvi?", "5.1.2.1"),
        ("Who is responsible for the night bus?", "5.1.1.1"),
    ],
)
def test_projects_by_name(ask: Ask, question: str, ref: str) -> None:
    answer = ask(question)
    assert answer.citations[0].ref == ref
    assert all(unit in answer.answer for unit in project(ref)["responsible"])


@pytest.mark.parametrize("question", ["Wer ist für 4.2.4.1 zuständig?", "Wer verantwortet die Nachtkonzerte?"])
def test_an_empty_cell_is_no_answer(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.status is AnswerStatus.NOT_IN_DOCUMENTS
    assert answer.citations == [] and answer.data is None
    assert "Nachtkonzerte" in answer.answer
    assert answer.nearest[0].ref == "4.2.4.1"


def test_a_row_under_another_number_is_told(ask: Ask) -> None:
    answer = ask("Wer ist für die Annahmestelle für Grünschnitt zuständig?")
    assert "70.03" in answer.answer and "unter der Nummer 2.3.3.1" in answer.answer


def test_no_status_conflict_where_responsibility_is_asked(ask: Ask) -> None:
    assert "anderen Status" not in ask("Wer ist für 3.1.3.1 zuständig?").answer


def test_a_document_that_says_who_is_responsible_is_quoted(ask: Ask) -> None:
    answer = ask("Welches Sachgebiet hat beim Programm „Lauterfeld verbindet“ den Hut auf?")
    assert "10.03 Informationstechnik" in answer.answer
    assert {one.document_id for one in answer.citations} == {PROGRAMME}


def test_no_person_is_made_up(ask: Ask) -> None:
    answer = ask("Wie heißt die Leiterin der Straßenverkehrsbehörde?")
    assert answer.status is not AnswerStatus.ANSWERED


def test_what_a_unit_is_responsible_for_is_a_list(ask: Ask) -> None:
    answer = ask("Wofür ist 80.01 zuständig?")
    assert [row["ref"] for row in data(answer).rows] == projects(unit="80.01")


def test_an_unknown_unit_is_responsible_for_nothing(ask: Ask) -> None:
    answer = ask("Wofür ist Amt 99 zuständig?")
    assert answer.status is AnswerStatus.NOT_IN_DOCUMENTS
    assert "Eine Einheit 99 nennen die Dokumente nicht." in answer.answer


def test_each_number_has_its_sentence(ask: Ask) -> None:
    answer = ask("Wer ist für 3.2.2.2 und 4.2.4.1 zuständig?")
    assert [row["ref"] for row in data(answer).rows] == ["3.2.2.2", "4.2.4.1"]
    assert f"verantwortlich: {', '.join(project('3.2.2.2')['responsible'])}" in answer.answer
    assert "4.2.4.1 Nachtkonzerte im Kreishaus nennt das Dokument keine zuständige Einheit" in answer.answer


@pytest.mark.parametrize("question", ["Wer ist für die Mobilität zuständig?", "Who is responsible for mobility?"])
def test_a_theme_has_the_units_of_its_projects(ask: Ask, question: str) -> None:
    answer = ask(question)
    units = {unit for ref in projects(theme="5") for unit in project(ref)["responsible"]}
    assert {row["unit"] for row in data(answer).rows} == units
    first = data(answer).rows[0]
    assert f"{first['unit']} ({first['projects']})" in answer.answer and answer.citations


def test_the_unit_with_the_most_projects_is_computed(ask: Ask) -> None:
    answer = ask("Welche Einheit hat die meisten Projekte?")
    rows = data(answer).rows
    most = max(len([ref for ref in projects() if row["unit"] in project(ref)["responsible"]]) for row in rows)
    leading = [row["unit"] for row in rows if row["projects"] == most]
    assert rows[0]["projects"] == most and all(unit in answer.answer for unit in leading)


def test_status_and_unit_asked_at_once_are_both_told(ask: Ask) -> None:
    answer = ask("Wie ist der Stand des Rufbusses Lauvi und wer ist zuständig?")
    assert "in Bearbeitung" in answer.answer and "80.02" in answer.answer
    assert {one.ref for one in answer.citations} == {"5.1.2.1"}
