"""The sets of papers: four for development and one held back, as data, and single papers of any combination."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.papers.numbers import Numbering
from tests.papers.paper import Paper, fits, slug, split
from tests.papers.parts import Layout, layouts

HERE = Path(__file__).parent
DAMAGE_SETS = (
    "", "missing", "hyphens missing", "", "split_letters hyphens", "fake_bold spaced", "ligatures hyphens",
    "blank missing", "twins", "misprints reworded", "typo wrong_contents", "footnotes hyphens", "reworded missing typo",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parts:
    """What the papers of a set are combined of, and how the set turns through it: see `sets.toml`."""

    layouts: tuple[Layout, ...]
    numberings: tuple[Numbering, ...]
    labels: tuple[dict[str, Any], ...]
    damages: tuple[frozenset[str], ...]
    wished: tuple[str, ...]
    words: Path
    wanted: int
    draw: str
    number: int = 0
    key: str = ""
    counts: tuple[int, ...] = (6, 9, 12, 16, 24, 33, 48, 60)
    big: int = 120


def loaded(name: str) -> dict[str, Any]:
    """Return a file of data."""
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))


@cache
def parts_of(held: bool) -> tuple[Parts, ...]:
    """Return what the papers for development, or those held back, are combined of."""
    return tuple(read(name, form) for name, form in loaded("sets.toml").items() if (name == "held") is held)


def read(name: str, form: dict[str, Any]) -> Parts:
    """Return the parts of a set."""
    words = form.pop("words", name)
    base = loaded(f"{words}/layouts.toml") if words != name else {}
    own = tuple(layouts(loaded(f"{name}/layouts.toml"), base))
    rounds = max(len(layout.planned) for layout in own)
    planned = [layout.planned[turn] for turn in range(rounds) for layout in own if turn < len(layout.planned)]
    return Parts(
        own,
        tuple(Numbering(one.pop("name"), one) for one in loaded(f"{name}/numberings.toml")["numbering"]),
        tuple(loaded(f"{name}/labels.toml")["set"]),
        tuple(frozenset(names.split()) for names in form.pop("damages", DAMAGE_SETS)),
        tuple(form.pop("wished", planned)),
        HERE / words,
        counts=tuple(form.pop("counts", (6, 9, 12, 16, 24, 33, 48, 60))),
        **form,
    )


def papers(seed: int, held: bool = False) -> tuple[Paper, ...]:
    """Return the fixed suite of a seed: every layout at least once, in changing numberings, labels, formats."""
    return tuple(one for parts in parts_of(held) for one in suite(parts, seed, held))


def suite(parts: Parts, seed: int, held: bool) -> Iterator[Paper]:
    """Yield the papers of a suite; a few big ones are among them."""
    rng = random.Random(f"{seed}/{parts.draw}")
    numberings = list(parts.numberings)
    rng.shuffle(numberings)
    for place in range(parts.wanted):
        layout = parts.layouts[place % len(parts.layouts)]
        numbering = next(turned(numberings, place * 5 + place // len(parts.layouts), layout))
        big = place % 29 == 1 or place % 19 == 5
        wished = parts.wished[place % len(parts.wished)]
        form = "pdf" if big or wished not in layout.formats else wished
        count = min(parts.big if big else parts.counts[(place * 3 + seed) % len(parts.counts)], layout.most)
        sizes = split(count, rng)
        if fits(layout, numbering, form, sizes):
            sizes = split(min(count, 16), rng)
        suited = [one for one in parts.labels if one["name"] in layout.labels] or parts.labels
        labels = suited[place % len(suited)]
        damage = parts.damages[(place + place // len(parts.damages)) % len(parts.damages)]
        yield made(parts, layout, numbering, form, sizes, seed, labels, damage | set(layout.damage), held, place)


def turned(numberings: Sequence[Numbering], start: int, layout: Layout) -> Iterator[Numbering]:
    """Yield the numberings that suit a layout, beginning somewhere in the list."""
    for step in range(len(numberings)):
        numbering = numberings[(start + step) % len(numberings)]
        if not layout.numberings or numbering.name in layout.numberings:
            yield numbering


def made(
    parts: Parts,
    layout: Layout,
    numbering: Numbering,
    form: str,
    sizes: tuple[int, ...],
    seed: int,
    labels: dict[str, Any],
    damage: Iterable[str],
    held: bool,
    place: int,
) -> Paper:
    """Return a paper under a name that tells how it is made; held ones have a number only."""
    number = f"{parts.number + place:02}"
    name = f"papier-{number}" if held else f"{number}-{slug(layout.name)}-{slug(numbering.name)}"
    key = parts.key.format(n=place) or name
    return Paper(name, held, layout, numbering, form, frozenset(damage), sizes, seed, labels, key, parts.words)


def paper(
    layout: str,
    numbering: str,
    format: str = "pdf",
    *,
    damage: Iterable[str] = (),
    measures: int = 12,
    labels: str | None = None,
    seed: int = 0,
    held: bool = False,
) -> Paper:
    """Return one paper of the named parts.

    Raises KeyError for an unknown part and ValueError where the parts do not go together (`combinations` lists those
    that do).
    """
    known = {one.name: parts for parts in parts_of(held) for one in parts.layouts}
    parts = known[layout]
    chosen = {one.name: one for one in parts.layouts}[layout]
    numbers = {one.name: one for one in parts.numberings}[numbering]
    sets = {one["name"]: one for one in parts.labels}
    words = sets[labels] if labels else parts.labels[seed % len(parts.labels)]
    sizes = split(measures, random.Random(f"{seed}/{layout}/{measures}"))
    reason = fits(chosen, numbers, format, sizes)
    if reason:
        raise ValueError(reason)
    return made(parts, chosen, numbers, format, sizes, seed, words, damage, held, 0)


def combinations(held: bool = False) -> list[tuple[str, str, str]]:
    """Return all (layout, numbering, format) that go together for a dozen measures."""
    return [
        (layout.name, numbering.name, form)
        for parts in parts_of(held)
        for layout in parts.layouts
        for numbering in parts.numberings
        for form in layout.formats
        if not fits(layout, numbering, form, (6, 6))
    ]


def few(seed: int, count: int = 24) -> tuple[Paper, ...]:
    """Return a small suite: papers for development that together have every format, every damage and every set.

    Short papers come first, and each next one is that with most that none before it has.
    """
    left = sorted((one for one in papers(seed) if sum(one.sizes) <= 24), key=lambda one: (sum(one.sizes), one.name))
    chosen: list[Paper] = []
    seen: set[str] = set()
    while len(chosen) < count:
        best = max(left, key=lambda one: len(facets(one) - seen))
        left.remove(best)
        chosen.append(best)
        seen |= facets(best)
    return tuple(chosen)


def facets(one: Paper) -> set[str]:
    """Return by what papers differ: set and format, damage, how its numbers are made."""
    return {f"{one.words.name} {one.format}", f"{one.key[:4]} {one.how.kind}", *one.damage, one.layout, one.numbering}
