"""POST /chat: takes a question and returns a verified answer, as JSON or as a stream of events."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response, StreamingResponse

from service.answering import require_known
from service.records import Answer, ChatRequest
from service.web import OpenEdition, deps, stream
from service.web.http import (
    API,
    alternative_response,
    json_response,
    problem_for,
    problem_of,
    route_arguments,
)

PATH = f"{API}/chat"
router = APIRouter()
CHAT_OPTIONS = route_arguments("chat", "questions", "unsupported-media-type")
CHAT_OPTIONS["responses"][200] = alternative_response(stream.MEDIA_TYPE)


@dataclass(frozen=True, slots=True)
class Answering:
    """Answers a question of one HTTP request (a dependency of routes), counts the answer, and notes
    the question as an open one where the answer's status asks for that.
    """

    request: Request
    holder: deps.HolderDep
    keeper: deps.KeeperDep
    meters: deps.MetersDep

    async def answer(
        self, question: ChatRequest, report: stream.ReportProgress | None = None
    ) -> Answer:
        """Return the answer; `report` is called with its steps.

        It is made in a worker thread. Raises UnknownValue for unknown documents of the question.
        """
        call = partial(self._answer, question, report)
        answer = await deps.run_with_edition(self.request, self.holder, call)
        self.meters.count_answer(answer)
        return answer

    def _answer(
        self, question: ChatRequest, report: stream.ReportProgress | None, served: OpenEdition
    ) -> Answer:
        """Return the answer over an edition.

        The keeper gets it with its question, and stores the question as an open one if the answer's
        status asks for that.
        """
        self.require_known(question, served)
        answer = served.answers.answer(question, report)
        self.keeper.note_answer(question, answer, served.answers.is_private)
        return answer

    def require_known(self, question: ChatRequest, served: OpenEdition) -> None:
        """Raise UnknownValue for unknown documents of a question."""
        asked = question.documents or ()
        for document_id in asked:
            require_known("documents", document_id, served.edition.catalogue.documents)


AnsweringDep = Annotated[Answering, Depends()]


@router.post(PATH, response_model=Answer, dependencies=[Depends(deps.require_json)], **CHAT_OPTIONS)
async def chat(
    body: ChatRequest,
    request: Request,
    holder: deps.HolderDep,
    settings: deps.SettingsDep,
    answering: AnsweringDep,
    language: deps.LanguageDep,
) -> Response:
    """Answer with citations; with `Accept: text/event-stream` as events step, sentence, citation,
    done, error.

    A stream begins with the status 200, so unknown documents are refused before it begins. The time
    limit of requests ends when a response begins, so a stream has its own one of the same length.
    """
    if stream.MEDIA_TYPE not in request.headers.get("accept", ""):
        answer = await answering.answer(body)
        return json_response(answer, stream.disclosure_header(answer.generated_by))
    # before the stream begins
    await deps.run_with_edition(request, holder, partial(answering.require_known, body))

    async def answer_reporting(report: stream.ReportProgress) -> Answer:
        async with asyncio.timeout(settings.request_seconds):
            return await answering.answer(body, report)

    return StreamingResponse(
        stream.events(
            answer_reporting, lambda error: problem_of(problem_for(error, language), language)
        ),
        media_type=stream.MEDIA_TYPE,
        # the last event has the value of `generated_by`
        headers={**stream.HEADERS, **stream.disclosure_header(None)},
    )
