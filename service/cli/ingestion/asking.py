"""Asks a language model which similar titles in a document are records.

Replies are stored, so that no request is made twice.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, Field

from service.cli.ingestion.replies import StoredReplies
from service.language_models import (
    LangChainModel,
    ModelAccess,
    ModelReply,
    Tokens,
    tokens_of,
    translate_failures,
)
from vectorstore import parse_json_object

_WRITTEN_SHARE = 0.4  # usual length of a reply over that of the question


class FamilyAnswer(BaseModel):
    """The answer to one question: the kind of its titles, "none" if they are no records."""

    question: int = Field(ge=1)
    kind: Literal["measure", "project", "goal", "none"]


class FamilyAnswers(BaseModel):
    """The answers to the questions on one document: the form that the model fills."""

    answers: tuple[FamilyAnswer, ...]


class RecordRequest(NamedTuple):
    """The request with all questions on one document. `origin` is the key of its stored
    reply: the same prompt and text are not asked twice.
    """

    instruction: str
    question: str
    origin: str


@dataclass(slots=True)
class RecordChat:
    """Asks a model, and stores its replies; `tokens` is the sum of those of all requests so far."""

    access: ModelAccess
    replies: StoredReplies
    tokens: Tokens = field(default_factory=Tokens)

    def expected(self, requests: Iterable[RecordRequest]) -> tuple[int, Tokens]:
        """Return how many of these requests have no stored reply, and the estimated tokens of
        these.

        The length of a reply is taken as the share `_WRITTEN_SHARE` of the question's.
        """
        missing = [request for request in requests if not self.replies.get(self._origin(request))]
        total = Tokens()
        for request in missing:
            written = int(tokens_of(request.question) * _WRITTEN_SHARE)
            total = total.add(_tokens_read(request), written)
        return len(missing), total

    def say(self, request: RecordRequest) -> Any:
        """Return the form as the model filled it (JSON), as stored if it was asked before.

        None if the reply has no form. A reply without any field of the form is not stored, so that
        the model is asked again in the next run. Raises ModelUnavailable, StoreUnavailable.
        """
        stored = self.replies.get(self._origin(request))
        if stored:
            return json.loads(stored)
        self.access.require_budget()
        form, reply = self.access.run_with_model(lambda model: _fill_form(model, request))
        self.access.count_reply(reply)
        self.tokens = self.tokens.add(reply.read, reply.written)
        if isinstance(form, dict) and form.keys() & FamilyAnswers.model_fields.keys():
            self.replies.add(self._origin(request), json.dumps(form, ensure_ascii=False))
        return form

    def _origin(self, request: RecordRequest) -> str:
        return f"{self.access.name} {request.origin}"


def _fill_form(model: LangChainModel, request: RecordRequest) -> tuple[Any, ModelReply]:
    """Return the form that a model fills, and its reply.

    The form is a tool that the model calls. If it calls none, the form is the JSON object in its
    text, or None. If the endpoint does not report the tokens, they are estimated.
    """
    with translate_failures():
        bound = model.chat.with_structured_output(
            FamilyAnswers, method="function_calling", include_raw=True
        )
        messages = [("system", request.instruction), ("human", request.question)]
        raw = bound.invoke(messages)["raw"]
    usage, text = raw.usage_metadata or {}, str(raw.text)
    form = raw.tool_calls[0]["args"] if raw.tool_calls else _object(text)
    written = usage.get("output_tokens") or tokens_of(text + str(form))
    read = usage.get("input_tokens") or _tokens_read(request)
    return form, ModelReply(text, read, written)


def _tokens_read(request: RecordRequest) -> int:
    """Return the estimated number of tokens of a request with its form."""
    schema = json.dumps(FamilyAnswers.model_json_schema(), ensure_ascii=False)
    return tokens_of(request.instruction + schema + request.question)


def _object(text: str) -> Any:
    """Return the JSON object in a text, None if there is none."""
    try:
        return parse_json_object(text)
    except ValueError:
        return None
