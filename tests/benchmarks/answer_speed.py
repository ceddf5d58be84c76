"""How fast answers are, over HTTP and beside the bare parts, and how that grows with the papers: `make benchmark`.

usage: python -m tests.benchmarks.answer_speed [--markdown FILE] [--plot FILE] [--chunks N ...]

Every question is asked once, of the real application on the loopback address; what is compared is asked in turns, so
that other work on the machine slows both. Figures are wall times in milliseconds.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

import bm25s
import chromadb

from evals.cases import Case, load_cases
from tests.benchmarks.growth import GROUPS, build, grown_questions
from tests.benchmarks.speed_report import Figures, Grown, Pair, markdown, write_plot
from tests.processes import COMMAND, REPOSITORY, Server, environment, megabytes_of, run, served
from vectorstore.edition import Edition
from vectorstore.editions import EditionStore

REAL, SAMPLE = REPOSITORY / "../shared/corpus/corpus.toml", REPOSITORY / "ingest/sample/corpus.toml"
CASES = REPOSITORY / "evals/cases"
_REAL_SETS = ("real-dev", "real-everyday", "real-hard", "real-lists", "real-more", "real-kinds-dev", "dialogue-dev")
_SAMPLE_SETS = ("sample-dev", "sample-kinds-dev")
WARM = ("Was wird für Wärme getan?", "Was steht zum Radverkehr?", "Wie viele Vorhaben sind geplant?")
SIZES = (1_400, 14_000)
_QUESTIONS = 200
_GROWN = 60  # questions of each kind
_TIME_OVER = 503  # an answer that is not ready in the time for a request counts with that time
_IDLE = 2.0  # seconds after which a connection is made anew: the server closes those that idle
_FOUND = 10  # results of a bare query
Ask = Callable[[str, Sequence[dict[str, str]]], float]


def main() -> None:
    """Measure, print what is found, and write page and plot where they are asked for."""
    options = _options()
    real = REAL.is_file()
    cases = _cases(_REAL_SETS if real else _SAMPLE_SETS)
    with TemporaryDirectory() as folder:
        data = Path(folder)
        done = run("ingest", "--manifest", REAL if real else SAMPLE, data=data)
        assert done.returncode == 0, done.stderr
        with _serving(data) as server, closing(EditionStore(data).open()) as edition:
            beside, chunks = _beside_bare(server, edition, _first_questions(cases)), len(edition.catalogue.chunks)
            followups = _followups(server, [case for case in cases if case.history])
    grown = _growth(options.chunks or SIZES)
    figures = Figures("five real papers" if real else "the sample corpus", chunks, beside, followups, grown)
    print(markdown(figures))  # noqa: T201
    if options.markdown:
        options.markdown.write_text(markdown(figures), encoding="utf-8")
    if options.plot:
        write_plot(figures, options.plot)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--markdown", type=Path, help="the page to write")
    parser.add_argument("--plot", type=Path, help="the SVG to write")
    parser.add_argument("--chunks", type=int, action="append", help="a size of edition to measure; several times")
    return parser.parse_args()


def _cases(sets: Sequence[str]) -> list[Case]:
    return [case for name in sets for case in load_cases(CASES / f"{name}.jsonl")]


def _first_questions(cases: Sequence[Case]) -> list[str]:
    """Different questions of all types, as many as are asked, the same in every run."""
    questions = list(dict.fromkeys(case.question for case in cases if not case.history))
    random.Random(1).shuffle(questions)
    return questions[:_QUESTIONS]


def _beside_bare(server: Server, edition: Edition, questions: Sequence[str]) -> list[Pair]:
    """Milliseconds of each answer and of the bare queries for the same question."""
    bare = _bare(edition)
    pairs = []
    with _asking(server) as ask:
        for question in WARM:
            bare(question)
        for place, question in enumerate(questions):
            before = bare(question) if place % 2 else None
            answer = ask(question, ())
            pairs.append((answer, bare(question) if before is None else before))
    return pairs


def _bare(edition: Edition) -> Callable[[str], float]:
    """What times one Chroma query, its vector given, and one bm25s query over the same chunks, ten results each."""
    texts = [chunk.text for chunk in edition.catalogue.chunks]
    client = chromadb.EphemeralClient(chromadb.config.Settings(anonymized_telemetry=False))
    collection: Any = client.create_collection("bare", embedding_function=None)
    collection.add(ids=[str(number) for number in range(len(texts))], embeddings=edition.embedding.vectors(texts))
    words = bm25s.BM25()
    words.index(bm25s.tokenize(texts, show_progress=False), show_progress=False)

    def query(question: str) -> float:
        vector = edition.embedding.vector(question)
        began = time.perf_counter()
        collection.query(query_embeddings=[vector], n_results=_FOUND)
        words.retrieve(bm25s.tokenize(question, show_progress=False), k=_FOUND, show_progress=False)
        return 1000 * (time.perf_counter() - began)

    return query


def _followups(server: Server, cases: Sequence[Case]) -> list[Pair]:
    """Milliseconds of each follow-up and of the question that its conversation began with, each asked once."""
    begun: dict[str, float] = {}
    pairs = []
    with _asking(server) as ask:
        for case in cases:
            first = case.history[0].content
            if first not in begun:
                begun[first] = ask(first, ())
            turns = [{"role": turn.role, "content": turn.content} for turn in case.history]
            pairs.append((ask(case.question, turns), begun[first]))
    return pairs


def _growth(sizes: Sequence[int]) -> list[Grown]:
    """Ask the same questions of editions of several sizes in turns."""
    questions = grown_questions(SAMPLE, _cases(_SAMPLE_SETS), _GROWN)
    with TemporaryDirectory() as folder:
        made = [build(SAMPLE, Path(folder) / str(size), size) for size in sizes]
        with _all_serving([one.data for one in made]) as servers:
            times: list[dict[str, list[float]]] = [{group: [] for group in GROUPS} for _ in servers]
            with _all_asking(servers) as asks:
                for group, question in questions:
                    for place, ask in enumerate(asks):
                        times[place][group].append(ask(question, ()))
            memory = [megabytes_of(server.process.pid) for server in servers]
            started = [server.seconds for server in servers]
    return [
        Grown(one.papers, one.chunks, taken, start, used)
        for one, taken, start, used in zip(made, times, started, memory, strict=True)
    ]


@contextmanager
def _serving(data: Path) -> Iterator[Server]:
    settings = {"STRATEGIELOTSE_RATE_PER_MINUTE": "0"}
    command, log = [*COMMAND, "serve"], data / "server.log"
    with served(command, env=environment(data, **settings), log=log, path="/readyz", patience=300.0) as server:
        yield server


@contextmanager
def _all_serving(folders: Sequence[Path]) -> Iterator[list[Server]]:
    """A server for each folder, started one after the other."""
    if not folders:
        yield []
        return
    with _serving(folders[0]) as first, _all_serving(folders[1:]) as others:
        yield [first, *others]


@contextmanager
def _all_asking(servers: Sequence[Server]) -> Iterator[list[Ask]]:
    if not servers:
        yield []
        return
    with _asking(servers[0]) as first, _all_asking(servers[1:]) as others:
        yield [first, *others]


@contextmanager
def _asking(server: Server) -> Iterator[Ask]:
    """What asks over one connection and returns the milliseconds; some other questions were asked before."""
    address = urlsplit(server.url)
    with closing(http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)) as connection:
        asked = 0.0

        def ask(question: str, history: Sequence[dict[str, str]]) -> float:
            nonlocal asked
            if time.monotonic() - asked > _IDLE:
                connection.close()
                connection.connect()
            body = json.dumps({"question": question, "history": list(history)})
            began = time.perf_counter()
            connection.request("POST", "/api/v1/chat", body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            said = response.read()
            taken, asked = 1000 * (time.perf_counter() - began), time.monotonic()
            assert response.status in (200, _TIME_OVER), said
            return taken

        for question in WARM:
            ask(question, ())
        yield ask


if __name__ == "__main__":
    main()
