"""Access to a language model with limits of time, requests at a time, tokens and cost, and with a
circuit breaker.

After some failures in a row no request is made for a while; then a single request tries again
(no request is repeated here: `agent.answerer` decides what follows a failed one).
Reading from an endpoint ends at the time limit, so that no thread goes on.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotInTime
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import TypeVar

from service.language_models.building import LangChainModel, ModelReply, model_name
from service.language_models.errors import Failure, ModelUnavailable
from vectorstore import Breaker, deadline_after

log = logging.getLogger(__name__)
T = TypeVar("T")
# outcome, tokens read, written, cost, seconds of pause
ReportReply = Callable[[str, int, int, float, float], None]

# no request was made: not a failure of the endpoint
_NOT_SENT = (Failure.RESTING, Failure.BUSY, Failure.BUDGET)
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits of a model: seconds for a reply, requests at a time, and cost per day (0: no
    limit).
    """

    seconds: float = 10.0
    at_a_time: int = 8
    cost_per_day: float = 0.0
    price_read: float = 0.0  # of a million tokens, in the currency of the budget
    price_written: float = 0.0

    def cost(self, read: int, written: int) -> float:
        """The cost of so many tokens read and written."""
        return (read * self.price_read + written * self.price_written) / _MILLION


class ModelAccess:
    """A model with limits; thread-safe.

    `name` is for receipts, `host` for notices on who processes the questions.
    """

    def __init__(
        self,
        build: Callable[[], LangChainModel],
        limits: Limits,
        name: str = "",
        host: str = "",
        clock: Callable[[], float] = time.monotonic,
        today: Callable[[], date] = lambda: datetime.now(UTC).date(),
    ) -> None:
        self.limits = limits
        self.name = name
        self.host = host
        self.report_reply: ReportReply | None = None
        self._build = build
        self.clock = clock
        self._today = today
        self._model: LangChainModel | None = None
        self._lock = threading.Lock()
        self._free = threading.BoundedSemaphore(limits.at_a_time)
        self._breaker = Breaker(clock)
        self._day = self._today()
        self._spent = 0.0

    def warm(self) -> None:
        """Build the model now, which takes a second or two, and not at the first question; failures
        are ignored.
        """
        with suppress(ModelUnavailable):
            self._load()

    def ask(self, instruction: str, request: str, seconds: float | None = None) -> ModelReply:
        """Ask the model and return its reply.

        Raises ModelUnavailable, also if there is no reply within `seconds`; by default these are
        the seconds of the limits.
        """
        reply = self.run_with_model(lambda model: model.reply(instruction, request), seconds)
        self.count_reply(reply)
        return reply

    def run_with_model(
        self, use_model: Callable[[LangChainModel], T], seconds: float | None = None
    ) -> T:
        """Call `use_model` with the model, in another thread, and return its result.

        Raises ModelUnavailable, also if there is no result within `seconds`; the thread may then
        still run for a moment. As only the first request is checked here, `use_model` has to call
        `require_budget` before each further one, and `count_reply` after each reply.
        """
        try:
            result = self._run(use_model, seconds or self.limits.seconds)
        except ModelUnavailable as error:
            self._count_failure(error.failure)
            if self.report_reply is not None:
                self.report_reply(error.failure.value, 0, 0, 0.0, self._breaker.seconds_left)
            raise
        self._breaker.count_success()
        return result

    def count_reply(self, reply: ModelReply) -> None:
        """Count a reply and add its cost to that of today, and report both if somebody wants it."""
        cost = self.limits.cost(reply.read, reply.written)
        with self._lock:
            self._begin_day()
            self._spent += cost
        if self.report_reply is not None:
            self.report_reply("replied", reply.read, reply.written, cost, 0.0)

    def require_budget(self) -> None:
        """Raise ModelUnavailable if today's replies have cost `cost_per_day` already."""
        if 0 < self.limits.cost_per_day <= self.spent:
            raise ModelUnavailable(Failure.BUDGET)

    @property
    def spent(self) -> float:
        """The cost of today's replies (UTC)."""
        with self._lock:
            self._begin_day()
            return self._spent

    def _run(self, use_model: Callable[[LangChainModel], T], seconds: float) -> T:
        """Run `use_model` in a new thread and return its result.

        Raises ModelUnavailable if the budget is spent, if the circuit breaker is open, if too many
        requests run already, or if there is no result in time. In the last case the thread keeps
        its place among the requests until it ends.
        """
        self.require_budget()
        if not self._breaker.try_enter():
            raise ModelUnavailable(Failure.RESTING)
        if not self._free.acquire(blocking=False):
            raise ModelUnavailable(Failure.BUSY)
        future: Future[T] = Future()
        thread = threading.Thread(target=self._fill, args=(future, use_model, seconds), daemon=True)
        try:
            thread.start()
        except BaseException:
            self._free.release()
            raise
        try:
            return future.result(timeout=seconds)
        except NotInTime as error:
            raise ModelUnavailable(Failure.SLOW) from error

    def _fill(
        self, future: Future[T], use_model: Callable[[LangChainModel], T], seconds: float
    ) -> None:
        """Call `use_model` and set its result, or its exception, in `future`.

        Runs in its own thread. Only at its end the next request may run, even if nobody waits for
        the result any more: otherwise there would be more requests at a time than allowed.
        """
        try:
            with deadline_after(seconds):
                result = use_model(self._load())
        except BaseException as error:
            self._free.release()
            future.set_exception(error)
            return
        self._free.release()  # first, as who gets the result may ask again at once
        future.set_result(result)

    def _load(self) -> LangChainModel:
        """The model, which is built at its first use."""
        with self._lock:
            if self._model is None:
                self._model = self._build()
            return self._model

    def _count_failure(self, failure: Failure) -> None:
        """Log a failure and count it for the circuit breaker, whose pauses keep the log short.

        If no request was sent (`_NOT_SENT`), the endpoint has not failed: then it does neither.
        """
        if failure in _NOT_SENT:
            return
        log.warning("language model: %s", failure.value)
        if self._breaker.count_failure():
            log.warning("language model: asked again in %.0f s", self._breaker.seconds_left)

    def _begin_day(self) -> None:
        """Set what was spent to zero if a new day has begun (UTC)."""
        today = self._today()
        if today != self._day:
            self._day = today
            self._spent = 0.0


def access_to(setting: str, limits: Limits, tokens: int) -> ModelAccess:
    """Access to the model of a setting, which is built at its first use; replies have at most
    `tokens` tokens.
    """
    parts = model_name(setting)
    build = partial(LangChainModel, setting, tokens=tokens, seconds=limits.seconds)
    return ModelAccess(build, limits, parts.name, parts.host)
