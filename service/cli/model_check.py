"""Checks whether a language model can be used by the agent, with a few small requests.

The requests have the agent's instruction, its tools and its form of answer. The items in them are
made up: nothing of an edition is sent.
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

from prompts import fill, load_words, say, text
from service import wording
from service.answering import (
    AGENT_PROMPTS,
    MOST_MATERIAL,
    TOOL_FORMS,
    Answer,
    ShownSentence,
    Verdict,
    detect_language,
    judge,
    offered_tools,
    system_prompt,
)
from service.language_models import (
    Failure,
    LangChainModel,
    ModelUnavailable,
    failure_text,
    translate_failures,
)
from vectorstore import parse_json_object

_MONEY_QUESTION = say("model_check.ask_money")
_MONEY_ANSWER = "180.000"
_MONEY_TOKEN = "R4TN"
_UNANSWERABLE_QUESTION = say("model_check.ask_who")
_COUNT_QUESTION = say("model_check.ask_count")
_FIRST_ITEM_QUESTION = say("model_check.ask_tower")
_FIRST_ITEM_ANSWER = "37"
# sentences for a judge, of which the first is true
_JUDGED = ("true", "number", "status", "beside", "denied", "counted")
_REPLIES = 3  # usual number of replies for an answer
_MARGIN = 1.25  # recommended time limit over measured time


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of a check; `message` is German and says what to do if the check failed."""

    title: str
    ok: bool
    message: str
    is_of_judge: bool = False  # without it the model words answers, but does not judge them
    is_of_model: bool = True  # False where its server failed or was slow, which may pass


