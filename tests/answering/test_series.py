"""Of a series the newest document answers, which is told; a year chooses another."""

from __future__ import annotations

import pytest

from service.answering import AnswerService
from service.records import Answer, ChatRequest
from tests.answering.conftest import OverTexts
from tests.answering.shapes import data
from tests.ingest.test_relations import yearly


@pytest.fixture(scope="module")
def service(over_texts: OverTexts, tmp_path_factory: pytest.TempPathFactory) -> AnswerService:
    folder = tmp_path_factory.mktemp("series")
    paths = (yearly(folder / "alt.md", 2023, 3), yearly(folder / "neu.md", 2025, 5))
    return over_texts({path.name: path.read_text(encoding="utf-8") for path in paths})


def told(answer: Answer) -> dict[str, str]:
    return {notice.code: notice.text for notice in answer.notices}


def cited_documents(answer: Answer) -> set[str]:
    return {citation.document_id for citation in answer.citations}


def test_the_newest_answers_and_is_told(service: AnswerService) -> None:
    answer = service.answer(ChatRequest(question="Wie viele Maßnahmen gibt es?"))
    assert data(answer).total == 5 and cited_documents(answer) == {"neu"}
    assert "Klimabericht 2025" in told(answer)["newest"] and "superseded" not in told(answer)


@pytest.mark.parametrize(
    "question", ["Wie viele Maßnahmen gab es 2023?", "Wie viele Maßnahmen hat der Bericht 2023?"]
)
def test_a_year_chooses_its_document(service: AnswerService, question: str) -> None:
    answer = service.answer(ChatRequest(question=question))
    assert data(answer).total == 3 and cited_documents(answer) == {"alt"}
    assert "Klimabericht 2025" in told(answer)["superseded"]
