"""Counts are computed, name what was counted, and may be zero."""

from __future__ import annotations

import pytest

from service.answering.service import AnswerService
from service.models import AnswerMode, AnswerStatus, DataKind
from tests.answering.conftest import Ask
from tests.answering.shapes import data, refs
from tests.answering.truth import GOALS, REPORT, archive, goals, projects, strategy, truth
from vectorstore.records import ItemKind, ItemStatus

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


GOALS_IN_ALL = len(goals()) + len(strategy("goal"))


@pytest.mark.parametrize("question", ["Wie viele Ziele gibt es insgesamt?", "How many goals are there?"])
def test_a_count_over_documents_has_subtotals_with_proof(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert data(answer).total == GOALS_IN_ALL
    for number in (GOALS_IN_ALL, len(goals()), len(strategy("goal"))):
        assert f" {number} " in f" {answer.answer}"
    assert {one.document_id for one in answer.citations} >= {REPORT, GOALS}


def test_kinds_strung_together_are_counted_together(ask: Ask) -> None:
    answer = ask("Wie viele Ziele und Thesen gibt es?")
    assert data(answer).total == GOALS_IN_ALL + 8
    assert " 8 Thesen " in answer.answer and "Ziele und Thesen" in answer.answer


@pytest.mark.parametrize("question", ["Wie viele Projekte gibt es?", "Wie viele Ziele gibt es?", "Wie viele Maßnahmen"])
def test_a_count_always_has_a_marker(ask: Ask, question: str) -> None:
    assert "[1]" in ask(question).answer


def test_zero_names_the_document_that_could_have_it(ask: Ask) -> None:
    answer = ask("Wie viele Projekte im Ideenspeicher verantwortet das Dezernat 3?")
    wanted = projects(unit="Dez. 3", status="idea")
    assert data(answer).total == len(wanted)
    assert answer.answer.startswith("Nachhaltigkeitsbericht Kreis Lauterfeld")
    assert {one.document_id for one in answer.citations} == {REPORT}


@pytest.mark.parametrize(("question", "unit"), [("die 99", "99"), ("Dezernat 98", "98")])
def test_an_unknown_unit_counts_nothing_and_is_told(ask: Ask, question: str, unit: str) -> None:
    answer = ask(f"Wie viele Projekte verantwortet {question}?")
    assert data(answer).total == 0 and "[1]" in answer.answer
    assert f"eine Einheit {unit} nennen die Dokumente nicht" in answer.answer
    assert "unknown_unit" in {one.code for one in answer.notices}


def test_with_the_archive(ask: Ask) -> None:
    answer = ask("Wie viele Projekte sind umgesetzt inklusive Archiv?")
    assert data(answer).total == len(projects(status="implemented")) + len(archive())
    assert data(ask("Wie viele Projekte gibt es einschließlich Archiv?")).total == len(projects()) + len(archive())


@pytest.mark.parametrize(
    "question", ["Wie viele Projekte pro Kapitel?", "Wie viele Projekte gibt es je Thema im Nachhaltigkeitsbericht?"]
)
def test_projects_are_counted_by_theme(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.mode is AnswerMode.COMPUTED
    assert [row["projects"] for row in data(answer).rows] == [len(projects(theme=ref)) for ref, _, _ in THEMES]
    assert all(row["citations"] for row in data(answer).rows)
    assert all(f"{title} ({len(projects(theme=ref))})" in answer.answer for ref, title, _ in THEMES)


def test_projects_are_counted_by_status(ask: Ask) -> None:
    rows = data(ask("Wie viele Projekte nach Status?")).rows
    assert sorted(len(projects(status=one)) for one in WORDS) == sorted(int(str(row["projects"])) for row in rows)


def test_the_theme_with_the_most_projects(ask: Ask) -> None:
    answer = ask("In welchem Kapitel gibt es die meisten Projekte?")
    _, title, _ = max(THEMES, key=lambda one: len(projects(theme=one[0])))
    assert answer.answer.startswith(title)
    assert data(answer).rows[0]["projects"] == len(projects(theme=data(answer).rows[0]["refs"][0].split(".")[0]))


def test_a_share_in_percent_is_computed(ask: Ask) -> None:
    done, whole = len(projects(status="implemented")), len(projects())
    answer = ask("Wie viel Prozent der Projekte sind umgesetzt?")
    assert data(answer).total == done
    assert f"({done} von {whole}, rund {round(100 * done / whole)} %)" in answer.answer


def test_projects_that_name_nobody_as_responsible(ask: Ask, service: AnswerService) -> None:
    items = [item for item in service.corpus.catalogue.items if item.kind is ItemKind.PROJECT]
    silent = [item.ref for item in items if not item.responsible and item.status is not ItemStatus.ARCHIVED]
    answer = ask("Wie viele Projekte haben keinen Verantwortlichen?")
    assert refs(answer) == silent
    assert "ohne Angabe, wer verantwortlich ist" in answer.answer


def test_a_compound_of_the_same_front_is_on_the_topic(ask: Ask) -> None:
    answer = ask("Wie viele Projekte zu Solarstrom sind umgesetzt?")
    assert [row["ref"] for row in data(answer).rows] == ["1.2.1.1"]


def test_a_known_topic_without_records_of_a_status_counts_none(ask: Ask) -> None:
    answer = ask("Wie viele Projekte zur Windkraft sind nur Ideen?")
    assert data(answer).total == 0 and "0 Projekte" in answer.answer


def test_what_is_only_near_a_topic_is_not_counted(ask: Ask) -> None:
    answer = ask("Wie viele Projekte gibt es zu Olympia?")
    assert data(answer).total == 0 and data(answer).rows == []
    assert "0 Projekte" in answer.answer
    assert "Nahe am Thema, nicht mitgezählt: 1.1.1.1" in answer.answer


@pytest.mark.parametrize(
    "question",
    [
        "Wie viele Thesen sind umgesetzt?",
        "Welche Leitlinien sind in Bearbeitung?",
        "Wie viele Handlungsprinzipien sind geplant?",
    ],
)
def test_records_without_a_status_are_not_counted_by_it(ask: Ask, question: str) -> None:
    """No paper says how far these are: none of them with a status is no number."""
    answer = ask(question)
    assert answer.status is AnswerStatus.NOT_IN_DOCUMENTS
    assert "sagen die Papiere nicht" in answer.answer
    assert answer.data is None
