"""Draws pictures of pages in limited processes: a few at once, one at a time for a subscriber, with
a bounded queue; failed pages are not retried for a while.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from anyio import to_thread

from prompts import say
from service import log
from service.web.http import OPEN_SHARE, Turns
from service.web.pictures.requests import NoPicture, PictureRequest
from vectorstore import Channel, LimitedProcess, ProcessFailure, ProcessLimits

LIMITS = ProcessLimits(seconds=10.0, memory_bytes=512_000_000)  # of one picture
MOST_WAITING = 64  # requests that are drawn or in the queue
MOST_OF_CLIENT = 16  # of these, of one subscriber
MOST_FAILED = 4096  # failed pages that are remembered; the oldest is forgotten first
# until a failed page is tried again: at once for a day, or where it was only slow, as on a busy
# machine, first for a minute, then each time twice as long, and with more time to draw it
FAILED_SECONDS = 86_400.0
SLOW_SECONDS = 60.0
MORE_TIME = 2.5


class PageFailed(Exception):
    """Drawing a page took too much time or memory, or its process crashed; the message says
    which.
    """


class PageSlow(PageFailed):
    """Drawing a page took too much time, which may be the machine's fault."""


class RendererBusy(Exception):
    """The queue or this subscriber's part of it is full, or no process can be started; the page may
    be drawn later.
    """


class PageRenderer:
    """Draws pictures in limited processes, `at_once` at a time; for use in one event loop."""

    def __init__(
        self,
        limits: ProcessLimits = LIMITS,
        at_once: int = 2,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limits, self._clock = limits, clock
        self._turns = Turns(at_once, of_one=1)
        # by path and page: until when it is not tried again, and how long that is
        self._failed: dict[tuple[str, int], tuple[float, float]] = {}

    def is_failed(self, path: str, number: int) -> bool:
        """True if a page could not be drawn lately (`PageFailed`).

        Width and quote do not matter: it is the page that takes too much time or memory.
        """
        until, _ = self._failed.get((path, number), (0.0, 0.0))
        return until > self._clock()

    async def picture(self, request: PictureRequest, subscriber: str = "") -> bytes:
        """Return the picture of a page as PNG; raises NoPicture, PageFailed or RendererBusy.

        It is refused at once if the queue is full, or this subscriber's part of it. Once
        `OPEN_SHARE` of the queue is filled, a subscriber who waits already is refused too: the rest
        is for those who have none in it. A page that failed lately is not tried again.
        """
        waiting = self._turns.count()
        total, own = waiting.total(), waiting[subscriber]
        most = OPEN_SHARE * MOST_WAITING if own else MOST_WAITING  # the rest is for those with none
        if total >= most or own >= MOST_OF_CLIENT:
            raise RendererBusy
        async with self._turns.turn(subscriber):
            if self.is_failed(request.path, request.number):
                raise PageFailed(say("pictures.failed_before"))
            return await self._draw(request)

    async def _draw(self, request: PictureRequest) -> bytes:
        """Draw a picture, and remember the page if it fails.

        A page that is bound to fail would take its ten seconds at each request. One that failed
        before gets more time.
        """
        page = (request.path, request.number)
        _, waited = self._failed.get(page, (0.0, 0.0))  # 0 seconds: it did not fail before
        limits = self._limits
        if waited:
            limits = replace(limits, seconds=limits.seconds * MORE_TIME)
        try:
            picture = await draw(request, limits)
        except PageFailed as failed:
            seconds = FAILED_SECONDS
            if isinstance(failed, PageSlow):
                seconds = min(2 * waited or SLOW_SECONDS, FAILED_SECONDS)
            self._remember(page, seconds)
            log.warning(say("pictures.not_drawn"), request.number, Path(request.path).stem, failed)
            raise
        self._failed.pop(page, None)
        return picture

    def _remember(self, page: tuple[str, int], seconds: float) -> None:
        """Note that a page failed; it is not tried again for so many seconds."""
        self._failed.pop(page, None)
        if len(self._failed) >= MOST_FAILED:
            del self._failed[next(iter(self._failed))]
        self._failed[page] = (self._clock() + seconds, seconds)


async def draw(request: PictureRequest, limits: ProcessLimits) -> bytes:
    """Draw a picture (PNG) in a limited process; raises NoPicture, PageFailed or RendererBusy.

    The process returns b"" for NoPicture, since it cannot raise into ours. It is killed in any
    case, also if the request is cancelled meanwhile.
    """
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
        raise PageSlow(say("pictures.too_long", seconds=limits.seconds))
    if isinstance(result, ProcessFailure):
        raise PageFailed(say("pictures.too_much", megabytes=limits.memory_bytes // 1_000_000))
    if not result:
        raise NoPicture
    return result


def draw_page(request: PictureRequest, _channel: Channel) -> bytes:
    """Return the picture as PNG, b"" for NoPicture.

    It runs in a limited process, and only there PDFium and PIL are imported: they read files that
    anybody may have made.
    """
    from service.web.pictures.drawing import page_picture

    try:
        return page_picture(request)
    except NoPicture:
        return b""
