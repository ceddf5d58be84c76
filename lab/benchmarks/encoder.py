"""What vectors cost: questions, ingestion, memory and start, with the encoder and on words alone,
in one run.
"""

from __future__ import annotations

import os
import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from pypdf import PdfReader

from ingest import IngestRequest, ReadingLimits, run_ingest
from ingest.register import load_register
from lab.benchmarks.answers import asking, cases_over, serving
from lab.benchmarks.grown import Base, grown
from lab.benchmarks.measured import (
    READ_SECONDS,
    Options,
    circumstances,
    milliseconds,
    ratio,
    register,
    say,
    table,
)
from service import load_settings
from service.answering import AnswerService
from service.records import ChatRequest
from tests.processes import megabytes_of
from vectorstore import EditionStore
from vectorstore.encoder import packaged_encoder

_ASKED = 24  # questions after which a service's memory is read


def measure(options: Options) -> str:
    """Ingest and ask the same papers both ways; then publish an edition of many passages twice."""
    load, (corpus, called) = os.getloadavg()[0], register()
    cases = [case.question for case in cases_over(corpus) if not case.history]
    questions = list(dict.fromkeys(cases))
    random.Random(1).shuffle(questions)
    with TemporaryDirectory() as folder:
        data, words = Path(folder) / "data", Path(folder) / "words"
        say("encoder: ingestion")
        bare = _seconds(lambda: _extract(corpus))
        alone = _seconds(lambda: _ingest(corpus, EditionStore(words)))
        first = _seconds(lambda: _ingest(corpus, EditionStore(data, packaged_encoder())))
        again = _seconds(lambda: _ingest(None, EditionStore(data, packaged_encoder())))
        say("encoder: questions")
        with_vectors, without = _asked(data, words, questions[: options.questions])
        query = _encoding(questions[: options.questions])
        say("encoder: memory")
        ready, memory = _served(data, questions)
        say(f"encoder: {options.passages:,} passages")
        grown_first, grown_again = _grown(Path(folder) / "grown", options.passages)
    rows = [
        ("processor time of a question, mean", milliseconds(without), milliseconds(with_vectors)),
        ("of it the vector of the question", "–", milliseconds(query)),
        (f"ingestion of {called}", f"{alone:.1f} s", f"{first:.1f} s"),
        ("the same papers again", "–", f"{again:.1f} s"),
        (
            "ingestion beside pypdf alone",
            f"{ratio(alone, bare)} times",
            f"{ratio(first, bare)} times",
        ),
        (f"memory of the service after {_ASKED} questions", "–", f"{memory:,.0f} MB"),
        ("start until ready", "–", f"{ready:.1f} s"),
        (
            f"publishing {options.passages:,} passages; again",
            "–",
            f"{grown_first:,.0f} s; {grown_again:,.0f} s",
        ),
    ]
    statement = f"Over {called}, {min(len(questions), options.questions)} different questions, each asked both ways in turns."
    return "\n\n".join(
        (statement, table(("", "words alone", "with the encoder"), rows), circumstances(load))
    )


def _asked(data: Path, words: Path, questions: list[str]) -> tuple[float, float]:
    """Milliseconds of processor time of a question, with vectors and without."""
    stores = (EditionStore(data, packaged_encoder()), EditionStore(words))
    services = [AnswerService(store.open(), load_settings(data_dir=store.root)) for store in stores]
    times: tuple[list[float], list[float]] = ([], [])
    for service in services:
        service.warm()
        service.answer(ChatRequest(question="Was wird für Wärme getan?"))
    for question in questions:
        for service, taken in zip(services, times, strict=True):
            began = time.process_time()
            service.answer(ChatRequest(question=question))
            taken.append(1000 * (time.process_time() - began))
    for service in services:
        service.edition.close()
    return statistics.mean(times[0]), statistics.mean(times[1])


def _encoding(questions: list[str]) -> float:
    encoder = packaged_encoder()
    encoder.vector("Was wird für Wärme getan?")
    began = time.process_time()
    for question in questions:
        encoder.vector(question)
    return 1000 * (time.process_time() - began) / len(questions)


def _served(data: Path, questions: list[str]) -> tuple[float, float]:
    """Seconds until the service is ready, and megabytes that it has in use after some questions."""
    began = time.perf_counter()
    with serving(data) as server:
        ready = time.perf_counter() - began
        with asking(server) as ask:
            for question in questions[:_ASKED]:
                ask(question, ())
        return ready, megabytes_of(server.process.pid)


def _grown(data: Path, passages: int) -> tuple[float, float]:
    documents, store = list(grown(Base(), passages)), EditionStore(data, packaged_encoder())
    return _seconds(lambda: store.publish(documents)), _seconds(lambda: store.publish(documents))


def _extract(corpus: Path) -> None:
    for entry in load_register(corpus).entries:
        if entry.file.suffix == ".pdf":
            for page in PdfReader(entry.file).pages:
                page.extract_text()


def _ingest(corpus: Path | None, store: EditionStore) -> None:
    request = IngestRequest(
        manifest=corpus, limits=ReadingLimits(seconds=READ_SECONDS), again=corpus is None
    )
    assert run_ingest(request, store).exit_code == 0


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
