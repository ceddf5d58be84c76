"""Dutch and Turkish questions: answered where surely found, else told which languages are understood."""

from __future__ import annotations

import pytest

from prompts import text
from service.answering.understanding.language import detect
from service.models import AnswerStatus
from tests.answering.conftest import Ask

ROWS_COUNTED = "since rows of overviews are passages of their own, the record is 14 % ahead of the next, not 15"
FOUND = [
    ("Hoeveel openbare laadpunten voor elektrische auto's moeten er in Kreis Lauterfeld tot 2027 komen?", "5.3.2.1"),
    ("Wat is de Rufbus Lauvi?", "5.1.2.1"),
    pytest.param(
        "Yabancı uzmanlara yardım eden karşılama rehberleri deneme süresinde toplam kaç kişiye eşlik etti?",
        "4.3.1.1",
        marks=pytest.mark.xfail(strict=True, reason=ROWS_COUNTED),
    ),
    ("Rufbus Lauvi nedir?", "5.1.2.1"),
]
UNSURE = [
    "Wat kost een kaartje voor de nachtbus in het weekend?",
    "Bad Lauven'deki açık yüzme havuzuna giriş kaç avro?",
    "Komt er een nieuw voetbalstadion?",
    "Yeni bir stadyum yapılacak mı?",
    "Hoeveel katten zijn er in Lauterfeld?",
]


@pytest.mark.parametrize(("question", "ref"), FOUND)
def test_what_is_surely_found_is_answered_with_a_notice(ask: Ask, question: str, ref: str) -> None:
    answer = ask(question)
    assert answer.status is AnswerStatus.ANSWERED
    assert ref in [one.ref for one in answer.citations[:3]]
    assert "language" in [one.code for one in answer.notices]


@pytest.mark.parametrize("question", UNSURE)
def test_what_is_not_surely_found_is_told_with_the_languages_understood(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.status is AnswerStatus.NOT_IN_DOCUMENTS
    assert answer.citations == []
    assert text("de/other_language") in answer.answer


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("Hoeveel openbare laadpunten moeten er in Kreis Lauterfeld komen?", "nl"),
        ("Köylere giden sağlık otobüsünün dönüştürülmesi Lauterfeld'de kaça mal oldu?", "tr"),
        ("Du dämlicher Blechkopf, du taugst zu gar nichts.", "de"),
    ],
)
def test_words_that_several_languages_share_tell_less(question: str, code: str) -> None:
    assert detect(question) == code
