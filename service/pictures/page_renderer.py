"""Draws pictures of pages in limited processes: a few at once, with a bounded queue; failed pages
are not retried.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from functools import partial
from pathlib import Path

from anyio import to_thread

from prompts import say
from service.pictures import NoPicture, PictureRequest, draw_page
from vectorstore.processes import LimitedProcess, ProcessFailure, ProcessLimits

LIMITS = ProcessLimits(seconds=10.0, memory_bytes=512_000_000)  # of one picture
MOST_WAITING = 64  # requests that are drawn or in the queue
MOST_OF_CLIENT = 16  # of these, of one client
MOST_FAILED = 4096  # failed pages that are remembered; the oldest is forgotten first
FAILED_SECONDS = 86_400.0  # until a failed page is tried again: the machine may only have been busy
log = logging.getLogger("strategielotse")


class PageFailed(Exception):
    """Drawing a page took too much time or memory, or its process crashed; the message says
    which.
    """


class RendererBusy(Exception):
    """The queue or this client's part of it is full, or no process can be started; the page may be
    drawn later.
    """


class PageRenderer:
    """Draws pictures in limited processes, `at_once` at a time; for use in one event loop."""

    def __init__(self, limits: ProcessLimits = LIMITS, at_once: int = 2) -> None:
        self._limits = limits
        self._drawing = asyncio.Semaphore(at_once)
        self._waiting: Counter[str] = Counter()  # by client
        self._failed: dict[
            tuple[str, int], float
        ] = {}  # path and page: until when it is not tried again

    def is_failed(self, path: str, number: int) -> bool:
        """True if a page could not be drawn lately (`PageFailed`), at any width and with any
        quote.
        """
        return self._failed.get((path, number), 0.0) > time.monotonic()

    async def picture(self, request: PictureRequest, client: str = "") -> bytes:
        """The picture of a page as PNG; raises NoPicture, PageFailed or RendererBusy."""
        if self._waiting.total() >= MOST_WAITING or self._waiting[client] >= MOST_OF_CLIENT:
            raise RendererBusy
        self._waiting[client] += 1
        try:
            async with self._drawing:
                if self.is_failed(request.path, request.number):
                    raise PageFailed(say("pictures.failed_before"))
                return await self._draw(request)
        finally:
            self._waiting -= Counter({client: 1})

    async def _draw(self, request: PictureRequest) -> bytes:
        """Draw a picture, and remember the page if it fails."""
        try:
            return await draw(request, self._limits)
        except PageFailed as failed:
            if len(self._failed) >= MOST_FAILED:
                del self._failed[next(iter(self._failed))]
            self._failed[request.path, request.number] = time.monotonic() + FAILED_SECONDS
            log.warning(say("pictures.not_drawn"), request.number, Path(request.path).stem, failed)
            raise


async def draw(request: PictureRequest, limits: ProcessLimits) -> bytes:
    """Draw a picture (PNG) in a limited process; raises NoPicture, PageFailed or RendererBusy."""
    try:
        process = await to_thread.run_sync(partial(LimitedProcess, draw_page, request, limits))
    except OSError:
        log.error(say("pictures.no_process"))
        raise RendererBusy from None
    try:
        result = await to_thread.run_sync(process.result, abandon_on_cancel=True)
    finally:
        process.kill()
    if result is ProcessFailure.OUT_OF_TIME:
        raise PageFailed(say("pictures.too_long", seconds=limits.seconds))
    if isinstance(result, ProcessFailure):
        raise PageFailed(say("pictures.too_much", megabytes=limits.memory_bytes // 1_000_000))
    if not result:
        raise NoPicture
    return result
