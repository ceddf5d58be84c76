"""`kill -9` at random moments of every phase of an ingestion: one complete edition is served, and
writing goes on.

KILLS=200 in the environment makes it so many kills, and one new server after each twentieth.
"""

from __future__ import annotations

import os
import random
import re
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from ingest.sources import COPIES
from tests.endurance.conftest import Corpus, contents
from tests.processes import COMMAND, REPOSITORY, Server, environment, run, served
from vectorstore.manifest import MANIFEST
from vectorstore.storage import UNFINISHED_SUFFIX

pytestmark = pytest.mark.long
KILLS = int(os.environ.get("KILLS", "20"))
AFTERWARDS = max(4, KILLS // 20)
# seconds into each phase, less than most of them last; publishing is over in milliseconds
LONGEST = {
    "starting": 0.25,
    "reading": 0.25,
    "building": 0.25,
    "reading back": 0.02,
    "publishing": 0.0,
    "published": 0.02,
}
PHASES = tuple(LONGEST)
SEED = 2026


class Watched:
    """A data folder whose next ingestion is watched from outside: what lies there tells how far it
    has come.
    """

    def __init__(self, data: Path) -> None:
        self._data = data
        self._began = time.time_ns()
        self._current = (data / "current").read_text()

    def phase(self) -> str:
        """Return the phase of the ingestion that began after this was made."""
        if (self._data / "current").read_text() != self._current:
            return "published"
        made = set(self._made())
        unfinished = [name for name in made if name.endswith(UNFINISHED_SUFFIX)]
        if any(re.fullmatch(r"\d{4}-\d\d-\d\d-\d+", name) for name in made):
            return "publishing"
        if unfinished:
            return (
                "reading back"
                if (self._data / "editions" / unfinished[0] / MANIFEST).exists()
                else "building"
            )
        return "reading" if COPIES.name in made else "starting"

    def _made(self) -> Iterator[str]:
        """Yield the names of what this ingestion has made; what killed ones left is older."""
        for path in (self._data / COPIES, *(self._data / "editions").iterdir()):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime_ns >= self._began:
                    yield path.name


def ingest_killed_in(phase: str, seconds: float, data: Path, arguments: tuple[str, ...]) -> str:
    """Start an ingestion and kill it `seconds` into a phase; return the phase that it died in, ""
    where it ended.
    """
    watched = Watched(data)
    process = subprocess.Popen(
        [*COMMAND, "ingest", *arguments],
        cwd=REPOSITORY,
        env=environment(data),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while PHASES.index(watched.phase()) < PHASES.index(phase) and process.poll() is None:
        time.sleep(0.0005)
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=seconds)
        return ""
    process.kill()
    process.wait(timeout=10)
    return watched.phase()


def test_a_kill_leaves_one_complete_edition(
    data: Path, server: Server, corpora: tuple[Corpus, Corpus]
) -> None:
    chance, complete = random.Random(SEED), {corpus.contents for corpus in corpora}
    died, switched = Counter[str](), 0
    for turn in range(2 * KILLS):
        if died.total() == KILLS:
            break
        before, phase = contents(server), PHASES[turn % len(PHASES)]
        moment, other = (
            chance.uniform(0, LONGEST[phase]),
            next(item for item in corpora if item.contents != before),
        )
        if ended := ingest_killed_in(
            phase, moment, data, other.arguments
        ):  # the same contents would be built never
            died[ended] += 1
        after = contents(server)
        assert after in complete, f"turn {turn}, killed {moment:.3f} s into {phase}"
        switched += before != after
    print(
        f"\n{died.total()} kills: {', '.join(f'{died[item]} {item}' for item in PHASES)}; {switched} switches, 0 broken"
    )
    assert died.total() == KILLS
    assert all(died[item] for item in PHASES if item != "publishing"), "which lasts milliseconds"


def test_after_kills_a_new_server_and_a_new_writer_work(
    data: Path, tmp_path: Path, corpora: tuple[Corpus, Corpus]
) -> None:
    chance = random.Random(SEED + 1)
    for turn in range(AFTERWARDS):
        phase = chance.choice(PHASES)
        ingest_killed_in(
            phase, chance.uniform(0, LONGEST[phase]), data, corpora[(turn + 1) % 2].arguments
        )
        command = [*COMMAND, "serve"]
        with served(
            command, env=environment(data), log=tmp_path / f"log{turn}", path="/readyz"
        ) as fresh:
            assert contents(fresh) in {corpus.contents for corpus in corpora}
    for corpus in corpora:
        assert run("ingest", *corpus.arguments, data=data).returncode == 0
    assert run("verify", data=data).returncode == 0
    left = sorted(path.name for path in (data / "editions").iterdir())
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d-\d+", name) for name in left), left
    assert len(left) <= 2, left
    assert not (data / COPIES).exists()
    print(
        f"\n{AFTERWARDS} kills, each followed by a new server; left afterwards: {', '.join(left)}"
    )
