"""The figures of `answer_speed` as a page and a plot."""

from __future__ import annotations

import io
import os
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

Pair = tuple[float, float]
_INK = "#767676"  # read on white and on dark ground alike
_COLOURS = ("#2b7bba", "#d9730d", "#8e5bb5")
_SIZE = (8.6, 3.8)  # inches
_PAGE = """# Speed

Made by `make benchmark`; do not edit. Wall times on a machine with {cores} cores that other work shared; what is
compared was asked in turns. Every question was asked once, over HTTP on the loopback address, of the application as it
is served.

## Beside the bare parts, over {corpus} ({chunks} chunks)

Bare is one Chroma query with its vector given and one bm25s query, ten results each, over the same chunks, called
without HTTP.

{beside}

## Follow-ups beside the questions that their conversations began with

{followups}

## Growth

Papers of invented counties: the sample's report and strategy under other names of places, units and things, with other
words and amounts. The same questions were asked of every size; half of them name a county.

![Median and 95th percentile of answers by the number of chunks](benchmarks.svg)

{head}
{line}
{rows}

{ratios}
"""


@dataclass(frozen=True, slots=True)
class Grown:
    """An edition of one size: milliseconds of its answers by kind of question, seconds until ready, megabytes used."""

    papers: int
    chunks: int
    times: dict[str, list[float]]
    start: float
    memory: float


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured: answers beside bare queries, follow-ups beside first questions (ms each), and growth."""

    corpus: str
    chunks: int
    beside: Sequence[Pair]
    followups: Sequence[Pair]
    grown: Sequence[Grown]


def markdown(figures: Figures) -> str:
    """The page."""
    first, *others = figures.grown
    kinds = " | ".join(f"{kind}: median, 95 %" for kind in first.times)
    return _PAGE.format(
        cores=os.cpu_count(),
        corpus=figures.corpus,
        chunks=f"{figures.chunks:,}",
        beside=_compared("answer", "bare queries", figures.beside),
        followups=_compared("follow-up", "first question", figures.followups),
        head=f"| papers | chunks | {kinds} | ready | memory |",
        line="|---:|---:|" + "---:|" * (len(first.times) + 2),
        rows="\n".join(map(_row, figures.grown)),
        ratios="\n".join(_ratios(first, other) for other in others),
    )


def _compared(one: str, other: str, pairs: Sequence[Pair]) -> str:
    ours, theirs = ([pair[place] for pair in pairs] for place in (0, 1))
    rows = [("median", statistics.median(ours), statistics.median(theirs)), ("95 %", _high(ours), _high(theirs))]
    lines = [f"| {name} | {mine:.1f} ms | {yours:.1f} ms | {mine / yours:.2f} |" for name, mine, yours in rows]
    return "\n".join([f"| {len(pairs)} questions | {one} | {other} | ratio |", "|---|---:|---:|---:|", *lines])


def _row(grown: Grown) -> str:
    times = (f"{statistics.median(one):.1f} ms, {_high(one):.0f} ms" for one in grown.times.values())
    return f"| {grown.papers} | {grown.chunks:,} | {' | '.join(times)} | {grown.start:.1f} s | {grown.memory:,.0f} MB |"


def _ratios(first: Grown, other: Grown) -> str:
    grown = (
        f"{kind} {statistics.median(other.times[kind]) / statistics.median(taken):.2f} times"
        for kind, taken in first.times.items()
    )
    return f"From {first.chunks:,} to {other.chunks:,} chunks the median grows: {', '.join(grown)}."


def _high(times: Sequence[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(times, n=20)[-1]


def write_plot(figures: Figures, path: Path) -> None:
    """Medians and 95th percentiles by the number of chunks, as an SVG; equal figures give equal bytes."""
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "strategielotse"}):
        figure = Figure(figsize=_SIZE, layout="constrained")
        axes = figure.add_subplot()
        chunks = [one.chunks for one in figures.grown]
        for colour, kind in zip(_COLOURS, figures.grown[0].times, strict=False):
            medians = [statistics.median(one.times[kind]) for one in figures.grown]
            high = [_high(one.times[kind]) for one in figures.grown]
            axes.plot(chunks, medians, marker="o", color=colour, label=f"{kind}, median")
            axes.plot(chunks, high, marker="^", color=colour, linestyle="--", label=f"{kind}, 95 %")
        _dress(axes, chunks)
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    path.write_text(out.getvalue(), encoding="utf-8")


def _dress(axes: Axes, chunks: Sequence[int]) -> None:
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xticks(chunks, [f"{one:,}" for one in chunks])
    axes.minorticks_off()
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.set_xlabel("chunks", color=_INK)
    axes.set_ylabel("milliseconds", color=_INK)
    axes.tick_params(colors=_INK, length=0)
    axes.grid(color=_INK, alpha=0.3)
    for side in axes.spines.values():
        side.set_visible(False)
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False, labelcolor=_INK)
    axes.patch.set_alpha(0.0)
    axes.figure.patch.set_alpha(0.0)
