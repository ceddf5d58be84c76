"""How long answers and finding take beside bare parts and the engines of others, over the same passages."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from evals.cases import Case
from tests.benchmarks.asked import WARM, Ask, asking, cases_over, first_questions, ingest, serving_edition
from tests.benchmarks.engines.asking import NAMES
from tests.benchmarks.engines.rivals import FOUND, Rival, compared
from tests.benchmarks.measured import Measured, Options, Times, circumstances, milliseconds, ratio, register, say, table
from tests.benchmarks.plots import bars
from tests.processes import processor_seconds_of
from vectorstore.editions import EditionStore

PLOT = "benchmarks-finding.svg"
ANSWER = "answer over HTTP"


@dataclass(frozen=True, slots=True)
class Found:
    """What was measured: milliseconds of answers (and of processor time in the mean), engines, pairs of follow-ups."""

    corpus: str
    chunks: int
    answers: Times
    processor: float
    rivals: Mapping[str, Rival]
    followups: Sequence[tuple[float, float]]


def measure(options: Options) -> Measured:
    """Ask the service and every engine the same questions in turns."""
    load, (corpus, called) = os.getloadavg()[0], register()
    cases = cases_over(corpus)
    with TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        ingest(corpus, data)
        with (
            closing(EditionStore(data).open()) as edition,
            compared(edition, data, Path(folder) / "engines", options.patience, _say, options.engines) as rivals,
            serving_edition(data) as server,
            asking(server) as ask,
        ):
            answers = []
            for question in WARM:
                rivals.ask(question, FOUND)
            rivals.forget()
            _say(f"{options.questions} questions in turns")
            used = processor_seconds_of(server.process.pid)
            for place, question in enumerate(first_questions(cases, options.questions)):
                if place % 2:
                    rivals.ask(question, FOUND, place)
                answers.append(ask(question, ()))
                if not place % 2:
                    rivals.ask(question, FOUND, place)
            rivals.weigh()
            used = 1000 * (processor_seconds_of(server.process.pid) - used) / len(answers)
            _say("follow-ups")
            followups = _followups(ask, [one for one in cases if one.history][: options.questions])
            found = Found(called, len(edition.catalogue.chunks), Times(answers), used, rivals.found, followups)
    return Measured({"benchmarks.md": text(found, load)}, {PLOT: _plot(found)})


def text(found: Found, load: float) -> str:
    """The section."""
    parts = [
        f"Over {found.corpus} ({found.chunks:,} chunks), {len(found.answers.all)} questions. Every engine indexes the "
        "texts that our edition indexes, with the vectors that our embedding gives them, and has its own BM25 beside "
        "it (set to German where it has a setting), both joined by reciprocal rank, ten results; the time of the "
        "question's vector is part of every figure. The answer over HTTP is the whole service: read, found, composed, "
        "proven. Processor time is the mean of a question in the process that is asked; other work hardly changes it. "
        "Start is from the launch of the process until it can be asked.",
        rivals_table(found.rivals, found.answers, found.processor),
        f"![Median of the answer and of finding with each engine]({PLOT})",
        *failures(found.rivals),
    ]
    if found.followups:
        parts += [
            "Follow-ups beside the questions that their conversations began with:",
            _followups_table(found.followups),
        ]
    return "\n\n".join([*parts, circumstances(load)])


def rivals_table(rivals: Mapping[str, Rival], answers: Times | None = None, processor: float = 0.0) -> str:
    """A row for each engine with its ratio to bare Chroma and bm25s, the whole answer first where it was asked."""
    heads = ("", "median", "95 %", "beside bare", "processor", "build", "start", "memory")
    bare = Times(rivals["bare"].times).median if "bare" in rivals and rivals["bare"].times else 0.0
    rows = []
    if answers:
        rows.append((ANSWER, *_times(answers, bare), milliseconds(processor), "", "", ""))
    for one in rivals.values():
        if one.times:
            build = "–" if one.build is None else f"{one.build:,.1f} s"
            figures = milliseconds(one.processor), build, f"{one.start:,.1f} s", f"{one.memory:,.0f} MB"
            rows.append((one.name, *_times(Times(one.times), bare), *figures))
        else:
            rows.append((one.name, *["not compared"] * 7))
    return table(heads, rows)


def failures(rivals: Mapping[str, Rival]) -> list[str]:
    """A paragraph on the engines that could not be compared, none where all could."""
    missed = [f"{one.name} ({one.failed})" for one in rivals.values() if one.failed]
    return [f"**Not compared:** {'; '.join(missed)}."] if missed else []


def _times(times: Times, bare: float) -> tuple[str, str, str]:
    return milliseconds(times.median), milliseconds(times.high), ratio(times.median, bare)


def _followups_table(pairs: Sequence[tuple[float, float]]) -> str:
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


def _plot(found: Found) -> str:
    medians = {ANSWER: found.answers.median}
    medians |= {NAMES[name]: Times(one.times).median for name, one in found.rivals.items() if one.times}
    return bars({name: {"median": value} for name, value in medians.items()}, "milliseconds")


def _say(text: str) -> None:
    say(f"finding: {text}")
