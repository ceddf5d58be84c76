"""The status of a project: by its group heading, with what table and text say differently."""

from __future__ import annotations

import pytest

from service.models import AnswerMode, AnswerStatus
from tests.answering.conftest import Ask
from tests.answering.truth import project, projects

GERMAN = {
    "implemented": "ist umgesetzt",
    "in_progress": "ist in Bearbeitung",
    "planned": "ist in Planung",
    "idea": "ist bisher eine Idee (Ideenspeicher)",
}
HEADINGS = {
    "implemented": "umgesetzte Projekte",
    "in_progress": "Projekte in Bearbeitung",
    "planned": "Projekte in Planung",
    "idea": "Ideenspeicher",
}


@pytest.mark.parametrize("ref", projects())
def test_every_project_has_the_status_of_its_group(ask: Ask, ref: str) -> None:
    answer = ask(f"Wie ist der Stand von {ref}?")
    status = project(ref)["status"]
    assert answer.status is AnswerStatus.ANSWERED and answer.mode is AnswerMode.COMPUTED
    assert answer.answer.startswith(f"Projekt {ref} {project(ref)['title']} {GERMAN[status]}")
    first = answer.citations[0]
    assert first.ref == ref and first.item_status == status
    assert HEADINGS[status] in first.quote


@pytest.mark.parametrize(
    ("question", "ref"),
    [
        ("Wie weit ist die Amtssprechstunde per Video?", "6.1.3.1"),
        ("Ist das Sozialticket schon umgesetzt?", "5.1.2.3"),
        ("Wie steht es um die Plauderbänke?", "3.1.4.1"),
        ("Welchen Status hat das Offene Datenportal?", "6.2.3.1"),
        ("Ist der Nachtbus am Wochenende noch in Planung?", "5.1.1.1"),
        ("How far is the project Rufbus Lauvi?", "5.1.2.1"),
    ],
)
def test_projects_by_name(ask: Ask, question: str, ref: str) -> None:
    answer = ask(question)
    assert answer.citations[0].ref == ref
    assert answer.citations[0].item_status == project(ref)["status"]


def test_a_wrong_premise_is_corrected(ask: Ask) -> None:
    answer = ask("Warum ist der Rollende Jugendtreff schon umgesetzt?")
    assert answer.status is AnswerStatus.ANSWERED
    assert "ist in Planung" in answer.answer
    assert "umgesetzt" not in answer.answer


@pytest.mark.parametrize(
    ("ref", "other"), [("3.1.3.1", "in Bearbeitung"), ("6.1.3.1", "in Planung")], ids=["table", "third digit"]
)
def test_conflicts_of_status_are_told(ask: Ask, ref: str, other: str) -> None:
    answer = ask(f"Wie ist der Stand von {ref}?")
    assert GERMAN[project(ref)["status"]] in answer.answer
    assert f"zeigt einen anderen Status: {other}" in answer.answer


def test_conflicts_of_number_are_told(ask: Ask) -> None:
    assert "unter der Nummer 5.1.2.4" in ask("Wie ist der Stand von 5.1.2.3?").answer


@pytest.mark.parametrize("ref", ["1.1.2.1", "5.1.2.1", "1.1.1.1"])
def test_another_title_in_the_table_is_no_conflict(ask: Ask, ref: str) -> None:
    answer = ask(f"Wie ist der Stand von {ref}?").answer
    assert "anderen Status" not in answer and "unter der Nummer" not in answer


def test_an_archived_project_is_told_to_be_archived(ask: Ask) -> None:
    answer = ask("Wie ist der Stand des Projekts „Notfalldosen für den Kühlschrank“?")
    assert "steht im Archiv" in answer.answer
    assert answer.citations[0].item_status == "archived"


def test_a_status_tells_its_date(ask: Ask) -> None:
    assert "Stand 01.03.2026" in ask("Wie ist der Stand von 5.1.3.1?").answer


def test_the_state_of_affairs_is_quoted(ask: Ask) -> None:
    answer = ask("Wie ist der Stand von 5.1.2.3?")
    state = project("5.1.2.3")["state"]
    assert any(one.quote.split(". ")[0] in state for one in answer.citations)


def test_the_status_of_nothing_known_is_no_answer(ask: Ask) -> None:
    answer = ask("Wie ist der Stand der Marsmission?")
    assert answer.status is AnswerStatus.NOT_IN_DOCUMENTS and answer.citations == []


def test_the_status_of_the_project_list_comes_first_where_it_is_asked(ask: Ask) -> None:
    answer = ask("Welchen Status hat 3.1.3.1 laut Projektliste?").answer
    assert answer.index("zeigt einen anderen Status: in Bearbeitung") < answer.index("ist in Planung")
