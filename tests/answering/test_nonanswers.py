"""What is not put to the papers; and where nothing answers, that is said with what was looked at
and where to turn.
"""

from __future__ import annotations

from service.answering import AnswerService
from service.records import AnswerStatus, ChatRequest, Turn
from tests.answering.conftest import Ask, Over, OverDocuments
from tests.answering.truth import DOCUMENTS

UNKNOWN = "Was steht unter Projekt 99.9.9.9?"


def test_what_was_searched_and_what_comes_near_is_told(ask: Ask) -> None:
    answer = ask(UNKNOWN)
    assert answer.status is AnswerStatus.NOT_IN_DOCUMENTS and "99.9.9.9 wurde" in answer.answer
    assert (answer.mode, answer.data, answer.citations) == (
        None,
        None,
        [],
    ) and "[1]" not in answer.answer
    assert (
        "Durchsucht: " in answer.answer
        and "Nachhaltigkeitsbericht Kreis Lauterfeld" in answer.answer
    )
    assert len(answer.nearest) <= 3 and {item.document_id for item in answer.nearest} <= set(
        DOCUMENTS
    )
    assert all(item.status != "archived" for item in answer.nearest)


def test_a_section_without_fields_is_not_said_to_name_no_unit(over: Over) -> None:
    """Of what was not recognised as a record no fields are read, though its text prints them."""
    service = over("uferprogramm").service
    asked = Turn(role="user", content="Wann wird der Uferweg erneuert?")
    told = service.answer(ChatRequest(question=asked.content))
    cited = [(citation.document_id, citation.key) for citation in told.citations]
    turns = [asked, Turn(role="assistant", content=told.answer, citations=cited)]
    answer = service.answer(ChatRequest(question="Und wer ist dafür zuständig?", history=turns))
    assert answer.status is AnswerStatus.FOUND and "Bauhof" in answer.answer


def test_letters_without_a_word_are_asked_back(ask: Ask) -> None:
    letters = ask("asdf qwer blubb")
    assert letters.status is AnswerStatus.NEEDS_CLARIFICATION
    assert letters.nearest == [] and letters.citations == [] and letters.suggestions


def test_the_contact_of_the_settings_is_told(service: AnswerService) -> None:
    contact = "Fragen Sie Frau Muster unter 0000-1."
    service = AnswerService(
        service.edition, service.settings.model_copy(update={"contact": contact})
    )
    silent = service.answer(ChatRequest(question=UNKNOWN))
    answered = service.answer(ChatRequest(question="Wie viele Projekte sind umgesetzt?"))
    assert "Frau Muster" in silent.answer and "Frau Muster" not in answered.answer


def test_suggestions_are_few_and_can_be_asked(ask: Ask) -> None:
    answer = ask("Was ist der Rollende Jugendtreff?")
    assert 1 <= len(answer.suggestions) <= 3
    for question in answer.suggestions:
        assert ask(question).status is AnswerStatus.ANSWERED, question


def test_an_answer_can_be_made_again(ask: Ask) -> None:
    first, second = (
        ask("Wie viele Projekte sind umgesetzt?"),
        ask("Wie viele Projekte sind umgesetzt?"),
    )
    assert first.answer_id != second.answer_id and first.receipt == second.receipt
    assert (first.answer, first.citations, first.data) == (
        second.answer,
        second.citations,
        second.data,
    )
    assert first.timings_ms["total"] > 0


def test_without_any_document_it_says_so(over_documents: OverDocuments) -> None:
    service = over_documents()
    for question, statement in (
        ("Was tut der Kreis für Radfahrer?", "kein Dokument"),
        ("Who is responsible for cycle paths?", "No document"),
    ):
        answer = service.answer(ChatRequest(question=question))
        assert answer.status is AnswerStatus.NOT_IN_DOCUMENTS
        assert statement in answer.answer and "Durchsucht" not in answer.answer
