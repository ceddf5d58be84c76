"""The suites of papers: a fixed list for development, another one held back, and single combinations."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from tests.papers import fourth, second, third
from tests.papers.combining import Parts
from tests.papers.layouts import LAYOUTS
from tests.papers.layouts.parts import Layout
from tests.papers.numberings import NUMBERINGS
from tests.papers.numbers import Numbering
from tests.papers.paper import Paper, fits, slug, split
from tests.papers.words import label_sets

DEVELOPMENT = (Parts(LAYOUTS, NUMBERINGS, tuple(label_sets())), second.parts(), third.parts(), fourth.parts())


def parts_of(held: bool) -> tuple[Parts, ...]:
    """Return what the papers for development, or those held back, are combined of."""
    if not held:
        return DEVELOPMENT
    from tests.papers.unseen import parts

    return (parts(),)


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
    number = f"{parts.first + place:02}"
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
