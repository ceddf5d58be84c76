"""Conversations over an edition with an embedding endpoint and a language model, where questions
are kept: what of a person's details leaves the house.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

from service import Settings, load_settings, make_database
from service.answering import AnswerService
from service.language_models import Limits, access_to
from service.people import QuestionKeeper
from service.people.open_questions import OpenQuestions
from service.records import Answer, AnswerStatus, ChatRequest, Receipt
from tests.answering.agent.scripted import answer
from tests.language_models.endpoints import endpoint
from tests.service.county import motion, report
from tests.vectorstore.samples import LetterEmbedding
from vectorstore import EditionStore, EmbeddingKind, Vectors

_FOUND = Answer(
    answer_id="1",
    status=AnswerStatus.FOUND,
    language="de",
    corpus_edition="1",
    answer="",
    receipt=Receipt(pipeline="1", settings=""),
)


class EndpointLetters(LetterEmbedding):
    """An embedding of the kind of an endpoint that notes the questions that it gets."""

    kind: EmbeddingKind = "endpoint"

    def __init__(self) -> None:
        super().__init__()
        self.asked = list[str]()

    def vector(self, text: str) -> Vectors:
        self.asked.append(text)
        return super().vector(text)


def request_of(row: dict[str, Any]) -> ChatRequest:
    """The request of a row with history and question."""
    return ChatRequest.model_validate({"history": row["history"], "question": row["question"]})


def find_leaving(rows: Sequence[dict[str, Any]], folder: Path) -> list[dict[str, Any]]:
    """The rows of which any detail is in a request to a model or in a kept question."""
    return [row for row, sent in send(rows, folder) if any(part in sent for part in row["details"])]


def send(rows: Sequence[dict[str, Any]], folder: Path) -> list[tuple[dict[str, Any], str]]:
    """Ask each row; returns with it all that was sent to a model or kept."""
    letters = EndpointLetters()
    store = EditionStore(folder, letters)
    store.publish([report(), motion()])
    settings = load_settings(data_dir=folder)
    kept = OpenQuestions(make_database(Settings(data_dir=folder)), lambda: date(2026, 11, 22))
    keeper = QuestionKeeper(kept, Settings(data_dir=folder, keep_questions_days=90))
    bodies = list[str]()

    def reply(body: Any) -> Any:
        bodies.append(json.dumps(body, ensure_ascii=False))
        return answer(outcome="not_in_documents")

    results = []
    with closing(store.open()) as edition, endpoint(reply, of=lambda body: body) as model:
        service = AnswerService(edition, settings)
        service.model = access_to(model.setting, Limits(seconds=30.0), 800)
        service.warm()
        for row in rows:
            request = request_of(row)
            kept.delete([question.id for question in kept.all()])
            bodies.clear()
            letters.asked.clear()
            service.answer(request)
            keeper.note_answer(request, _FOUND, service.is_private)
            questions = [question.question for question in kept.all()]
            results.append((row, "\n".join([*bodies, *letters.asked, *questions])))
    return results
