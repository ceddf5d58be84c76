"""How long answers over HTTP take, and follow-ups beside the questions that their conversations began with."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from evals.cases import Case
from tests.benchmarks.asked import Ask, asking, cases_over, first_questions, ingest, serving_edition
from tests.benchmarks.measured import Options, Times, circumstances, milliseconds, ratio, register, say, table
from tests.processes import megabytes_of, processor_seconds_of
from vectorstore.editions import EditionStore


@dataclass(frozen=True, slots=True)
class Asked:
    """Milliseconds of answers (and of processor time in the mean), pairs of follow-ups, MB of the server at the end."""

    corpus: str
    chunks: int
    answers: Times
    processor: float
    followups: Sequence[tuple[float, float]]
    memory: float


def measure(options: Options) -> str:
    """Ask the service questions of all types, and follow-ups."""
    load, (corpus, called) = os.getloadavg()[0], register()
    cases = cases_over(corpus)
    with TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        ingest(corpus, data)
        with closing(EditionStore(data).open()) as edition:
            chunks = len(edition.catalogue.chunks)
        with serving_edition(data) as server, asking(server) as ask:
            say(f"answers: {options.questions} questions")
            used = processor_seconds_of(server.process.pid)
            answers = [ask(question, ()) for question in first_questions(cases, options.questions)]
            used = 1000 * (processor_seconds_of(server.process.pid) - used) / len(answers)
            say("answers: follow-ups")
            followups = _followups(ask, [one for one in cases if one.history][: options.questions])
            asked = Asked(called, chunks, Times(answers), used, followups, megabytes_of(server.process.pid))
    return text(asked, load)


def text(asked: Asked, load: float) -> str:
    """The section."""
    parts = [
        f"Over {asked.corpus} ({asked.chunks:,} chunks), {len(asked.answers.all)} questions. The whole service: read, "
        "found, composed, proven, over HTTP. Processor time is the mean of a question; other work hardly changes it.",
        table(
            ("", "median", "95 %", "processor", "memory"),
            [
                (
                    "answer over HTTP",
                    milliseconds(asked.answers.median),
                    milliseconds(asked.answers.high),
                    milliseconds(asked.processor),
                    f"{asked.memory:,.0f} MB",
                )
            ],
        ),
    ]
    if asked.followups:
        parts += ["Follow-ups beside the questions that their conversations began with:", _table(asked.followups)]
    return "\n\n".join([*parts, circumstances(load)])


def _table(pairs: Sequence[tuple[float, float]]) -> str:
    later, first = (Times([pair[place] for pair in pairs]) for place in (0, 1))
    rows = [("median", later.median, first.median), ("95 %", later.high, first.high)]
    heads = (f"{len(pairs)} questions", "follow-up", "first question", "ratio")
    return table(heads, [(name, milliseconds(one), milliseconds(two), ratio(one, two)) for name, one, two in rows])


def _followups(ask: Ask, cases: Sequence[Case]) -> list[tuple[float, float]]:
    """Milliseconds of each follow-up and of the question that its conversation began with, each asked once."""
    begun: dict[str, float] = {}
    pairs = []
    for case in cases:
        first = case.history[0].content
        if first not in begun:
            begun[first] = ask(first, ())
        turns = [{"role": turn.role, "content": turn.content} for turn in case.history]
        pairs.append((ask(case.question, turns), begun[first]))
    return pairs
