"""One paper: from its name and kind of making to a file and its truth, the same for the same seed."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, Self

from tests.papers.blocks import Book
from tests.papers.draft import Draft, Job
from tests.papers.material import material
from tests.papers.numbers import Numbering
from tests.papers.parts import Layout
from tests.papers.recipe import write
from tests.papers.setting import Placed, setter
from tests.papers.truth import Truth
from tests.papers.words import HERE
from tests.sharing import once

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
FACES: tuple[Literal["sans", "serif", "vera"], ...] = ("sans", "serif", "vera")
MARKS: tuple[Literal["form_feed", "marks", "none"], ...] = ("form_feed", "marks", "none")


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
    words: Path = field(repr=False, default=HERE)

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
        content, placed = setter(self.format)(book)
        return content, self.told(draft, book, placed)

    def drafted(self) -> Draft:
        seed = f"{self.seed}/{self.key}"
        source = material(
            seed,
            self.sizes,
            kind=self.how.kind,
            only=self.how.only,
            leave_out=self.how.leave_out,
            length=self.how.length,
            damage=self.damage,
            words=self.words,
        )
        after = random.Random(seed).choice((" ", " ", ": ", " – "))
        numbered = self.numbers.number(source.sizes, [topic.letters for topic in source.fields], after)
        draft = Draft(Job(source, self.numbers, numbered, self.labels, self.damage))
        write(self.how, draft)
        if self.format == "html":
            draft.hide("Entwurfsfassung des Absatzes, nicht zur Veröffentlichung bestimmt.")
        return draft

    def bound(self, draft: Draft) -> Book:
        rng = random.Random(f"{self.seed}/{self.key}/book")
        head = rng.choice((draft.job.material.title, draft.job.material.publisher, ""))
        return Book(
            title=draft.job.material.title,
            head=head if self.format != "txt" or rng.random() < 0.7 else "",
            foot=rng.choice(FEET),
            blocks=tuple(draft.blocks),
            damage=self.damage,
            face="vera" if "ligatures" in self.damage else rng.choice(FACES),
            accent=rng.choice(ACCENTS),
            offset=rng.choice((0, 0, 1)) if self.format == "pdf" else 0,
            form=self.how.form,
            line_numbers=self.how.line_numbers,
            page_marks=rng.choice(MARKS),
            heads=self.how.heads,
            geometry=self.how.geometry,
        )

    def told(self, draft: Draft, book: Book, placed: Placed) -> Truth:
        """Return the truth of the set book: pages where there are any, furniture, hidden parts."""
        truth = draft.truth(placed.sorted(), placed.last)
        repeated = [book.head, book.foot] if placed.last else []
        hidden = truth.hidden if self.format == "html" else ()
        return replace(truth, furniture=tuple(line for line in repeated if line), hidden=hidden)


def slug(text: str) -> str:
    for char, plain in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        text = text.lower().replace(char, plain)
    return re.sub(r"[^a-z0-9]+", "-", text).strip("-")


def split(count: int, rng: random.Random, most_fields: int = 12) -> tuple[int, ...]:
    fields = max(1, min(most_fields, count // 4, rng.randint(2, 7) if count < 50 else rng.randint(6, 12)))
    cuts = [count // fields] * fields
    cuts[-1] += count - sum(cuts)
    for place in range(0, fields - 1, 2):
        shift = rng.randint(0, max(0, cuts[place] // 3))
        cuts[place], cuts[place + 1] = cuts[place] - shift, cuts[place + 1] + shift
    return tuple(cuts)


def fits(layout: Layout, numbering: Numbering, form: str, sizes: Sequence[int]) -> str | None:
    if form not in layout.formats:
        return f"{layout.name} is not set as {form}"
    if layout.numberings and numbering.name not in layout.numberings:
        return f"{layout.name} has the numberings {', '.join(layout.numberings)}"
    if sum(sizes) > layout.most:
        return f"{layout.name} has at most {layout.most} measures"
    roman = "Roman" in numbering.name
    return f"{numbering.name} ends at 18" if roman and (len(sizes) > 12 or max(sizes) > 18) else None
