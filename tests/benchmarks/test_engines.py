"""Engines as processes of their own: what they are told, and what is said where one cannot be had."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ingest.job import IngestRequest, run_ingest
from tests.benchmarks.engines.asking import EngineFailed, Worker
from tests.benchmarks.engines.bare import Bare
from tests.benchmarks.engines.given import Given
from tests.benchmarks.engines.ours import EDITION, Ours
from tests.benchmarks.engines.passages import Passage, batches, read, read_vectors, write
from vectorstore.editions import EditionStore

PASSAGES = [
    Passage("Der Kreis baut neue Radwege.", "plan", "1"),
    Passage("Windräder im Norden werden geprüft.", "plan", "2"),
    Passage("Schulen bekommen schnelles Internet.", "report", "1"),
]
VECTORS = np.eye(3, dtype=np.float32)


def test_passages_come_back_as_they_were_written(tmp_path: Path) -> None:
    write(tmp_path / "new", PASSAGES, VECTORS)
    assert read(tmp_path / "new") == PASSAGES
    assert (read_vectors(tmp_path / "new") == VECTORS).all()
    with pytest.raises(ValueError):
        write(tmp_path, PASSAGES, VECTORS[:2])


def test_batches_leave_nothing_out() -> None:
    assert [(one.start, one.stop) for one in batches(12_000)] == [(0, 5_000), (5_000, 10_000), (10_000, 12_000)]


def test_the_given_embedding_knows_passages_and_the_question_alone() -> None:
    given = Given()
    given.learn(["a", "b"], VECTORS[:2])
    given.ask("question", [9.0])
    assert given.of(["b", "question"]) == [[0.0, 1.0, 0.0], [9.0]]
    given.ask("next", [8.0])
    with pytest.raises(KeyError):
        given.of(["question"])


def test_words_and_vectors_are_both_heard(tmp_path: Path) -> None:
    engine = Bare()
    engine.build(tmp_path, PASSAGES, VECTORS)
    assert engine.find("Radwege", [0.0, 0.1, 1.0], 2) == [("report", "1"), ("plan", "1")]
    assert engine.find("Radwege", [1.0, 0.0, 0.0], 1) == [("plan", "1")]


def test_our_finder_is_asked_like_the_others(tmp_path: Path) -> None:
    (tmp_path / EDITION).mkdir()
    paper = tmp_path / "plan.md"
    paper.write_text("# Wegeplan\n\n## Radwege\n\nDer Kreis baut im Norden neue Radwege entlang der Straßen.\n")
    run_ingest(IngestRequest(paths=(paper,)), EditionStore(tmp_path / EDITION))
    engine = Ours()
    engine.build(tmp_path, PASSAGES, VECTORS)
    assert engine.find("Wo werden Radwege gebaut?", [0.0, 0.0, 0.0], 1) == [("plan", "Radwege")]


def test_a_worker_finds_what_another_built_and_says_what_is_wrong(tmp_path: Path) -> None:
    write(tmp_path, PASSAGES, VECTORS)
    Bare().build(tmp_path, PASSAGES, VECTORS)
    with Worker("bare", tmp_path / "log") as worker:
        with pytest.raises(EngineFailed, match="No such file"):
            worker.open(tmp_path / "elsewhere", 60)
        assert worker.open(tmp_path, 60) > 0
        found, milliseconds = worker.find("Windräder", [0.0, 1.0, 0.0], 3)
        assert found[0] == ("plan", "2") and len(found) == 3
        assert milliseconds > 0 and worker.megabytes > 10
        with pytest.raises(EngineFailed, match="did not answer in time"):
            worker.open(tmp_path, 0)


def test_an_engine_that_is_not_installed_says_how_it_would_be(tmp_path: Path) -> None:
    with pytest.raises(EngineFailed, match=r"\.ci/engines"):
        Worker("langchain", tmp_path / "log", python=tmp_path / "python")


def test_an_engine_that_ends_says_its_last_words(tmp_path: Path) -> None:
    with (
        Worker("bare", tmp_path / "log", python=Path("/bin/false")) as worker,
        pytest.raises(EngineFailed, match="ended: it said nothing"),
    ):
        worker.open(tmp_path, 60)
