"""Sign-ins that failed: counted for each client, and slower with every one; who fails too often has to wait.

A client that cannot be told from others (this machine, a proxy that does not say for whom it speaks) never has to wait,
for nobody must lock out the others; each of its failures only takes its time.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections import OrderedDict

from service.counted_log import CountedLog
from service.problems import ProblemError

FREE = 5
SECONDS = 0.5  # every failure
FIRST_WAIT, LONGEST_WAIT = 10.0, 300.0
FORGOTTEN_AFTER = 3600.0
MAX_CLIENTS = 10_000
log = logging.getLogger("strategielotse")


class FailedSignIns:
    """The failures of the last hour by client, for at most `MAX_CLIENTS` of them."""

    def __init__(self) -> None:
        self._clients: OrderedDict[str, tuple[int, float]] = OrderedDict()
        self._told = CountedLog(log, "Fehlgeschlagene Anmeldungen an der Seite für Beschäftigte: %d")

    def require_turn(self, client: str | None) -> None:
        """Raise the problem too-many-sign-ins for a client that has to wait."""
        if wait := math.ceil(self.wait(client, time.monotonic())):
            raise ProblemError("too-many-sign-ins", values={"wait": str(wait)}, headers={"Retry-After": str(wait)})

    async def note(self, client: str | None) -> None:
        """Count a failure, and let it take its time."""
        self._told.note()
        self.count(client, time.monotonic())
        await asyncio.sleep(SECONDS)

    def forget(self, client: str | None) -> None:
        """Forget the failures of a client that has signed in."""
        if client is not None:
            self._clients.pop(client, None)

    def wait(self, client: str | None, now: float) -> float:
        """Return how many seconds a client has to wait, 0 for none."""
        number, then = self._clients.get(client or "", (0, now))
        if number < FREE:
            return 0.0
        longer = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(number - FREE, 10))
        return max(0.0, then + longer - now)

    def count(self, client: str | None, now: float) -> None:
        """Count a failure; the client that failed longest ago is forgotten where there are too many."""
        if client is None:
            return
        number, then = self._clients.pop(client, (0, now))
        self._clients[client] = (number + 1 if now - then < FORGOTTEN_AFTER else 1, now)
        if len(self._clients) > MAX_CLIENTS:
            self._clients.popitem(last=False)
