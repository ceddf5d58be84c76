"""Asks a language model about pages of documents.

Replies are cached, so that no request is made twice and an interrupted run can be continued.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from ingest import Reply, WindowRequest
from service.cli.question_writing.cache import WrittenCache
from service.language_models import (
    PAUSES,
    LangChainModel,
    ModelAccess,
    ModelReply,
    Tokens,
    retry,
    tokens_of,
    translate_failures,
)
from vectorstore import parse_json_object

_WRITTEN_SHARE = 0.4  # usual length of a reply over that of the pages in its request


@dataclass(slots=True)
class ReadingChat:
    """Asks a model to fill a form about pages, and caches its replies; `tokens` is the sum of those
    of all requests so far.

    `pauses` are the seconds before each retry of a request that failed.
    """

    access: ModelAccess
    cache: WrittenCache
    pauses: Sequence[float] = PAUSES
    form: type[BaseModel] = Reply
    tokens: Tokens = field(default_factory=Tokens)

    @property
    def name(self) -> str:
        """The name of the model."""
        return self.access.name

    def expected(self, requests: Iterable[WindowRequest]) -> tuple[int, Tokens]:
        """Return how many of these requests have no cached reply, and the estimated tokens of
        these.

        The length of a reply is taken as the share `_WRITTEN_SHARE` of the question's.
        """
        missing = [request for request in requests if not self.cache.get(self._origin(request))]
        total = Tokens()
        for request in missing:
            read = self._tokens_read(request)
            total = total.add(read, int(tokens_of(request.question) * _WRITTEN_SHARE))
        return len(missing), total

    def say(self, request: WindowRequest) -> Any:
        """Return the form as the model filled it (JSON), from the cache if it was asked before.

        None if the reply has no form. A reply without any field of the form is not cached, so that
        the model is asked again in the next run. Raises ModelUnavailable, StoreUnavailable.
        """
        cached = self.cache.get(self._origin(request))
        if cached:
            return json.loads(cached[0])
        form, reply = retry(lambda: self._ask(request), self.pauses)
        self.tokens = self.tokens.add(reply.read, reply.written)
        if isinstance(form, dict) and form.keys() & self.form.model_fields.keys():
            self.cache.add(self._origin(request), (json.dumps(form, ensure_ascii=False),))
        return form

    def _origin(self, request: WindowRequest) -> str:
        return f"{self.access.name} {request.origin}"

    def _ask(self, request: WindowRequest) -> tuple[Any, ModelReply]:
        """Ask the model; return the form and the reply, whose tokens are counted. Raises
        ModelUnavailable.
        """
        self.access.require_budget()
        form, reply = self.access.run_with_model(lambda model: self._structured(model, request))
        self.access.count_reply(reply)
        return form, reply

    def _structured(self, model: LangChainModel, request: WindowRequest) -> tuple[Any, ModelReply]:
        """Return the form that a model fills, and its reply.

        The form is a tool that the model calls. If it calls none, the form is the JSON object in
        its text, or None. If the endpoint does not report the tokens, they are estimated.
        """
        with translate_failures():
            bound = model.chat.with_structured_output(
                self.form, method="function_calling", include_raw=True
            )
            messages = [("system", request.instruction), ("human", request.question)]
            raw = bound.invoke(messages)["raw"]
        usage, text = raw.usage_metadata or {}, str(raw.text)
        form = raw.tool_calls[0]["args"] if raw.tool_calls else _object(text)
        written = usage.get("output_tokens") or tokens_of(text + str(form))
        read = usage.get("input_tokens") or self._tokens_read(request)
        return form, ModelReply(text, read, written)

    def _tokens_read(self, request: WindowRequest) -> int:
        """Return the estimated number of tokens of a request with its form."""
        schema = json.dumps(self.form.model_json_schema(), ensure_ascii=False)
        return tokens_of(request.instruction + schema + request.question)


def _object(text: str) -> Any:
    """Return the JSON object in a text, None if there is none."""
    try:
        return parse_json_object(text)
    except ValueError:
        return None
