"""What is accepted of what was found: the best that holds the fact asked for; where none is asked, more than that."""

from __future__ import annotations

from service.answering.evidence.answerable import NEAR, accepted
from service.answering.pipeline import check, find, understand_question
from service.answering.service import AnswerService
from service.models import ChatRequest


def test_where_no_fact_is_asked_what_stands_behind_is_accepted_too(service: AnswerService) -> None:
    for question in (
        "Was passiert mit den Bächen?",
        "Wie hilft der Kreis Vereinen?",
        "Hilfe für Ältere auf dem Dorf?",
    ):
        scores = _accepted(question, service)
        assert len(scores) > 1 and min(scores) < NEAR * max(scores)


def test_a_fact_is_told_from_what_comes_near_the_best_alone(service: AnswerService) -> None:
    scores = _accepted("Was kostet der Nachtbus?", service)
    assert scores and min(scores) >= NEAR * max(scores)


def test_nothing_that_was_found_need_be_accepted(service: AnswerService) -> None:
    assert _accepted("Wer hat die Relativitätstheorie aufgestellt?", service) == []


def _accepted(question: str, service: AnswerService) -> list[float]:
    """The scores of what is accepted."""
    work = service.work(ChatRequest(question=question))
    for step in (check, understand_question, find):
        step(work)
    return [one.score for one in accepted(work.context()).items]
