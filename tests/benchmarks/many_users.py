"""How long people wait when many ask at once, by the number of processes that serve.

usage: python -m tests.benchmarks.many_users [--users N] [--pause SECONDS] [--seconds SECONDS] [--workers N ...]

Each user asks the questions of the shipped cases, each once and in an order of their own, over a connection of its own,
waits for the answer, then for a pause of random length (`--pause` in the mean; 0: none). Users and processes share the
machine. Figures are wall times in milliseconds.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from evals.cases import load_cases
from evals.runs.asking import shipped_cases
from tests.processes import REPOSITORY, run, serving, until, workers_of

SAMPLE = REPOSITORY / "ingest/sample/corpus.toml"
KEPT = httpx.Limits(keepalive_expiry=2.0)  # the service closes connections that idle for 5 seconds
QUESTIONS = [one.question for one in load_cases(*shipped_cases()) if not one.history]


def main() -> None:
    """Measure with each number of processes in turn and print a row of a table for each."""
    options = _options()
    sys.stdout.write(
        "| processes | users | answers | a second | median | 95 % | failed |\n|---:|---:|---:|---:|---:|---:|---:|\n"
    )
    with TemporaryDirectory() as folder:
        root = Path(folder)
        done = run("ingest", "--manifest", SAMPLE, data=root / "data")
        assert done.returncode == 0, done.stderr
        for workers in options.workers:
            times, failed = _measured(root, workers, options)
            sys.stdout.write(_row(workers, options.users, times, failed, options.seconds))
            sys.stdout.flush()


def _measured(root: Path, workers: int, options: argparse.Namespace) -> tuple[list[float], int]:
    """Return the milliseconds of every answer, and how many requests failed, after all have been asked for a while."""
    with serving(
        root,
        "--workers",
        str(workers),
        patience=240,
        STRATEGIELOTSE_LOG_LEVEL="WARNING",
        STRATEGIELOTSE_RATE_PER_MINUTE="0",
    ) as server:
        if workers > 1:
            until(lambda: len(workers_of(server.process.pid)) == workers)
            time.sleep(options.settle)
        asyncio.run(_asked(server.url, options.users, 0.0, 3.0))
        return asyncio.run(_asked(server.url, options.users, options.pause, options.seconds))


def _row(workers: int, users: int, times: list[float], failed: int, seconds: float) -> str:
    times = sorted(times)
    middle, most = times[len(times) // 2], times[int(0.95 * len(times))]
    return (
        f"| {workers} | {users} | {len(times)} | {len(times) / seconds:.0f} | {middle:.0f} | {most:.0f} | {failed} |\n"
    )


async def _asked(url: str, users: int, pause: float, seconds: float) -> tuple[list[float], int]:
    """Return the milliseconds of every answer, and how many requests failed."""
    times: list[float] = []
    failures: list[int] = []
    end = time.monotonic() + seconds
    await asyncio.gather(*(_user(url, number, pause, end, times, failures) for number in range(users)))
    return times, len(failures)


async def _user(url: str, number: int, pause: float, end: float, times: list[float], failures: list[int]) -> None:
    chance = random.Random(number)
    async with httpx.AsyncClient(base_url=url, timeout=60, limits=KEPT) as client:
        await asyncio.sleep(chance.uniform(0, pause))
        for question in chance.sample(QUESTIONS, len(QUESTIONS)):
            if time.monotonic() >= end:
                break
            begun = time.perf_counter()
            response = await client.post("/api/v1/chat", json={"question": question})
            times.append(1000 * (time.perf_counter() - begun))
            if response.status_code != 200:
                failures.append(response.status_code)
            await asyncio.sleep(chance.expovariate(1 / pause) if pause else 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=64)
    parser.add_argument("--pause", type=float, default=5.0, help="seconds in the mean between two questions of a user")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--settle", type=float, default=5.0, help="seconds for the last process to be ready")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    return parser.parse_args()


if __name__ == "__main__":
    main()
