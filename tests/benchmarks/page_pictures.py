"""What a worker costs: `python -m tests.benchmarks.page_pictures PDF...` draws every page here and in a worker in turn.

Prints the median of both in milliseconds, the median of their ratio, and how long the first picture takes.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console

from service.pictures.jobs import Job, NoPicture
from service.pictures.pages import page_picture
from service.pictures.painter import Limits, Painter

WIDTH = 900
ROUNDS = 3
MOST_PAGES = 40  # of one document


def jobs(paths: list[Path]) -> Iterator[Job]:
    """Yield a job for every page that there is."""
    for path in paths:
        for number in range(1, MOST_PAGES + 1):
            try:
                page_picture(path, number, 200)
            except NoPicture:
                break
            yield Job(str(path), number, WIDTH)


async def main(paths: list[Path]) -> None:
    """Draw every page in turns, so that a busy machine slows both alike."""
    here, there = list[float](), list[float]()
    painter = Painter(Limits(seconds=60, megabytes=512))
    wanted = list(jobs(paths))
    began = time.perf_counter()
    await painter.draw(wanted[0])
    first = 1000 * (time.perf_counter() - began)
    for job in wanted * ROUNDS:
        began = time.perf_counter()
        drawn = page_picture(Path(job.path), job.number, job.width)
        here.append(1000 * (time.perf_counter() - began))
        began = time.perf_counter()
        assert await painter.draw(job) == drawn
        there.append(1000 * (time.perf_counter() - began))
    await painter.close()
    one, other = statistics.median(here), statistics.median(there)
    ratio = statistics.median(b / a for a, b in zip(here, there, strict=True))
    Console().print(
        f"{len(wanted)} pages, {ROUNDS} rounds: {one:.1f} ms here, {other:.1f} ms in a worker, ratio of each page "
        f"{ratio:.2f}; the first picture with the worker's start {first:.0f} ms"
    )


if __name__ == "__main__":
    asyncio.run(main([Path(name) for name in sys.argv[1:]]))
