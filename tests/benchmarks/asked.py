"""The service as it is served, asked over HTTP on the loopback address."""

from __future__ import annotations

import http.client
import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from evals.cases import Case, load_cases
from tests.benchmarks.measured import CASES, READ_SECONDS, SAMPLE, ended
from tests.processes import COMMAND, Server, environment, served

WARM = ("Was wird für Wärme getan?", "Was steht zum Radverkehr?", "Wie viele Vorhaben sind geplant?")
SAMPLE_SETS = ("sample-dev", "sample-kinds-dev")
REAL_SETS = ("real-dev", "real-everyday", "real-hard", "real-lists", "real-more", "real-kinds-dev", "dialogue-dev")
_TIME_OVER = 503  # an answer that is not ready in the time for a request counts with that time
_IDLE = 2.0  # seconds after which a connection is made anew: the server closes those that idle
Ask = Callable[[str, Sequence[dict[str, str]]], float]


def cases_over(register: Path) -> list[Case]:
    """The cases that are asked over a register's papers."""
    return [case for name in sets_over(register) for case in load_cases(CASES / f"{name}.jsonl")]


def sets_over(register: Path) -> Sequence[str]:
    """The names of their sets."""
    return SAMPLE_SETS if register == SAMPLE else REAL_SETS


def first_questions(cases: Sequence[Case], most: int) -> list[str]:
    """Different questions of all types that begin a conversation, the same in every run."""
    questions = list(dict.fromkeys(case.question for case in cases if not case.history))
    random.Random(1).shuffle(questions)
    return questions[:most]


def ingest(register: Path, data: Path) -> None:
    """Publish a register's papers in a data folder, however long the machine needs for one of them."""
    env = environment(data, STRATEGIELOTSE_READ_SECONDS=str(READ_SECONDS))
    ended([*COMMAND, "ingest", "--manifest", register], env)


@contextmanager
def serving_edition(data: Path, *options: str) -> Iterator[Server]:
    """The service over a data folder, ready, without a limit on questions."""
    settings = {"STRATEGIELOTSE_RATE_PER_MINUTE": "0", "STRATEGIELOTSE_LOG_LEVEL": "WARNING"}
    command, log = [*COMMAND, "serve", *options], data / f"server{''.join(options)}.log"
    with served(command, env=environment(data, **settings), log=log, path="/readyz", patience=600.0) as server:
        yield server


@contextmanager
def asking(server: Server) -> Iterator[Ask]:
    """What asks over one connection and returns the milliseconds; some other questions were asked before."""
    address = urlsplit(server.url)
    with closing(http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)) as connection:
        last = 0.0

        def ask(question: str, history: Sequence[dict[str, str]]) -> float:
            nonlocal last
            if time.monotonic() - last > _IDLE:
                connection.close()
                connection.connect()
            body = json.dumps({"question": question, "history": list(history)})
            began = time.perf_counter()
            connection.request("POST", "/api/v1/chat", body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            said = response.read()
            taken, last = 1000 * (time.perf_counter() - began), time.monotonic()
            assert response.status in (200, _TIME_OVER), said
            return taken

        for question in WARM:
            ask(question, ())
        yield ask
