"""The main path's speed and memory as ratios to the bare parts that it is made of, measured in one run.

usage: python -m tests.benchmarks.main_path CORPUS_FOLDER [REPORT.pdf ...]

CORPUS_FOLDER holds corpus.toml; each REPORT is read and built alone, into a fresh data folder with nothing cached.
Wall times, the best of `ROUNDS` each: other work on the machine makes single rounds slow, never fast.
"""

from __future__ import annotations

import http.client
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

import bm25s
import chromadb
from pypdf import PdfReader

from ingest.job import IngestRequest, run_ingest
from ingest.register import load_register
from tests.processes import COMMAND, REPOSITORY, Server, environment, served
from vectorstore.editions import EditionStore

ROUNDS = 3
QUESTIONS = (
    "Welche Projekte zur Mobilität sind noch Ideen?",
    "Wie viele Projekte sind umgesetzt?",
    "Wer ist für den Ausbau der Radwege zuständig?",
    "Welches Ziel deckt den Klimaschutz in Schulen ab?",
    "Was sagt das Leitbild zur Digitalisierung der Verwaltung?",
    "Wann wurde der Antrag gestellt?",
    "Was ist für ältere Menschen auf dem Land geplant?",
    "Which projects deal with forests?",
    "Wie wird das Wetter morgen?",
)


def main() -> None:
    """Measure and print one line each."""
    corpus, *reports = (Path(argument).resolve() for argument in sys.argv[1:])
    register = corpus / "corpus.toml"
    first = load_register(register).entries[0].file
    for pdf in dict.fromkeys((first, *reports)):
        _tell_ingest(pdf)
    _tell_command(first)
    with TemporaryDirectory() as folder:
        data = Path(folder)
        seconds, memory = _command("ingest", "--manifest", register, data=data)
        _tell(f"whole command, {register.name}", f"{seconds:.2f} s, peak {memory:.0f} MB")
        _tell_answers(data)


def _tell_ingest(pdf: Path) -> None:
    """Reading, embedding and reading back, against pypdf's bare extraction in this same process."""
    bare, built = (_best(partial(work, pdf)) / 1000 for work in (_extract, _ingest))
    _tell(f"ingest {pdf.name}", f"{built:.2f} s, pypdf alone {bare:.2f} s: {built / bare:.2f} times")


def _extract(pdf: Path) -> None:
    for page in PdfReader(pdf).pages:
        page.extract_text()


def _ingest(pdf: Path) -> None:
    with TemporaryDirectory() as folder:
        assert run_ingest(IngestRequest((pdf,)), EditionStore(Path(folder))).exit_code == 0


def _tell_command(pdf: Path) -> None:
    with TemporaryDirectory() as folder:
        runs = [_command("ingest", pdf, data=Path(folder) / str(number)) for number in range(ROUNDS)]
    seconds, memory = min(runs)
    _tell(f"whole command, {pdf.name}", f"{seconds:.2f} s, peak {memory:.0f} MB")


def _command(*arguments: str | Path, data: Path) -> tuple[float, float]:
    """Run a command; return its seconds and its largest memory in MB."""
    began = time.perf_counter()
    command = [*COMMAND, *map(str, arguments)]
    process = subprocess.Popen(command, cwd=REPOSITORY, env=environment(data), stdout=subprocess.DEVNULL)
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, _peak(process.pid))
        time.sleep(0.01)
    assert process.returncode == 0
    return time.perf_counter() - began, peak


def _tell_answers(data: Path) -> None:
    """The median answer over HTTP against one bare Chroma query and one bm25s query over the same chunks."""
    with served([*COMMAND, "serve"], env=environment(data), log=data / "server.log", path="/readyz") as server:
        _tell("server ready", f"{server.seconds:.2f} s")
        answers = _answer_times(server)
        memory = _peak(server.process.pid)
    chroma, words = _bare_times(data)
    bare, answer = chroma + words, statistics.median(answers)
    _tell("bare Chroma + bm25s query", f"{chroma:.2f} + {words:.2f} ms")
    _tell("answer over HTTP, median", f"{answer:.2f} ms, slowest {max(answers):.1f} ms: {answer / bare:.1f} times")
    _tell("server, peak memory", f"{memory:.0f} MB")


def _answer_times(server: Server) -> list[float]:
    """Milliseconds of every question, the best of the rounds, over one connection."""
    address = urlsplit(server.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=20)

    def ask(question: str) -> None:
        body = json.dumps({"question": question})
        connection.request("POST", "/api/v1/chat", body, {"Content-Type": "application/json"})
        assert connection.getresponse().read()

    with closing(connection):
        return [_best(partial(ask, question)) for question in QUESTIONS]


def _bare_times(data: Path) -> tuple[float, float]:
    """Median milliseconds of a Chroma query and of a bm25s query, ten results each."""
    with closing(EditionStore(data).open()) as edition:
        texts = [chunk.text for chunk in edition.catalogue.chunks]
        vectors = edition.embedding.vectors(texts)
        questions = [edition.embedding.vector(question) for question in QUESTIONS]
    client = chromadb.EphemeralClient(chromadb.config.Settings(anonymized_telemetry=False))
    collection: Any = client.create_collection("bare", embedding_function=None)
    collection.add(ids=[str(number) for number in range(len(texts))], embeddings=vectors)
    words = bm25s.BM25()
    words.index(bm25s.tokenize(texts, show_progress=False), show_progress=False)

    def retrieve(question: str) -> None:
        words.retrieve(bm25s.tokenize(question, show_progress=False), k=10, show_progress=False)

    dense = [_best(partial(collection.query, query_embeddings=[vector], n_results=10)) for vector in questions]
    sparse = [_best(partial(retrieve, question)) for question in QUESTIONS]
    return statistics.median(dense), statistics.median(sparse)


def _best(work: Callable[[], object]) -> float:
    """The fewest milliseconds that the work took in any round."""
    return min(_seconds(work) for _ in range(ROUNDS)) * 1000


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _peak(process: int) -> float:
    """The largest memory of a running process in MB (Linux); 0 once it has ended."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), 0.0)


def _tell(what: str, figures: str) -> None:
    print(f"{what:<56}{figures}", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
