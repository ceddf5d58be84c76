"""Recorded replies of a capable model over the sample corpus: the same requests, and answers that are right."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from evals.cases import Case, load_cases
from evals.metrics.judging import Asked, Judgement, judge
from evals.targets import InProcess, said_of
from service.answering.service import AnswerService
from service.language_models.access import Limits, ModelAccess
from service.models import Answer, AnswerMode, ChatRequest
from service.settings import load_settings
from tests.answering.recording import NotRecorded, Recorded, requests
from vectorstore.editions import EditionStore

CASES = Path(__file__).parents[2] / "evals" / "cases"


@pytest.fixture(scope="module")
def worded(store: EditionStore) -> Iterator[AnswerService]:
    edition = store.open()
    model = ModelAccess(Recorded, Limits(seconds=30), "recorded", "loopback")
    yield AnswerService(edition, load_settings(data_dir=store.root), None, model)
    edition.close()


@pytest.fixture(scope="module")
def answers(worded: AnswerService) -> list[Answer]:
    return [worded.answer(request) for request in requests()]


def judged(service: AnswerService, answers: list[Answer]) -> list[Judgement]:
    known: dict[str, Case] = {
        one.question: one for name in ("sample-dev", "sample-kinds-dev") for one in load_cases(CASES / f"{name}.jsonl")
    }
    knowledge = InProcess(service).knowledge
    pairs = zip(requests(), answers, strict=True)
    return [judge(Asked(known[request.question], said_of(answer), knowledge)) for request, answer in pairs]


def test_they_are_at_least_as_right_as_without_a_model(
    service: AnswerService, worded: AnswerService, answers: list[Answer]
) -> None:
    without = [service.answer(request) for request in requests()]
    right = sum(one.fully for one in judged(worded, answers))
    assert right >= sum(one.fully for one in judged(service, without)) and right >= 0.9 * len(answers)


def test_many_are_worded_and_hardly_a_sentence_is_dropped(worded: AnswerService, answers: list[Answer]) -> None:
    assert worded.model is not None
    assert sum(one.mode is AnswerMode.GENERATED for one in answers) >= 10
    assert worded.model.counts["dropped"] <= 0.1 * worded.model.counts["sentences"]


def test_a_request_that_was_not_recorded_fails(worded: AnswerService) -> None:
    with pytest.raises(NotRecorded):
        worded.answer(ChatRequest(question="Wie lange ist die Radschnellverbindung eigentlich?"))
