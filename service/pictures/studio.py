"""All pictures of pages: each by a process of its own within limits of time and memory; how many are drawn at once, who
waits for them, and which pages are not tried again."""

from __future__ import annotations

import asyncio
import json
import logging
import math
import os
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE
from collections import Counter
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from prompts import say
from service.pictures import NO_PICTURE, TOO_MUCH, NoPicture

MOST_WAITING = 64  # pictures that are ordered and not drawn yet
MOST_OF_ONE = 16  # of these, ordered by one client
MOST_FAILED = 4096  # pages that are remembered; the one that failed longest ago is forgotten first
FAILED_SECONDS = 86_400.0  # a page that failed only because the machine was busy has another try the next day
ROOT = Path(__file__).resolve().parents[2]  # the folder that holds the package `service`
START_SECONDS = 10.0  # until the process is at work, on a machine with much else to do
KEPT_VARIABLES = ("PATH", "LD_LIBRARY_PATH", "LANG", "TMPDIR", "SYSTEMROOT")  # no password of ours reaches what draws
TOO_LONG = -24  # SIGXCPU
log = logging.getLogger("strategielotse")


class PageFailed(Exception):
    """A page took too long or too much memory, or ended its process; the message says which."""


class NotNow(Exception):
    """So many pictures are ordered that this client can have no other, or no process starts: not the page's fault."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one picture may take: seconds at work, and megabytes beyond what its process has when it starts."""

    seconds: float = 6.0
    megabytes: int = 512


@dataclass(frozen=True, slots=True)
class Job:
    """Page `number` (from 1) of the PDF at `path`, `width` pixels wide, with `quote` marked.

    With `crop` only the place of the quote is drawn, with so many points around it.
    """

    path: str
    number: int
    width: int
    quote: str = ""
    crop: int | None = None


class Studio:
    """Has pictures drawn, so many at once; used from one event loop."""

    def __init__(self, limits: Limits | None = None, at_once: int = 2) -> None:
        self._limits = limits or Limits()
        self._places = asyncio.Semaphore(at_once)
        self._waiting: Counter[str] = Counter()  # by client
        self._failed: dict[tuple[str, int], float] = {}

    def is_failed(self, path: str, number: int) -> bool:
        """Tell whether a page was too much to draw, at whatever width and with whatever quote."""
        return self._failed.get((path, number), 0.0) > time.monotonic()

    async def picture(self, job: Job, client: str = "") -> bytes:
        """Return the picture of a page as PNG; raises NoPicture, PageFailed or NotNow."""
        if self._waiting.total() >= MOST_WAITING or self._waiting[client] >= MOST_OF_ONE:
            raise NotNow
        self._waiting[client] += 1
        try:
            async with self._places:
                if self.is_failed(job.path, job.number):
                    raise PageFailed(say("pictures.failed_before"))
                return await self._drawn(job)
        finally:
            self._waiting -= Counter({client: 1})

    async def _drawn(self, job: Job) -> bytes:
        try:
            return await draw(job, self._limits)
        except PageFailed as failed:
            if len(self._failed) >= MOST_FAILED:
                del self._failed[next(iter(self._failed))]
            self._failed[job.path, job.number] = time.monotonic() + FAILED_SECONDS
            log.warning(say("pictures.not_drawn"), job.number, Path(job.path).stem, failed)
            raise


async def draw(job: Job, limits: Limits) -> bytes:
    """Return the picture as PNG; raises NoPicture, PageFailed or NotNow."""
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    command = (sys.executable, "-P", "-m", "service.pictures.drawing")
    allowed = (str(math.ceil(limits.seconds)), str(limits.megabytes))
    environment = kept | {"PYTHONPATH": str(ROOT), "MALLOC_ARENA_MAX": "1"}  # each arena would reserve 64 MB
    try:
        process = await asyncio.create_subprocess_exec(
            *command, *allowed, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=environment, start_new_session=True
        )
    except OSError:
        log.error(say("pictures.no_process"))
        raise NotNow from None
    try:
        async with asyncio.timeout(limits.seconds + START_SECONDS):
            png, _ = await process.communicate(json.dumps(asdict(job)).encode("ascii"))
        code = process.returncode
    except TimeoutError:
        code = TOO_LONG
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    if code == 0:
        return png
    if code == NO_PICTURE:
        raise NoPicture
    if code == TOO_LONG:
        raise PageFailed(say("pictures.too_long", seconds=limits.seconds))
    if code == TOO_MUCH or code is None or code < 0:
        crashed = "" if code == TOO_MUCH else say("pictures.or_crash")
        raise PageFailed(say("pictures.too_much", megabytes=limits.megabytes) + crashed)
    log.error(say("pictures.no_process"))  # it could not begin
    raise NotNow
