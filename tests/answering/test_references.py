"""Numbers of items in a question: what is one, what is a date, a time, an amount."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.answering.understanding.references import numbered, references, value
from service.models import AnswerStatus
from tests.answering.conftest import Ask
from tests.answering.truth import DRAFT, GOALS, MOTION, REPORT

NAMED = [
    ("Wie ist der Stand von 5.1.2.1?", ("5.1.2.1",)),
    ("5.1.2.1 und 5.1.2.2", ("5.1.2.1", "5.1.2.2")),
    ("Was steht unter Ziel 5.2?", ("5.2",)),
    ("1.2 und 1.3", ("1.2", "1.3")),
    ("Was heißt B.X.3, und was A.II?", ("B.X.3", "A.II")),
    ("Was enthält Teil B?", ("B",)),
    ("Was fordert Punkt IV?", ("IV",)),
    ("Beschlusspunkt ii", ("II",)),
    ("Nummer III des Antrags", ("III",)),
    ("Was sagt These 3?", ("3",)),
    ("Leitsatz Nr. 4", ("4",)),
    ("Themenfeld 2", ("2",)),
    ("Kapitel 6", ("6",)),
    ("Projekt 5.1.2.1, bitte.", ("5.1.2.1",)),
    ("Was ist mit 5.1.2.1.", ("5.1.2.1",)),
    ("5.1.2.1 oder doch 5.1.2.1", ("5.1.2.1",)),
]
NOT_NAMED = [
    "Was geschah am 24.10.2025?",
    "bis 01.10.",
    "am 1.10. in Birkmoosen",
    "zum 01.03.2026",
    "am 30.09.2025 um Mitternacht",
    "5,4 Mio. Euro",
    "9,60 Euro je Quadratmeter",
    "Tempo 30 auf der K 9",
    "110 Kilogramm",
    "in 95 von 100 Notfällen",
    "2026",
    "drei Thesen",
    "Teilhabe",
    "",
]


@pytest.mark.parametrize(("question", "refs"), NAMED)
def test_numbers_as_documents_print_them(question: str, refs: tuple[str, ...]) -> None:
    assert references(question) == refs


@pytest.mark.parametrize("question", NOT_NAMED)
def test_dates_amounts_and_plain_numbers_are_none(question: str) -> None:
    assert references(question) == ()


@given(st.dates(min_value=date(1900, 1, 1)).map(lambda day: day.strftime("%d.%m.%Y")))
def test_no_printed_date_is_a_reference(day: str) -> None:
    assert references(f"Was geschah am {day} im Kreis?") == ()


@given(st.lists(st.integers(1, 9), min_size=3, max_size=4))
def test_every_number_of_three_or_four_parts_is_one(parts: list[int]) -> None:
    ref = ".".join(map(str, parts))
    assert references(f"Wer ist für {ref} zuständig?") == (ref,)


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("Was sagt These 11?", [("These", "11")]),
        ("Wie lautet die erste These?", [("These", "1")]),
        ("das 3. Ziel", [("Ziel", "3")]),
        ("What is the second principle?", [("principle", "2")]),
        ("Was ist Ziel IV?", [("Ziel", "IV")]),
        ("Was ist Ziel B.IV, und was Ziel 5.2?", []),
        ("Which of these 3 projects are done?", []),
        ("drei Thesen", []),
        ("acht Ziele, erst Ziel und dann Weg", []),
    ],
)
def test_kinds_beside_numbers(question: str, named: list[tuple[str, str]]) -> None:
    assert [(one.noun, one.number) for one in numbered(question)] == named


@pytest.mark.parametrize(
    ("part", "is_worth"), [("7", 7), ("IV", 4), ("IX", 9), ("XIII", 13), ("VIII", 8), ("B", 0), ("", 0)]
)
def test_figures_are_worth(part: str, is_worth: int) -> None:
    assert value(part) == is_worth


@pytest.mark.parametrize(
    ("question", "ref", "document"),
    [
        ("Wie lautet die erste These?", "1", DRAFT),
        ("Was sagt These 3?", "3", DRAFT),
        ("Was ist Ziel IV?", "B.IV", GOALS),
        ("Was ist das vierte Ziel der Strategischen Ziele?", "B.IV", GOALS),
        ("Was ist die zweite Leitlinie?", "A.II", GOALS),
        ("Was ist Handlungsprinzip III?", "A.III", GOALS),
        ("Was steht in Thema 3?", "3", REPORT),
        ("Was fordert Beschlusspunkt 2?", "II", MOTION),
        ("Was fordert Punkt III?", "III", MOTION),
    ],
)
def test_a_kind_with_a_number_is_one_record(ask: Ask, question: str, ref: str, document: str) -> None:
    answer = ask(question)
    assert {(one.ref, one.document_id) for one in answer.citations} == {(ref, document)}


@pytest.mark.parametrize(
    ("question", "highest"),
    [("These 11", "8"), ("Was sagt die neunte These?", "8"), ("Thema 7", "6"), ("Was ist Ziel XII?", "B.X")],
)
def test_a_number_beyond_the_last_does_not_exist(ask: Ask, question: str, highest: str) -> None:
    answer = ask(question)
    assert answer.status is AnswerStatus.NOT_IN_DOCUMENTS and "gibt es nicht" in answer.answer
    assert f" {highest} in " in answer.answer and highest in [one.ref for one in answer.nearest]


def test_a_number_of_the_project_list_leads_to_its_record(ask: Ask) -> None:
    answer = ask("Was ist Projekt 5.1.2.4?")
    assert {one.ref for one in answer.citations} == {"5.1.2.3"}
    assert "5.1.2.4 steht nur in der Projektliste" in answer.answer
    assert "nur in der Projektliste" not in ask("Was ist Projekt 5.1.2.3?").answer


def test_what_begins_with_a_number_is_listed(ask: Ask) -> None:
    answer = ask("Was steht unter 5.2.2?")
    assert [one.ref for one in answer.citations] == ["5.2.2.1", "5.2.2.2"]
    assert "Unter 5.2.2 selbst steht kein Eintrag" in answer.answer


def test_a_number_that_does_not_exist(ask: Ask) -> None:
    none, near = ask("Projekt 9.9.9.9"), ask("Wie ist der Stand von Projekt 5.2.7.3?")
    assert none.status is near.status is AnswerStatus.NOT_IN_DOCUMENTS
    assert "9.9.9.9 gibt es in den Dokumenten nicht" in none.answer and none.nearest == []
    assert "5.2.7.3 gibt es in den Dokumenten nicht" in near.answer and near.nearest[0].ref == "5.2"


@pytest.mark.parametrize("question", ["Was heißt Industrie 4.0?", "Was wurde im ersten Projekt umgesetzt?"])
def test_other_numbers_are_not_denied(ask: Ask, question: str) -> None:
    assert "gibt es nicht" not in ask(question).answer and "gibt es in den" not in ask(question).answer


def test_a_number_alone_is_answered_in_german(ask: Ask) -> None:
    assert ask("A.II").answer.startswith("Leitlinie A.II Nähe zu den Menschen")
    assert ask("What is A.II?").answer.startswith("Principle A.II")


WITHIN = [
    ("Ziel 2 in Kapitel 5", ("5.2",)),
    ("Was ist das zweite Ziel im Themenfeld 5?", ("5.2",)),
    ("das 2. Ziel des Handlungsfelds 5", ("5.2",)),
    ("Ziel Nr. 2 im Bereich 5", ("5.2",)),
    ("Goal 2 in chapter 5", ("5.2",)),
    ("Ziel 2 und Kapitel 5", ("2", "5")),
]


@pytest.mark.parametrize(("question", "refs"), WITHIN)
def test_a_goal_within_a_chapter_is_one_number(question: str, refs: tuple[str, ...]) -> None:
    assert references(question) == refs


@pytest.mark.parametrize("question", ["Was ist Ziel 2 in Kapitel 5?", "Was ist das zweite Ziel im Themenfeld 5?"])
def test_a_goal_within_a_chapter_is_found(ask: Ask, question: str) -> None:
    assert ask(question).citations[0].ref == "5.2"
