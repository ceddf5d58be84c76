"""One worker process and what is said with it: started at its first picture, replaced where it was killed or ended."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from service.pictures.jobs import MAX_PNG, NO_PICTURE, OPENED, PICTURE, SIZE_BYTES, TAKEN, TOO_MUCH, Job, NoPicture

ROOT = Path(__file__).resolve().parents[2]  # the folder that holds the package `service`
START_SECONDS = 30.0
KEPT_VARIABLES = ("PATH", "LD_LIBRARY_PATH", "LANG", "TMPDIR", "SYSTEMROOT")  # no password of ours reaches a worker


class PageFailed(Exception):
    """A page took too long or too much memory, or ended its worker; the message says which.

    `opened` tells whether the document could be opened: if not, every page of it fails.
    """

    def __init__(self, reason: str, opened: bool) -> None:
        super().__init__(reason)
        self.opened = opened


class NoPainter(Exception):
    """No worker starts, or none takes a job: the machine's fault, not the page's."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one picture may take: seconds, and megabytes beyond what a worker has when it starts."""

    seconds: float
    megabytes: int


class Painter:
    """Draws one picture at a time in its worker."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._worker: Process | None = None

    async def draw(self, job: Job) -> bytes:
        """Return the picture as PNG; raises NoPicture, PageFailed or NoPainter."""
        worker = await self._given(job)
        assert worker.stdout is not None
        saying = Saying(worker.stdout)
        try:
            async with asyncio.timeout(self._limits.seconds):
                return await saying.picture()
        except TimeoutError:
            reason = f"länger als {self._limits.seconds:g} s"
        except MemoryError:
            reason = f"mehr als {self._limits.megabytes} MB"
        except (EOFError, OSError):
            reason = f"mehr als {self._limits.megabytes} MB, oder ein Absturz"
        await self.close()
        raise PageFailed(reason, saying.opened)

    async def close(self) -> None:
        """Kill the worker, whatever it does, and wait until it is gone."""
        worker, self._worker = self._worker, None
        if worker is None:
            return
        with suppress(ProcessLookupError):
            worker.kill()
        await worker.communicate()

    async def _given(self, job: Job) -> Process:
        """Hand the job to the worker, to a new one where the old one has ended since; raises NoPainter."""
        for _ in range(2):
            with suppress(OSError, EOFError):  # TimeoutError is an OSError
                async with asyncio.timeout(START_SECONDS):
                    self._worker = self._worker or await _started(self._limits.megabytes)
                    if await _takes(self._worker, job):
                        return self._worker
            await self.close()
        raise NoPainter


class Saying:
    """What a worker says about one job."""

    def __init__(self, stream: asyncio.StreamReader) -> None:
        self._stream = stream
        self.opened = False

    async def picture(self) -> bytes:
        """Return the PNG; raises NoPicture, MemoryError, and EOFError where the worker ends or says what nobody can."""
        said = await self._stream.readexactly(1)
        if said == OPENED:
            self.opened = True
            said = await self._stream.readexactly(1)
        if said == NO_PICTURE:
            raise NoPicture
        if said == TOO_MUCH:
            raise MemoryError
        size = int.from_bytes(await self._stream.readexactly(SIZE_BYTES))
        if said != PICTURE or size > MAX_PNG:
            raise EOFError
        return await self._stream.readexactly(size)


async def _started(megabytes: int) -> Process:
    """Start a worker in a session of its own: Ctrl-C is for the service, which ends its workers."""
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "service.pictures.worker", str(megabytes)),
        stdin=PIPE,
        stdout=PIPE,
        env=kept | {"PYTHONPATH": str(ROOT), "MALLOC_ARENA_MAX": "1"},  # each arena would reserve 64 MB of addresses
        start_new_session=True,
    )


async def _takes(worker: Process, job: Job) -> bool:
    assert worker.stdin is not None and worker.stdout is not None
    if worker.stdin.is_closing():
        return False
    worker.stdin.write(job.line())
    await worker.stdin.drain()
    return await worker.stdout.readexactly(1) == TAKEN
