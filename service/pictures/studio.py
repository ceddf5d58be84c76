"""All pictures of pages: each by a process of its own within limits of time and memory; how many are drawn at once, who
waits for them, and which pages are not tried again."""

from __future__ import annotations

import asyncio
import logging
import math
import os
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE
from collections import Counter, OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from prompts import say
from service.pictures.jobs import DRAWN, NO_PICTURE, TOO_MUCH, Job, NoPicture, PageId

MOST_WAITING = 64  # pictures that are ordered and not drawn yet
MOST_OF_ONE = 16  # of these, ordered by one client
MOST_FAILED = 4096  # pages that are remembered; the one that failed longest ago is forgotten first
FAILED_SECONDS = 86_400.0  # a page that failed only because the machine was busy has another try the next day
ROOT = Path(__file__).resolve().parents[2]  # the folder that holds the package `service`
START_SECONDS = 10.0  # until the process is at work, on a machine with much else to do
MAX_PNG = 33_554_432  # bytes of a picture: more than the largest can have, were nothing compressed
KEPT_VARIABLES = ("PATH", "LD_LIBRARY_PATH", "LANG", "TMPDIR", "SYSTEMROOT")  # no password of ours reaches what draws
TOO_LONG = -24  # SIGXCPU
log = logging.getLogger("strategielotse")


class PageFailed(Exception):
    """A page took too long or too much memory, or ended its process; the message says which."""


class NoPainter(Exception):
    """No process starts: the machine's fault, not the page's."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one picture may take: seconds at work, and megabytes beyond what its process has when it starts."""

    seconds: float = 6.0
    megabytes: int = 512


class TooManyWaiting(Exception):
    """So many pictures are ordered that this client can have no other now."""


class Studio:
    """Has pictures drawn, so many at once; used from one event loop."""

    def __init__(self, limits: Limits | None = None, at_once: int = 2) -> None:
        self._limits = limits or Limits()
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
                raise PageFailed(say("pictures.failed_before"))
            try:
                return await draw(job, self._limits)
            except PageFailed as failed:
                self._failed.pop(page, None)
                self._failed[page] = time.monotonic() + FAILED_SECONDS
                if len(self._failed) > MOST_FAILED:
                    self._failed.popitem(last=False)
                log.warning(say("pictures.not_drawn"), page.number, page.document, failed)
                raise
            except NoPainter:
                log.error(say("pictures.no_process"))
                raise


async def draw(job: Job, limits: Limits) -> bytes:
    """Return the picture as PNG; raises NoPicture, PageFailed or NoPainter."""
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    try:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "service.pictures.worker"),
            *(str(math.ceil(limits.seconds)), str(limits.megabytes)),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env=kept | {"PYTHONPATH": str(ROOT), "MALLOC_ARENA_MAX": "1"},  # each arena would reserve 64 MB
            start_new_session=True,  # Ctrl-C is for the service
        )
    except OSError:
        raise NoPainter from None
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(job.line())
    try:
        async with asyncio.timeout(limits.seconds + START_SECONDS):
            png = await _all_of(process.stdout)
            code = await process.wait()
    except TimeoutError:
        code = TOO_LONG
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        process.stdin.close()
        await process.wait()
    if code == DRAWN:
        return png
    raise _refusal(code, limits)


async def _all_of(stream: asyncio.StreamReader) -> bytes:
    """Read to the end; what no picture can hold counts as an end."""
    read = b""
    while (part := await stream.read(1 << 20)) and len(read) <= MAX_PNG:
        read += part
    return read


def _refusal(code: int, limits: Limits) -> Exception:
    if code == NO_PICTURE:
        return NoPicture()
    if code == TOO_LONG:
        return PageFailed(say("pictures.too_long", seconds=limits.seconds))
    if code == TOO_MUCH or code < 0:
        return PageFailed(
            say("pictures.too_much", megabytes=limits.megabytes) + (say("pictures.or_crash") if code < 0 else "")
        )
    return NoPainter()
