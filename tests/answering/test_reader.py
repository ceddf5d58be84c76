"""A question is read by what the edition names; what nothing took forbids a computed claim."""

from __future__ import annotations

import random
from typing import Any

import pytest

from service.answering import AnswerService, AnswerType, Intent
from service.answering.query import Query
from service.answering.reading.asking_words import words_of_asking
from service.records import AnswerMode, AnswerStatus, Turn
from tests.answering.conftest import Ask
from tests.answering.truth import DRAFT, REPORT
from tests.ingest.cases import as_tuple, cases
from vectorstore.records import ItemKind, ItemStatus

PLANNED = "Welche Projekte sind in Planung?"
BUS, STREETS = "5.1.1.1", "5.2.3.1"
SOUND = [
    "Welche Projekte sind umgesetzt?",
    "Wie viele Projekte sind in Planung?",
    "Welche Projekte gibt es zur Mobilität?",
    "Wie viele Projekte umfasst der Nachhaltigkeitsbericht?",
    "Welche Projekte unter Ziel 1.1 gibt es?",
    "Wer ist für 5.1.2.1 zuständig?",
    "Welche Projekte kosten mehr als 1 Million Euro?",
]
FOREIGN = [
    "gescheitert", "gestrichen", "gelobt", "preisgekrönt", "heimlich", "beliebt", "umstritten", "beschlossen",
    "nicht", "ohne", "außer", "davon", "zusammen", "nächste", "endlich", "trotzdem", "können", "dürfen", "müssen",
    "Opposition", "Nachbarkreis", "Landesmittel", "Bürgerentscheid", "vermutlich", "angeblich",
]  # fmt: skip


def read(
    service: AnswerService, question: str, *history: str, cited: tuple[str, ...] = ()
) -> Query:
    turns = [
        Turn(role="assistant" if place % 2 else "user", content=text)
        for place, text in enumerate(history)
    ]
    if cited:
        citations = [(REPORT, item) for item in cited]
        turns.append(Turn(role="assistant", content="Gefunden.", citations=citations))
    return service.parts.reader.read(question, turns).query


@cases("question", "named")
def test_documents_are_named(service: AnswerService, question: str, named: tuple[str, ...]) -> None:
    query = read(service, question)
    assert query.names_documents is bool(named)
    assert set(query.conditions.documents) == set(named)


@cases("question", "stated")
def test_a_list_has_the_conditions_that_its_words_name(
    service: AnswerService, question: str, stated: dict[str, Any]
) -> None:
    query = read(service, question)
    assert query.intent is Intent.LIST and query.conditions.kinds == (ItemKind.PROJECT,)
    for name, value in stated.items():
        assert getattr(query.conditions, name) == as_tuple(value), name


@cases("question")
def test_amounts_and_days_are_no_numbers_of_records(service: AnswerService, question: str) -> None:
    query = read(service, question)
    assert (query.entries, query.unknown) == ((), ())


def _with_word(question: str, word: str, place: int) -> str:
    words = question.rstrip("?").split()
    return " ".join((*words[:place], word, *words[place:])) + "?"


def test_hundreds_of_questions_with_a_foreign_word_know_that_they_have_it(
    service: AnswerService,
) -> None:
    """Reading alone; a word that a title, topic or name takes is no foreign one."""
    for question in SOUND:
        places = range(1, len(question.split()) + 1)
        for word in FOREIGN:
            for place in places:
                made = _with_word(question, word, place)
                query = read(service, made)
                is_taken = word.casefold() in query.conditions.topic.casefold()
                is_taken |= (
                    word in ("nicht", "ohne", "außer") and len(query.conditions.statuses) > 1
                )
                is_claim = query.intent in (Intent.LIST, Intent.COUNT, Intent.FIELD)
                assert not is_claim or is_taken or query.left_over, made


def test_a_foreign_word_makes_no_computed_answer(ask: Ask) -> None:
    chosen = random.Random(47)
    for question in SOUND:
        for word in chosen.sample(FOREIGN[:8], 3):
            place = chosen.randrange(2, len(question.split()) + 1)
            answer = ask(_with_word(question, word, place))
            is_claim = answer.status is AnswerStatus.ANSWERED
            assert not (is_claim and answer.mode is AnswerMode.COMPUTED), answer.answer


@pytest.mark.parametrize("question", SOUND)
def test_the_questions_themselves_are_understood(service: AnswerService, question: str) -> None:
    assert read(service, question).left_over == ()


def test_the_first_sentence_says_what_is_listed_and_a_notice_names_the_word(ask: Ask) -> None:
    answer = ask("Welche umstrittenen Projekte sind in Planung?")
    assert answer.answer.startswith("Die Liste dazu zeigt: Projekte mit dem Status „in Planung“.")
    assert "umstrittenen" in " ".join(notice.text for notice in answer.notices)
    assert answer.data is not None and answer.data.kind == "list"
    assert answer.data.complete is False and len(answer.data.rows) > 5
    assert "condition_not_understood" in [notice.code for notice in answer.notices]


def test_words_that_limit_are_no_words_of_asking() -> None:
    limiting = {"nicht", "kein", "nur", "ohne", "ausser", "davon", "zusammen", "naechste", "noch"}
    assert limiting.isdisjoint(words_of_asking("de") | words_of_asking("en"))


def test_a_follow_up_adds_to_the_list_before(service: AnswerService) -> None:
    query = read(service, "Und in Hohenquelm?", "Welche Projekte gibt es?")
    assert query.intent is Intent.LIST and query.conditions.place == "Hohenquelm"
    part = read(service, "Und wie viele davon sind umgesetzt?", "Welche Projekte gibt es?")
    assert part.intent is Intent.COUNT and part.conditions.statuses == (ItemStatus.IMPLEMENTED,)
    assert not part.left_over


@cases("question", "ref")
def test_an_ordinal_points_to_what_was_cited(
    service: AnswerService, question: str, ref: str
) -> None:
    query = read(service, question, "Was ist der Nachtbus?", cited=(BUS, STREETS))
    assert query.entries == ((REPORT, ref),) and query.answer_type is AnswerType.RESPONSIBLE


def test_what_was_told_alone_is_meant_by_a_question_without_a_topic(
    service: AnswerService,
) -> None:
    query = read(service, "Wer ist dafür zuständig?", "Was ist der Nachtbus?", cited=(BUS,))
    assert query.entries == ((REPORT, BUS),)
    text = "5.2.2.1 Radschnellverbindung [1] und 5.2.2.2 Radwege an Kreisstraßen [2]."
    by_text = read(service, "Wer ist für das zweite zuständig?", "Welche Radwege gibt es?", text)
    assert by_text.entries == ((REPORT, "5.2.2.2"),)


def test_a_history_adds_no_document_to_those_of_the_request(service: AnswerService) -> None:
    turns = [
        Turn(role="user", content="Welche Projekte des Nachhaltigkeitsberichts sind fertig?"),
        Turn(role="assistant", content="5.1.1.1 Nachtbus [1].", citations=[(REPORT, BUS)]),
    ]
    query = service.parts.reader.read("Wo steht das?", turns, None, (DRAFT,)).query
    assert query.conditions.documents == (DRAFT,) and query.entries == ()


def test_without_a_question_before_nothing_is_read_behind(service: AnswerService) -> None:
    turns = [Turn(role="assistant", content="Guten Tag.")]
    assert service.parts.reader.read(PLANNED, turns).query == read(service, PLANNED)
