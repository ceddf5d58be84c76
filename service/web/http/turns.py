"""Turns of work that is done a few at a time, shared out among those who wait for it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

MOST_REMEMBERED = 4096  # subscribers whose turns are remembered


class Turns:
    """Gives turns to work: `at_once` at a time, `of_one` of a subscriber; for one event loop.

    Who had none goes first, then who had the last one longest ago; among those who had none, who
    waits for the fewest: however many greedy ones wait, a new one waits for one piece of work.
    """

    def __init__(self, at_once: int, of_one: int) -> None:
        self._at_once, self._of_one = at_once, of_one
        self._waiting: dict[asyncio.Event, str] = {}  # subscriber by its turn, by arrival
        self._running: Counter[str] = Counter()  # by subscriber
        self._numbers = count(1)  # of turns
        self._served: dict[str, int] = {}  # last turn by subscriber, the latest last

    def count(self) -> Counter[str]:
        """Return how many turns each subscriber waits for or has."""
        return self._running + Counter(self._waiting.values())

    @asynccontextmanager
    async def turn(self, subscriber: str) -> AsyncIterator[None]:
        """Wait until a subscriber may begin; the turn ends with the `with` block.

        A turn that is still waited for at the end was cancelled.
        """
        turn = asyncio.Event()
        self._waiting[turn] = subscriber
        self._begin_next()
        try:
            await turn.wait()
            yield
        finally:
            if self._waiting.pop(turn, None) is None:
                self._running -= Counter({subscriber: 1})
            self._begin_next()

    def _begin_next(self) -> None:
        """Begin turns while places are free.

        Who had a turn is noted with its number. If too many are noted, the one whose turn is
        longest ago is forgotten: it then counts as one that had none.
        """
        while self._running.total() < self._at_once:
            turn = self._next_turn()
            if turn is None:
                return
            subscriber = self._waiting.pop(turn)
            self._running[subscriber] += 1
            self._served.pop(subscriber, None)  # so that the latest is last
            self._served[subscriber] = next(self._numbers)
            if len(self._served) > MOST_REMEMBERED:
                del self._served[next(iter(self._served))]
            turn.set()

    def _next_turn(self) -> asyncio.Event | None:
        """Return the turn that begins next, None if none may begin.

        It is that with the least number of its subscriber's last turn, 0 for none, and then the one
        whose subscriber waits for the fewest.
        """
        own = Counter(self._waiting.values())
        allowed = [turn for turn, who in self._waiting.items() if self._running[who] < self._of_one]

        def rank(turn: asyncio.Event) -> tuple[int, int]:
            who = self._waiting[turn]
            return self._served.get(who, 0), own[who]

        return min(allowed, key=rank, default=None)
