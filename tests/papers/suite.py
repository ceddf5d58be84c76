"""The suites of papers: a fixed list for development, another one held back, and single combinations."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tests.papers.layouts import LAYOUTS
from tests.papers.layouts.parts import Layout
from tests.papers.numberings import NUMBERINGS
from tests.papers.numbers import Numbering
from tests.papers.paper import Paper, fits, slug, split
from tests.papers.words import label_sets

COUNTS = (6, 9, 12, 16, 24, 33, 48, 60)
BIG = 120
WISHED = ("pdf", "txt", "pdf", "md", "pdf", "html", "pdf", "docx", "txt", "md")


@dataclass(frozen=True, slots=True)
class Parts:
    """What papers are combined of."""

    layouts: tuple[Layout, ...]
    numberings: tuple[Numbering, ...]
    labels: tuple[dict[str, Any], ...]
    damages: tuple[frozenset[str], ...]


DAMAGE_SETS = tuple(
    frozenset(names.split())
    for names in (
        "",
        "missing",
        "hyphens missing",
        "",
        "split_letters hyphens",
        "fake_bold spaced",
        "ligatures hyphens",
        "blank missing",
        "twins",
        "misprints reworded",
        "typo wrong_contents",
        "footnotes hyphens",
        "reworded missing typo",
    )
)
DEVELOPMENT = Parts(LAYOUTS, NUMBERINGS, tuple(label_sets()), DAMAGE_SETS)


def held_parts() -> Parts:
    """Return what the held papers are combined of."""
    from tests.papers.held import parts

    return parts()


def papers(seed: int, held: bool = False) -> tuple[Paper, ...]:
    """Return the fixed suite of a seed: every layout at least once, in changing numberings, labels, formats."""
    return tuple(suite(held_parts() if held else DEVELOPMENT, seed, held))


def suite(parts: Parts, seed: int, held: bool) -> Iterator[Paper]:
    """Yield the papers of a suite; a paper of 120 measures and some of more than 100 pages are among them."""
    rng, wanted = random.Random(f"{seed}/{held}"), 40 if held else 60
    numberings = list(parts.numberings)
    rng.shuffle(numberings)
    for place in range(wanted):
        layout = parts.layouts[place % len(parts.layouts)]
        numbering = next(turned(numberings, place * 5 + place // len(parts.layouts), layout))
        big = place % 29 == 1 or place % 19 == 5
        form = "pdf" if big or WISHED[place % len(WISHED)] not in layout.formats else WISHED[place % len(WISHED)]
        count = min(BIG if big else COUNTS[(place * 3 + seed) % len(COUNTS)], layout.most)
        sizes = split(count, rng)
        if fits(layout, numbering, form, sizes):
            sizes = split(min(count, 16), rng)
        suited = [one for one in parts.labels if one["name"] in layout.labels] or parts.labels
        labels = suited[place % len(suited)]
        damage = parts.damages[(place + place // len(parts.damages)) % len(parts.damages)]
        yield made(layout, numbering, form, sizes, seed, labels, damage | set(layout.damage), held, place)


def turned(numberings: Sequence[Numbering], start: int, layout: Layout) -> Iterator[Numbering]:
    """Yield the numberings that suit a layout, beginning somewhere in the list."""
    for step in range(len(numberings)):
        numbering = numberings[(start + step) % len(numberings)]
        if not layout.numberings or numbering.name in layout.numberings:
            yield numbering


def made(
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
    name = f"papier-{place:02}" if held else f"{place:02}-{slug(layout.name)}-{slug(numbering.name)}"
    return Paper(name, held, layout, numbering, form, frozenset(damage), sizes, seed, labels)


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
    parts = held_parts() if held else DEVELOPMENT
    chosen = {one.name: one for one in parts.layouts}[layout]
    numbers = {one.name: one for one in parts.numberings}[numbering]
    sets = {one["name"]: one for one in parts.labels}
    words = sets[labels] if labels else parts.labels[seed % len(parts.labels)]
    sizes = split(measures, random.Random(f"{seed}/{layout}/{measures}"))
    reason = fits(chosen, numbers, format, sizes)
    if reason:
        raise ValueError(reason)
    return made(chosen, numbers, format, sizes, seed, words, damage, held, 0)


def combinations(held: bool = False) -> list[tuple[str, str, str]]:
    """Return all (layout, numbering, format) that go together for a dozen measures."""
    parts = held_parts() if held else DEVELOPMENT
    return [
        (layout.name, numbering.name, form)
        for layout in parts.layouts
        for numbering in parts.numberings
        for form in layout.formats
        if not fits(layout, numbering, form, (6, 6))
    ]
