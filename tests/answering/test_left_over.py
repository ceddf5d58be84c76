"""A word of the question that nothing took forbids a computed claim, wherever it stands."""

from __future__ import annotations

import random

import pytest

from service.answering import AnswerService, Intent
from service.answering.reading.left_over import words_of_asking
from service.answering.retrieval.terms import words_in
from service.records import AnswerMode, AnswerStatus
from tests.answering.conftest import Ask

SOUND = [
    "Welche Projekte sind umgesetzt?",
    "Wie viele Projekte sind in Planung?",
    "Welche Projekte gibt es zur Mobilität?",
    "Wie viele Projekte umfasst der Nachhaltigkeitsbericht?",
    "Für welche Projekte ist 66 zuständig?",
    "Welche Projekte unter Ziel 1.1 gibt es?",
    "Wer ist für 5.1.2.1 zuständig?",
    "Wie viele Projekte gibt es je Themenfeld?",
    "Welche Projekte kosten mehr als 1 Million Euro?",
]
FOREIGN = [
    "gescheitert", "gestrichen", "gelobt", "preisgekrönt", "heimlich", "beliebt", "umstritten", "beschlossen",
    "nicht", "ohne", "außer", "davon", "zusammen", "nächste", "endlich", "trotzdem", "können", "dürfen", "müssen",
    "Opposition", "Gemeinderat", "Nachbarkreis", "Landesmittel", "Bürgerentscheid", "vermutlich", "angeblich",
]  # fmt: skip
NEGATING = {"nicht", "ohne", "außer"}  # taken where they stand before a status


def _with_word(question: str, word: str, place: int) -> str:
    words = question.rstrip("?").split()
    return " ".join((*words[:place], word, *words[place:])) + "?"


def test_thousands_of_questions_with_a_foreign_word_know_that_they_have_it(
    service: AnswerService,
) -> None:
    """Reading alone; a word that a title, topic or name takes is no foreign one."""
    reader = service.parts.reader
    for question in SOUND:
        places = range(1, len(question.split()) + 1)
        for word in FOREIGN:
            for place in places:
                made = _with_word(question, word, place)
                query = reader.read(made).query
                is_taken = word.casefold() in query.conditions.topic.casefold()
                is_taken |= bool(query.conditions.excluded) or query.intent is Intent.SEARCH
                is_taken |= query.conditions.setback
                is_taken |= query.asks_whole and word == "davon"  # the whole is told, too
                is_taken |= word in NEGATING and bool(query.conditions.statuses)
                assert is_taken or query.left_over, made


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
    assert service.parts.reader.read(question).query.left_over == ()


def test_words_without_a_meaning_of_their_own_are_not_named(ask: Ask) -> None:
    answer = ask("Wer kümmert sich um den Rufbus und bis wann?")
    assert "„bis“" not in answer.answer
    assert answer.answer.startswith("Ein Teil der Frage wurde hier nicht als Bedingung verstanden")


def test_the_first_sentence_names_the_word_and_the_rows_stay(ask: Ask) -> None:
    answer = ask("Welche umstrittenen Projekte sind in Planung?")
    assert answer.answer.startswith("„umstrittenen“ wurde hier nicht als Bedingung verstanden")
    assert answer.data is not None and answer.data.kind == "list"
    assert answer.data.complete is False and len(answer.data.rows) > 5
    assert "condition_not_understood" in [notice.code for notice in answer.notices]


def test_passages_in_place_of_an_overview_claim_no_more_than_was_understood(ask: Ask) -> None:
    answer = ask("Überblick über kostenlos Jung kauft Alt")
    assert answer.status is AnswerStatus.FOUND
    assert answer.answer.startswith("„kostenlos“ wurde hier nicht als Bedingung verstanden")
    assert "condition_not_understood" in [notice.code for notice in answer.notices]
    assert answer.data is not None and answer.data.kind == "found"


def test_words_that_limit_are_no_words_of_asking() -> None:
    limiting = {"nicht", "kein", "nur", "ohne", "ausser", "davon", "zusammen", "naechste", "noch"}
    assert limiting.isdisjoint(words_of_asking("de") | words_of_asking("en"))


FRAMES = [
    "Bitte sag mir mal, was es zum {} gibt.",
    "Hallo, können Sie mir sagen, wo etwas über {} steht?",
    "Ich möchte wissen, was das Dokument bezüglich {} aufführt!",
    "Guten Tag, kannst du mir bitte alles zum Thema {} nennen?",
]


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("topic", ["Radverkehr", "Nachtbus am Wochenende", "Hochwasser"])
def test_words_of_asking_are_neither_searched_nor_shown(
    service: AnswerService, ask: Ask, frame: str, topic: str
) -> None:
    corpus, question = service.parts.corpus, frame.format(topic)
    query = service.parts.reader.read(question).query
    searched = {term for word in words_in(query.text, corpus) for term in word.terms}
    assert searched == {term for word in words_in(topic, corpus) for term in word.terms}
    assert query.conditions.topic == topic
    answer = ask(question).answer
    if "gesucht:" in answer:
        assert f"gesucht: {topic}" in answer


def test_a_question_of_words_of_asking_alone_claims_nothing(ask: Ask) -> None:
    answer = ask("Was gibt es denn hier bitte?")
    assert answer.status is not AnswerStatus.ANSWERED and "gesucht" not in answer.answer
