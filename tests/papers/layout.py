"""The sets of papers as data: layouts, numberings, labels, and how a set turns through them (`sets.toml`)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tests.papers.blocks import Form, Geometry, Heads
from tests.papers.numbers import Numbering

HERE = Path(__file__).parent
DAMAGE_SETS = (
    "", "missing", "hyphens missing", "", "split_letters hyphens", "fake_bold spaced", "ligatures hyphens",
    "blank missing", "twins", "misprints reworded", "typo wrong_contents", "footnotes hyphens", "reworded missing typo",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Layout:
    """A way to lay out a paper: steps as data; formats and numberings that suit it, fields it needs.

    In the suites it has `labels` of these sets, always the `damage` that only it can show, and the formats `planned`.
    `columns` are the fields that its tables have; a record has those that are `shown`, all where that is not said.
    A `decoy` writes no measures. `macros` and `lists` are those of its set.
    """

    name: str
    steps: tuple[Any, ...]
    macros: dict[str, Any]
    lists: dict[str, list[str]]
    formats: tuple[str, ...] = ("pdf", "txt", "md", "html", "docx")
    planned: tuple[str, ...] = ()
    kind: str = "plan"
    only: tuple[str, ...] = ()
    leave_out: tuple[str, ...] = ()
    numberings: tuple[str, ...] = ()
    columns: tuple[Any, ...] = ()
    shown: tuple[str, ...] | None = None
    bare: bool = False
    goals: tuple[str, ...] = ()
    decoy: bool = False
    form: Form = "portrait"
    line_numbers: bool = False
    length: int = 3
    most: int = 130
    labels: tuple[str, ...] = ()
    damage: tuple[str, ...] = ()
    heads: Heads = "colour"
    geometry: Geometry = field(default_factory=Geometry)

    def columns_of(self, meanings: Sequence[str]) -> tuple[str, ...]:
        """Return the columns of a paper with these fields."""
        names, most = (*self.columns, 99)[:2] if self.columns else ((), 0)
        return tuple(meaning for meaning in self.lists.get(str(names), names) if meaning in meanings)[:most]

    def shown_of(self, columns: Sequence[str], meanings: Sequence[str]) -> Sequence[str]:
        """Return the fields that a record has in a paper with these columns and fields."""
        if self.shown == ("*",) or (self.shown is None and not self.columns):
            return meanings
        names = ("columns",) if self.shown is None else self.shown
        return [one for name in names for one in (columns if name == "columns" else [name])]

    def unfit(self, numbering: Numbering, form: str, sizes: Sequence[int]) -> str | None:
        """Return why these do not go together, None where they do."""
        if form not in self.formats:
            return f"{self.name} is not set as {form}"
        if self.numberings and numbering.name not in self.numberings:
            return f"{self.name} has the numberings {', '.join(self.numberings)}"
        if sum(sizes) > self.most:
            return f"{self.name} has at most {self.most} measures"
        roman = "Roman" in numbering.name
        return f"{numbering.name} ends at 18" if roman and (len(sizes) > 12 or max(sizes) > 18) else None


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
    counts: Sequence[int] = (6, 9, 12, 16, 24, 33, 48, 60)
    big: int = 120


@cache
def parts_of(held: bool) -> tuple[Parts, ...]:
    """Return what the papers for development, or those held back, are combined of."""
    return tuple(read(name, form) for name, form in loaded("sets.toml").items() if (name == "held") is held)


def loaded(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))


def read(name: str, form: dict[str, Any]) -> Parts:
    """Return the parts of a set."""
    words = form.pop("words", name)
    own = tuple(layouts(loaded(f"{name}/layouts.toml"), loaded(f"{words}/layouts.toml")))
    rounds = max(len(layout.planned) for layout in own)
    planned = [layout.planned[turn] for turn in range(rounds) for layout in own if turn < len(layout.planned)]
    return Parts(
        own,
        tuple(Numbering(one.pop("name"), one) for one in loaded(f"{name}/numberings.toml")["numbering"]),
        tuple(loaded(f"{name}/labels.toml")["set"]),
        tuple(frozenset(names.split()) for names in form.pop("damages", DAMAGE_SETS)),
        tuple(form.pop("wished", planned)),
        HERE / words,
        **form,
    )


def layouts(data: dict[str, Any], base: dict[str, Any]) -> Iterator[Layout]:
    """Yield the layouts of a set; macros and lists of the base are known to it too."""
    known = {name: base.get(name, {}) | data.get(name, {}) for name in ("macros", "lists")}
    forms = {name: Geometry(**form) for name, form in data.get("geometry", {}).items()}
    for one in data["layout"]:
        own = {name: known[name] | one.pop(name, {}) for name in known}
        given = {name: tuple(value) if isinstance(value, list) else value for name, value in one.items()}
        for name in ("only", "numberings"):
            given[name] = tuple(each for value in given.get(name, ()) for each in own["lists"].get(value, [value]))
        if "geometry" in given:
            given["geometry"] = forms[given["geometry"]]
        if given.get("decoy"):
            given |= {"numberings": ("none",), "most": 20}
        yield Layout(**given, **own)
