"""Sign-ins that failed: counted for each client by this process; who fails too often has to wait.

A client that cannot be told from others (this machine, a proxy that does not say for whom it speaks) never has to wait,
for nobody must lock out the others; each of its failures only takes its time.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time

from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from service.counted_log import CountedLog
from service.http.problems import ProblemError

FREE, SPAN = 5, 300  # failures, and the seconds within which they count
SECONDS = 0.5  # every failure
_RATE = RateLimitItemPerSecond(FREE, SPAN)
log = logging.getLogger("strategielotse")


class FailedSignIns:
    """The failures of each client within the last minutes."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._told = CountedLog(log, "Fehlgeschlagene Anmeldungen an der Seite für Beschäftigte: %d")

    def require_turn(self, client: str | None) -> None:
        """Raise the problem too-many-sign-ins for a client that has to wait."""
        if client is None or self._limiter.test(_RATE, client):
            return
        wait = str(max(1, math.ceil(self._limiter.get_window_stats(_RATE, client).reset_time - time.time())))
        raise ProblemError("too-many-sign-ins", values={"wait": wait}, headers={"Retry-After": wait})

    async def note(self, client: str | None) -> None:
        """Count a failure, and let it take its time."""
        self._told.note()
        if client is not None:
            self._limiter.hit(_RATE, client)
        await asyncio.sleep(SECONDS)

    def forget(self, client: str | None) -> None:
        """Forget the failures of a client that has signed in."""
        if client is not None:
            self._limiter.clear(_RATE, client)
