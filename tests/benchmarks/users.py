"""How long people wait when many ask at once, by the number of processes that serve."""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from tests.benchmarks.asked import cases_over, ingest, serving_edition
from tests.benchmarks.measured import SAMPLE, Measured, Options, Times, circumstances, milliseconds, say, table
from tests.processes import Server, until, workers_of

_KEPT = httpx.Limits(keepalive_expiry=2.0)  # the service closes connections that idle for 5 seconds
_SETTLE = 5.0  # seconds for the last process to be ready


@dataclass(frozen=True, slots=True)
class Load:
    """So many users at so many processes for a while: milliseconds of every answer, and how many requests failed."""

    workers: int
    users: int
    pause: float
    seconds: float
    times: Sequence[float]
    failed: int

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.times) / self.seconds


def measure(options: Options) -> Measured:
    """Ask services of one and of several processes in turns, with ever more users."""
    load = os.getloadavg()[0]
    with TemporaryDirectory() as folder, ExitStack() as stack:
        data = Path(folder) / "data"
        ingest(SAMPLE, data)
        servers = [stack.enter_context(serving_edition(data, f"--workers={one}")) for one in options.workers]
        for server, workers in zip(servers, options.workers, strict=True):
            _ready(server, workers)
        loads = []
        for users, pause, seconds in _steps(options):
            for server, workers in zip(servers, options.workers, strict=True):
                say(f"users: {users} at {workers} {'process' if workers == 1 else 'processes'}")
                times, failed = asyncio.run(_asked(server.url, users, pause, seconds))
                loads.append(Load(workers, users, pause, seconds, times, failed))
    return Measured({"benchmarks.md": text(loads, load)})


def _steps(options: Options) -> list[tuple[int, float, float]]:
    """Users, pause and seconds of each step: without pauses, and then as many people as there are at most with them."""
    paused = (max(options.users), options.pause, 3 * options.seconds)
    return [*((users, 0.0, options.seconds) for users in options.users), paused]


def text(loads: Sequence[Load], load: float) -> str:
    """The section."""
    pauses = [one for one in loads if one.pause]
    heads = ("processes", "users", "answers a second", "median", "95 %", "failed")
    return "\n\n".join(
        (
            "Users over the sample's papers, each over a connection of its own with the shipped questions in an order "
            "of its own; users and processes share the machine. Without pauses each asks again as soon as it has its "
            "answer, which is harder than people are:",
            table(heads, [_row(one) for one in loads if not one.pause]),
            *(_people(pauses, heads) if pauses else ()),
            circumstances(load),
        )
    )


def _people(loads: Sequence[Load], heads: Sequence[str]) -> tuple[str, str]:
    said = f"People who wait {loads[0].pause:g} seconds in the mean between an answer and the next question:"
    return said, table(heads, [_row(one) for one in loads])


def _row(one: Load) -> tuple[str, ...]:
    shown = (milliseconds(Times(one.times).median), milliseconds(Times(one.times).high)) if one.times else ("–", "–")
    asked = len(one.times) + one.failed
    return str(one.workers), str(one.users), f"{one.rate:.1f}", *shown, f"{one.failed} of {asked}"


def _ready(server: Server, workers: int) -> None:
    if workers > 1:
        until(lambda: len(workers_of(server.process.pid)) == workers)
        time.sleep(_SETTLE)
    asyncio.run(_asked(server.url, 2 * workers, 0.0, 3.0))


async def _asked(url: str, users: int, pause: float, seconds: float) -> tuple[list[float], int]:
    """Return the milliseconds of every answer, and how many requests failed; clients are made before time counts."""
    times: list[float] = []
    failures: list[str] = []
    questions = [one.question for one in cases_over(SAMPLE) if not one.history]
    async with AsyncExitStack() as stack:
        made = [httpx.AsyncClient(base_url=url, timeout=60, limits=_KEPT, verify=False) for _ in range(users)]
        clients = [await stack.enter_async_context(one) for one in made]
        end = time.monotonic() + seconds
        tasks = (_user(one, number, pause, end, questions, times, failures) for number, one in enumerate(clients))
        await asyncio.gather(*tasks)
    return times, len(failures)


async def _user(
    client: httpx.AsyncClient,
    number: int,
    pause: float,
    end: float,
    questions: Sequence[str],
    times: list[float],
    failures: list[str],
) -> None:
    """Ask one question after the other, each once before any comes again, until the time is over."""
    chance = random.Random(number)
    await asyncio.sleep(chance.uniform(0, pause))
    while True:
        for question in chance.sample(questions, len(questions)):
            if time.monotonic() >= end:
                return
            begun = time.perf_counter()
            try:
                response = await client.post("/api/v1/chat", json={"question": question})
            except httpx.HTTPError as error:
                failures.append(str(error))
                continue
            if response.status_code == 200:
                times.append(1000 * (time.perf_counter() - begun))
            else:
                failures.append(str(response.status_code))
            await asyncio.sleep(chance.expovariate(1 / pause) if pause else 0)
