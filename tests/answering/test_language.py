"""Which language a question is in, and in which language it is answered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.answering.understanding.language import detect
from tests.answering.conftest import Ask

SPOKEN = [
    ("Welche Projekte sind noch Ideen?", "de"),
    ("Wer ist für den Nachtbus zuständig?", "de"),
    ("radwege", "de"),
    ("Rufbus Lauvi kosten", "de"),
    ("hitzaktionsplan wieviele küle orte", "de"),
    ("Wie weit ist Open Source?", "de"),
    ("Was kostet das Car-Sharing?", "de"),
    ("Which projects are still ideas?", "en"),
    ("Who is responsible for the night bus?", "en"),
    ("Is there a bus at night?", "en"),
    ("Will the county pay part of the bill?", "en"),
    ("By which year does the county want to be climate-neutral?", "en"),
    ("Wat doet de regio voor fietsers?", "nl"),
    ("welke projecten zijn klaar?", "nl"),
    ("Hangi projeler uygulandı?", "tr"),
    ("Kaç proje var?", "tr"),
    ("Quels projets sont réalisés ?", "fr"),
    ("¿Qué proyectos hay para jóvenes?", "es"),
    ("Jakie projekty są planowane?", "pl"),
    ("Do której godziny jeździ Nachtbus?", "pl"),
    ("Де буде новий автобус?", "uk"),
    ("Скільки проєктів виконано?", "uk"),
    ("Какие проекты есть?", "ru"),
    ("ما هي المشاريع؟", "ar"),
]


@pytest.mark.parametrize(("question", "code"), SPOKEN)
def test_the_language_of_a_question_is_told(question: str, code: str) -> None:
    assert detect(question) == code


@pytest.mark.parametrize("question", ["", "?!", "5.1.2.1", "B.VII", "Lauvi", "WAL 80.02"])
def test_where_nothing_decides_it_is_german(question: str) -> None:
    assert detect(question) == "de"


@given(st.text(max_size=200))
def test_any_text_has_a_language(text: str) -> None:
    assert len(detect(text)) == 2


def test_an_english_question_is_answered_in_english_words(ask: Ask) -> None:
    answer = ask("How many projects are implemented?")
    assert answer.language == "en"
    assert "projects with status implemented" in answer.answer
    assert "as of 01.03.2026" in answer.answer


def test_the_request_may_ask_for_a_language(ask: Ask) -> None:
    english = ask("Wie viele Projekte sind umgesetzt?", language="en")
    german = ask("How many projects are implemented?", language="de-DE")
    assert (english.language, german.language) == ("en", "de")
    assert "10 projects" in english.answer and "10 Projekte" in german.answer


@pytest.mark.parametrize("question", ["Hangi projeler uygulandı?", "Quels projets sont réalisés ?"])
def test_other_languages_are_answered_in_german_with_a_notice(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.language == "de"
    assert "language" in {one.code for one in answer.notices}


def test_german_and_english_need_no_notice_on_language(ask: Ask) -> None:
    for question in ("Wie viele Projekte sind umgesetzt?", "How many projects are implemented?"):
        assert "language" not in {one.code for one in ask(question).notices}


@pytest.mark.parametrize(
    "question",
    ["Was will Lauterfeld gegen Hitze tun?", "Was will man dort?", "Was war in Hohenquelm?", "Will das wer?"],
)
def test_words_of_both_languages_do_not_make_a_question_english(question: str) -> None:
    assert detect(question) == "de"
