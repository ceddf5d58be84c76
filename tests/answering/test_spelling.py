"""Typing errors are mended where nobody can have meant anything else, and only there."""

from __future__ import annotations

import pytest

from service.answering.corpus import Corpus
from service.answering.query import Word
from service.answering.understanding.spelling import mended, spelled
from service.models import AnswerStatus
from tests.answering.conftest import Ask, Understand
from tests.answering.truth import projects

MISTYPED = [
    ("Wer ist zustendig für den Rufbus?", "zuständig"),
    ("Wer ist verantwortlch?", "verantwortlich"),
    ("Welche Projeckte gibt es?", "projekte"),
    ("Welche sind in bearbeitng?", "bearbeitung"),
    ("Welche sind umgesezt?", "umgesetzt"),
    ("Welche Projekte sind abgeschlosen?", "abgeschlossen"),
    ("Wie viele Masnahmen gibt es?", "maßnahmen"),
]
KEPT = [
    "Wer ist zuständig für den Rufbus Lauvi?",
    "Welche Projekte sind umgesetzt?",
    "Welche Maßnahme betrifft die Haltestellen?",
    "Was ist die Renaturierung der Lauve?",
    "Which projects are implemented?",
    "Projektor, Zielscheibe und Spielplatz",
    "5.1.2.1",
    "",
]


@pytest.mark.parametrize(("question", "word"), MISTYPED)
def test_a_mistyped_cue_is_read_as_meant(corpus: Corpus, question: str, word: str) -> None:
    assert word in spelled(question, corpus)


@pytest.mark.parametrize("question", KEPT)
def test_what_is_spelled_well_stays(corpus: Corpus, question: str) -> None:
    assert spelled(question, corpus) == question


def test_spelling_twice_changes_nothing_more(corpus: Corpus) -> None:
    for question, _ in MISTYPED:
        once = spelled(question, corpus)
        assert spelled(once, corpus) == once


def _word(corpus: Corpus, text: str) -> Word:
    return Word(text, next(iter(corpus.analyzer.words(text))).terms)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("Klinikun", "Klinikum"), ("Plauderbenke", "Plauderbänke"), ("Schimmkurse", "Schwimmkurse")],
)
def test_an_unknown_word_gets_the_terms_of_its_neighbour(corpus: Corpus, wrong: str, right: str) -> None:
    found = mended(_word(corpus, wrong), corpus)
    assert corpus.knows(found.terms[0])
    assert found.terms[0] in _word(corpus, right).terms
    assert found.weight < 1.0, "a guess counts less than a word"


@pytest.mark.parametrize("text", ["Rufbus", "Obstwiesen", "Astronautennahrung", "Bus", "K9000"])
def test_known_strange_short_and_numbered_words_stay(corpus: Corpus, text: str) -> None:
    word = _word(corpus, text)
    assert mended(word, corpus) == word


def test_a_mistyped_question_is_answered_all_the_same(ask: Ask) -> None:
    answer = ask("Welche Projeckte sind umgesezt?")
    assert answer.status is AnswerStatus.ANSWERED and answer.data is not None
    assert [row["ref"] for row in answer.data.rows] == projects(status="implemented")


def test_a_mistyped_place_of_a_project_is_found(ask: Ask) -> None:
    answer = ask("grünschnit anname ahrenwis kosten")
    assert answer.citations[0].ref == "2.3.3.2"
    assert "230.000" in answer.answer


def test_a_mistyped_county_is_the_county(read: Understand) -> None:
    assert read("Was steht im Laurterfelder Bericht?").named
