"""Two services behind nginx, over PostgreSQL and Chroma: editions are published and services killed
under load.

Bounded in editions, kills and time; how many of each there were is said. LOTSE_EDITIONS and
LOTSE_KILLS ask for fewer.
"""

from __future__ import annotations

import json
import os
import ssl
import statistics
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2 as httpx
import pytest

from tests.machines import Machines
from tests.processes import COMMAND, REPOSITORY, environment, free_port, until
from tests.service.county import motion, report
from tests.service.nginx import nginx
from vectorstore import EditionStore

pytestmark = pytest.mark.long
EDITIONS = int(os.environ.get("LOTSE_EDITIONS", "50"))
KILLS = int(os.environ.get("LOTSE_KILLS", "20"))
READERS = 4
SECONDS = 1500.0
LEFT_OUT = 4.0  # for so long nginx leaves a service out that did not answer
QUESTIONS = (
    "Welche Projekte sind noch Ideen?",
    "Wie viele Projekte gibt es?",
    "Was ist der Radschnellweg Nord?",
)


class Service:
    """A service that can be killed and started again at the same port, as a supervisor of a machine
    would.
    """

    def __init__(self, data: Path, settings: dict[str, str]) -> None:
        self.port = free_port()
        self._env = environment(data, **settings) | {"STRATEGIELOTSE_PORT": str(self.port)}
        self._log = data.with_suffix(".log")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*COMMAND, "serve"], cwd=REPOSITORY, env=self._env, stdout=log, stderr=log
            )

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait(timeout=30)

    def edition(self) -> str | None:
        """Return which edition is served, None while none is."""
        try:
            answer = httpx.get(f"http://127.0.0.1:{self.port}/readyz", timeout=10)
        except httpx.HTTPError:
            return None
        return str(answer.json()["corpus_edition"]) if answer.status_code == 200 else None


@dataclass
class Load:
    """What readers got: seconds and answers, and what failed."""

    results: list[tuple[float, str, dict[str, object]]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def read(self, url: str, tls: ssl.SSLContext) -> None:
        with httpx.Client(base_url=url, timeout=60, verify=tls) as client:
            for number in range(1_000_000):
                if self.stop.is_set():
                    return
                question, begun = QUESTIONS[number % len(QUESTIONS)], time.perf_counter()
                try:
                    response = client.post("/api/v1/chat", json={"question": question})
                except httpx.HTTPError as error:
                    self.failures.append(f"{type(error).__name__}: {error}")
                    continue
                if response.status_code != 200:
                    self.failures.append(f"{response.status_code}: {response.text[:200]}")
                    continue
                self.results.append(
                    (1000 * (time.perf_counter() - begun), question, response.json())
                )


@contextmanager
def under_load(url: str, tls: ssl.SSLContext) -> Iterator[Load]:
    load = Load()
    readers = [threading.Thread(target=load.read, args=(url, tls)) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    try:
        yield load
    finally:
        load.stop.set()
        for reader in readers:
            reader.join(timeout=90)


@contextmanager
def two_services(root: Path, settings: dict[str, str]) -> Iterator[list[Service]]:
    services = [Service(root / name, settings) for name in ("first", "second")]
    try:
        for service in services:
            service.start()
        until(lambda: all(item.edition() for item in services), 240)
        yield services
    finally:
        for service in services:
            service.kill()


def keep_publishing(store: EditionStore, published: list[str]) -> None:
    for number in range(EDITIONS):
        published.append(store.publish([report(), motion()] if number % 2 else [report()]).name)


def kill_in_turn(services: list[Service], load: Load, killed: list[int], deadline: float) -> None:
    for number in range(KILLS):
        until(
            lambda: all(service.edition() for service in services),
            max(1.0, deadline - time.monotonic()),
        )
        if load.stop.wait(LEFT_OUT):
            return
        services[number % 2].kill()
        services[number % 2].start()
        killed.append(number)


def test_no_request_fails_while_editions_are_published_and_services_killed(
    shared: Machines, tmp_path: Path
) -> None:
    database, deadline = shared.postgres.database(), time.monotonic() + SECONDS
    store = shared.store(tmp_path / "writer", database)
    store.publish([report(), motion()])
    published: list[str] = []
    killed: list[int] = []
    (tmp_path / "nginx").mkdir()
    with two_services(tmp_path, shared.settings(database)) as services:
        with (
            nginx(services[0].port, tmp_path / "nginx", services[1].port) as front,
            under_load(front.url, front.tls) as load,
        ):
            writer = threading.Thread(target=keep_publishing, args=(store, published))
            killer = threading.Thread(target=kill_in_turn, args=(services, load, killed, deadline))
            for item in (writer, killer):
                item.start()
            for item in (writer, killer):
                item.join(timeout=max(1.0, deadline - time.monotonic()))
        until(lambda: {service.edition() for service in services} == {store.current_name()}, 240)
    times = sorted(taken for taken, _, _ in load.results)
    editions = {answer["corpus_edition"] for _, _, answer in load.results}
    print(
        f"\n{len(published)} editions published and {len(killed)} services killed under load: {len(times)} answers "
        f"over {len(editions)} editions, {len(load.failures)} failed; median {statistics.median(times):.0f} ms"
    )
    assert load.failures == []
    assert (len(published), len(killed)) == (EDITIONS, KILLS)
    assert len(editions) > 1
    statement: dict[tuple[object, str], set[str]] = {}
    for _, question, answer in load.results:
        parts = json.dumps(
            [answer[part] for part in ("status", "answer", "citations", "data")], sort_keys=True
        )
        statement.setdefault((answer["corpus_edition"], question), set()).add(parts)
    assert [place for place, different in statement.items() if len(different) > 1] == []
