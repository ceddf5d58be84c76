"""Two writers at once: one works, the other is refused with one sentence, and the edition is one of
both.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.endurance.conftest import Corpus, contents
from tests.processes import COMMAND, REPOSITORY, Server, environment

pytestmark = pytest.mark.long
ROUNDS = 6


def start(data: Path, corpus: Corpus) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*COMMAND, "ingest", *corpus.arguments],
        cwd=REPOSITORY,
        env=environment(data),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_rivals_harm_nothing(data: Path, server: Server, corpora: tuple[Corpus, Corpus]) -> None:
    refused = 0
    for _ in range(ROUNDS):
        rivals = [start(data, corpus) for corpus in corpora]
        statement = [rival.communicate(timeout=120)[1] for rival in rivals]
        codes = [rival.returncode for rival in rivals]
        assert set(codes) <= {0, 4} and 0 in codes, (codes, statement)
        refused += codes.count(4)
        assert contents(server) in {corpus.contents for corpus in corpora}
    print(f"\n{ROUNDS} rounds of two writers at once, {refused} refused")
