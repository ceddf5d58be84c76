"""Pictures of fifty hostile pages while eight clients ask questions: none of these fails, and memory stays flat."""

from __future__ import annotations

import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from tests.processes import COMMAND, Server, children_of, environment, is_alive, megabytes_of, served
from tests.service.hostile_papers import HOSTILE
from tests.service.paper_editions import picture_of, publish

pytestmark = pytest.mark.endurance
PAGES = 50
PAINTERS = 6
READERS = 8
MEGABYTES = 128
WORKERS = 2
SECONDS = 150.0
WARM_UP = 5.0
SETTINGS = {
    "STRATEGIELOTSE_PICTURE_SECONDS": "2",
    "STRATEGIELOTSE_PICTURE_MEGABYTES": str(MEGABYTES),
    "STRATEGIELOTSE_PICTURE_WORKERS": str(WORKERS),
}
QUESTIONS = ("Was ist der Radschnellweg Nord?", "Welche Projekte sind noch Ideen?", "Wie viele Projekte gibt es?")


def hostile_papers() -> dict[str, bytes]:
    """Return fifty documents: every kind again and again, each a file of its own."""
    kinds = {name: make() for name, make in HOSTILE.items()}
    names = sorted(kinds)
    return {f"{names[n % len(names)]}-{n}": kinds[names[n % len(names)]] + b"%% %d\n" % n for n in range(PAGES)}


def drawn(client: httpx.Client, name: str, deadline: float) -> list[int]:
    """Ask for a picture until there is an answer about the page; return all statuses."""
    statuses = [503]
    while statuses[-1] == 503 and time.monotonic() < deadline:
        statuses.append(client.get(picture_of(name)).status_code)
    return statuses[1:]


@dataclass
class Seen:
    """What happened meanwhile: milliseconds of each question, failures, megabytes of the service and of its workers."""

    times: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    service: list[float] = field(default_factory=list)
    workers: list[float] = field(default_factory=list)

    def told(self) -> str:
        times = sorted(self.times)
        return (
            f"{len(times)} questions by {READERS} readers, {len(self.failed)} failed, median "
            f"{statistics.median(times):.0f} ms, slowest {times[-1]:.0f} ms; service {self.service[0]:.0f} MB before, "
            f"{self.service[-1]:.0f} MB after, {max(self.service):.0f} MB at most"
            f"; workers {max(self.workers):.0f} MB at most"
        )


@contextmanager
def asking(server: Server) -> Iterator[Seen]:
    """Have eight readers ask, and measure memory, until the block ends."""
    seen, over = Seen(), threading.Event()

    def ask(number: int) -> None:
        with httpx.Client(base_url=server.url, timeout=60) as client:
            while not over.is_set():
                number, begun = number + 1, time.perf_counter()
                try:
                    response = client.post("/api/v1/chat", json={"question": QUESTIONS[number % len(QUESTIONS)]})
                    seen.failed += [] if response.status_code == 200 else [str(response.status_code)]
                except httpx.HTTPError as error:
                    seen.failed.append(type(error).__name__)
                seen.times.append(1000 * (time.perf_counter() - begun))

    def measure() -> None:
        while not over.wait(0.05):
            seen.service.append(megabytes_of(server.process.pid))
            seen.workers.append(sum(map(megabytes_of, children_of(server.process.pid))))

    with ThreadPoolExecutor(READERS + 1) as threads:
        work = [threads.submit(ask, number) for number in range(READERS)]
        try:
            time.sleep(WARM_UP)
            work.append(threads.submit(measure))
            yield seen
        finally:
            over.set()
    for one in work:
        one.result()


def test_fifty_hostile_pages_harm_no_question(tmp_path: Path) -> None:
    papers = hostile_papers()
    env = environment(publish(tmp_path, papers), **SETTINGS)
    with served([*COMMAND, "serve"], env=env, log=tmp_path / "log", path="/readyz") as server:
        deadline = time.monotonic() + SECONDS
        with asking(server) as seen, httpx.Client(base_url=server.url, timeout=60) as client:
            with ThreadPoolExecutor(PAINTERS) as painters:
                statuses = list(painters.map(lambda name: drawn(client, name, deadline), papers))
            refused = [name for name, said in zip(papers, statuses, strict=True) if said[-1] == 404]
            begun = time.monotonic()
            again = {client.get(picture_of(name, 901)).status_code for name in refused}
            seconds = time.monotonic() - begun
            ordinary = drawn(client, "ordinary", deadline)[-1]
        left = children_of(server.process.pid)
    last, told_to_wait = Counter(said[-1] for said in statuses), sum(map(len, statuses)) - PAGES
    print(
        f"\n{PAGES} hostile pages: {last[404]} refused, {last[200]} drawn, {told_to_wait} times told to wait; "
        f"refused again in {seconds:.1f} s; meanwhile {seen.told()}"
    )
    assert seen.failed == []
    assert set(last) <= {200, 404} and last[404] >= PAGES // 2
    assert (again, ordinary) == ({404}, 200)
    assert max(seen.service) < seen.service[0] + 60 and max(seen.workers) < WORKERS * (MEGABYTES + 60)
    assert len(left) <= WORKERS and not any(map(is_alive, left))
