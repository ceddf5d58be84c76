"""What each composer owes: passages and what was found, overview, comparison, a paper, and changes
of a series.
"""

from __future__ import annotations

import pytest

from service.answering import AnswerService, Draft, QuestionRun, Verifier
from service.answering.pipeline import run
from service.answering.retrieval.relevance import load_models
from service.records import Answer, AnswerMode, AnswerStatus, ChatRequest, DataKind
from tests.answering.conftest import Ask
from tests.answering.invariants import check

SEARCHES = [
    "Was ist der Nachtbus?",
    "Wie hilft der Kreis Familien?",
    "Wie wird mein kaputtes Haushaltsgerät wieder heil?",
]
UNSURE = "Mit welchem Betrag kann man beim Windpark auf der Quelmer Höhe einsteigen?"


@pytest.mark.parametrize("question", SEARCHES)
def test_an_answer_is_claimed_from_the_threshold_on_and_each_entry_is_told_once(
    service: AnswerService, question: str
) -> None:
    work = QuestionRun(
        request=ChatRequest(question=question), settings=service.settings, parts=service.parts
    )
    draft = run(work)
    assert work.context is not None and draft.mode is AnswerMode.EXTRACTIVE
    sure = {(item.document_id, item.key): sure for item, sure in work.context.ranked_items}
    text = [
        (sentence.proofs[0].item.document_id, sentence.proofs[0].item.key)
        for sentence in draft.sentences
        if sentence.proofs
    ]
    assert len(text) == len(set(text)) <= 3
    if draft.status is AnswerStatus.ANSWERED:
        assert sure[text[0]] >= load_models()["answers"].least
    assert 0.0 < load_models()["answers"].least < 1.0


def test_where_no_paper_follows_another_nothing_is_compared(
    ask: Ask, service: AnswerService
) -> None:
    answer = ask("Was hat sich gegenüber dem letzten Bericht geändert?")
    check(answer, service.corpus)
    assert answer.data is None or answer.data.kind is not DataKind.COMPARISON


def is_found(answer: Answer) -> bool:
    rows = answer.data.rows if answer.data else []
    cited = [(citation.document_id, citation.key) for citation in answer.citations]
    return (
        (answer.status, answer.mode) == (AnswerStatus.FOUND, AnswerMode.EXTRACTIVE)
        and answer.answer.startswith(("Dazu passt", "Dazu passen"))
        and 1 <= len(rows) <= 3
        and cited == [(row["document_id"], row["key"]) for row in rows]
        and [row["citations"] for row in rows] == [[place] for place in range(1, len(rows) + 1)]
    )


def test_each_entry_is_told_and_cited_once_best_first(ask: Ask, service: AnswerService) -> None:
    answer = ask(UNSURE)
    check(answer, service.corpus)
    assert is_found(answer) and answer.citations[0].ref == "1.2.2.1"
    assert answer.nearest == []


class Doubting(Verifier):
    """Proves nothing of an answer as a whole, though each sentence may be right."""

    def verify(self, draft: Draft, language: str = "de") -> Draft:
        """Keep nothing of an answer."""
        known = super().verify(draft, language)
        return Draft(AnswerStatus.UNAVAILABLE) if known.status is AnswerStatus.ANSWERED else known


@pytest.mark.parametrize(
    "question", ["Was ist der Nachtbus?", "Welche Projekte zur Mobilität sind noch Ideen?"]
)
def test_an_answer_that_cannot_be_proven_is_told_as_what_was_found(
    service: AnswerService, question: str
) -> None:
    proving, service.parts.verifier = service.parts.verifier, Doubting(service.corpus)
    try:
        assert is_found(service.answer(ChatRequest(question=question)))
    finally:
        service.parts.verifier = proving


def test_no_number_is_told_of_a_status_that_no_record_of_the_kind_has(ask: Ask) -> None:
    answer = ask("Wie viele Ziele sind umgesetzt?")
    assert answer.data is None or answer.data.kind is not DataKind.COUNT
    assert "0 Ziele" not in answer.answer
