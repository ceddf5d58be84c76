"""Tries what a language model can do, by a few small requests over made-up entries; nothing of an edition is sent."""

from __future__ import annotations

import base64
import json
import math
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any

from prompts import filled, text
from service.answering.generating.drafting import SENTENCES
from service.answering.generating.material import MOST
from service.answering.generating.replies import is_nothing, sentences_of
from service.answering.understanding.language import detect
from service.language_models.building import LangChainModel
from service.language_models.errors import Failure, ModelUnavailable
from service.model_check import advice

_ASKED, _AMOUNT, _TOKEN = "Wie viel Geld gibt der Kreis im Jahr für den Nachtbus?", "180.000", "R4TN"
_UNSAID = "Wer hat den Nachtbus beantragt?"
_FIRST, _HEIGHT = "Wie hoch ist der Aussichtsturm am Lauterberg?", "37"
_STREAMED = 0.2  # share of a reply's time that lies between its first and its last piece, at least, where it streams
_MARGIN = 1.25  # what the time limit should have beyond what was measured
_BOTH = 1.5  # time limits that the two requests for a question take at most: reading it has half of one
_SCHEMA: dict[str, Any] = {
    "title": "Fahrt",
    "description": "Ziel und Jahr einer Fahrt",
    "type": "object",
    "properties": {"ort": {"type": "string"}, "jahr": {"type": "integer"}},
    "required": ["ort", "jahr"],
    "additionalProperties": False,
}


class Trial(StrEnum):
    """What is tried."""

    REACHABLE = "reachable"
    ANSWER = "answer"
    NOTHING = "nothing"
    CONTEXT = "context"
    STREAMING = "streaming"
    SPEED = "speed"
    STRUCTURED = "structured"


