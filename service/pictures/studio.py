"""All pictures of pages: which is drawn next and by whom, who waits for it, and which pages are not tried again."""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from service.pictures.failures import FailedPages, PageId
from service.pictures.jobs import Job, NoPicture
from service.pictures.painter import NoPainter, PageFailed
from service.problems import log_exception

MOST_WAITING = 64  # requests; at the usual speed the last of them waits about two seconds
log = logging.getLogger("strategielotse")


class TooManyWaiting(Exception):
    """So many requests wait for pictures that no other may."""


class Draws(Protocol):
    """What draws pictures; `service.pictures.painter.Painter` does."""

    async def draw(self, job: Job) -> bytes:
        """Return the picture as PNG; raises NoPicture, PageFailed or NoPainter."""

    async def close(self) -> None:
        """Stop at once."""


@dataclass(eq=False, slots=True)
class Order:
    """A picture that requests wait for: its `outcome` is known when `done` is set."""

    page: PageId
    job: Job
    waiting: int = 0
    begun: bool = False
    done: asyncio.Event = field(default_factory=asyncio.Event)
    outcome: bytes | Exception = field(default_factory=NoPainter)


class Studio:
    """Hands orders to painters, each of which draws one at a time; used from one event loop."""

    def __init__(self, painters: Sequence[Draws]) -> None:
        self._painters = tuple(painters)
        self._idle = list(painters)
        self._orders: dict[tuple[PageId, Job], Order] = {}
        self._failed = FailedPages()
        self._turns = itertools.count(1)
        self._last_turn: dict[PageId, int] = {}
        self._drawing: set[asyncio.Task[None]] = set()

    def is_failed(self, page: PageId) -> bool:
        """Tell whether a page is known to be too much to draw."""
        return self._failed.has(page, time.monotonic())

    async def picture(self, page: PageId, job: Job) -> bytes:
        """Return the picture of a page as PNG; equal orders are drawn once, and who is cancelled gives up its place.

        Raises NoPicture, PageFailed, TooManyWaiting or NoPainter.
        """
        if self.is_failed(page):
            raise PageFailed("früher gescheitert", opened=True)
        if sum(order.waiting for order in self._orders.values()) >= MOST_WAITING:
            raise TooManyWaiting
        order = self._orders.setdefault((page, job), Order(page, job))
        order.waiting += 1
        self._begin_what_can_be()
        try:
            await order.done.wait()
        finally:
            order.waiting -= 1
            if not order.waiting and not order.begun:
                self._orders.pop((page, job), None)
        if isinstance(order.outcome, Exception):
            raise order.outcome
        return order.outcome

    async def close(self) -> None:
        """End all workers; who still waits gets no picture."""
        for order in self._orders.values():
            order.done.set()
        self._orders.clear()
        drawing = list(self._drawing)
        for task in drawing:
            task.cancel()
        await asyncio.gather(*drawing, return_exceptions=True)
        for painter in self._painters:
            await painter.close()

    def _begin_what_can_be(self) -> None:
        while self._idle and (order := self._next()):
            order.begun = True
            self._last_turn[order.page.whole] = next(self._turns)
            task = asyncio.create_task(self._draw(self._idle.pop(), order))
            self._drawing.add(task)
            task.add_done_callback(self._drawing.discard)
        if not self._orders:
            self._last_turn.clear()

    def _next(self) -> Order | None:
        """Return the order whose document had no turn for longest, so that a document of many heavy pages only waits
        for itself; never a page that is being drawn: what becomes of it is known soon."""
        at_work = {order.page for order in self._orders.values() if order.begun}
        ready = (order for order in self._orders.values() if not order.begun and order.page not in at_work)
        return min(ready, key=lambda order: self._last_turn.get(order.page.whole, 0), default=None)

    async def _draw(self, painter: Draws, order: Order) -> None:
        try:
            order.outcome = await self._outcome(painter, order)
        finally:
            self._idle.append(painter)
            self._orders.pop((order.page, order.job), None)
            order.done.set()
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
