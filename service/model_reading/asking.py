"""What a model is asked about papers, once each: replies are kept as they come, and a run that ends goes on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from pydantic import BaseModel

from service.language_models.access import ModelAccess
from service.language_models.building import ChatModel, Reply, failure_of, tokens_of
from service.language_models.errors import ModelUnavailable
from service.language_models.patience import PAUSES, patiently
from service.question_writing.batches import Tokens
from service.question_writing.cache import WrittenCache
from vectorstore.model_reply import object_in

_WRITTEN = 0.4  # characters of a reply for each that is shown


class Asked(Protocol):
    """One request: `origin` is equal for the same material and prompts."""

    @property
    def instruction(self) -> str:
        """What the model is told to do."""

    @property
    def asked(self) -> str:
        """What it is shown."""

    @property
    def origin(self) -> str:
        """By what its reply is kept."""


def estimate(requests: Iterable[Asked]) -> Tokens:
    """About how many tokens these requests take."""
    total = Tokens()
    for one in requests:
        total = total.plus(tokens_of(one.instruction + one.asked), int(tokens_of(one.asked) * _WRITTEN))
    return total


@dataclass(slots=True)
class PaperChat:
    """Asks one model for objects of a form, replies kept in a cache; `tokens` is what was taken."""

    access: ModelAccess
    cache: WrittenCache
    form: type[BaseModel]
    pauses: Sequence[float] = PAUSES
    tokens: Tokens = field(default_factory=Tokens)

    @property
    def name(self) -> str:
        """What the model is called."""
        return self.access.name

    def missing(self, requests: Iterable[Asked]) -> list[Asked]:
        """Those that the model has not replied to yet."""
        return [one for one in requests if not self.cache.get(self._origin(one))]

    def say(self, request: Asked) -> Any:
        """The object that the model replied, None for none.

        Raises ModelUnavailable where the model cannot be asked, and OSError where its reply cannot be kept.
        """
        known = next(iter(self.cache.get(self._origin(request))), None)
        if known is not None:
            return json.loads(known)
        said, reply = patiently(lambda: self._ask(request), self.pauses)
        self.tokens = self.tokens.plus(reply.read, reply.written)
        if isinstance(said, dict) and said.keys() & self.form.model_fields.keys():
            self.cache.add(self._origin(request), (json.dumps(said, ensure_ascii=False),))
        return said

    def _origin(self, request: Asked) -> str:
        return f"{self.access.name} {request.origin}"

    def _ask(self, request: Asked) -> tuple[Any, Reply]:
        self.access.require_budget()
        said, reply = self.access.work(lambda model: self._structured(model, request))
        self.access.replied(reply)
        return said, reply

    def _structured(self, model: ChatModel, request: Asked) -> tuple[Any, Reply]:
        """What a model calls the form with, or writes as an object instead."""
        try:
            bound = model.chat.with_structured_output(self.form, method="function_calling", include_raw=True)
            raw = bound.invoke([("system", request.instruction), ("human", request.asked)])["raw"]
        except ModelUnavailable:
            raise
        except Exception as error:  # every client library has its own
            raise ModelUnavailable(failure_of(error)) from error
        usage, text = raw.usage_metadata or {}, str(raw.text)
        said = raw.tool_calls[0]["args"] if raw.tool_calls else _object(text)
        written = usage.get("output_tokens") or tokens_of(text + str(said))
        read = usage.get("input_tokens") or tokens_of(request.instruction + request.asked)
        return said, Reply(text, read, written)


def _object(text: str) -> Any:
    try:
        return object_in(text)
    except ValueError:
        return None
