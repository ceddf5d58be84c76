"""The service over the sample with a language model that replies what a test says, over real sockets."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from service.answering.service import AnswerService
from service.language_models.access import Limits, ModelAccess, access_to
from service.models import Answer, ChatRequest, Turn
from tests.language_models.endpoints import Endpoint, Script, endpoint, entries

NIGHT_BUS = "Bis wann fährt der Nachtbus?"
LIMITS = Limits(seconds=3.0)
NOTHING = "KEINE ANTWORT"


@contextmanager
def worded(
    service: AnswerService, script: Script, limits: Limits = LIMITS, **how: Any
) -> Iterator[tuple[AnswerService, ModelAccess, Endpoint]]:
    """The same service with a model behind an endpoint that behaves so."""
    with endpoint(script, **how) as one:
        model = access_to(one.setting, limits, 400)
        model.warm()
        with_model = copy.copy(service)
        with_model.model = model
        yield with_model, model, one


def asked(service: AnswerService, script: Script, question: str = NIGHT_BUS, *history: str, **fields: object) -> Answer:
    """The answer with such a model."""
    return told(service, script, question, *history, **fields)[0]


def told(
    service: AnswerService, script: Script, question: str, *history: str, **fields: object
) -> tuple[Answer, list[str]]:
    """The answer, and all that the model was told and asked for each request."""
    turns = [Turn(role="assistant" if place % 2 else "user", content=said) for place, said in enumerate(history)]
    with worded(service, script) as (with_model, _, one):
        answer = with_model.answer(ChatRequest.model_validate({"question": question, "history": turns, **fields}))
    return answer, ["\n".join(message["content"] for message in messages) for messages in one.asked]


def token_of(prompt: str, title: str) -> str:
    return next(token for token, lines in entries(prompt).items() if title in " ".join(lines[:2]))


def said(*sentences: str, title: str = "Nachtbus") -> Script:
    """A model that says sentences on the item with a title; {} is its token."""
    return lambda prompt: " ".join(one.format(f"[{token_of(prompt, title)}]") for one in sentences if entries(prompt))


def proposing(proposal: object, draft: Script = lambda _: NOTHING) -> Script:
    """A model that replies to a question with a proposal, and to what is to be worded as the draft says."""
    reply = proposal if isinstance(proposal, str) else json.dumps(proposal, ensure_ascii=False)
    return lambda prompt: draft(prompt) if entries(prompt) else reply


def first_item(prompt: str) -> str:
    """The last line of the first item that is shown, with its token."""
    token = next(iter(entries(prompt)))
    return f"{entries(prompt)[token][-1].rstrip('.')} [{token}]."
