"""Where nothing answers, the service says so, what it looked at, what comes near and where to turn."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.answering.service import AnswerService
from service.models import AnswerStatus, ChatRequest
from service.settings import load_settings
from tests.answering.conftest import Ask
from tests.answering.truth import DOCUMENTS, PROGRAMME
from vectorstore.editions import EditionStore

NOT_SAID = [
    "Was tut der Kreis für Quantencomputer?",
    "Welche Oper wird gespielt?",
    "Wie hoch ist der Eiffelturm?",
    "Wie viele Pinguine leben im Kreis?",
    "Wer ist der Hersteller der Sensoren am Badesee?",
    "Von welcher Firma kommen die Sensoren an den Müllwagen?",
    "Welche Projekte befassen sich mit Zeppelinen?",
    "Wie ist der Stand der Marsmission?",
]
EMPTY_FACTS = [
    ("Welche Rechtsform hat das Programm „Lauterfeld verbindet“?", "Rechtsform"),
    ("Wer ist für die Nachtkonzerte im Kreishaus verantwortlich?", "4.2.4.1"),
]


@pytest.mark.parametrize("question", NOT_SAID)
def test_what_no_document_says_is_not_answered(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.status is AnswerStatus.NOT_IN_DOCUMENTS
    assert answer.mode is None and answer.data is None
    assert answer.citations == []
    assert "[1]" not in answer.answer


@pytest.mark.parametrize("question", NOT_SAID)
def test_a_non_answer_says_what_was_searched(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert "Durchsucht: " in answer.answer
    assert "Nachhaltigkeitsbericht Kreis Lauterfeld" in answer.answer


@pytest.mark.parametrize(("question", "ref"), EMPTY_FACTS)
def test_an_item_without_the_fact_comes_nearest(ask: Ask, question: str, ref: str) -> None:
    answer = ask(question)
    assert answer.status is AnswerStatus.NOT_IN_DOCUMENTS
    assert answer.nearest[0].ref == ref
    assert answer.citations == []


def test_nearest_records_are_few_real_and_alive(ask: Ask) -> None:
    for question in NOT_SAID:
        nearest = ask(question).nearest
        assert len(nearest) <= 3
        assert {one.document_id for one in nearest} <= set(DOCUMENTS)
        assert all(one.status != "archived" for one in nearest)


def test_rows_of_letters_are_asked_back(ask: Ask) -> None:
    answer = ask("asdf qwer blubb")
    assert answer.status is AnswerStatus.NEEDS_CLARIFICATION
    assert answer.nearest == [] and answer.citations == [] and answer.suggestions


@pytest.mark.parametrize("question", ["Gibt es einen Flughafen?", "Wer baut die Quantencomputer?"])
def test_noise_is_neither_offered_nor_asked_about(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.status is AnswerStatus.NOT_IN_DOCUMENTS
    assert (answer.nearest, answer.suggestions) == ([], [])


def test_what_shares_a_telling_word_is_offered(ask: Ask) -> None:
    nearest = ask("Von welcher Firma kommen die Sensoren an den Müllwagen?").nearest
    assert "Sensoren" in " ".join(one.title for one in nearest)


def test_only_named_documents_are_searched(ask: Ask) -> None:
    answer = ask("Welche Rechtsform hat das Programm „Lauterfeld verbindet“?")
    assert "Nachhaltigkeitsbericht" not in answer.answer
    assert {one.document_id for one in answer.nearest} == {PROGRAMME}


def test_the_contact_of_the_settings_is_told(store: EditionStore) -> None:
    settings = load_settings(data_dir=store.root, contact="Fragen Sie Frau Muster unter 0000-1.")
    edition = store.open()
    service = AnswerService(edition, settings)
    silent = service.answer(ChatRequest(question="Was tut der Kreis für Quantencomputer?"))
    answered = service.answer(ChatRequest(question="Wie viele Projekte sind umgesetzt?"))
    edition.close()
    assert "Frau Muster" in silent.answer
    assert "Frau Muster" not in answered.answer


def test_an_english_question_gets_an_english_non_answer(ask: Ask) -> None:
    answer = ask("Who is responsible for the zeppelins?")
    assert answer.status is AnswerStatus.NOT_IN_DOCUMENTS
    assert answer.language == "en" and "Searched: " in answer.answer


@pytest.mark.parametrize("question", ["?", "...", "und", "🚲", "1", "x" * 500, "\u202eabc", "%s %d {0}", "[1] [2]"])
def test_any_text_gets_an_orderly_answer(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.answer
    assert (answer.mode is None) == (answer.status is not AnswerStatus.ANSWERED)


def test_sample_data_are_marked_as_such(ask: Ask) -> None:
    for question in ("Wie viele Projekte sind umgesetzt?", "Was tut der Kreis für Quantencomputer?"):
        assert ("sample_data", "Beispieldaten") in {(one.code, one.text) for one in ask(question).notices}


def test_suggestions_are_few_and_can_be_asked(ask: Ask) -> None:
    answer = ask("Was ist der Rollende Jugendtreff?")
    assert 1 <= len(answer.suggestions) <= 3
    for question in answer.suggestions:
        assert ask(question).status is AnswerStatus.ANSWERED, question


def test_an_answer_can_be_made_again(ask: Ask) -> None:
    first, second = ask("Wie viele Projekte sind umgesetzt?"), ask("Wie viele Projekte sind umgesetzt?")
    assert first.answer_id != second.answer_id
    assert first.receipt == second.receipt
    assert (first.answer, first.citations, first.data) == (second.answer, second.citations, second.data)
    assert first.timings_ms["total"] > 0


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Was tut der Kreis für Radfahrer?", "kein Dokument"),
        ("Wer ist für Projekt 1.1 zuständig?", "kein Dokument"),
        ("Who is responsible for cycle paths?", "No document"),
    ],
)
def test_without_any_document_it_says_so(tmp_path: Path, question: str, said: str) -> None:
    store = EditionStore(tmp_path)
    store.publish([])
    edition = store.open()
    answer = AnswerService(edition, load_settings(data_dir=tmp_path)).answer(ChatRequest(question=question))
    edition.close()
    assert answer.status is AnswerStatus.NOT_IN_DOCUMENTS
    assert said in answer.answer and "Durchsucht" not in answer.answer


@pytest.mark.parametrize(
    "question",
    [
        "Unter welcher Telefonnummer erreiche ich den Rufbus Lauvi?",
        "Wie viele Leute arbeiten an der Energiewette?",
        "Unter welcher Adresse finde ich die Energiewette?",
    ],
)
def test_another_fact_of_the_same_record_is_no_answer(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.status in (AnswerStatus.NOT_IN_DOCUMENTS, AnswerStatus.ABOUT_SERVICE) and answer.citations == []


@pytest.mark.parametrize(
    "question",
    ["Wie hoch ist das Haushaltsdefizit im Kreis Lauterfeld?", "Wie viele Pferde gibt es an der Energiewette?"],
)
def test_a_number_beside_the_thing_is_no_answer(ask: Ask, question: str) -> None:
    assert ask(question).status is AnswerStatus.NOT_IN_DOCUMENTS
