"""Drafts in easy German and in other languages, over real sockets: what is not proven is not told."""

from __future__ import annotations

import json

import pytest

from prompts import digest, filled, text
from service.answering.generating.translating import mirrors, tongues, translated_of
from service.answering.service import AnswerService
from service.language_models.access import Limits, access_to
from service.models import Answer, AnswerMode, AnswerStatus, ChatRequest, DataKind
from service.settings import load_settings
from tests.answering.test_generated import NIGHT_BUS, said, worded
from tests.language_models.endpoints import Script, endpoint, entries
from vectorstore.editions import EditionStore

RIGHT = "Der Nachtbus fährt bis 3:30 Uhr {}."
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
WORDS = {"scope": "documents", "question": "", "intent": "fact", "searched": ["Nachtbus", "Nachtverkehr"]}


def asked(store: EditionStore, script: Script, question: str = NIGHT_BUS, **fields: object) -> Answer:
    with worded(store, script) as (service, _):
        return service.answer(ChatRequest.model_validate({"question": question, **fields}))


def proposing(draft: Script) -> Script:
    """A model that proposes German words for a question, and words the draft as the script says."""
    return lambda prompt: draft(prompt) if entries(prompt) else json.dumps(WORDS)


def instructions(store: EditionStore, question: str, **fields: object) -> list[str]:
    """All that a model is told and asked for a question."""
    with endpoint(lambda _: "KEINE ANTWORT") as one:
        edition = store.open()
        model = access_to(one.setting, Limits(seconds=5), 400)
        model.warm()
        service = AnswerService(edition, load_settings(data_dir=store.root), None, model)
        service.answer(ChatRequest.model_validate({"question": question, **fields}))
        edition.close()
    return ["\n".join(message["content"] for message in messages) for messages in one.asked]


def test_an_easy_draft_is_proven_as_any(store: EditionStore) -> None:
    answer = asked(store, said(RIGHT, "Er ist umgesetzt {}."), style="einfach")
    assert answer.mode is AnswerMode.GENERATED and answer.answer.startswith("Der Nachtbus fährt bis 3:30 Uhr [1].")
    notices = {one.code: one.text for one in answer.notices}
    assert "quotes" not in notices and notices["model_words"].startswith("Diese Sätze hat ein Sprachmodell")


@pytest.mark.parametrize(
    ("question", "title", "sentence"),
    [
        (NIGHT_BUS, "Nachtbus", "Der Nachtbus fährt bis 4:30 Uhr {}."),
        (NIGHT_BUS, "Nachtbus", "Für die Fahrt ist eine Reservierung nötig {}."),  # "nicht" is dropped
        (NIGHT_BUS, "Nachtbus", "Der Nachtbus ist nur eine Idee {}."),
    ],
)
def test_an_easy_draft_that_is_not_proven_is_not_told(
    store: EditionStore, service: AnswerService, question: str, title: str, sentence: str
) -> None:
    answer = asked(store, said(sentence, title=title), question, style="einfach")
    without = service.answer(ChatRequest(question=question, style="einfach"))
    assert (answer.answer, answer.mode, answer.notices) == (without.answer, AnswerMode.EXTRACTIVE, without.notices)


def test_easy_words_are_asked_for_where_they_are_wanted(store: EditionStore) -> None:
    easy = text("de/model/draft_easy")
    assert easy not in "".join(instructions(store, NIGHT_BUS))
    assert easy in instructions(store, NIGHT_BUS, style="einfach")[-1]
    assert easy not in "".join(instructions(store, ASKED["en"], style="einfach"))


@pytest.mark.parametrize("code", ASKED)
def test_a_translated_draft_is_told_in_the_language_of_the_question(store: EditionStore, code: str) -> None:
    script = proposing(said(f"{TOLD[code]} || {RIGHT}"))
    answer = asked(store, script, ASKED[code])
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
def test_a_translated_draft_that_is_not_proven_is_not_told(
    store: EditionStore, service: AnswerService, code: str, line: str
) -> None:
    answer = asked(store, proposing(said(line)), ASKED[code])
    assert answer.mode is not AnswerMode.GENERATED and "translated" not in {one.code for one in answer.notices}
    assert answer.language == ("en" if code == "en" else "de")
    without = service.answer(ChatRequest(question=ASKED[code]))
    assert (answer.status, answer.answer) == (without.status, without.answer)


