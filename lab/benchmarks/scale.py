"""How answers and lists grow with the records: in one process, each question and topic once, all
sizes in turns.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from lab.benchmarks.answers import cases_over
from lab.benchmarks.grown import GROUPS, Made, grown_questions, published
from lab.benchmarks.measured import (
    SAMPLE,
    Options,
    Times,
    circumstances,
    milliseconds,
    ratio,
    say,
    table,
)
from service import load_settings
from service.answering import AnswerService
from service.answering.tools.schemas import RecordsArguments
from service.records import ChatRequest
from vectorstore import EditionStore, shipped_vocabulary

SMALL = 579  # chunks of five real papers
KINDS = ("answers", *GROUPS, "records by topic", "records by topic in a paper")


def measure(options: Options) -> str:
    """Open editions of all sizes, and of five papers' and ten times their chunks, and ask each in
    turns.
    """
    load, sizes = os.getloadavg()[0], sorted({SMALL, 10 * SMALL, *options.sizes})
    questions = grown_questions(cases_over(SAMPLE), options.grown)
    topics = [concept.label for concept in shipped_vocabulary().concepts][: 3 * options.grown]
    with TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        made = [published(size, folder / str(size)) for size in sizes]
        started = [time.perf_counter()]
        services = []
        for size in sizes:
            services.append(_service(folder / str(size)))
            started.append(time.perf_counter())
        times = [{kind: list[float]() for kind in KINDS} for _ in sizes]
        for number, (group, question) in enumerate(questions):
            if number % 20 == 0:
                say(f"scale: question {number + 1} of {len(questions)}")
            for service, taken in zip(services, times, strict=True):
                request = ChatRequest(question=question)
                taken[group].append(_milliseconds(lambda: service.answer(request)))  # noqa: B023 - called at once
                taken["answers"].append(taken[group][-1])
        for topic in topics:
            for service, taken in zip(services, times, strict=True):
                tools, document = service.tools(), (next(iter(service.corpus.catalogue.documents)),)
                for kind, documents in zip(KINDS[-2:], ((), document), strict=True):
                    asked = RecordsArguments(topic=topic, documents=documents)
                    taken[kind].append(_milliseconds(lambda: tools.records(asked)))  # noqa: B023
        for service in services:
            service.edition.close()
    starts = [later - earlier for earlier, later in pairwise(started)]
    return text(
        made, starts, [{kind: Times(all_) for kind, all_ in item.items()} for item in times], load
    )


def text(made: list[Made], starts: list[float], times: list[dict[str, Times]], load: float) -> str:
    """The section."""
    rows = [
        (
            f"{item.papers:,}",
            f"{item.chunks:,}",
            *(milliseconds(taken[kind].median) for kind in KINDS),
            f"{item.seconds:,.1f} s",
            f"{start:,.1f} s",
        )
        for item, start, taken in zip(made, starts, times, strict=True)
    ]
    chunks = [item.chunks for item in made]
    by_size = dict(zip(chunks, times, strict=True))
    small, ten, *_ = chunks
    pairs = [(small, ten), *pairwise(chunks[2:])]
    ratios = []
    for item, other in pairs:
        message = (
            f"{kind} {ratio(by_size[other][kind].median, by_size[item][kind].median)} times"
            for kind in KINDS
        )
        ratios.append(f"From {item:,} to {other:,} chunks: {', '.join(message)}.")
    statement = (
        "Papers of invented counties: the sample's report and strategy under other names of places, units and things, "
        "with other words and amounts. In one process and without HTTP: medians of answers to different questions (by "
        "group too; half of them name a county), and of the tool `records` by each topic of the vocabulary, over all "
        "papers or one. Build is publishing the records that were read; start is until the service is ready."
    )
    heads = ("papers", "chunks", *KINDS, "build", "start")
    return "\n\n".join((statement, table(heads, rows), "\n".join(ratios), circumstances(load)))


def _service(data: Path) -> AnswerService:
    service = AnswerService(EditionStore(data).open(), load_settings(data_dir=data))
    service.warm()
    return service


def _milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)
