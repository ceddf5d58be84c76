"""Drafts in other languages, over real sockets: told beside the German sentence that is proven, or not at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from prompts import filled, text
from service.answering import lexicon
from service.answering.generating.translating import mirrors, tongues, translated_of
from service.answering.service import AnswerService
from service.models import AnswerMode, AnswerStatus, ChatRequest
from tests.answering.scripted import NIGHT_BUS, asked, proposing, said, told

RIGHT = "Der Nachtbus fährt bis 3:30 Uhr {}."
OVERVIEW = "Was tut der Kreis für Mobilität?"
ASKED = {
    "en": "Until when does the night bus run?",
    "nl": "Tot hoe laat rijdt de nachtbus?",
    "tr": "Nachtbus saat kaça kadar çalışıyor?",
    "pl": "Do której godziny jeździ Nachtbus?",
    "uk": "До котрої години їздить Nachtbus і хто її замовив?",
}
TOLD = {
    "en": "The Nachtbus runs until 3:30",
    "nl": "De Nachtbus rijdt tot 3:30 uur",
    "tr": "Nachtbus saat 3:30'a kadar çalışıyor",
    "pl": "Nachtbus jeździ do godziny 3:30",
    "uk": "Nachtbus їздить до 3:30",
}
MIRRORS = [json.loads(line) for line in Path(__file__).with_name("mirrors.jsonl").read_text("utf-8").splitlines()]
WORDS = {"scope": "documents", "question": "", "intent": "fact", "searched": ["Nachtbus", "Nachtverkehr"]}


@pytest.mark.parametrize("code", ASKED)
def test_a_translated_draft_is_told_in_the_language_of_the_question(service: AnswerService, code: str) -> None:
    answer = asked(service, proposing(WORDS, said(f"{TOLD[code]} || {RIGHT}")), ASKED[code])
    assert (answer.status, answer.mode, answer.language) == (AnswerStatus.ANSWERED, AnswerMode.GENERATED, code)
    assert answer.answer.startswith(f"{TOLD[code]} [1]") and "3:30" in answer.citations[0].quote
    notices = {one.code: one.text for one in answer.notices}
    assert notices["translated"] == filled(f"{code}/translated", deutsch="Der Nachtbus fährt bis 3:30 Uhr.")
    assert "language" not in notices and "scripted" in notices["model_words"]


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("nl", f"De Nachtbus rijdt tot 4:30 uur || {RIGHT}"),  # another number
        ("nl", f"De Nachtbus rijdt niet tot 3:30 uur || {RIGHT}"),  # a negation more
        ("nl", "De Nachtbus rijdt tot 4:30 uur || Der Nachtbus fährt bis 4:30 Uhr {}."),  # the German is not proven
        ("nl", "De Nachtbus rijdt tot 3:30 uur {}."),  # no German beside it
        ("nl", f"De Nachtbus rijdt tot 3:30 uur. Hij is gratis. || {RIGHT}"),  # a sentence more
        ("tr", f"Nachtbus saat 3:30'a kadar Ayşe Demir tarafından çalıştırılır || {RIGHT}"),  # a name nobody said
        ("tr", f"Ayşe'nin otobüsü saat 3:30'a kadar çalışıyor || {RIGHT}"),
        ("en", f"The Nachtbus is an idea and runs until 3:30 || {RIGHT}"),  # a status more
        ("en", "The Nachtbus gets 2.75 million euros || Der Zuschuss beträgt 275.000 Euro im Jahr {}."),
        ("en", "The grant is 275.000 euros a year || Der Zuschuss des Kreises beträgt 275.000 Euro im Jahr {}."),
        ("pl", f"Nie, Nachtbus jeździ do godziny 3:30 || {RIGHT}"),  # a verdict
        ("uk", f"Nachtbus їздить до 3:30 за три мільйони євро || {RIGHT}"),
    ],
)
def test_a_translated_draft_that_is_not_proven_is_not_told(service: AnswerService, code: str, line: str) -> None:
    answer = asked(service, proposing(WORDS, said(line)), ASKED[code])
    assert answer.mode is not AnswerMode.GENERATED and "translated" not in {one.code for one in answer.notices}
    assert answer.language == ("en" if code == "en" else "de")
    without = service.answer(ChatRequest(question=ASKED[code]))
    assert (answer.status, answer.answer) == (without.status, without.answer)


def test_ideas_and_plans_are_told_as_such_in_any_language(service: AnswerService) -> None:
    german = "Der Kreis übernimmt die Hälfte der Rechnung, höchstens 80 Euro je Haushalt {}."
    line = f"De Kreis betaalt de helft van de rekening, hoogstens 80 euro per huishouden || {german}"
    question = "Hoeveel van de rekening voor reparaties betaalt de Kreis met de Reparatur-Bonus?"
    answer = asked(service, proposing(WORDS, said(line, title="Reparatur-Bonus")), question)
    assert answer.mode is AnswerMode.GENERATED and "(gepland)" in answer.answer
    assert "stand 01.03.2026" in answer.answer


def test_german_words_of_the_model_find_what_a_foreign_question_does_not(service: AnswerService) -> None:
    question = "Чи можна вночі поїхати додому, коли немає авто?"
    answer, prompts = told(service, proposing(WORDS, said(f"{TOLD['uk']} || {RIGHT}")), question)
    assert answer.language == "uk" and filled("de/model/query_translated", sprache="Ukrainisch") in prompts[0]


@pytest.mark.parametrize(
    ("question", "wanted", "line", "language"),
    [
        (NIGHT_BUS, "nl", f"{TOLD['nl']} || {RIGHT}", "nl"),
        (NIGHT_BUS, "fr", RIGHT, "de"),  # a language that is not known
        (OVERVIEW, "nl", f"{TOLD['nl']} || {RIGHT}", "de"),  # no answer is half in a language of its own
    ],
)
def test_a_language_may_be_asked_for(
    service: AnswerService, question: str, wanted: str, line: str, language: str
) -> None:
    answer = asked(service, said(line), question, language=wanted)
    assert answer.language == language and answer.answer.startswith(TOLD["nl"]) is (language == "nl")
    if question == OVERVIEW:
        assert answer.answer == service.answer(ChatRequest(question=OVERVIEW)).answer
    else:
        assert answer.mode is AnswerMode.GENERATED


@pytest.mark.parametrize("question", ["Quels projets sont réalisés ?", "¿Qué proyectos hay para jóvenes?"])
def test_unknown_languages_are_answered_as_without_a_model(service: AnswerService, question: str) -> None:
    answer, prompts = told(service, said(RIGHT), question)
    without = service.answer(ChatRequest(question=question))
    assert (answer.answer, answer.notices, prompts) == (without.answer, without.notices, [])


@pytest.mark.parametrize("case", MIRRORS, ids=lambda one: str(one["other"]))
def test_what_must_be_alike(case: dict[str, Any]) -> None:
    assert mirrors(case["other"], case["german"], [], case["code"]) is case["alike"]


def test_lines_are_read_as_pairs() -> None:
    pair = translated_of("1. De bus rijdt || Der Bus fährt [ABCD][EFGH].\n\nzonder teken [ABCD].")
    assert (pair[0].text, pair[0].other, pair[0].tokens) == ("Der Bus fährt", "De bus rijdt", ("ABCD", "EFGH"))
    assert len(pair) == 2 and not pair[1].tokens


def test_every_language_has_its_words() -> None:
    table = lexicon.table("translations")
    for code in tongues():
        assert text(f"{code}/translated") and text(f"{code}/model_words")
        assert len(table["months"][code]) == 12 and len(table["days"][code]) == 7 and len(table["numbers"][code]) == 19
        assert all(words[code] and words["de"] for part in ("markers", "verdicts") for words in table[part].values())
