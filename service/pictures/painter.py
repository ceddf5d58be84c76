"""Draws one picture by a process of its own, within limits of time and memory."""

from __future__ import annotations

import asyncio
import math
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from service.pictures.jobs import DRAWN, NO_PICTURE, TOO_MUCH, Job, NoPicture

ROOT = Path(__file__).resolve().parents[2]  # the folder that holds the package `service`
START_SECONDS = 10.0  # until the process is at work, on a machine with much else to do
MAX_PNG = 33_554_432  # bytes of a picture: more than the largest can have, were nothing compressed
KEPT_VARIABLES = ("PATH", "LD_LIBRARY_PATH", "LANG", "TMPDIR", "SYSTEMROOT")  # no password of ours reaches what draws
TOO_LONG = -24  # SIGXCPU


class PageFailed(Exception):
    """A page took too long or too much memory, or ended its process; the message says which."""


class NoPainter(Exception):
    """No process starts: the machine's fault, not the page's."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one picture may take: seconds at work, and megabytes beyond what its process has when it starts."""

    seconds: float = 6.0
    megabytes: int = 512


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
        return PageFailed(f"länger als {limits.seconds:g} s")
    if code == TOO_MUCH or code < 0:
        return PageFailed(f"mehr als {limits.megabytes} MB" + (", oder ein Absturz" if code < 0 else ""))
    return NoPainter()
