"""Asking a language model as one asks a dependency that fails: time, number, tokens and cost are limited.

After some failures in a row nothing is asked for a while (a circuit breaker); then one request tries again.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotInTime
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import TypeVar

from service.language_models.building import ChatModel, LangChainModel, Reply, model_name
from service.language_models.errors import Failure, ModelUnavailable

log = logging.getLogger(__name__)
T = TypeVar("T")
Told = Callable[[str, int, int, float, float], None]  # outcome, tokens read and written, cost, seconds of rest

PAUSES = (3.0, 15.0)  # seconds before a request that nobody waits for is tried again
_FOR_GOOD = (Failure.NOT_INSTALLED, Failure.MISCONFIGURED, Failure.NO_ACCESS)
_IN_A_ROW = 3  # failures after which nothing is asked for a while
_REST, _LONGEST_REST = 10.0, 300.0  # seconds; doubled each time that trying again fails
_TELL_AFTER = 60.0  # seconds between two lines on the same kind of failure
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a model may take: seconds for a reply, requests at a time, and cost per day (0: no limit).

    Prices are per million tokens, in the currency of the budget.
    """

    seconds: float = 10.0
    at_a_time: int = 8
    cost_per_day: float = 0.0
    price_read: float = 0.0
    price_written: float = 0.0


class ModelAccess:
    """One model behind limits; safe for threads. `counts` says how often it replied and how it failed.

    `name` goes into receipts, `host` into notices: who processes what is asked.
    """

    def __init__(
        self,
        build: Callable[[], ChatModel],
        limits: Limits,
        name: str = "",
        host: str = "",
        clock: Callable[[], float] = time.monotonic,
        today: Callable[[], date] = lambda: datetime.now(UTC).date(),
    ) -> None:
        self.limits, self.name, self.host = limits, name, host
        self.counts: Counter[str] = Counter()
        self.told: Told | None = None
        self._build, self._clock, self._today = build, clock, today
        self._model: ChatModel | None = None
        self._lock = threading.Lock()
        self._free = threading.BoundedSemaphore(limits.at_a_time)
        self._failures, self._rest, self._resting_until = 0, _REST, 0.0
        self._day, self._spent = self._today(), 0.0
        self._told_at: dict[Failure, float] = {}

    def warm(self) -> None:
        """Build the model now and not with the first question (a second or two); nothing is asked, failures wait."""
        with suppress(ModelUnavailable):
            self._built()

    def ask(self, instruction: str, asked: str, seconds: float | None = None) -> Reply:
        """The model's reply within so many seconds; raises ModelUnavailable, never later than that."""
        most = seconds or self.limits.seconds
        reply = self.work(lambda model: model.reply(instruction, asked, most), most)
        self.replied(reply)
        return reply

    def work(self, do: Callable[[ChatModel], T], seconds: float | None = None) -> T:
        """What is done with the model, in another thread, within so many seconds; raises ModelUnavailable, never later.

        Who asks the model more than once tells each reply by `replied`, and asks `require_budget` before.
        """
        try:
            return self._done(do, seconds or self.limits.seconds)
        except ModelUnavailable as error:
            self._failed(error.failure)
            if self.told is not None:
                self.told(error.failure.value, 0, 0, 0.0, max(0.0, self._resting_until - self._clock()))
            raise

    def replied(self, reply: Reply) -> None:
        """Count a reply and what it cost."""
        self._replied(reply)
        if self.told is not None:
            self.told("replied", reply.read, reply.written, self._cost(reply), 0.0)

    def require_budget(self) -> None:
        """Raise ModelUnavailable where what a day may cost is spent."""
        with self._lock:
            self._new_day()
            if 0 < self.limits.cost_per_day <= self._spent:
                raise ModelUnavailable(Failure.BUDGET)

    @property
    def spent(self) -> float:
        """What today's replies cost."""
        with self._lock:
            self._new_day()
            return self._spent

    def _done(self, do: Callable[[ChatModel], T], seconds: float) -> T:
        self.require_budget()
        self._require_rested()
        if not self._free.acquire(blocking=False):
            raise ModelUnavailable(Failure.BUSY)
        future: Future[T] = Future()
        work = threading.Thread(target=self._do, args=(future, do), daemon=True)
        try:
            work.start()
        except BaseException:
            self._free.release()
            raise
        try:
            return future.result(timeout=seconds)
        except NotInTime as error:
            raise ModelUnavailable(Failure.SLOW) from error

    def _do(self, future: Future[T], do: Callable[[ChatModel], T]) -> None:
        """In a thread of its own, which frees its place when the endpoint lets go of it."""
        try:
            future.set_result(do(self._built()))
        except BaseException as error:
            future.set_exception(error)
        finally:
            self._free.release()

    def _built(self) -> ChatModel:
        with self._lock:
            if self._model is None:
                self._model = self._build()
            return self._model

    def _require_rested(self) -> None:
        with self._lock:
            if self._clock() < self._resting_until:
                raise ModelUnavailable(Failure.RESTING)
            if self._failures >= _IN_A_ROW:  # this one tries; the others wait for what becomes of it
                self._resting_until = self._clock() + self._rest

    def _failed(self, failure: Failure) -> None:
        with self._lock:
            self.counts[failure.value] += 1
            self._tell(failure)
            if failure in (Failure.RESTING, Failure.BUSY, Failure.BUDGET):
                return
            self._failures += 1
            if self._failures < _IN_A_ROW:
                return
            if self._failures > _IN_A_ROW:
                self._rest = min(2 * self._rest, _LONGEST_REST)
            self._resting_until = self._clock() + self._rest
            rest = self._rest
        log.warning("language model: %s, %d failures in a row; asked again in %.0f s", failure, self._failures, rest)

    def _tell(self, failure: Failure) -> None:
        """Count a kind of failure in the log, at most once a minute."""
        if self._clock() >= self._told_at.get(failure, -_TELL_AFTER) + _TELL_AFTER:
            self._told_at[failure] = self._clock()
            log.warning("language model: %s, %d times so far", failure.value, self.counts[failure.value])

    def _replied(self, reply: Reply) -> None:
        with self._lock:
            self.counts["replied"] += 1
            self._failures, self._rest, self._resting_until = 0, _REST, 0.0
            self._new_day()
            self._spent += self._cost(reply)

    def _cost(self, reply: Reply) -> float:
        return (reply.read * self.limits.price_read + reply.written * self.limits.price_written) / _MILLION

    def _new_day(self) -> None:
        if (today := self._today()) != self._day:
            self._day, self._spent = today, 0.0


def access_to(setting: str, limits: Limits, tokens: int) -> ModelAccess:
    """Access to the model of a setting; it is built when it is first asked. Replies have at most so many tokens."""
    parts = model_name(setting)
    build = partial(LangChainModel, setting, tokens=tokens, seconds=limits.seconds)
    return ModelAccess(build, limits, parts.name, parts.host)


def patiently(ask: Callable[[], T], pauses: Sequence[float] = PAUSES) -> T:
    """What asking gives, tried again after each pause unless that is in vain; raises ModelUnavailable."""
    for pause in pauses:
        try:
            return ask()
        except ModelUnavailable as error:
            if error.failure in _FOR_GOOD:
                raise
            time.sleep(pause)
    return ask()
