"""What is not surely enough an answer, or cannot be proven, is told as what was found."""

from __future__ import annotations

import pytest

from service.answering.draft import Draft
from service.answering.service import AnswerService
from service.answering.verifying.verifier import Verifier
from service.models import Answer, AnswerMode, AnswerStatus, ChatRequest, DataKind
from tests.answering.conftest import Ask
from tests.answering.invariants import check

UNSURE = "Mit welchem Betrag kann man beim Windpark auf der Quelmer Höhe einsteigen?"


def is_found(answer: Answer) -> bool:
    rows = answer.data.rows if answer.data else []
    cited = [(one.document_id, one.key) for one in answer.citations]
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


def test_what_is_surely_the_answer_is_claimed(ask: Ask) -> None:
    assert ask("Was ist der Nachtbus?").status is AnswerStatus.ANSWERED


class Doubting(Verifier):
    """Proves nothing of an answer as a whole, though each sentence may be right."""

    def verified(self, draft: Draft, language: str = "de") -> Draft:
        """Keep nothing of an answer."""
        known = super().verified(draft, language)
        return Draft(AnswerStatus.UNAVAILABLE) if known.status is AnswerStatus.ANSWERED else known


@pytest.mark.parametrize("question", ["Was ist der Nachtbus?", "Welche Projekte zur Mobilität sind noch Ideen?"])
def test_an_answer_that_cannot_be_proven_is_told_as_what_was_found(service: AnswerService, question: str) -> None:
    proving, service.parts.verifier = service.parts.verifier, Doubting(service.corpus)
    try:
        assert is_found(service.answer(ChatRequest(question=question)))
    finally:
        service.parts.verifier = proving


def test_no_number_is_told_of_a_status_that_no_record_of_the_kind_has(ask: Ask) -> None:
    answer = ask("Wie viele Ziele sind umgesetzt?")
    assert answer.data is None or answer.data.kind is not DataKind.COUNT
    assert "0 Ziele" not in answer.answer
