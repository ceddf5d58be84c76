"""What a question says of records counts: predicates, years, presumed numbers; nothing of it is dropped in silence."""

from __future__ import annotations

import pytest

from service.answering.query import Intent
from service.models import AnswerStatus
from tests.answering.conftest import Ask, Understand
from tests.answering.truth import projects


@pytest.mark.parametrize(
    "question",
    [
        "Welche Projekte wurden abgebrochen?",
        "Welche Projekte sind verspätet?",
        "Wie viele Projekte sind gescheitert?",
        "Wie viele Projekte wurden prämiert?",
    ],
)
def test_a_predicate_that_no_record_bears_out_never_lists_all(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.status is AnswerStatus.NOT_IN_DOCUMENTS


@pytest.mark.parametrize(
    "question",
    ["Welche Projekte sind genannt?", "Welche Projekte werden aufgeführt?", "Wie viele Projekte sind vorgesehen?"],
)
def test_a_predicate_that_says_nothing_chooses_nothing(ask: Ask, question: str) -> None:
    data = ask(question).data
    assert data is not None and data.total == len(projects())


def test_a_year_chooses_among_records_of_a_status(ask: Ask) -> None:
    data = ask("Was ist 2027 geplant?").data
    assert data is not None
    named = {row["ref"] for row in data.rows}
    assert named and named < set(projects(status="planned"))


@pytest.mark.parametrize(
    "question", ["Wie viele Projekte sind noch nicht begonnen?", "How many projects are not started?"]
)
def test_what_has_not_begun_is_planned_or_an_idea(ask: Ask, question: str) -> None:
    data = ask(question).data
    assert data is not None and data.total == len(projects(status="planned")) + len(projects(status="idea"))


@pytest.mark.parametrize(
    "question",
    [
        "Stimmt es, dass der Kreis Lauterfeld 120 Projekte hat?",
        "Warum hat der Bericht 120 Projekte?",
        "Is it true that there are 120 projects?",
    ],
)
def test_a_presumed_number_is_answered_with_the_true_one(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.data is not None and answer.data.total == len(projects())


@pytest.mark.parametrize("question", ["Stimmt es, dass 120 Euro gezahlt werden?", "Warum kostet 1 Rad 120 Euro?"])
def test_a_number_of_other_things_is_no_count_of_records(read: Understand, question: str) -> None:
    assert read(question).intent is not Intent.COUNT


def test_what_became_of_money_in_a_motion_is_not_read_from_the_motion(ask: Ask) -> None:
    answer = ask("Wurden die 1.350.000 Euro für den Lärmschutz bewilligt?")
    assert answer.status is AnswerStatus.NOT_IN_DOCUMENTS


@pytest.mark.parametrize(
    "question",
    ["Wie wird das Wetter am Wochenende?", "Erzähl mir bitte einen Witz", "Hilf mir bei meinen Mathehausaufgaben"],
)
def test_what_is_asked_of_the_machine_is_out_of_scope(ask: Ask, question: str) -> None:
    assert ask(question).status is AnswerStatus.OUT_OF_SCOPE


@pytest.mark.parametrize("question", ["Wer ist Landrätin?", "Wer ist denn der Landrat?"])
def test_a_person_that_no_document_names_is_not_guessed(ask: Ask, question: str) -> None:
    assert ask(question).status is AnswerStatus.NOT_IN_DOCUMENTS


def test_the_sentence_with_the_rare_word_is_told(ask: Ask) -> None:
    answer = ask("Gibt es Ladepunkte an Wanderparkplätzen?")
    assert "Wanderparkplätzen" in answer.answer
