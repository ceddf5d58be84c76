"""A record is never told without its title, whatever of it is asked."""

from __future__ import annotations

import pytest

from service.answering import AnswerService
from service.records import ChatRequest
from tests.answering.conftest import OverDocuments
from tests.service.two_editions import measure, report
from vectorstore.records import ItemStatus

SENTENCE = (
    "Jeder Ort mit mehr als zweihundert Menschen bekommt bis zum Winter eine trockene Wartehalle "
    "mit Licht und Fahrplan."
)


@pytest.fixture(scope="module")
def service(over_documents: OverDocuments) -> AnswerService:
    heading = measure("M 1", "Moorbach umbauen", ItemStatus.PLANNED, "Der Antrag ist gestellt.")
    return over_documents(
        report(
            2025, [heading, measure("M 2", SENTENCE, ItemStatus.IN_PROGRESS, "Zwei Hallen stehen.")]
        )
    )


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("M 1", "Maßnahme M 1 Moorbach umbauen"),
        ("M 2", "Maßnahme M 2 „Jeder Ort mit mehr als zweihundert Menschen"),
    ],
)
@pytest.mark.parametrize(
    "question", ["Ist {} schon umgesetzt?", "Wie ist der Stand von {}?", "Wer kümmert sich um {}?"]
)
def test_a_measure_is_told_with_its_title(
    service: AnswerService, question: str, number: str, name: str
) -> None:
    answer = service.answer(ChatRequest(question=question.format(number)))
    assert name in answer.answer
