"""Asks a language model which similar titles in a document are records."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Literal

from pydantic import BaseModel, Field

from prompts import text
from service.language_models import (
    LangChainModel,
    ModelAccess,
    ModelReply,
    Tokens,
    reply_of,
    tokens_of,
    translate_failures,
)
from vectorstore import parse_json_object

_INSTRUCTION = "de/model/records_instruction"
_WRITTEN_SHARE = 0.4  # usual length of a reply over that of the question


class FamilyAnswer(BaseModel):
    """The answer to one question: the kind of its titles, "none" if they are no records."""

    question: int = Field(ge=1)
    kind: Literal["measure", "project", "goal", "none"]


class FamilyAnswers(BaseModel):
    """The answers to the questions on one document: the form that the model fills."""

    answers: tuple[FamilyAnswer, ...]


def expected_tokens(requests: Iterable[str]) -> Tokens:
    """Return the estimated tokens of requests, each with all questions on one document.

    The length of a reply is taken as the share `_WRITTEN_SHARE` of the request's.
    """
    total = Tokens()
    for request in requests:
        written = int(tokens_of(request) * _WRITTEN_SHARE)
        total = total.add(tokens_of(_whole_text(request)), written)
    return total


def ask_kinds(access: ModelAccess, request: str) -> tuple[Any, ModelReply]:
    """Return the form (JSON) that the model fills for a request, and its reply.

    Raises ModelUnavailable.
    """
    form, reply = access.run_with_model(lambda model: _fill_form(model, request))
    access.count_reply(reply)
    return form, reply


def _fill_form(model: LangChainModel, request: str) -> tuple[Any, ModelReply]:
    """Return the form that a model fills, and its reply.

    The form is a tool that the model calls. If it calls none, the form is the JSON object in its
    text, or None.
    """
    with translate_failures():
        bound = model.chat.bind_tools([FamilyAnswers], tool_choice="any")
        message = bound.invoke([("system", text(_INSTRUCTION)), ("human", request)])
    form = message.tool_calls[0]["args"] if message.tool_calls else _object(message.text)
    return form, reply_of(message, _whole_text(request))


def _whole_text(request: str) -> str:
    """Return all that the model reads of a request: with its instruction and its form."""
    schema = json.dumps(FamilyAnswers.model_json_schema(), ensure_ascii=False)
    return text(_INSTRUCTION) + schema + request


def _object(reply: str) -> Any:
    """Return the JSON object in a text, None if there is none."""
    try:
        return parse_json_object(reply)
    except ValueError:
        return None
