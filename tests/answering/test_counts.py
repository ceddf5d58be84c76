"""Counts are computed, name what was counted, and may be zero."""

from __future__ import annotations

import pytest

from service.models import AnswerMode, AnswerStatus, DataKind
from tests.answering.conftest import Ask
from tests.answering.shapes import data, refs
from tests.answering.truth import archive, goals, projects, strategy, truth

TOTALS = [
    ("Wie viele Projekte umfasst der Nachhaltigkeitsbericht?", len(projects())),
    ("Wie viele Projekte umfasst der Nachhaltigkeitsbericht ohne das Archiv?", len(projects())),
    ("Wie viele Projekte gibt es?", len(projects())),
    ("Wie viele Projekte sind umgesetzt?", len(projects(status="implemented"))),
    ("Wie viele Projekte sind in Bearbeitung?", len(projects(status="in_progress"))),
    ("Wie viele Projekte sind in Planung?", len(projects(status="planned"))),
    ("Wie viele Ideen gibt es?", len(projects(status="idea"))),
    ("Wie viele Projekte liegen im Archiv?", len(archive())),
    ("Wie viele Projekte sind archiviert?", len(archive())),
    ("Wie viele Einträge hat das Archiv?", len(archive())),
    ("Wie viele Ziele hat der Nachhaltigkeitsbericht?", len(goals())),
    ("Wie viele Themenfelder hat der Nachhaltigkeitsbericht?", truth()["report"]["counts"]["theme"]),
    ("Wie viele Thesen hat das Leitbild?", 8),
    ("Wie viele Beschlusspunkte enthält der Antrag?", 4),
    ("In wie viele Felder gliedert sich Teil B der Strategischen Ziele?", len(strategy("goal"))),
    ("Wie viele Maßnahmen stehen unter B.V?", 6),
    ("An wie vielen Projekten ist die Wirtschaftsagentur (WAL) beteiligt?", len(projects(unit="WAL"))),
    ("Wie viele Projekte verantwortet die 66?", len(projects(unit="66"))),
    ("How many projects are implemented?", len(projects(status="implemented"))),
]
THEMES = [(one["ref"], one["title"], one["projects"]) for one in truth()["report"]["themes"]]
WORDS = {"implemented": "umgesetzt", "in_progress": "in Bearbeitung", "planned": "in Planung", "idea": "Ideen"}


@pytest.mark.parametrize(("question", "total"), TOTALS)
def test_totals(ask: Ask, question: str, total: int) -> None:
    answer = ask(question)
    assert answer.status is AnswerStatus.ANSWERED and answer.mode is AnswerMode.COMPUTED
    assert data(answer).kind is DataKind.COUNT
    assert data(answer).total == total == len(data(answer).rows)
    assert f" {total} " in answer.answer


@pytest.mark.parametrize("status", WORDS)
def test_each_theme_and_status_agrees_with_the_builder(ask: Ask, status: str) -> None:
    for ref, title, counts in THEMES:
        if ref == "1":  # a goal of another document bears the same name
            continue
        answer = ask(f"Wie viele Projekte im Themenfeld „{title}“ sind {WORDS[status]}?")
        assert data(answer).total == counts[status], title
        assert refs(answer) == projects(theme=ref, status=status)


def test_counts_of_all_statuses_add_up(ask: Ask) -> None:
    totals = [data(ask(f"Wie viele Projekte sind {word}?")).total or 0 for word in WORDS.values()]
    assert sum(totals) == len(projects())


def test_zero_is_an_answer(ask: Ask) -> None:
    answer = ask("Wie viele Projekte unter Ziel 1.1 sind derzeit in Planung?")
    assert answer.status is AnswerStatus.ANSWERED
    assert data(answer).total == 0 and data(answer).rows == []
    assert "0 Projekte" in answer.answer
    assert [one.ref for one in answer.citations] == ["1.1"], "the goal that was looked at is shown"


@pytest.mark.parametrize(
    "goal", [one["ref"] for one in truth()["report"]["goals"] if "implemented" in one["empty_groups"]]
)
def test_every_empty_group_counts_zero(ask: Ask, goal: str) -> None:
    answer = ask(f"Wie viele Projekte unter Ziel {goal} sind umgesetzt?")
    assert (answer.status, data(answer).total) == (AnswerStatus.ANSWERED, 0)


def test_a_negated_count(ask: Ask) -> None:
    answer = ask("Wie viele Mobilitätsprojekte sind noch nicht umgesetzt?")
    assert data(answer).total == len(projects(theme="5", without="implemented"))


def test_every_counted_row_is_cited_even_where_the_text_is_short(ask: Ask) -> None:
    answer = ask("Wie viele Projekte umfasst der Nachhaltigkeitsbericht?")
    assert len(answer.answer) < 500, "sixty names are no sentence"
    assert {one.ref for one in answer.citations} >= set(projects())


def test_a_number_that_a_text_tells_is_no_count(ask: Ask) -> None:
    answer = ask("Wie viele Fahrpläne lagen bis Februar 2026 für die Gebäude des Kreises vor?")
    assert answer.citations[0].ref == "1.1.2.1"
    assert answer.mode is AnswerMode.EXTRACTIVE and "21 von 38" in answer.answer
