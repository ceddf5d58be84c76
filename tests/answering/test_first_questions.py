"""Questions to begin with, on what an edition has."""

from __future__ import annotations

from dataclasses import replace

from service.answering import AnswerService
from service.answering.suggestions import FirstQuestions, record_questions
from tests.ingest.cases import cases
from vectorstore.records import Catalogue, Item


def test_they_are_made_once(service: AnswerService) -> None:
    tried: list[str] = []

    def trying(question: str, documents: object) -> object:
        tried.append(question)
        return service._try(question, documents)  # type: ignore[arg-type]

    first = FirstQuestions(service.corpus.catalogue, trying)  # type: ignore[arg-type]
    assert first.for_documents("de") == service.first_questions("de")
    before = len(tried)
    assert first.for_documents("de") and len(tried) == before > 0


def test_of_documents_that_nobody_knows_nothing_is_asked(service: AnswerService) -> None:
    assert service.first_questions("de", ["nix"]) == []


@cases("title", "offered")
def test_titles_of_numbers_and_program_text_are_not_offered(
    service: AnswerService, title: str, offered: bool
) -> None:
    def titled(item: Item) -> Item:
        theme = item.theme and replace(item.theme, title=title)
        return replace(item, title=title, theme=theme)

    parsed = [
        replace(read, items=tuple(map(titled, read.items)))
        for read in service.corpus.catalogue.parsed
    ]
    questions = list(record_questions(Catalogue(parsed), "de"))
    assert any(title in question for question in questions) is offered
