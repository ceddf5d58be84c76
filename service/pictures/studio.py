"""All pictures of pages: how many are drawn at once, who waits for them, and which pages are not tried again."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter, OrderedDict

from service.pictures.jobs import Job, PageId
from service.pictures.painter import Limits, NoPainter, PageFailed, draw

MOST_WAITING = 64  # pictures that are ordered and not drawn yet
MOST_OF_ONE = 16  # of these, ordered by one client
MOST_FAILED = 4096  # pages that are remembered; the one that failed longest ago is forgotten first
FAILED_SECONDS = 86_400.0  # a page that failed only because the machine was busy has another try the next day
DEFAULT = Limits()
log = logging.getLogger("strategielotse")


class TooManyWaiting(Exception):
    """So many pictures are ordered that this client can have no other now."""


class Studio:
    """Has pictures drawn, so many at once; used from one event loop."""

    def __init__(self, limits: Limits = DEFAULT, at_once: int = 2) -> None:
        self._limits = limits
        self._places = asyncio.Semaphore(at_once)
        self._orders: dict[tuple[PageId, Job], asyncio.Task[bytes]] = {}
        self._clients: Counter[str] = Counter()
        self._failed: OrderedDict[PageId, float] = OrderedDict()

    def is_failed(self, page: PageId) -> bool:
        """Tell whether a page was too much to draw, at whatever width and with whatever quote."""
        return self._failed.get(page, 0.0) > time.monotonic()

    async def picture(self, page: PageId, job: Job, client: str = "") -> bytes:
        """Return the picture of a page as PNG; equal orders are drawn once, also where who ordered has left.

        Raises NoPicture, PageFailed, TooManyWaiting or NoPainter.
        """
        order = self._orders.get((page, job))
        if order is None:
            if len(self._orders) >= MOST_WAITING or self._clients[client] >= MOST_OF_ONE:
                raise TooManyWaiting
            order = self._orders[page, job] = asyncio.create_task(self._drawn(page, job))
            self._clients[client] += 1
            order.add_done_callback(lambda _: self._forget(page, job, client))
        try:
            return await asyncio.shield(order)
        except asyncio.CancelledError:
            if order.cancelled():  # the service ends
                raise NoPainter from None
            raise

    async def close(self) -> None:
        """End what is being drawn; who still waits gets no picture."""
        orders = list(self._orders.values())
        for order in orders:
            order.cancel()
        await asyncio.gather(*orders, return_exceptions=True)

    def _forget(self, page: PageId, job: Job, client: str) -> None:
        order = self._orders.pop((page, job))
        if not order.cancelled():
            order.exception()  # told to whoever waits, if anybody does
        self._clients -= Counter({client: 1})

    async def _drawn(self, page: PageId, job: Job) -> bytes:
        async with self._places:
            if self.is_failed(page):
                raise PageFailed("früher gescheitert")
            try:
                return await draw(job, self._limits)
            except PageFailed as failed:
                self._failed.pop(page, None)
                self._failed[page] = time.monotonic() + FAILED_SECONDS
                if len(self._failed) > MOST_FAILED:
                    self._failed.popitem(last=False)
                log.warning("Seite %d von %s wird nicht gezeichnet: %s", page.number, page.document, failed)
                raise
            except NoPainter:
                log.error("Es startet kein Prozess, der Seitenbilder zeichnet")
                raise
