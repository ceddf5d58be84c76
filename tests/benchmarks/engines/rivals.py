"""All engines over one edition: built once each, opened anew as a restart opens them, asked in turns."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.engines.asking import NAMES, OURS, EngineFailed, Worker
from tests.benchmarks.engines.ours import EDITION
from tests.benchmarks.engines.passages import Passage, write
from vectorstore.building import indexed_text
from vectorstore.edition import Edition
from vectorstore.embeddings import Embedding

FOUND = 10  # passages that are asked for where time is measured
Say = Callable[[str], None]


@dataclass(slots=True)
class Rival:
    """An engine over one edition: seconds to build and to open, megabytes when asked, milliseconds of each question.

    `processor` is how many milliseconds of processor time a question took in the mean: other work on the machine
    hardly changes it. `build` is None where the engine indexes nothing of its own. One that failed has a reason, and no
    figures.
    """

    name: str
    build: float | None = None
    start: float = 0.0
    memory: float = 0.0
    processor: float = 0.0
    times: list[float] = field(default_factory=list)
    failed: str = ""


@dataclass(slots=True)
class Rivals:
    """Running engines over one edition."""

    embedding: Embedding
    folder: Path
    found: dict[str, Rival]
    workers: dict[str, Worker] = field(default_factory=dict)
    used: dict[str, float] = field(default_factory=dict)

    def ask(self, question: str, limit: int, place: int = 0) -> dict[str, list[tuple[str, str]]]:
        """The items that each engine finds, best first; who is asked first changes with `place`.

        The others do not make the question's vector: the time that it takes is added to theirs.
        """
        began = time.perf_counter()
        vector = self.embedding.vector(question).tolist()
        embedded = 1000 * (time.perf_counter() - began)
        names = list(self.workers)
        turn = place % len(names) if names else 0
        answers = {}
        for name in names[turn:] + names[:turn]:
            try:
                answers[name], taken = self.workers[name].find(question, vector, limit)
            except EngineFailed as error:
                self._fail(name, str(error))
                continue
            self.found[name].times.append(taken + (0.0 if name == OURS else embedded))
        return answers

    def weigh(self) -> None:
        """Note how much memory each engine has in use, and how much processor time the questions took."""
        for name, worker in self.workers.items():
            one = self.found[name]
            one.memory = worker.megabytes
            used = worker.processor_seconds - self.used.get(name, 0.0)
            one.processor = 1000 * used / max(len(one.times), 1)

    def forget(self) -> None:
        """Drop the times so far: they were for warming up."""
        for one in self.found.values():
            one.times.clear()
        self.used = {name: worker.processor_seconds for name, worker in self.workers.items()}

    def _fail(self, name: str, reason: str) -> None:
        self.found[name].failed = reason
        del self.workers[name]


def passages_of(edition: Edition, data: Path, folder: Path) -> None:
    """Lay out in a folder what engines index of an open edition, and where its data folder is."""
    chunks = edition.catalogue.chunks
    texts = [indexed_text(edition.catalogue, row) for row in range(len(chunks))]
    passages = [Passage(text, chunk.document_id, chunk.key) for text, chunk in zip(texts, chunks, strict=True)]
    write(folder, passages, edition.embedding.vectors(texts))
    (folder / EDITION).symlink_to(data.resolve(), target_is_directory=True)


@contextmanager
def compared(
    edition: Edition, data: Path, folder: Path, patience: float, say: Say, engines: Sequence[str] = tuple(NAMES)
) -> Iterator[Rivals]:
    """Engines over an open edition, whose data folder is `data`; each may take `patience` seconds to build.

    What they keep lies in `folder`. An engine that cannot be had is told in `failed`.
    """
    passages_of(edition, data, folder)
    rivals = Rivals(edition.embedding, folder, {name: Rival(NAMES[name]) for name in engines})
    with ExitStack() as running:
        for name, one in rivals.found.items():
            say(f"{one.name} over {len(edition.catalogue.chunks):,} passages")
            try:
                rivals.workers[name] = running.enter_context(_started(name, one, folder, patience))
            except EngineFailed as error:
                one.failed = str(error)
        yield rivals


@contextmanager
def _started(name: str, one: Rival, folder: Path, patience: float) -> Iterator[Worker]:
    """The engine, built in one process and opened in the next."""
    log = folder / f"{name}.log"
    if name != OURS:
        with Worker(name, log) as builder:
            one.build = builder.build(folder, patience)
    with Worker(name, log) as worker:
        one.start = worker.open(folder, patience)
        yield worker


def ask_all(rivals: Rivals, questions: Sequence[str], warm: Sequence[str]) -> None:
    """Ask every engine every question in turns, the warming ones before, and weigh them."""
    for question in warm:
        rivals.ask(question, FOUND)
    rivals.forget()
    for place, question in enumerate(questions):
        rivals.ask(question, FOUND, place)
    rivals.weigh()
