"""How answers grow with the papers: latency, memory, start and build at several sizes."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.asked import all_asking, all_serving, cases_over
from tests.benchmarks.grown_editions import GROUPS, Made, grown_questions
from tests.benchmarks.measured import (
    SAMPLE,
    Measured,
    Options,
    Times,
    circumstances,
    ended,
    milliseconds,
    ratio,
    say,
    table,
)
from tests.processes import environment, megabytes_of

_KEPT = "made.json"


@dataclass(frozen=True, slots=True)
class Grown:
    """An edition of one size: peak MB at publishing, milliseconds of answers by kind, seconds to start, MB in use."""

    made: Made
    peak: float
    times: Mapping[str, Times]
    start: float
    memory: float


def measure(options: Options) -> Measured:
    """Publish editions of every size and ask all of them in turns."""
    load = os.getloadavg()[0]
    questions = grown_questions(SAMPLE, cases_over(SAMPLE), options.grown)
    with TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        made = {size: published(size, folder / str(size)) for size in options.sizes}
        grown = _asked(made, folder, questions)
    return Measured({"figures-speed.md": text(grown, load)})


def text(grown: Sequence[Grown], load: float) -> str:
    """The section."""
    first, *others = grown
    kinds = [f"{kind}: median, 95 %" for kind in first.times]
    heads = ("papers", "chunks", *kinds, "build", "peak at build", "start", "memory")
    parts = [
        "Papers of invented counties: the sample's report and strategy under other names of places, units and things, "
        "with other words and amounts. The same questions were asked of every size in turns, over HTTP, each once; "
        "half of them name a county. Build is publishing the records that were read; start is until the service is "
        "ready.",
        table(heads, [_row(one) for one in grown]),
        "\n".join(_ratios(first, one) for one in others),
    ]
    return "\n\n".join(part for part in [*parts, circumstances(load)] if part)


def _row(one: Grown) -> tuple[str, ...]:
    times = (f"{milliseconds(kind.median)}, {milliseconds(kind.high)}" for kind in one.times.values())
    size = f"{one.made.papers:,}", f"{one.made.chunks:,}"
    built = f"{one.made.seconds:,.1f} s", f"{one.peak:,.0f} MB"
    return (*size, *times, *built, f"{one.start:,.1f} s", f"{one.memory:,.0f} MB")


def _ratios(first: Grown, other: Grown) -> str:
    grown = (f"{kind} {ratio(other.times[kind].median, taken.median)} times" for kind, taken in first.times.items())
    return f"From {first.made.chunks:,} to {other.made.chunks:,} chunks the median grows: {', '.join(grown)}."


def published(size: int, data: Path) -> tuple[Made, float]:
    """An edition of a size, published by a process of its own, and its peak memory in MB; as it was, if it was kept."""
    kept = data / _KEPT
    if kept.is_file():
        known, peak = json.loads(kept.read_text(encoding="utf-8"))
        return Made(**known), peak
    say(f"growth: publishing {size:,} chunks")
    command = [sys.executable, "-m", "tests.benchmarks.grown_editions", SAMPLE, data, str(size)]
    told, peak = ended(command, environment())
    made = json.loads(told.splitlines()[-1])
    kept.write_text(json.dumps([made, peak]), encoding="utf-8")
    return Made(**made), peak


def _asked(made: Mapping[int, tuple[Made, float]], folder: Path, questions: Sequence[tuple[str, str]]) -> list[Grown]:
    """Ask the same questions of editions of several sizes in turns."""
    say("growth: starting a service for each size")
    with all_serving([folder / str(size) for size in made]) as servers, all_asking(servers) as asks:
        times: list[dict[str, list[float]]] = [{group: [] for group in GROUPS} for _ in servers]
        for number, (group, question) in enumerate(questions):
            if number % 20 == 0:
                say(f"growth: question {number + 1} of {len(questions)}")
            for place, ask in enumerate(asks):
                times[place][group].append(ask(question, ()))
        used = [(server.seconds, megabytes_of(server.process.pid)) for server in servers]
    return [
        Grown(one, peak, {kind: Times(each) for kind, each in taken.items()}, start, memory)
        for (one, peak), taken, (start, memory) in zip(made.values(), times, used, strict=True)
    ]
