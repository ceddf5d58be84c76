"""All pictures of pages: which is drawn next and by whom, who waits for it, and which pages are not tried again.

Clients take turns, and so do documents. Where no place to wait is left, whoever holds most places gives one up for a
newcomer that holds fewer: nobody fills the queue for all others.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from collections import Counter, OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from service.logs import log_exception
from service.pictures.failures import FailedPages, PageId
from service.pictures.jobs import Job, NoPicture
from service.pictures.painter import NoPainter, PageFailed

MOST_WAITING = 64  # requests; at the usual speed the last of them waits about two seconds
MOST_TURNS = 4096  # of clients and documents that are remembered while others wait
log = logging.getLogger("strategielotse")


class TooManyWaiting(Exception):
    """So many requests wait for pictures that no other of this client may."""


class Draws(Protocol):
    """What draws pictures; `service.pictures.painter.Painter` does."""

    async def draw(self, job: Job) -> bytes:
        """Return the picture as PNG; raises NoPicture, PageFailed or NoPainter."""

    async def close(self) -> None:
        """Stop at once."""


@dataclass(eq=False, slots=True)
class Order:
    """A picture that requests wait for: its `outcome` is known when they are told."""

    page: PageId
    job: Job
    waiting: dict[Waiting, None] = field(default_factory=dict)
    begun: bool = False
    outcome: bytes | Exception = field(default_factory=NoPainter)

    def finish(self) -> None:
        """Tell everybody who waits."""
        for one in self.waiting:
            one.told.set()


@dataclass(eq=False, slots=True)
class Waiting:
    """A request that waits for an order; `told` is set when its outcome is known or it gives way."""

    client: str
    order: Order
    gives_way: bool = False
    told: asyncio.Event = field(default_factory=asyncio.Event)


class Studio:
    """Hands orders to painters, each of which draws one at a time; used from one event loop."""

    def __init__(self, painters: Sequence[Draws]) -> None:
        self._painters = tuple(painters)
        self._idle = list(painters)
        self._orders: dict[tuple[PageId, Job], Order] = {}
        self._failed = FailedPages()
        self._waiting: dict[Waiting, None] = {}
        self._turns = itertools.count(1)
        self._last_turn: OrderedDict[PageId | str, int] = OrderedDict()
        self._drawing: set[asyncio.Task[None]] = set()

    def is_failed(self, page: PageId) -> bool:
        """Tell whether a page is known to be too much to draw."""
        return self._failed.has(page, time.monotonic())

    async def picture(self, page: PageId, job: Job, client: str = "") -> bytes:
        """Return the picture of a page as PNG; equal orders are drawn once, and who is cancelled gives up its place.

        Raises NoPicture, PageFailed, TooManyWaiting or NoPainter.
        """
        if self.is_failed(page):
            raise PageFailed("früher gescheitert", opened=True)
        if len(self._waiting) >= MOST_WAITING:
            self._make_room(client)
        order = self._orders.setdefault((page, job), Order(page, job))
        waiting = Waiting(client, order)
        order.waiting[waiting] = self._waiting[waiting] = None
        self._begin_what_can_be()
        try:
            await waiting.told.wait()
        finally:
            self._leave(waiting)
        if waiting.gives_way:
            raise TooManyWaiting
        if isinstance(order.outcome, Exception):
            raise order.outcome
        return order.outcome

    async def close(self) -> None:
        """End all workers; who still waits gets no picture."""
        for order in self._orders.values():
            order.finish()
        self._orders.clear()
        drawing = list(self._drawing)
        for task in drawing:
            task.cancel()
        await asyncio.gather(*drawing, return_exceptions=True)
        for painter in self._painters:
            await painter.close()

    def _make_room(self, client: str) -> None:
        """Have the latest request of the client that has most of them give way, if it then still has as many."""
        counts = Counter(one.client for one in self._waiting)
        most, number = counts.most_common(1)[0]
        if number <= counts[client] + 1:
            raise TooManyWaiting
        theirs = [one for one in self._waiting if one.client == most]
        latest = max(theirs, key=lambda one: not one.order.begun and theirs.index(one))
        latest.gives_way = True
        latest.told.set()
        self._leave(latest)

    def _leave(self, waiting: Waiting) -> None:
        order = waiting.order
        self._waiting.pop(waiting, None)
        order.waiting.pop(waiting, None)
        if not order.waiting and not order.begun and self._orders.get((order.page, order.job)) is order:
            del self._orders[order.page, order.job]

    def _begin_what_can_be(self) -> None:
        while self._idle and (order := self._next()):
            order.begun = True
            self._note_turn(order)
            task = asyncio.create_task(self._draw(self._idle.pop(), order))
            self._drawing.add(task)
            task.add_done_callback(self._drawing.discard)
        if not self._orders:
            self._last_turn.clear()

    def _note_turn(self, order: Order) -> None:
        turn = next(self._turns)
        served: list[PageId | str] = [order.page.whole, *(waiting.client for waiting in order.waiting)]
        for one in served:
            self._last_turn[one] = turn
            self._last_turn.move_to_end(one)
        while len(self._last_turn) > MOST_TURNS:
            self._last_turn.popitem(last=False)

    def _next(self) -> Order | None:
        """Return the order whose client, then whose document had no turn for longest, so that whoever asks for many
        heavy pages only waits for itself; never a page that is being drawn: what becomes of it is known soon."""
        at_work = {order.page for order in self._orders.values() if order.begun}
        ready = (order for order in self._orders.values() if not order.begun and order.page not in at_work)
        return min(ready, key=self._turn_of, default=None)

    def _turn_of(self, order: Order) -> tuple[int, int]:
        clients = min((self._last_turn.get(one.client, 0) for one in order.waiting), default=0)
        return clients, self._last_turn.get(order.page.whole, 0)

    async def _draw(self, painter: Draws, order: Order) -> None:
        try:
            order.outcome = await self._outcome(painter, order)
        finally:
            self._idle.append(painter)
            self._orders.pop((order.page, order.job), None)
            order.finish()
            self._begin_what_can_be()

    async def _outcome(self, painter: Draws, order: Order) -> bytes | Exception:
        if self.is_failed(order.page):  # since it was ordered, at another width or with another quote
            return PageFailed("früher gescheitert", opened=True)
        try:
            return await painter.draw(order.job)
        except NoPicture as refused:
            return refused
        except NoPainter as missing:
            log.error("Es startet kein Prozess, der Seitenbilder zeichnet")
            return missing
        except PageFailed as failed:
            self._failed.add(order.page if failed.opened else order.page.whole, time.monotonic())
            log.warning("Seite %d von %s wird nicht gezeichnet: %s", order.page.number, order.page.document, failed)
            return failed
        except Exception as error:
            log_exception(error)
            await painter.close()  # it may be in the middle of a picture, which is not the next order's
            return NoPainter()
