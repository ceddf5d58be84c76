"""Questions to begin with: everyday topics that the records of an edition are on, each answered, always the same."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import pytest
from service.answering.understanding.question import understand

from service.answering.context import Context
from service.answering.first_questions import LEAST, FirstQuestions, everyday_questions
from service.answering.query import Intent
from service.answering.service import AnswerService
from service.models import ChatRequest, DataKind
from service.pages.start_questions import MAX_EVERYDAY, MAX_QUESTIONS
from vectorstore.editions import EditionStore

MANNERS = "Was wird ", "What is "  # what people ask before they know what there is: plain, and without a name


def test_both_languages_have_the_same_topics() -> None:
    german, english = everyday_questions("de"), everyday_questions("en")
    assert len(german) == len(set(german)) == len(english) == len(set(english)) >= 20
    assert all(one.startswith(MANNERS) and one.endswith("?") and len(one) <= 60 for one in (*german, *english))


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_one_of_them_is_read_as_one_for_an_overview(service: AnswerService, language: str) -> None:
    """Not only those that are offered over the sample: which come first depends on the papers."""
    read = {one: understand(one, service.corpus, language, None).intent for one in everyday_questions(language)}
    assert {one: intent for one, intent in read.items() if intent is not Intent.OVERVIEW} == {}


@pytest.mark.parametrize("language", ["de", "en"])
def test_they_are_answered_by_overviews_of_different_records(service: AnswerService, language: str) -> None:
    offered = service.first_questions(language)
    everyday = [one for one in offered if one in everyday_questions(language)]
    assert len(offered) == MAX_QUESTIONS and len(everyday) == MAX_EVERYDAY
    told = []
    for question in everyday:
        data = service.answer(ChatRequest(question=question, language=language)).data
        assert data is not None and data.kind is DataKind.OVERVIEW and data.total >= LEAST
        told.append({row["title"] for row in data.rows})
    assert all(len(one & other) < 0.5 * min(len(one), len(other)) for one, other in combinations(told, 2))


def test_they_are_made_once_and_are_the_same_in_every_service(service: AnswerService, store: EditionStore) -> None:
    with_edition = store.open()
    try:
        again = AnswerService(with_edition, service.settings)
        assert again.first_questions("de") == service.first_questions("de")
    finally:
        with_edition.close()
    tried: list[str] = []

    def read(question: str, documents: Sequence[str] | None) -> Context:
        tried.append(question)
        return service._read(question, documents)

    first = FirstQuestions(service.corpus.catalogue, read, service._drafted)
    assert first.of("de") == first.of("de") == service.first_questions("de")
    assert tried == everyday_questions("de")


def test_what_was_written_for_items_is_never_offered(service: AnswerService) -> None:
    written = {one.question for one in service.corpus.edition.questions.all}
    assert len(written) > 1000
    catalogue = service.corpus.catalogue
    offered = [*service.first_questions("de"), *service.first_questions("en")]
    offered += [question for one in catalogue.documents for question in service.first_questions("de", [one])]
    assert offered and not written & set(offered)


def test_of_documents_that_nobody_knows_nothing_is_asked(service: AnswerService) -> None:
    assert service.first_questions("de", ["nix"]) == []