class ModelChecks:
    """The checks of one model.

    Three numbers are in seconds: `limit` and `request` are the time limits of an answer and of a
    request in the settings, `patience` is the time limit of the requests of the checks.
    """

    def __init__(
        self, model: Callable[[], LangChainModel], limit: float, request: float, patience: float
    ) -> None:
        """Keep what builds the model, which is first built by the check whether it is reachable.

        `_in_time` becomes False if a request fails for time; `_slowest` is the longest time of a
        reply in seconds.
        """
        self._build, self._patience = model, patience
        self._limit, self._request_limit = limit, request
        self._in_time = True
        self._slowest = 0.0

    def results(self) -> Iterator[CheckResult]:
        """Yield the results of the checks, each as soon as it is there.

        If the model is not reachable, only that of the first one: the others would fail for the
        same reason.
        """
        reachable = self._run_check(self._check_reachable)
        yield reachable
        if not reachable.ok:
            return
        checks = (
            self._check_calls,
            self._check_answer,
            self._check_nothing,
            self._check_context,
            self._check_judging,
            self._check_speed,
        )
        yield from map(self._run_check, checks)

    def _run_check(self, check: Callable[[], tuple[bool, str]]) -> CheckResult:
        """Run a check; the key of its title is the name of the method.

        A request that fails is a failed check. If it failed for time, this is remembered for
        `_check_speed`.
        """
        name = check.__name__.removeprefix("_check_")
        is_of_model = name not in ("reachable", "speed")
        try:
            ok, message = check()
        except ModelUnavailable as error:
            self._in_time = self._in_time and error.failure is not Failure.SLOW
            is_of_model = is_of_model and error.failure is Failure.BROKEN
            ok, message = False, failure_text(error.failure, self._patience)
        title = say(f"model_check.title_{name}")
        return CheckResult(title, ok, message, name == "judging", is_of_model)

    def _check_reachable(self) -> tuple[bool, str]:
        """Check that the model replies to a short request at all; the message names the seconds it
        took.
        """
        self._model, begun = self._build(), time.monotonic()
        self._invoke(self._model.chat, text("de/model/try_instruction"), text("de/model/try_reach"))
        seconds = f"{time.monotonic() - begun:.1f}"
        return True, say("model_check.reached", seconds=wording.german_number(seconds))

    def _check_calls(self) -> tuple[bool, str]:
        """Check that the model calls a tool with valid arguments, as the agent needs it.

        The question is one for which the items have to be counted, and none are given to the model.
        """
        message = self._ask("[]", _COUNT_QUESTION, [_tool_schema(name) for name in TOOL_FORMS])
        ok = any(_is_valid_call(call["name"], call["args"]) for call in message.tool_calls)
        if not ok:
            return False, say("model_check.no_calls")
        return True, say("model_check.calls")

    def _check_answer(self) -> tuple[bool, str]:
        """Check an answer: it must have the required form, be German and right, and have the token
        of the item at each sentence.

        The message is on the first of these that is not met. The token ("R4TN") is what citations
        are made from.
        """
        answer = self._ask_answer(text("de/model/try_entries"), _MONEY_QUESTION)
        if answer is None:
            return False, say("model_check.no_form")
        answer_text = " ".join(sentence.text for sentence in answer.sentences)
        if detect_language(answer_text) != "de":
            return False, say("model_check.not_german")
        if _MONEY_ANSWER not in answer_text:
            return False, say("model_check.wrong")
        if not all(_MONEY_TOKEN in sentence.tokens for sentence in answer.sentences):
            return False, say("model_check.no_tokens")
        return True, say("model_check.answered")

    def _check_judging(self) -> tuple[bool, str]:
        """Check that the model, as a judge, tells a true sentence in other words from false ones: a
        wrong number, what is planned told as done, and what only another item says.
        """
        tried = load_words("de/model/try_judging")
        quotes = (tried["quote"],)
        sentences = [ShownSentence(tried[name], quotes) for name in _JUDGED]
        try:
            judged = judge(self._model.reply, tried["question"], sentences)
        except ModelUnavailable as error:
            if error.failure is not Failure.BROKEN:
                raise
            return False, say("model_check.no_judge")
        is_right = [verdict is Verdict.SUPPORTED for verdict in judged.verdicts]
        if is_right != [name == _JUDGED[0] for name in _JUDGED]:
            return False, say("model_check.no_judge")
        return True, say("model_check.judges")

    def _check_nothing(self) -> tuple[bool, str]:
        """Check that the model says so if the items do not answer a question."""
        answer = self._ask_answer(text("de/model/try_entries"), _UNANSWERABLE_QUESTION)
        if answer is None or answer.outcome != "not_in_documents":
            return False, say("model_check.made_up")
        return True, say("model_check.said_nothing")

    def _check_context(self) -> tuple[bool, str]:
        """Check that the model still knows the first item of the longest material that the agent
        sends.

        A server whose context is too short may cut the beginning without saying so, or refuse the
        request.
        """
        material = _long_material()
        try:
            answer = self._ask_answer(material, _FIRST_ITEM_QUESTION)
            ok = answer is not None and any(
                _FIRST_ITEM_ANSWER in sentence.text for sentence in answer.sentences
            )
        except ModelUnavailable as error:
            if error.failure is not Failure.BROKEN:
                raise
            # servers answer a request that is too long with the same error as a malformed one
            ok = False
        length = wording.german_number(f"{len(material):,}")
        if not ok:
            return False, say("model_check.cut", characters=length)
        return True, say("model_check.held", characters=length)

    def _check_speed(self) -> tuple[bool, str]:
        """Check that an answer is within the time limit.

        It is expected to take `_REPLIES` times as long as the slowest reply of the other checks. If
        it is too slow, the message names the limit that would be enough with a margin. If the limit
        of a request has to be raised for this too, it says so.
        """
        if not self._in_time:
            return False, failure_text(Failure.SLOW, self._patience)
        told = say("model_check.speed", seconds=wording.german_number(f"{self._slowest:.1f}"))
        expected = _REPLIES * self._slowest
        if expected <= self._limit:
            return True, told + say("model_check.in_time", limit=self._limit)
        least = math.ceil(_MARGIN * expected)
        is_request_too_short = least >= self._request_limit
        request = say("model_check.request_too", least=least) if is_request_too_short else ""
        return False, told + say(
            "model_check.too_slow", limit=self._limit, least=least, request=request
        )

    def _ask_answer(self, entries: str, question: str) -> Answer | None:
        """Return the model's answer to a question on items (`entries`, JSON).

        Some models do not call the tool but write its JSON as text, which is accepted too. None if
        it is neither.
        """
        message = self._ask(entries, question, [Answer])
        calls = [call["args"] for call in message.tool_calls if call["name"] == Answer.__name__]
        try:
            if calls:
                return Answer.model_validate(calls[0])
            return Answer.model_validate(parse_json_object(message.text))
        except (ValidationError, ValueError):
            return None

    def _ask(self, entries: str, question: str, tools: list[Any]) -> Any:
        """Return the model's message for a question on items (JSON), prompted like the agent.

        The model is told to call one of the `tools`. The longest time of a reply is noted for
        `_check_speed`.
        """
        request = fill(
            AGENT_PROMPTS[1],
            papiere=text("de/model/try_papers"),
            suche='{"entries":[]}',
            gespraech="[]",
            eintraege=entries,
            frage=json.dumps(question, ensure_ascii=False),
        )
        begun = time.monotonic()
        message = self._invoke(
            self._model.chat.bind_tools(tools, tool_choice="any"), system_prompt(), request
        )
        self._slowest = max(self._slowest, time.monotonic() - begun)
        return message

    @staticmethod
    def _invoke(model: Any, system: str, request: str) -> Any:
        with translate_failures():
            return model.invoke([("system", system), ("human", request)])


def _tool_schema(name: str) -> dict[str, Any]:
    """Return a tool's description and parameters in OpenAI's format."""
    description, schema = offered_tools()[name]
    return {
        "type": "function",
        "function": {"name": name, "description": description, "parameters": schema},
    }


def _is_valid_call(name: str, arguments: object) -> bool:
    """True if a tool with this name takes these arguments."""
    try:
        return name in TOOL_FORMS and TOOL_FORMS[name].model_validate(arguments) is not None
    except ValidationError:
        return False


def _long_material() -> str:
    """Return items (JSON) with about as many characters as the agent sends at most.

    The first has the fact that is asked for; it is not counted. The tokens of the others are
    random, so that no server has the text in a cache.
    """
    entries = [
        {
            "token": "T0WR",
            "title": "Aussichtsturm am Lauterberg",
            "text": text("de/model/try_first"),
        }
    ]
    characters_left = MOST_MATERIAL
    while characters_left > 0:
        entry = {
            "token": secrets.token_hex(2).upper(),
            "title": f"Radweg am Seebach, Abschnitt {len(entries)}",
        }
        entries.append(entry | {"text": text("de/model/try_further")})
        characters_left -= len(json.dumps(entries[-1], ensure_ascii=False)) + 2
    return json.dumps(entries[:-1], ensure_ascii=False)
