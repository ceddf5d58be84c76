"""Turns of work that is done a few at a time, shared out among those who wait for it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count

MOST_REMEMBERED = 4096  # subscribers whose turns are remembered


@dataclass(frozen=True, slots=True, eq=False)
class _Order:
    """A piece of work that a subscriber waits for until it is its turn."""

    subscriber: str
    turn: asyncio.Event = field(default_factory=asyncio.Event)


class Turns:
    """Gives turns to work: `at_once` at a time, `of_one` of a subscriber; for one event loop.

    Who had none goes first, then who had the last one longest ago; among those who had none, who
    waits for the fewest: however many greedy ones wait, a new one waits for one piece of work.
    """

    def __init__(self, at_once: int, of_one: int) -> None:
        self._at_once, self._of_one = at_once, of_one
        self._waiting: list[_Order] = []  # by arrival
        self._running: Counter[str] = Counter()  # by subscriber
        self._numbers = count(1)  # of turns
        self._served: dict[str, int] = {}  # last turn by subscriber, the latest last

    def count(self) -> Counter[str]:
        """Return how many turns each subscriber waits for or has."""
        return self._running + Counter(order.subscriber for order in self._waiting)

    @asynccontextmanager
    async def turn(self, subscriber: str) -> AsyncIterator[None]:
        """Wait until a subscriber may begin; the turn ends with the `with` block.

        An order that is still waiting at the end was cancelled before its turn.
        """
        order = _Order(subscriber)
        self._waiting.append(order)
        self._begin_next()
        try:
            await order.turn.wait()
            yield
        finally:
            if order in self._waiting:
                self._waiting.remove(order)
            else:
                self._running -= Counter({subscriber: 1})
            self._begin_next()

    def _begin_next(self) -> None:
        """Begin turns while places are free.

        Who had a turn is noted with its number. If too many are noted, the one whose turn is
        longest ago is forgotten: it then counts as one that had none.
        """
        while self._running.total() < self._at_once:
            order = self._next_order()
            if order is None:
                return
            self._waiting.remove(order)
            self._running[order.subscriber] += 1
            self._served.pop(order.subscriber, None)
            self._served[order.subscriber] = next(self._numbers)
            if len(self._served) > MOST_REMEMBERED:
                del self._served[next(iter(self._served))]
            order.turn.set()

    def _next_order(self) -> _Order | None:
        """Return the order that has the next turn, None if no one may begin.

        It is that with the least number of its subscriber's last turn, 0 for none, and then the one
        whose subscriber waits for the fewest.
        """
        own = Counter(order.subscriber for order in self._waiting)
        allowed = [
            order for order in self._waiting if self._running[order.subscriber] < self._of_one
        ]
        return min(
            allowed,
            key=lambda order: (self._served.get(order.subscriber, 0), own[order.subscriber]),
            default=None,
        )