def test_ideas_and_plans_are_told_as_such_in_any_language(store: EditionStore) -> None:
    german = "Der Kreis übernimmt die Hälfte der Rechnung, höchstens 80 Euro je Haushalt {}."
    line = f"De Kreis betaalt de helft van de rekening, hoogstens 80 euro per huishouden || {german}"
    question = "Hoeveel van de rekening voor reparaties betaalt de Kreis met de Reparatur-Bonus?"
    answer = asked(store, proposing(said(line, title="Reparatur-Bonus")), question)
    assert answer.mode is AnswerMode.GENERATED and "(gepland)" in answer.answer
    assert "stand 01.03.2026" in answer.answer


def test_german_words_of_the_model_find_what_a_foreign_question_does_not(store: EditionStore) -> None:
    question = "Чи можна вночі поїхати додому, коли немає авто?"
    told = instructions(store, question)
    assert filled("de/model/query_translated", sprache="Ukrainisch") in told[0]
    script = proposing(said(f"{TOLD['uk']} || {RIGHT}"))
    assert asked(store, script, question).language == "uk"


def test_a_language_may_be_asked_for(store: EditionStore) -> None:
    answer = asked(store, said(f"{TOLD['nl']} || {RIGHT}"), language="nl")
    assert answer.language == "nl" and answer.answer.startswith(TOLD["nl"])


@pytest.mark.parametrize("question", ["Quels projets sont réalisés ?", "¿Qué proyectos hay para jóvenes?"])
def test_unknown_languages_are_answered_as_without_a_model(
    store: EditionStore, service: AnswerService, question: str
) -> None:
    with worded(store, said(RIGHT)) as (with_model, model):
        answer = with_model.answer(ChatRequest(question=question))
        assert not model.counts["replied"]
    assert (answer.answer, answer.notices) == (
        (without := service.answer(ChatRequest(question=question))).answer,
        without.notices,
    )


def test_standard_german_is_asked_for_as_ever(store: EditionStore) -> None:
    names = ("query_instruction", "query_question", "draft_instruction", "draft_question")
    assert asked(store, said(RIGHT)).receipt.prompts == digest(*(f"de/model/{one}" for one in names))


def test_an_answer_in_a_language_that_is_not_known_is_worded_in_german(store: EditionStore) -> None:
    answer = asked(store, said(RIGHT), language="fr")
    assert (answer.mode, answer.language) == (AnswerMode.GENERATED, "de")


OVERVIEW = "Was tut der Kreis für Mobilität?"


def test_an_overview_gets_an_introduction_and_stays_computed(store: EditionStore, service: AnswerService) -> None:
    script = said("Der Nachtbus fährt bis 3:30 Uhr {}.", "Er ist umgesetzt {}.", "Er ist umgesetzt {}.")
    without = service.answer(ChatRequest(question=OVERVIEW))
    assert without.data is not None and without.data.kind is DataKind.OVERVIEW
    answer = asked(store, script, OVERVIEW)
    assert answer.mode is AnswerMode.COMPUTED and answer.receipt.model == "scripted"
    assert answer.answer.startswith(
        "Der Nachtbus fährt bis 3:30 Uhr [1]. Er ist umgesetzt [2]. Dazu stehen in 2 Papieren"
    )
    assert answer.data is not None and answer.data.total == without.data.total
    assert "model_words" in {one.code for one in answer.notices}


def test_no_answer_is_half_in_a_language_of_its_own(store: EditionStore, service: AnswerService) -> None:
    answer = asked(store, said(f"{TOLD['nl']} || {RIGHT}"), OVERVIEW, language="nl")
    assert (answer.answer, answer.language) == (service.answer(ChatRequest(question=OVERVIEW)).answer, "de")


