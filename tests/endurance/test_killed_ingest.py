"""`kill -9` at random moments of an ingestion: the old or the new edition is served, complete, and writing goes on."""

from __future__ import annotations

import random
import re
import subprocess
import time
from pathlib import Path

import pytest

from tests.endurance.conftest import Corpus, contents
from tests.processes import COMMAND, REPOSITORY, Server, environment, run, served

pytestmark = pytest.mark.endurance
KILLS = 16
TURNS = 48
SEED = 2026


def ingest_killed_after(seconds: float, data: Path, arguments: tuple[str, ...]) -> bool:
    """Start an ingestion and kill it; return whether it was still at work."""
    process = subprocess.Popen(
        [*COMMAND, "ingest", *arguments],
        cwd=REPOSITORY,
        env=environment(data),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        process.wait(timeout=seconds)
        return False
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(timeout=10)
        return True


def undisturbed_seconds(data: Path, corpora: tuple[Corpus, Corpus]) -> float:
    """Return how long the slower of both ingestions takes."""
    longest = 0.0
    for corpus in reversed(corpora):
        begun = time.monotonic()
        assert run("ingest", *corpus.arguments, data=data).returncode == 0
        longest = max(longest, time.monotonic() - begun)
    return longest


def test_a_kill_leaves_one_complete_edition(data: Path, server: Server, corpora: tuple[Corpus, Corpus]) -> None:
    chance = random.Random(SEED)
    complete = {corpus.contents for corpus in corpora}
    longest = undisturbed_seconds(data, corpora)
    turn = killed = switched = 0
    while killed < KILLS and turn < TURNS:
        before = contents(server)
        moment = chance.uniform(0.4 * longest, longest)
        if ingest_killed_after(moment, data, corpora[(turn + 1) % 2].arguments):
            killed += 1
        else:
            longest = moment
        after = contents(server)
        assert after in complete, f"turn {turn}, killed after {moment:.2f} s"
        switched += before != after
        turn += 1
    print(f"\nkilled {killed} of {turn} ingestions of {longest:.1f} s; the edition changed {switched} times")
    assert killed == KILLS


def test_after_kills_a_new_server_and_a_new_writer_work(
    data: Path, tmp_path: Path, corpora: tuple[Corpus, Corpus]
) -> None:
    chance = random.Random(SEED + 1)
    longest = undisturbed_seconds(data, corpora)
    for turn in range(KILLS // 4):
        ingest_killed_after(chance.uniform(0.4 * longest, longest), data, corpora[(turn + 1) % 2].arguments)
        command = [*COMMAND, "serve"]
        with served(command, env=environment(data), log=tmp_path / f"log{turn}", path="/readyz") as fresh:
            assert contents(fresh) in {corpus.contents for corpus in corpora}
    for corpus in corpora:
        assert run("ingest", *corpus.arguments, data=data).returncode == 0
    left = sorted(path.name for path in (data / "editions").iterdir())
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d-\d+", name) for name in left), left
    assert len(left) <= 2, left
    print(f"\n{KILLS // 4} kills, each followed by a new server; left afterwards: {', '.join(left)}")
