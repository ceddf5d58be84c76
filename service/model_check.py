"""Tries what a language model can do, by a few small requests over made-up entries; nothing of an edition is sent.

It is asked as the agent asks: with its instruction, its tools and the form of its answer.
"""

from __future__ import annotations

import json
import math
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from prompts import fill, say, text
from service.answering.agent.agent import PROMPTS, Answer, instruction
from service.answering.agent.material import FORMS, MOST, offered_tools
from service.answering.reading.classifier import detect
from service.language_models.building import LangChainModel, failure_of
from service.language_models.errors import Failure, ModelUnavailable, failed
from vectorstore.endpoints import object_in

_ASKED, _AMOUNT, _TOKEN = say("model_check.ask_money"), "180.000", "R4TN"
_UNSAID, _COUNTED = say("model_check.ask_who"), say("model_check.ask_count")
_FIRST, _HEIGHT = say("model_check.ask_tower"), "37"
_REPLIES = 3  # that an answer takes as a rule
_MARGIN = 1.25  # what the time limit should have beyond what was measured


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of a trial; `said` is a line of German with what to do where it failed."""

    title: str
    ok: bool
    said: str


class Trials:
    """The trials of one model, with `limit` seconds for an answer in the service and `patience` seconds here."""

    def __init__(self, model: Callable[[], LangChainModel], limit: float, request: float, patience: float) -> None:
        self._build, self._limit, self._request, self._patience = model, limit, request, patience
        self._in_time = True
        self._slowest = 0.0

    def outcomes(self) -> Iterator[Tried]:
        """What becomes of each trial, as it ends; of the first only where the model cannot be reached."""
        yield (reached := self._tried("reachable", self._reachable))
        remaining = (self._calls, self._answer, self._nothing, self._context, self._speed)
        for tries in remaining if reached.ok else ():
            yield self._tried(tries.__name__[1:], tries)

    def _tried(self, name: str, tries: Callable[[], tuple[bool, str]]) -> Tried:
        try:
            ok, statement = tries()
        except ModelUnavailable as error:
            self._in_time = self._in_time and error.failure is not Failure.SLOW
            ok, statement = False, failed(error.failure, self._patience)
        return Tried(say(f"model_check.title_{name}"), ok, statement)

    def _reachable(self) -> tuple[bool, str]:
        self._model, begun = self._build(), time.monotonic()
        self._invoked(self._model.chat, text("de/model/try_instruction"), text("de/model/try_reach"))
        return True, say("model_check.reached", seconds=_number(time.monotonic() - begun))

    def _calls(self) -> tuple[bool, str]:
        message = self._put("[]", _COUNTED, [_tool(name) for name in FORMS])
        ok = any(_fits(call["name"], call["args"]) for call in message.tool_calls)
        return ok, say("model_check.calls") if ok else say("model_check.no_calls")

    def _answer(self) -> tuple[bool, str]:
        answer = self._answered(text("de/model/try_entries"), _ASKED)
        if answer is None:
            return False, say("model_check.no_form")
        statement = " ".join(sentence.text for sentence in answer.sentences)
        if detect(statement) != "de":
            return False, say("model_check.not_german")
        if _AMOUNT not in statement:
            return False, say("model_check.wrong")
        named = all(_TOKEN in sentence.tokens for sentence in answer.sentences)
        return named, say("model_check.answered") if named else say("model_check.no_tokens")

    def _nothing(self) -> tuple[bool, str]:
        answer = self._answered(text("de/model/try_entries"), _UNSAID)
        ok = answer is not None and answer.outcome == "not_in_documents"
        return ok, say("model_check.said_nothing") if ok else say("model_check.made_up")

    def _context(self) -> tuple[bool, str]:
        material = _long_material()
        try:
            answer = self._answered(material, _FIRST)
            ok = answer is not None and any(_HEIGHT in sentence.text for sentence in answer.sentences)
        except ModelUnavailable as error:
            if error.failure is not Failure.BROKEN:
                raise
            ok = False  # servers refuse what is too long as they refuse what is wrong
        text = f"{len(material):,}".replace(",", ".")
        return ok, say("model_check.held", characters=text) if ok else say("model_check.cut", characters=text)

    def _speed(self) -> tuple[bool, str]:
        if not self._in_time:
            return False, failed(Failure.SLOW, self._patience)
        text, needed = say("model_check.speed", seconds=_number(self._slowest)), _REPLIES * self._slowest
        if needed <= self._limit:
            return True, text + say("model_check.in_time", limit=self._limit)
        least = math.ceil(_MARGIN * needed)
        request = say("model_check.request_too", least=least) if least >= self._request else ""
        return False, text + say("model_check.too_slow", limit=self._limit, least=least, request=request)

    def _answered(self, entries: str, question: str) -> Answer | None:
        """The answer that is called for, or written instead; None where neither is one."""
        message = self._put(entries, question, [Answer])
        called = next((call["args"] for call in message.tool_calls if call["name"] == Answer.__name__), None)
        try:
            return Answer.model_validate(called if called is not None else object_in(message.text))
        except (ValidationError, ValueError):
            return None

    def _put(self, entries: str, question: str, tools: list[Any]) -> Any:
        """The reply to a question over these entries, as the agent puts it."""
        values = {"papiere": text("de/model/try_papers"), "suche": '{"token":"A0"}', "gespraech": "[]"}
        asked = fill(PROMPTS[1], **values, eintraege=entries, frage=json.dumps(question, ensure_ascii=False))
        begun = time.monotonic()
        reply = self._invoked(self._model.chat.bind_tools(tools, tool_choice="any"), instruction(), asked)
        self._slowest = max(self._slowest, time.monotonic() - begun)
        return reply

    @staticmethod
    def _invoked(model: Any, reported: str, asked: str) -> Any:
        try:
            return model.invoke([("system", reported), ("human", asked)])
        except Exception as error:  # every client library has its own
            raise ModelUnavailable(failure_of(error)) from error


def _number(value: float) -> str:
    """A number of seconds as German writes it, with one decimal."""
    return f"{value:.1f}".replace(".", ",")


def _tool(name: str) -> dict[str, Any]:
    """A tool as it is offered."""
    text, schema = offered_tools()[name]
    return {"type": "function", "function": {"name": name, "description": text, "parameters": schema}}


def _fits(name: str, arguments: object) -> bool:
    """Whether a call is one that can be carried out."""
    try:
        return name in FORMS and FORMS[name].model_validate(arguments) is not None
    except ValidationError:
        return False


def _long_material() -> str:
    """As much as an agent reads at most; it differs each time, so that no server has it in its cache."""
    entries = [{"token": "T0WR", "title": "Aussichtsturm am Lauterberg", "text": text("de/model/try_first")}]
    left = MOST
    while left > 0:
        entry = {"token": secrets.token_hex(2).upper(), "title": f"Radweg am Seebach, Abschnitt {len(entries)}"}
        entries.append(entry | {"text": text("de/model/try_further")})
        left -= len(json.dumps(entries[-1], ensure_ascii=False)) + 2
    return json.dumps(entries[:-1], ensure_ascii=False)