@pytest.mark.parametrize(
    "reply", ["KEINE ANTWORT", "Der Nachtbus fährt bis 4:30 Uhr {}.", "Es gibt 40 Projekte zur Mobilität {}."]
)
def test_an_introduction_that_is_not_proven_is_left_out(
    store: EditionStore, service: AnswerService, reply: str
) -> None:
    answer = asked(store, said(reply), OVERVIEW)
    assert answer.answer == service.answer(ChatRequest(question=OVERVIEW)).answer
    assert "model_words" not in {one.code for one in answer.notices}


@pytest.mark.parametrize(
    ("other", "german", "code", "alike"),
    [
        ("The county pays 275,000 euros", "Der Kreis zahlt 275.000 Euro", "en", True),
        ("The county pays 2.5 million euros", "Der Kreis zahlt 2,5 Millionen Euro", "en", True),
        ("The county pays 2.5 billion euros", "Der Kreis zahlt 2,5 Millionen Euro", "en", False),
        ("De Kreis betaalt 275.000 euro", "Der Kreis zahlt 275.000 Euro", "nl", True),
        ("Twaalf scholen krijgen water", "Zwölf Schulen bekommen Wasser", "nl", True),
        ("Twintig scholen krijgen water", "Zwölf Schulen bekommen Wasser", "nl", False),
        ("Kreis 275.000 euro ödüyor", "Der Kreis zahlt 275.000 Euro", "tr", True),
        ("Otobüs on iki köye gidiyor", "Der Bus fährt in zwölf Dörfer", "tr", True),
        ("Otobüs on üç köye gidiyor", "Der Bus fährt in zwölf Dörfer", "tr", False),
        ("Otobüs geceleri gitmiyor", "Der Bus fährt nachts nicht", "tr", True),
        ("Otobüs geceleri gidiyor", "Der Bus fährt nachts nicht", "tr", False),
        ("Henüz değil, proje planlanıyor", "Noch nicht, das Projekt ist in Planung", "tr", True),
        ("Kreis płaci 275 000 euro", "Der Kreis zahlt 275.000 Euro", "pl", True),
        ("Autobus kursuje od maja 2027", "Der Bus fährt ab Mai 2027", "pl", True),
        ("Autobus kursuje od czerwca 2027", "Der Bus fährt ab Mai 2027", "pl", False),
        ("Так, проєкт реалізовано", "Ja, das Projekt ist umgesetzt", "uk", True),
        ("Ні, проєкт реалізовано", "Ja, das Projekt ist umgesetzt", "uk", False),
        ("The bus serves Auental", "Der Bus fährt nach Seedorf", "en", False),
        ("Otobüs Seedorf'a gidiyor", "Der Bus fährt nach Seedorf", "tr", True),
        ("De bus rijdt op vrijdag", "Der Bus fährt freitags", "nl", True),
        ("De bus rijdt op zondag", "Der Bus fährt freitags", "nl", False),
        ("Otobüs cumartesileri gidiyor", "Der Bus fährt freitags", "tr", False),
        ("It's under way", "Es ist in Bearbeitung", "en", True),
        ("It stands under 5.1.2.1", "Es steht unter 5.1.2.1", "en", True),
    ],
)
def test_what_must_be_alike(other: str, german: str, code: str, alike: bool) -> None:
    assert mirrors(other, german, [], code) is alike


def test_lines_are_read_as_pairs() -> None:
    pair = translated_of("1. De bus rijdt || Der Bus fährt [ABCD][EFGH].\n\nzonder teken [ABCD].")
    assert (pair[0].text, pair[0].other, pair[0].tokens) == ("Der Bus fährt", "De bus rijdt", ("ABCD", "EFGH"))
    assert len(pair) == 2 and not pair[1].tokens


def test_every_language_has_its_words() -> None:
    from service.answering import lexicon

    table = lexicon.table("translations")
    for code in tongues():
        assert text(f"{code}/translated") and text(f"{code}/model_words")
        assert len(table["months"][code]) == 12 and len(table["days"][code]) == 7 and len(table["numbers"][code]) == 19
        assert all(words[code] and words["de"] for part in ("markers", "verdicts") for words in table[part].values())
