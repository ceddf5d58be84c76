"""How long answers take over HTTP, and follow-ups beside the questions that their conversations
began with.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from evals.case_files import Case, load_cases
from lab.benchmarks.measured import (
    CASES,
    READ_SECONDS,
    SAMPLE,
    Options,
    Times,
    circumstances,
    ended,
    milliseconds,
    ratio,
    register,
    say,
    table,
)  # fmt: skip
from tests import processes
from tests.processes import COMMAND, Server, environment, megabytes_of, stat_of
from vectorstore import EditionStore

WARM = (
    "Was wird für Wärme getan?",
    "Was steht zum Radverkehr?",
    "Wie viele Vorhaben sind geplant?",
)
SAMPLE_SETS = ("sample-dev", "sample-kinds-dev")
REAL_SETS = (
    "real-dev",
    "real-everyday",
    "real-hard",
    "real-lists",
    "real-more",
    "real-kinds-dev",
    "dialogue-dev",
)
_TIME_OVER = 503  # an answer that is not ready in the time for a request counts with that time
_IDLE = 2.0  # seconds after which a connection is made anew: the server closes those that idle
Ask = Callable[[str, Sequence[dict[str, str]]], float]


def measure(options: Options) -> str:
    """Ask the service questions of all types, and follow-ups."""
    load, (corpus, called) = os.getloadavg()[0], register()
    cases = cases_over(corpus)
    questions = list(dict.fromkeys(case.question for case in cases if not case.history))
    random.Random(1).shuffle(questions)
    with TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        env = environment(data, STRATEGIELOTSE_READ_SECONDS=str(READ_SECONDS))
        ended([*COMMAND, "ingest", "--manifest", corpus], env)
        with closing(EditionStore(data).open()) as edition:
            chunks = len(edition.catalogue.chunks)
        with serving(data) as server, asking(server) as ask:
            say(f"answers: {options.questions} questions")
            used = processor_seconds_of(server.process.pid)
            answers = Times([ask(question, ()) for question in questions[: options.questions]])
            used = 1000 * (processor_seconds_of(server.process.pid) - used) / len(answers.all)
            say("answers: follow-ups")
            followups = _followups(
                ask, [item for item in cases if item.history][: options.questions]
            )
            memory = megabytes_of(server.process.pid)
    times = milliseconds(answers.median), milliseconds(answers.high), milliseconds(used)
    parts = [
        f"Over {called} ({chunks:,} chunks), {len(answers.all)} questions. The whole service: read, "
        "found, composed, proven, over HTTP. Processor time is the mean of a question; other work hardly changes it.",
        table(
            ("", "median", "95 %", "processor", "memory"),
            [("answer over HTTP", *times, f"{memory:,.0f} MB")],
        ),
    ]
    if followups:
        parts += [
            "Follow-ups beside the questions that their conversations began with:",
            _table(followups),
        ]
    return "\n\n".join([*parts, circumstances(load)])


def cases_over(corpus: Path) -> list[Case]:
    """The cases that are asked over a register's papers."""
    names = SAMPLE_SETS if corpus == SAMPLE else REAL_SETS
    return [case for name in names for case in load_cases(CASES / f"{name}.jsonl")]


def _table(pairs: Sequence[tuple[float, float]]) -> str:
    later, first = (Times([pair[place] for pair in pairs]) for place in (0, 1))
    rows = [("median", later.median, first.median), ("95 %", later.high, first.high)]
    heads = (f"{len(pairs)} questions", "follow-up", "first question", "ratio")
    return table(
        heads,
        [
            (name, milliseconds(item), milliseconds(two), ratio(item, two))
            for name, item, two in rows
        ],
    )


def _followups(ask: Ask, cases: Sequence[Case]) -> list[tuple[float, float]]:
    """Milliseconds of each follow-up and of the question that its conversation began with, each
    asked once.
    """
    begun: dict[str, float] = {}
    pairs = []
    for case in cases:
        first = case.history[0].content
        if first not in begun:
            begun[first] = ask(first, ())
        turns = [{"role": turn.role, "content": turn.content} for turn in case.history]
        pairs.append((ask(case.question, turns), begun[first]))
    return pairs


def processor_seconds_of(process_id: int) -> float:
    """Return how much processor time a process has had."""
    return sum(map(int, stat_of(process_id)[11:13])) / os.sysconf("SC_CLK_TCK")


# The service over a data folder, ready, without a limit on questions.
serving = partial(
    processes.serving,
    patience=600.0,
    STRATEGIELOTSE_RATE_PER_MINUTE="0",
    STRATEGIELOTSE_LOG_LEVEL="WARNING",
)


@contextmanager
def asking(server: Server) -> Iterator[Ask]:
    """What asks over one connection and returns the milliseconds; some other questions were asked
    before.
    """
    address = urlsplit(server.url)
    with closing(
        http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
    ) as connection:
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
            statement = response.read()
            taken, last = 1000 * (time.perf_counter() - began), time.monotonic()
            assert response.status in (200, _TIME_OVER), statement
            return taken

        for question in WARM:
            ask(question, ())
        yield ask
