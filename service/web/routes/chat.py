"""POST /chat: takes a question and returns a verified answer, as JSON or as a stream of events."""

from __future__ import annotations

import asyncio
from functools import partial

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response, StreamingResponse

from service.people.open_questions import QuestionKeeper
from service.records.answers import Answer, ChatRequest
from service.web import deps, stream
from service.web.edition_holder import EditionHolder, OpenEdition
from service.web.http.problems import (
    alternative_response,
    problem_for,
    problem_of,
    require_documents,
    route_arguments,
)
from service.web.http.responses import json_response
from service.web.routes import API

PATH = f"{API}/chat"
router = APIRouter()
CHAT_OPTIONS = route_arguments("chat", "questions", "unsupported-media-type")
CHAT_OPTIONS["responses"][200] = alternative_response(stream.MEDIA_TYPE)


@router.post(PATH, response_model=Answer, dependencies=[Depends(deps.require_json)], **CHAT_OPTIONS)
async def chat(
    body: ChatRequest,
    request: Request,
    holder: deps.HolderDep,
    settings: deps.SettingsDep,
    keeper: deps.KeeperDep,
    meters: deps.MetersDep,
    language: deps.LanguageDep,
) -> Response:
    """Answer with citations; with `Accept: text/event-stream` as events step, sentence, citation,
    done, error.
    """
    if stream.MEDIA_TYPE not in request.headers.get("accept", ""):
        answer = await deps.run_in_thread(request, partial(_answer, holder, keeper, body, language))
        meters.count_answer(answer)
        return json_response(answer, stream.disclosure_header(answer.generated_by))
    # before the stream begins
    await deps.run_with_edition(request, holder, partial(_check_documents, body, language))

    async def answer_reporting(report: stream.ReportProgress) -> Answer:
        async with asyncio.timeout(settings.request_seconds):
            answer = await deps.run_in_thread(
                request, partial(_answer, holder, keeper, body, language, report)
            )
        meters.count_answer(answer)
        return answer

    return StreamingResponse(
        stream.events(
            answer_reporting, lambda error: problem_of(problem_for(error, language), language)
        ),
        media_type=stream.MEDIA_TYPE,
        headers={
            **stream.HEADERS,
            **stream.disclosure_header(None),
        },  # the last event has the value of `generated_by`
    )


def _answer(
    holder: EditionHolder,
    keeper: QuestionKeeper,
    body: ChatRequest,
    language: str,
    report: stream.ReportProgress | None = None,
) -> Answer:
    """Answer a question, and note it as an open one where its status asks for that."""
    with holder.lease() as served:
        _check_documents(body, language, served)
        answer = served.answers.answer(body, report)
        keeper.note_answer(body, answer, served.answers.is_private)
    return answer


def _check_documents(body: ChatRequest, language: str, served: OpenEdition) -> None:
    """Raise the problem invalid-input for unknown documents of a request."""
    require_documents(served.edition.catalogue.documents.keys(), body.documents or (), language)
