"""Asking a language model as one asks a dependency that fails: time, number, tokens and cost are limited.

After some failures in a row nothing is asked for a while (a circuit breaker); then one request tries again. What is
read from an endpoint ends with the time that was given, so that no thread goes on.
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

from service.language_models.building import ChatModel, LangChainModel, ModelReply, model_name
from service.language_models.errors import Failure, ModelUnavailable
from vectorstore.endpoints import Breaker, ending_after

log = logging.getLogger(__name__)
T = TypeVar("T")
ReportReply = Callable[[str, int, int, float, float], None]  # outcome, tokens read and written, cost, seconds of rest

PAUSES = (3.0, 15.0)  # seconds before a request that nobody waits for is tried again
_FOR_GOOD = (Failure.NOT_INSTALLED, Failure.MISCONFIGURED, Failure.NO_ACCESS)
_NOT_ASKED = (Failure.RESTING, Failure.BUSY, Failure.BUDGET)
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
        self.report_reply: ReportReply | None = None
        self._build, self.clock, self._today = build, clock, today
        self._model: ChatModel | None = None
        self._lock = threading.Lock()
        self._free = threading.BoundedSemaphore(limits.at_a_time)
        self._breaker = Breaker(clock)
        self._day, self._spent = self._today(), 0.0
        self._reported_at: dict[Failure, float] = {}

    def warm(self) -> None:
        """Build the model now and not with the first question (a second or two); nothing is asked, failures wait."""
        with suppress(ModelUnavailable):
            self._load()

    def ask(self, instruction: str, asked: str, seconds: float | None = None) -> ModelReply:
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
            result = self._run(do, seconds or self.limits.seconds)
        except ModelUnavailable as error:
            self._count_failure(error.failure)
            if self.report_reply is not None:
                self.report_reply(error.failure.value, 0, 0, 0.0, self._breaker.seconds_left)
            raise
        self._breaker.count_success()
        return result

    def replied(self, reply: ModelReply) -> None:
        """Count a reply and what it cost."""
        cost = (reply.read * self.limits.price_read + reply.written * self.limits.price_written) / _MILLION
        with self._lock:
            self.counts["replied"] += 1
            self._begin_day()
            self._spent += cost
        if self.report_reply is not None:
            self.report_reply("replied", reply.read, reply.written, cost, 0.0)

    def require_budget(self) -> None:
        """Raise ModelUnavailable where what a day may cost is spent."""
        if 0 < self.limits.cost_per_day <= self.spent:
            raise ModelUnavailable(Failure.BUDGET)

    @property
    def spent(self) -> float:
        """What today's replies cost."""
        with self._lock:
            self._begin_day()
            return self._spent

    def _run(self, do: Callable[[ChatModel], T], seconds: float) -> T:
        self.require_budget()
        if not self._breaker.try_enter():
            raise ModelUnavailable(Failure.RESTING)
        if not self._free.acquire(blocking=False):
            raise ModelUnavailable(Failure.BUSY)
        future: Future[T] = Future()
        thread = threading.Thread(target=self._fill, args=(future, do, seconds), daemon=True)
        try:
            thread.start()
        except BaseException:
            self._free.release()
            raise
        try:
            return future.result(timeout=seconds)
        except NotInTime as error:
            raise ModelUnavailable(Failure.SLOW) from error

    def _fill(self, future: Future[T], do: Callable[[ChatModel], T], seconds: float) -> None:
        """In a thread of its own, which frees its place when it ends."""
        try:
            with ending_after(seconds):
                future.set_result(do(self._load()))
        except BaseException as error:
            future.set_exception(error)
        finally:
            self._free.release()

    def _load(self) -> ChatModel:
        with self._lock:
            if self._model is None:
                self._model = self._build()
            return self._model

    def _count_failure(self, failure: Failure) -> None:
        """Count a failure, in the log at most once a minute for each kind."""
        with self._lock:
            self.counts[failure.value] += 1
            if self.clock() >= self._reported_at.get(failure, -_TELL_AFTER) + _TELL_AFTER:
                self._reported_at[failure] = self.clock()
                log.warning("language model: %s, %d times so far", failure.value, self.counts[failure.value])
        if failure not in _NOT_ASKED and self._breaker.count_failure():
            log.warning("language model: %s; asked again in %.0f s", failure, self._breaker.seconds_left)

    def _begin_day(self) -> None:
        if (today := self._today()) != self._day:
            self._day, self._spent = today, 0.0


def access_to(setting: str, limits: Limits, tokens: int) -> ModelAccess:
    """Access to the model of a setting; it is built when it is first asked. Replies have at most so many tokens."""
    parts = model_name(setting)
    build = partial(LangChainModel, setting, tokens=tokens, seconds=limits.seconds)
    return ModelAccess(build, limits, parts.name, parts.host)


def retry(ask: Callable[[], T], pauses: Sequence[float] = PAUSES) -> T:
    """What asking gives, tried again after each pause unless that is in vain; raises ModelUnavailable."""
    for pause in pauses:
        try:
            return ask()
        except ModelUnavailable as error:
            if error.failure in _FOR_GOOD:
                raise
            time.sleep(pause)
    return ask()
