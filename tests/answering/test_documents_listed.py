"""Lists of documents: all of them, those of a county, and those that mention a topic, each proven by a passage."""

from __future__ import annotations

import pytest

from service.models import AnswerStatus
from tests.answering.conftest import Ask
from tests.answering.shapes import data
from tests.answering.truth import DOCUMENTS, DRAFT, GOALS, MOTION, REPORT

ON_TOPIC = [
    ("Welche Dokumente erwähnen den Rufbus?", {DRAFT, REPORT, GOALS}, "rufbus"),
    ("In welchen Dokumenten geht es um Lärm?", {MOTION, REPORT}, "lärm"),
]


@pytest.mark.parametrize(("question", "ids", "said"), ON_TOPIC)
def test_a_topic_lists_the_documents_that_mention_it(ask: Ask, question: str, ids: set[str], said: str) -> None:
    answer = ask(question)
    assert {row["document_id"] for row in data(answer).rows} == ids
    assert "mit Bezug zu" in answer.answer
    assert {one.document_id for one in answer.citations} == ids
    assert all(said in one.quote.lower() for one in answer.citations)


@pytest.mark.parametrize("topic", ["Quantencomputer", "Tourismus"])
def test_a_topic_of_no_document_is_told_so(ask: Ask, topic: str) -> None:
    assert ask(f"Welche Dokumente erwähnen {topic}?").status is AnswerStatus.NOT_IN_DOCUMENTS


@pytest.mark.parametrize("question", ["Welche Dokumente sind vom Kreis Lauterfeld?"])
def test_all_documents_of_a_county(ask: Ask, question: str) -> None:
    assert {row["document_id"] for row in data(ask(question)).rows} == set(DOCUMENTS)


def test_what_papers_there_are_is_said_by_the_service(ask: Ask) -> None:
    answer = ask("Welche Dokumente gibt es?")
    assert answer.status is AnswerStatus.ABOUT_SERVICE
    assert "Nachhaltigkeitsbericht" in answer.answer and "Leitbild" in answer.answer


def test_documents_by_status_are_no_topic(ask: Ask) -> None:
    assert [row["document_id"] for row in data(ask("Welche Dokumente sind ein Entwurf?")).rows] == [DRAFT]
