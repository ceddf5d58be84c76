"""One paper, and the suites: from a kind of making and a seed to a file and its truth, the same for the same seed."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, Self, get_args

from tests.papers.blocks import Book, Face, Marks, Note
from tests.papers.draft import Draft
from tests.papers.layout import Layout, Parts, parts_of
from tests.papers.material import material
from tests.papers.numbers import Numbering
from tests.papers.recipe import write
from tests.papers.truth import Truth
from tests.sharing import once

SETTERS = {"pdf": "pdf", "txt": "text", "md": "markdown", "html": "html", "docx": "docx"}
FORMATS = tuple(SETTERS)
DAMAGES = (
    "hyphens",  # words broken at line ends
    "split_letters",  # "W er?": the first letter of a label stands apart
    "ligatures",  # fi and fl as one character
    "fake_bold",  # headings and labels printed twice
    "blank",  # empty pages but for head and foot
    "spaced",  # l e t t e r - s p a c e d headings of chapters
    "missing",  # fields left out
    "twins",  # neighbouring sheets that differ in a name only
    "misprints",  # references to numbers that do not exist
    "typo",  # a slip in the overview
    "reworded",  # other wordings in the overview
    "wrong_contents",  # a wrong page in the contents
    "footnotes",  # notes at the foot of pages
)
ACCENTS = ("#1F4E79", "#2E6B3A", "#7A1F2B", "#5B3A8C", "#8A5A00", "#333333")
FEET = ("Seite {n} von {m}", "{n}", "- {n} -", "Geschäftsstelle | Seite {n}")
HIDDEN = "Entwurfsfassung des Absatzes, nicht zur Veröffentlichung bestimmt."


@dataclass(frozen=True)
class Paper:
    """A paper that can be written: how it is made (layout, numbering, format, damage) and what it says in truth.

    Setting happens at the first look at `content` or `truth` and is kept. `held` papers are for totals only.
    Whatever is drawn by chance comes from seed and `key`, in the words of a folder.
    """

    name: str
    held: bool
    how: Layout = field(repr=False)
    numbers: Numbering = field(repr=False)
    format: str
    damage: frozenset[str]
    sizes: tuple[int, ...]
    seed: int
    labels: dict[str, Any] = field(repr=False, hash=False)
    key: str = field(repr=False)
    words: Path = field(repr=False)

    @property
    def layout(self) -> str:
        return self.how.name

    @property
    def numbering(self) -> str:
        return self.numbers.name

    @property
    def file_name(self) -> str:
        return f"{self.name}.{self.format}"

    @property
    def content(self) -> bytes:
        return self._made[0]

    @property
    def truth(self) -> Truth:
        return self._made[1]

    def write(self, folder: Path) -> Path:
        path = folder / self.file_name
        path.write_bytes(self.content)
        return path

    def set_once(self) -> Self:
        """Set this paper of a suite, where no test of the run has set it before, and return it."""
        self.__dict__["_made"] = once(f"{self.seed}-{self.file_name}", lambda: self._made)
        return self

    @cached_property
    def _made(self) -> tuple[bytes, Truth]:
        draft = self.drafted()
        book = self.bound(draft)
        setter = import_module(f"tests.papers.setting.{SETTERS[self.format]}")
        content, placed = setter.set_book(book)
        hidden = [HIDDEN] if self.format == "html" else []
        furniture = [line for line in dict.fromkeys((book.head, book.foot)) if line and placed.last]
        return content, draft.truth(placed.sorted(), placed.last, furniture, hidden)

    def drafted(self) -> Draft:
        """Return the draft: what the paper prints, and what that says."""
        seed, how = f"{self.seed}/{self.key}", self.how
        source = material(
            seed,
            self.sizes,
            self.words,
            kind=how.kind,
            only=how.only,
            leave_out=how.leave_out,
            length=how.length,
            damage=self.damage,
        )
        after = random.Random(seed).choice((" ", " ", ": ", " – "))
        numbered = self.numbers.number(source.sizes, [topic.letters for topic in source.fields], after)
        draft = Draft(source, numbered, self.labels, self.damage)
        write(how, self.numbers, draft)
        if self.format == "html":
            draft.blocks.append(Note("hidden", HIDDEN))
        return draft

    def bound(self, draft: Draft) -> Book:
        """Return the draft as a book that can be set."""
        rng = random.Random(f"{self.seed}/{self.key}/book")
        head = rng.choice((draft.material.title, draft.material.publisher, ""))
        return Book(
            title=draft.material.title,
            head=head if self.format != "txt" or rng.random() < 0.7 else "",
            foot=rng.choice(FEET),
            blocks=tuple(draft.blocks),
            damage=self.damage,
            face="vera" if "ligatures" in self.damage else rng.choice(get_args(Face)),
            accent=rng.choice(ACCENTS),
            offset=rng.choice((0, 0, 1)) if self.format == "pdf" else 0,
            form=self.how.form,
            line_numbers=self.how.line_numbers,
            page_marks=rng.choice(get_args(Marks)),
            heads=self.how.heads,
            geometry=self.how.geometry,
        )


def papers(seed: int, held: bool = False) -> tuple[Paper, ...]:
    """Return the fixed suite of a seed: every layout at least once, in changing numberings, labels, formats."""
    return tuple(one for parts in parts_of(held) for one in suite(parts, seed, held))


def suite(parts: Parts, seed: int, held: bool) -> Iterator[Paper]:
    """Yield the papers of a set; a few big ones are among them. Held ones have a number only as their name."""
    rng = random.Random(f"{seed}/{parts.draw}")
    numberings = list(parts.numberings)
    rng.shuffle(numberings)
    for place in range(parts.wanted):
        turn, at = divmod(place, len(parts.layouts))
        layout = parts.layouts[at]
        start = (place * 5 + turn) % len(numberings)
        turned = [*numberings[start:], *numberings[:start]]
        numbering = next(one for one in turned if not layout.numberings or one.name in layout.numberings)
        big = place % 29 == 1 or place % 19 == 5
        wished = parts.wished[place % len(parts.wished)]
        form = "pdf" if big or wished not in layout.formats else wished
        count = min(parts.big if big else parts.counts[(place * 3 + seed) % len(parts.counts)], layout.most)
        sizes = split(count, rng)
        if layout.unfit(numbering, form, sizes):
            sizes = split(min(count, 16), rng)
        suited = [one for one in parts.labels if one["name"] in layout.labels] or parts.labels
        labels = suited[place % len(suited)]
        damage = parts.damages[(place + place // len(parts.damages)) % len(parts.damages)] | set(layout.damage)
        yield made(parts, place, held, layout, numbering, form, damage, sizes, seed, labels)


def made(parts: Parts, place: int, held: bool, layout: Layout, numbering: Numbering, *how: Any) -> Paper:
    number = f"{parts.number + place:02}"
    name = f"papier-{number}" if held else f"{number}-{slug(layout.name)}-{slug(numbering.name)}"
    return Paper(name, held, layout, numbering, *how, parts.key.format(n=place) or name, parts.words)


def paper(
    layout: str, numbering: str, format: str = "pdf", *, damage: Iterable[str] = (), measures: int = 12, seed: int = 0
) -> Paper:
    """Return one paper of the named parts.

    Raises KeyError for an unknown part and ValueError where the parts do not go together (`combinations` lists those
    that do).
    """
    known = {one.name: (parts, one) for parts in parts_of(False) for one in parts.layouts}
    parts, chosen = known[layout]
    numbers = {one.name: one for one in parts.numberings}[numbering]
    labels = parts.labels[seed % len(parts.labels)]
    sizes = split(measures, random.Random(f"{seed}/{layout}/{measures}"))
    if reason := chosen.unfit(numbers, format, sizes):
        raise ValueError(reason)
    return made(parts, 0, False, chosen, numbers, format, frozenset(damage), sizes, seed, labels)


def combinations() -> list[tuple[str, str, str]]:
    """Return all (layout, numbering, format) that go together for a dozen measures."""
    return [
        (layout.name, numbering.name, form)
        for parts in parts_of(False)
        for layout in parts.layouts
        for numbering in parts.numberings
        for form in layout.formats
        if not layout.unfit(numbering, form, (6, 6))
    ]


def few(seed: int, count: int = 24) -> tuple[Paper, ...]:
    """Return a small suite: papers for development that together have every format, every damage and every set.

    Short papers come first, and each next one is that with most that none before it has.
    """
    left = sorted((one for one in papers(seed) if sum(one.sizes) <= 24), key=lambda one: (sum(one.sizes), one.name))
    chosen, seen = list[Paper](), set[str]()
    while len(chosen) < count:
        best = max(left, key=lambda one: len(facets(one) - seen))
        left.remove(best)
        chosen.append(best)
        seen |= facets(best)
    return tuple(chosen)


def facets(one: Paper) -> set[str]:
    """Return by what papers differ: set and format, damage, how its numbers are made."""
    return {f"{one.words.name} {one.format}", f"{one.key[:4]} {one.how.kind}", *one.damage, one.layout, one.numbering}


def slug(text: str) -> str:
    for char, plain in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        text = text.lower().replace(char, plain)
    return re.sub(r"[^a-z0-9]+", "-", text).strip("-")


def split(count: int, rng: random.Random) -> tuple[int, ...]:
    """Return how many measures each field of action has."""
    fields = max(1, min(12, count // 4, rng.randint(2, 7) if count < 50 else rng.randint(6, 12)))
    cuts = [count // fields] * fields
    cuts[-1] += count - sum(cuts)
    for place in range(0, fields - 1, 2):
        shift = rng.randint(0, max(0, cuts[place] // 3))
        cuts[place], cuts[place + 1] = cuts[place] - shift, cuts[place + 1] + shift
    return tuple(cuts)
