"""Many readers on loopback while editions change under them; bounded in requests and time."""

from __future__ import annotations

import json
import statistics
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2 as httpx
import pytest

from tests.endurance.conftest import Corpus
from tests.processes import COMMAND, REPOSITORY, Server, environment

pytestmark = pytest.mark.long
READERS = 6
REQUESTS = 600
INGESTIONS = 4
SECONDS = 240.0
QUESTIONS = (
    "Welche Projekte sind noch Ideen?",
    "Wie viele Projekte sind umgesetzt?",
    "Welche Leitsätze gibt es?",
    "Wer ist für das Radverkehrskonzept zuständig?",
    "Was sagt das Leitbild zur Jugend?",
    "Was steht zum Lärmschutz im Antrag?",
)


def keep_switching(data: Path, corpora: tuple[Corpus, Corpus], codes: list[int]) -> None:
    for turn in range(INGESTIONS):
        command = [*COMMAND, "ingest", *corpora[(turn + 1) % 2].arguments]
        result = subprocess.run(
            command,
            cwd=REPOSITORY,
            env=environment(data),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=120,
        )
        codes.append(result.returncode)


def ask(client: httpx.Client, number: int) -> tuple[float, dict[str, object]]:
    """Ask one question; return milliseconds and the answer."""
    begun = time.perf_counter()
    response = client.post("/api/v1/chat", json={"question": QUESTIONS[number % len(QUESTIONS)]})
    assert response.status_code == 200, response.text
    return 1000 * (time.perf_counter() - begun), response.json()


def test_readers_get_whole_answers_while_editions_change(
    data: Path, server: Server, corpora: tuple[Corpus, Corpus]
) -> None:
    codes: list[int] = []
    writer = threading.Thread(target=keep_switching, args=(data, corpora, codes))
    writer.start()
    deadline = time.monotonic() + SECONDS
    with (
        httpx.Client(base_url=server.url, timeout=30) as client,
        ThreadPoolExecutor(READERS) as readers,
    ):
        results: list[tuple[float, dict[str, object]]] = []
        while (writer.is_alive() or len(results) < REQUESTS) and time.monotonic() < deadline:
            results += readers.map(lambda number: ask(client, number), range(len(QUESTIONS) * 4))
    writer.join(timeout=120)
    assert codes == [0] * INGESTIONS
    assert len(results) >= REQUESTS
    same_question_same_answer(results)
    times = sorted(taken for taken, _ in results)
    editions = {answer["corpus_edition"] for _, answer in results}
    print(
        f"\n{len(results)} questions by {READERS} readers over {len(editions)} editions: "
        f"median {statistics.median(times):.0f} ms, 95 % under {times[int(0.95 * len(times))]:.0f} ms"
    )
    assert len(editions) > 1


def same_question_same_answer(results: list[tuple[float, dict[str, object]]]) -> None:
    """Check that an edition answers a question always alike: nothing of another edition or request
    gets in.
    """
    seen: dict[tuple[object, int], str] = {}
    for number, (_, answer) in enumerate(results):
        statement = json.dumps(
            [answer["status"], answer["answer"], answer["citations"], answer["data"]],
            sort_keys=True,
        )
        place = (answer["corpus_edition"], number % len(QUESTIONS))
        assert seen.setdefault(place, statement) == statement, QUESTIONS[place[1]]
