"""What one machine carries, and what all municipalities would take: computed from what was measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from tests.benchmarks.measured import milliseconds, table

MUNICIPALITIES, COUNTIES = 11_000, 294
CHUNKS_OF_ONE = 579  # of the five real papers of one county
MACHINE = 16_000  # MB of a machine, of which a fifth is kept free
_KEPT_FREE = 0.2
_VECTOR = 256 * 4 / 1e6  # MB


@dataclass(frozen=True, slots=True)
class Size:
    """An edition as it serves: medians in milliseconds by kind of question; seconds to start and to build; MB.

    `build` is None where it was not timed.
    """

    papers: int
    chunks: int
    medians: Mapping[str, float]
    start: float
    memory: float
    build: float | None = None


def at(points: Sequence[tuple[float, float]], place: float) -> float:
    """The value at a place on straight lines between points (place, value), the last line drawn on behind them.

    What falls from one size to the next for other work on the machine does not fall on behind the last.
    Of a single point its value; raises ValueError where there is none.
    """
    ordered = sorted(points)
    if not ordered:
        raise ValueError("no point to compute from")
    if len(ordered) == 1 or place <= ordered[0][0]:
        return ordered[0][1]
    lines = list(pairwise(ordered))
    (left, low), (right, high) = next((one for one in lines if place <= one[1][0]), lines[-1])
    slope = (high - low) / (right - left)
    return low + slope * (place - left) if place <= right else high + max(slope, 0.0) * (place - right)


def text(sizes: Sequence[Size], bare: Mapping[int, tuple[float, float]]) -> str:
    """Both tables and what follows from them; `bare` has the median (ms) and memory (MB) of bare parts by chunks."""
    kinds = [f"median of {kind}" for kind in sizes[0].medians]
    rows = [_row(one) for one in sizes]
    largest = max(sizes, key=lambda one: one.chunks)
    needed = ceil(largest.memory / (1 - _KEPT_FREE) / 1_000)
    return "\n\n".join(
        (
            table(("papers", "chunks", *kinds, "build", "start", "memory"), rows),
            f"So {largest.chunks:,} chunks, some {largest.papers:,} papers, need a machine with {needed} GB for each "
            "process.",
            "## Eleven thousand municipalities",
            _premise(),
            _projected(sizes, bare),
            _conclusion(sizes),
        )
    )


def _row(one: Size) -> tuple[str, ...]:
    medians = (milliseconds(value) for value in one.medians.values())
    return (
        f"{one.papers:,}",
        f"{one.chunks:,}",
        *medians,
        "–" if one.build is None else f"{one.build:,.0f} s",
        f"{one.start:,.0f} s",
        f"{one.memory:,.0f} MB",
    )


def _premise() -> str:
    chunks = MUNICIPALITIES * CHUNKS_OF_ONE
    return (
        f"Nobody asks all of them at once: a question is put to a county or a town. Five real papers of one county are "
        f"{CHUNKS_OF_ONE} chunks. Were every one of some {MUNICIPALITIES:,} municipalities to have as many, these were "
        f"{chunks / 1e6:.1f} million. An edition for each of {COUNTIES} counties with its towns has "
        f"{_county():,} chunks. Computed on straight lines between the sizes measured, and behind the largest on:"
    )


def _county() -> int:
    return round(MUNICIPALITIES * CHUNKS_OF_ONE / COUNTIES)


def _projected(sizes: Sequence[Size], bare: Mapping[int, tuple[float, float]]) -> str:
    county, total = _county(), MUNICIPALITIES * CHUNKS_OF_ONE
    memory, start = ([(one.chunks, getattr(one, name)) for one in sizes] for name in ("memory", "start"))
    build = [(one.chunks, one.build) for one in sizes if one.build is not None]
    each = at(memory, county)
    heads = ("", "one county", f"{COUNTIES} counties, an edition each", "one index over all, extrapolated")
    rows = [
        ("chunks", f"{county:,}", f"{total:,}", f"{total:,}"),
        ("vectors alone", *(_gigabytes(one * _VECTOR) for one in (county, total, total))),
        ("memory for one process each", *(_gigabytes(one) for one in (each, COUNTIES * each, at(memory, total)))),
        ("median of an answer", _medians(sizes, county), "the same: each is asked alone", _medians(sizes, total)),
        ("ready after", *(_seconds(one) for one in (at(start, county), at(start, county), at(start, total)))),
    ]
    if build:
        built = (at(build, county), COUNTIES * at(build, county), at(build, total))
        rows.append(("build, one after the other", *map(_seconds, built)))
    if bare:
        rows.append(_bare_row(bare, county, total))
    return table(heads, rows)


def _bare_row(bare: Mapping[int, tuple[float, float]], county: int, total: int) -> tuple[str, ...]:
    times, memory = ([(chunks, pair[place]) for chunks, pair in bare.items()] for place in (0, 1))
    small, large = (f"{_time(at(times, one))}, {_gigabytes(at(memory, one))}" for one in (county, total))
    return "bare Chroma and bm25s: a query, memory", small, "the same, for each", large


def _medians(sizes: Sequence[Size], chunks: int) -> str:
    values = [at([(one.chunks, one.medians[kind]) for one in sizes], chunks) for kind in sizes[0].medians]
    return f"{_time(min(values))} to {_time(max(values))}"


def _conclusion(sizes: Sequence[Size]) -> str:
    each = at([(one.chunks, one.memory) for one in sizes], _county())
    held = max(1, int(MACHINE * (1 - _KEPT_FREE) // each))
    return (
        f"A machine with {MACHINE // 1000} GB holds {held} counties with one process each, so "
        f"{ceil(COUNTIES / held)} such machines hold all."
    )


def _gigabytes(megabytes: float) -> str:
    return f"{megabytes:,.0f} MB" if megabytes < 1_000 else f"{megabytes / 1_000:,.1f} GB"


def _seconds(value: float) -> str:
    return (
        f"{value:,.0f} s" if value < 600 else f"{value / 60:,.0f} min" if value < 36_000 else f"{value / 3600:,.0f} h"
    )


def _time(value: float) -> str:
    return f"{value:,.0f} ms" if value < 10_000 else f"{value / 1000:,.0f} s"
