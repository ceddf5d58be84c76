"""Asking a model about the pages of documents, once each: replies are kept, and an interrupted run
goes on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from ingest.readers.model.form import Reply
from ingest.readers.model.windows import WindowRequest
from service.cli.question_writing.cache import WrittenCache
from service.language_models.access import PAUSES, ModelAccess, retry
from service.language_models.building import (
    LangChainModel,
    ModelReply,
    Tokens,
    tokens_of,
    translate_failures,
)
from vectorstore.endpoints import parse_json_object

_WRITTEN_SHARE = 0.4  # usual length of a reply over that of the pages in its request


@dataclass(slots=True)
class ReadingChat:
    """Asks one model to fill a form on pages, replies kept in a cache; `tokens` counts those of all
    requests so far.
    """

    access: ModelAccess
    cache: WrittenCache
    pauses: Sequence[float] = PAUSES
    form: type[BaseModel] = Reply
    tokens: Tokens = field(default_factory=Tokens)

    @property
    def name(self) -> str:
        """What the model is called."""
        return self.access.name

    def expected(self, requests: Iterable[WindowRequest]) -> tuple[int, Tokens]:
        """Return how many of these requests have no reply yet, and about how many tokens they take
        with the form.
        """
        missing = [request for request in requests if not self.cache.get(self._origin(request))]
        total = Tokens()
        for request in missing:
            read = self._tokens_read(request)
            total = total.add(read, int(tokens_of(request.question) * _WRITTEN_SHARE))
        return len(missing), total

    def say(self, request: WindowRequest) -> Any:
        """Return the object that the model replied, None for none; raises ModelUnavailable,
        StoreUnavailable.
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
        self.access.require_budget()
        form, reply = self.access.run_with_model(lambda model: self._structured(model, request))
        self.access.count_reply(reply)
        return form, reply

    def _structured(self, model: LangChainModel, request: WindowRequest) -> tuple[Any, ModelReply]:
        """Return what a model fills the form (a tool) with, else the JSON object in its text, else
        None; and its reply.
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
        """Return about how many tokens a request has, with its form."""
        schema = json.dumps(self.form.model_json_schema(), ensure_ascii=False)
        return tokens_of(request.instruction + schema + request.question)


def _object(text: str) -> Any:
    """The JSON object in a text, None for none."""
    try:
        return parse_json_object(text)
    except ValueError:
        return None