_NOT_NEEDED = (Trial.STREAMING, Trial.STRUCTURED)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a trial; `said` is a line of German with what to do where it failed."""

    trial: Trial
    ok: bool
    said: str

    @property
    def needed(self) -> bool:
        """Whether answers need it."""
        return self.trial not in _NOT_NEEDED


@dataclass(frozen=True, slots=True)
class Heard:
    """A reply: its text, and when its pieces came, in seconds since it was asked for."""

    text: str
    arrivals: tuple[float, ...]
    whole: float

    @property
    def first(self) -> float:
        """Seconds until the first piece."""
        return self.arrivals[0] if self.arrivals else self.whole

    @property
    def streams(self) -> bool:
        """Whether the pieces came one after the other."""
        return len(self.arrivals) > 2 and self.arrivals[-1] - self.first >= _STREAMED * self.whole

    @property
    def rate(self) -> float:
        """Characters a second: while they came where they streamed, else from the question on."""
        return len(self.text) / ((self.whole - self.first) if self.streams else self.whole)


@dataclass(frozen=True, slots=True)
class Speed:
    """Seconds to the first piece and to the end of the slowest answer, and characters a second."""

    first: float
    whole: float
    rate: float


class Trials:
    """The trials of one model, with `limit` seconds for an answer in the service and `patience` seconds here."""

    def __init__(self, model: Callable[[], LangChainModel], limit: float, request: float, patience: float) -> None:
        self._build, self._limit, self._request, self._patience = model, limit, request, patience
        self._answers: list[Heard] = []
        self._rate, self._in_time = 0.0, True

    def outcomes(self) -> Iterator[Outcome]:
        """What becomes of each trial, as it ends; of the first only where the model cannot be reached."""
        reached = self._tried(Trial.REACHABLE, self._reachable)
        yield reached
        if reached.ok:
            yield self._tried(Trial.ANSWER, self._answer)
            yield self._tried(Trial.NOTHING, self._nothing)
            yield self._tried(Trial.CONTEXT, self._context)
            yield self._tried(Trial.STREAMING, self._streaming)
            yield self._tried(Trial.SPEED, self._speed)
            yield self._tried(Trial.STRUCTURED, self._structured)

    @property
    def speed(self) -> Speed | None:
        """How fast answers were, None where there was none."""
        if not self._answers:
            return None
        slowest = max(self._answers, key=lambda heard: heard.whole)
        return Speed(slowest.first, slowest.whole, self._rate or slowest.rate)

    @property
    def least_seconds(self) -> int | None:
        """What the time limit should be at least, None where the one that is set is enough, or nothing was measured."""
        speed = self.speed
        return math.ceil(_MARGIN * speed.whole) if speed and speed.whole > self._limit else None

    def _tried(self, trial: Trial, tries: Callable[[], tuple[bool, str]]) -> Outcome:
        try:
            ok, said = tries()
        except ModelUnavailable as error:
            self._in_time = self._in_time and error.failure is not Failure.SLOW
            ok, said = False, advice.failed(error.failure, self._patience)
        return Outcome(trial, ok, said)

    def _reachable(self) -> tuple[bool, str]:
        self._model = self._build()
        heard = self._heard(text("de/model/try_instruction"), text("de/model/try_reach"))
        return True, advice.REACHED.format(seconds=advice.number(heard.whole))

    def _answer(self) -> tuple[bool, str]:
        heard = self._answered(text("de/model/try_entries"), _ASKED)
        said = sentences_of(heard.text)
        if not said:
            return False, advice.EMPTY
        if detect(" ".join(one.text for one in said)) != "de":
            return False, advice.NOT_GERMAN
        if _AMOUNT not in heard.text:
            return False, advice.WRONG
        named = all(_TOKEN in one.tokens for one in said)
        return named, advice.ANSWERED if named else advice.NO_TOKENS

    def _nothing(self) -> tuple[bool, str]:
        ok = is_nothing(self._answered(text("de/model/try_entries"), _UNSAID).text)
        return ok, advice.SAID_NOTHING if ok else advice.MADE_UP

    def _context(self) -> tuple[bool, str]:
        material = _long_material()
        try:
            ok = _HEIGHT in self._answered(material, _FIRST).text
        except ModelUnavailable as error:
            if error.failure is not Failure.BROKEN:
                raise
            ok = False  # servers refuse what is too long as they refuse what is wrong
        told = f"{len(material):,}".replace(",", ".")
        return ok, (advice.HELD if ok else advice.CUT).format(characters=told)

    def _streaming(self) -> tuple[bool, str]:
        heard = self._heard(text("de/model/try_instruction"), text("de/model/try_stream"))
        self._rate = heard.rate
        return heard.streams, advice.STREAMS if heard.streams else advice.AT_ONCE

    def _speed(self) -> tuple[bool, str]:
        if not self._in_time:
            return False, advice.failed(Failure.SLOW, self._patience)
        if (speed := self.speed) is None:
            return False, advice.NOT_MEASURED
        first, whole = advice.number(speed.first), advice.number(speed.whole)
        told = advice.SPEED.format(first=first, whole=whole, rate=speed.rate)
        if (least := self.least_seconds) is None:
            return True, told + advice.IN_TIME.format(limit=self._limit)
        both = _BOTH * least
        request = advice.REQUEST_TOO.format(both=both) if both >= self._request else ""
        return False, told + advice.TOO_SLOW.format(limit=self._limit, least=least, request=request)

    def _structured(self) -> tuple[bool, str]:
        tries = {"auf Anweisung": self._by_instruction, "nach JSON-Schema": self._by_schema}
        ways = [way for way, obeyed in tries.items() if obeyed()]
        return bool(ways), advice.STRUCTURED.format(how=" und ".join(ways)) if ways else advice.UNSTRUCTURED

    def _by_instruction(self) -> bool:
        said = self._heard(text("de/model/try_instruction"), text("de/model/try_json")).text
        try:
            return _fits(json.loads(said[said.find("{") : said.rfind("}") + 1]))
        except ValueError:
            return False

    def _by_schema(self) -> bool:
        try:
            asked = text("de/model/try_schema")
            return _fits(self._model.structured(text("de/model/try_instruction"), asked, _SCHEMA))
        except ModelUnavailable:
            return False

    def _answered(self, entries: str, question: str) -> Heard:
        """A reply to a question in the form in which the service asks it."""
        instruction = filled("de/model/draft_instruction", sprache="Deutsch", saetze=str(SENTENCES))
        asked = filled("de/model/draft_question", eintraege=entries, gespraech="", frage=question, sprache="Deutsch")
        heard = self._heard(instruction, asked)
        self._answers.append(heard)
        return heard

    def _heard(self, instruction: str, asked: str) -> Heard:
        begun = time.monotonic()
        said: list[str] = []
        arrivals: list[float] = []
        for piece in self._model.pieces(instruction, asked, self._patience):
            if piece.text:
                said.append(piece.text)
                arrivals.append(time.monotonic() - begun)
        return Heard("".join(said), tuple(arrivals), time.monotonic() - begun)


def _fits(value: object) -> bool:
    return isinstance(value, dict) and isinstance(value.get("ort"), str) and isinstance(value.get("jahr"), int)


def _long_material() -> str:
    """As much as the service sends at most; it differs each time, so that no server has it in its cache."""
    salt = secrets.token_hex(8)
    blocks = [filled("de/model/try_first_entry", kennung=_token(salt, 0))]
    left = MOST - len(blocks[0])
    while True:
        number = len(blocks)
        block = filled("de/model/try_entry", kennung=_token(salt, number), nummer=str(number))
        left -= len(block) + 2
        if left < 0:
            return "\n\n".join(blocks)
        blocks.append(block)


def _token(salt: str, number: int) -> str:
    return base64.b32encode(sha256(f"{salt}{number}".encode()).digest()).decode()[:4]
