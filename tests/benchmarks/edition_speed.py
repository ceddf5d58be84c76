"""How long building, opening and asking an edition takes over a register's documents.

usage: python -m tests.benchmarks.edition_speed REGISTER   (CPU and wall milliseconds; other work makes wall times grow)
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from ingest.reading import read_document
from ingest.register import load_register
from vectorstore.editions import EditionStore

QUESTION = "Wie weit ist der Ausbau der Radwege an Kreisstraßen?"
ROUNDS = 200


class Clock:
    """Prints the time since the last step."""

    def __init__(self) -> None:
        self._last = (time.perf_counter(), time.process_time())

    def step(self, name: str, rounds: int = 1) -> None:
        """Print wall and CPU time of what was just done, per round, and start anew."""
        now = (time.perf_counter(), time.process_time())
        wall, cpu = ((new - old) * 1000 / rounds for new, old in zip(now, self._last, strict=True))
        print(f"{name:<24}{wall:9.2f} ms wall{cpu:9.2f} ms CPU")  # noqa: T201
        self._last = (time.perf_counter(), time.process_time())


def main() -> None:
    """Measure once and print."""
    parsed = [read_document(entry, prefer_text=True) for entry in load_register(Path(sys.argv[1])).entries]
    with TemporaryDirectory() as folder:
        store, clock = EditionStore(Path(folder)), Clock()
        store.publish(parsed)
        clock.step("publish")
        store.publish(parsed)
        clock.step("publish again")
        edition = store.open()
        clock.step("open")
        edition.vocabulary.warm()
        clock.step("warm")
        for _ in range(ROUNDS):
            terms = dict.fromkeys(edition.analyzer.terms(QUESTION), 1.0)
            edition.vocabulary.activate(QUESTION)
        clock.step("terms and concepts", ROUNDS)
        for _ in range(ROUNDS):
            edition.lexical.scores(terms)
        clock.step("lexical scores", ROUNDS)
        for _ in range(ROUNDS):
            edition.store.search(edition.embedding.vector(QUESTION), 20)
        clock.step("embed and search", ROUNDS)
        edition.close()


if __name__ == "__main__":
    main()
