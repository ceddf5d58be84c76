"""How answers and finding grow with the papers: latency, memory, start and build at several sizes, and what follows."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks import scaling
from tests.benchmarks.asked import WARM, all_asking, all_serving, cases_over
from tests.benchmarks.engines.asking import NAMES
from tests.benchmarks.engines.rivals import Rival, ask_all, compared
from tests.benchmarks.finding import failures, rivals_table
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
from tests.benchmarks.plots import lines
from tests.processes import environment, megabytes_of
from vectorstore.editions import EditionStore

PLOT, RIVALS_PLOT = "benchmarks-growth.svg", "benchmarks-engines.svg"
_KEPT = "made.json"
_COMPARED = 10  # questions of each kind that every engine is asked at every size


@dataclass(frozen=True, slots=True)
class Grown:
    """An edition of one size: peak MB at publishing, milliseconds of answers by kind, seconds to start, MB in use."""

    made: Made
    peak: float
    times: Mapping[str, Times]
    start: float
    memory: float


def measure(options: Options) -> Measured:
    """Publish editions of every size, ask all of them in turns, and then at each size every engine."""
    load = os.getloadavg()[0]
    questions = grown_questions(SAMPLE, cases_over(SAMPLE), options.grown)
    with TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        made = {size: published(size, folder / str(size)) for size in options.sizes}
        grown = _asked(made, folder, questions)
        kinds = {group: [question for one, question in questions if one == group][:_COMPARED] for group in GROUPS}
        mixed = [question for several in zip(*kinds.values(), strict=False) for question in several]
        rivals = {
            one.made.chunks: _rivals(folder / str(size), mixed, options)
            for size, one in zip(options.sizes, grown, strict=True)
        }
    plots = {PLOT: _plot(grown), RIVALS_PLOT: _rivals_plot(rivals)}
    texts = {"benchmarks.md": text(grown, rivals, load)}
    if len(grown) > 1:  # one size says nothing on how it grows
        texts["scaling.md"] = _scaled(grown, rivals, load)
    return Measured(texts, plots)


def text(grown: Sequence[Grown], rivals: Mapping[int, Mapping[str, Rival]], load: float) -> str:
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
        f"![Median and 95th percentile of answers by the number of chunks]({PLOT})",
        "Finding at each size, every engine asked in turns as above (thirty questions):",
    ]
    for chunks, engines in rivals.items():
        parts += [f"{chunks:,} chunks", rivals_table(engines), *failures(engines)]
    parts.append(f"![Median, memory, start and build of each engine by the number of chunks]({RIVALS_PLOT})")
    return "\n\n".join(part for part in [*parts, circumstances(load)] if part)


def _row(one: Grown) -> tuple[str, ...]:
    times = (f"{milliseconds(kind.median)}, {milliseconds(kind.high)}" for kind in one.times.values())
    built = f"{one.made.seconds:,.1f} s", f"{one.peak:,.0f} MB"
    return (
        f"{one.made.papers:,}",
        f"{one.made.chunks:,}",
        *times,
        *built,
        f"{one.start:,.1f} s",
        f"{one.memory:,.0f} MB",
    )


def _ratios(first: Grown, other: Grown) -> str:
    grown = (f"{kind} {ratio(other.times[kind].median, taken.median)} times" for kind, taken in first.times.items())
    return f"From {first.made.chunks:,} to {other.made.chunks:,} chunks the median grows: {', '.join(grown)}."


def _scaled(grown: Sequence[Grown], rivals: Mapping[int, Mapping[str, Rival]], load: float) -> str:
    sizes = [_size(one) for one in grown]
    bare = {
        chunks: (Times(engines["bare"].times).median, engines["bare"].memory)
        for chunks, engines in rivals.items()
        if "bare" in engines and engines["bare"].times
    }
    return f"{scaling.text(sizes, bare)}\n\n{circumstances(load)}"


def _size(one: Grown) -> scaling.Size:
    medians = {kind: times.median for kind, times in one.times.items()}
    return scaling.Size(one.made.papers, one.made.chunks, medians, one.start, one.memory, one.made.seconds)


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


def _rivals(data: Path, questions: Sequence[str], options: Options) -> dict[str, Rival]:
    """Every engine over an edition, asked in turns."""
    with (
        TemporaryDirectory() as folder,
        closing(EditionStore(data).open()) as edition,
        compared(edition, data, Path(folder) / "engines", options.patience, _say, options.engines) as rivals,
    ):
        ask_all(rivals, questions, WARM)
        return rivals.found


def _say(told: str) -> None:
    say(f"growth: {told}")


def _plot(grown: Sequence[Grown]) -> str:
    series = {}
    for kind in grown[0].times:
        series[f"{kind}, median"] = {one.made.chunks: one.times[kind].median for one in grown}
        series[f"{kind}, 95 %"] = {one.made.chunks: one.times[kind].high for one in grown}
    return lines({"milliseconds": series}, "chunks")


def _rivals_plot(rivals: Mapping[int, Mapping[str, Rival]]) -> str:
    panels: dict[str, dict[str, dict[float, float]]] = {}
    for chunks, engines in rivals.items():
        for name, one in engines.items():
            if not one.times:
                continue
            figures = {
                "median, milliseconds": Times(one.times).median,
                "memory, MB": one.memory,
                "start, seconds": one.start,
            }
            if one.build is not None:
                figures["build, seconds"] = one.build
            for title, value in figures.items():
                panels.setdefault(title, {}).setdefault(NAMES[name], {})[chunks] = value
    return lines(panels, "chunks")
