"""What layouts are, and what needs more than a recipe: records, goals, contents, counts in words, references."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tests.papers.blocks import Entry, Form, Geometry, Heads, Para
from tests.papers.draft import Draft
from tests.papers.material import LISTED, Field, Measure
from tests.papers.numbers import Number
from tests.papers.truth import TruthRecord

WORDS = ("null", "einem", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf")


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

    def shown_of(self, columns: Sequence[str]) -> list[str] | None:
        """Return the fields that a record has, None for all."""
        if self.shown is None:
            return list(columns) if self.columns else None
        if self.shown == ("*",):
            return None
        return [one for name in self.shown for one in (columns if name == "columns" else [name])]


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


@dataclass(frozen=True, slots=True)
class One:
    """A measure with its number and its place among the records."""

    owner: int
    number: Number
    measure: Measure


@dataclass(frozen=True, slots=True)
class Group:
    """A field of action with its measures; `owner` is its place among the records."""

    owner: int
    number: Number
    field: Field
    ones: tuple[One, ...]


def entered(draft: Draft, shown: Sequence[str] | None = None, bare: bool = False) -> list[Group]:
    """Note all fields and measures as records, with the fields that the layout shows, and return them.

    `bare` fields of action are printed without their number.
    """
    job = draft.job
    meanings = job.material.meanings if shown is None else shown
    groups = []
    for number, topic, numbers in zip(job.numbered.fields, job.material.fields, job.numbered.measures, strict=True):
        number = Number("", None, "", kind="theme") if bare else number
        theme = draft.theme(number, topic)
        ones = tuple(
            One(draft.measure(one, measure, theme, meanings), one, measure)
            for one, measure in zip(numbers, topic.measures, strict=True)
        )
        groups.append(Group(theme, number, topic, ones))
    return groups


def all_of(groups: Sequence[Group]) -> Iterator[One]:
    """Yield the measures of all fields."""
    for group in groups:
        yield from group.ones


def named(number: Number, title: str, between: str | None = None) -> str:
    """Return number and title as a heading has them."""
    if not number.printed:
        return title
    between = between or number.after
    if " von " in number.printed:
        between = ": "
    if number.printed.endswith(":") or number.printed.replace(".", "").isdigit():
        between = " "
    return f"{number.printed}{between}{title}"


def count_in_words(draft: Draft, sentence: str, area: Sequence[str], parts: bool = False) -> None:
    """Say how many measures there are in how many areas, where the numbering makes that one number.

    `area` is the word for a field of action, for one and behind a number; `parts` count as measures where asked for.
    """
    numbers = [number for row in draft.job.numbered.measures for number in row]
    if any(number.kind != "measure" or (number.child_of and not parts) for number in numbers):
        return
    count, fields = draft.job.material.count, len(draft.job.material.fields)
    draft.stated = {"measure": count, "theme": fields}
    areas = f"einem {area[0]}" if fields == 1 else f"{WORDS[fields]} {area[1]}"
    draft.para(sentence.format(count=count, areas=areas))


def contents(draft: Draft, groups: Sequence[Group], measures: bool = True) -> None:
    """Print the contents; damage: one entry with a wrong page, one title with a slip."""
    draft.heading("Inhalt" if draft.job.pen.rng.random() < 0.5 else "Inhaltsverzeichnis")
    entries = []
    for group in groups:
        entries.append(Entry(named(group.number, group.field.title), group.owner))
        if measures:
            entries.extend(Entry(named(one.number, one.measure.title), one.owner, 2) for one in group.ones)
    if "wrong_contents" in draft.job.damage:
        place = len(entries) // 2
        entries[place] = Entry(entries[place].text, entries[place].owner, entries[place].level, 2)
    draft.contents(entries)
    if measures:
        draft.listed = {"measure", "project", "theme"}


def reference(draft: Draft, one: One, groups: Sequence[Group]) -> str:
    """Return a sentence that refers to another measure; damage: now and then to one that does not exist."""
    others = [other for other in all_of(groups) if other.owner != one.owner and other.number.ref]
    if not others:
        return "Wechselwirkungen mit anderen Vorhaben bestehen nicht."
    other = draft.job.pen.rng.choice(others)
    printed = other.number.printed.rstrip(":")
    if "misprints" in draft.job.damage and draft.job.pen.rng.random() < 0.4:
        printed = printed.replace(" ", "").replace("-0", "-") + "9"
    return draft.job.pen.rng.choice(
        (
            f"Enge Bezüge bestehen zu {printed} ({other.measure.title}).",
            f"Siehe dazu auch {printed}.",
            f"Voraussetzung ist die Umsetzung von {printed} in den Vorjahren.",
        )
    )


def in_boxes(draft: Draft, one: One, meaning: str, form: str = "text") -> tuple[Para, ...]:
    """Return the label of a field and its values as paragraphs of a cell."""
    values = one.measure.fields.get(meaning, ())
    label = Para((draft.job.label(meaning),), "label", one.owner)
    if form == "bullets" and len(values) > 1 and not values[0].endswith("."):
        return (label, *(Para((value,), "bullet", one.owner) for value in values))
    texts = (one.measure.text(meaning),) if meaning in LISTED else values
    return (label, Para(texts or ("",), "body", one.owner))


def reworded(draft: Draft, one: One, place: int) -> str:
    """Return the title as the overview has it: now and then another wording, once with a slip."""
    title = one.measure.title
    if "typo" in draft.job.damage and place == 2 and len(title) > 9:
        title = f"{title[:5]}{title[6]}{title[5]}{title[7:]}"
    elif "reworded" in draft.job.damage and place % 4 == 1:
        title = f"{title} ({draft.job.pen.rng.choice(('Pilotphase', 'Fortführung', 'gemeinsam mit den Gemeinden'))})"
    if title != one.measure.title:
        draft.change(one.owner, title_overview=title)
    return title


def rated(draft: Draft, one: One, signs: Sequence[str]) -> str:
    """Return a rating in signs, printed where the priority stands: from here on that is the record's priority."""
    text = draft.job.pen.rng.choice(list(signs))
    record = draft.records[one.owner]
    if "priority" not in one.measure.fields:
        return ""
    fields = tuple(replace(known, text=text) if known.meaning == "priority" else known for known in record.fields)
    draft.change(one.owner, priority=text, fields=fields)
    return text


def as_goals(draft: Draft, groups: Sequence[Group], word: str = "Ziel", shape: str = "{n}") -> list[Group]:
    """Make the fields of action goals: numbered sentences that are the parents of their measures."""
    made = []
    for place, group in enumerate(groups, start=1):
        ref, title = shape.format(n=place), group.field.goal.rstrip(".")
        number = Number(f"{word} {ref}".strip(), ref, f"{word} {shape}".strip(), kind="goal")
        draft.records[group.owner] = TruthRecord(kind="goal", ref=ref, title=title, family=number.family)
        for one in group.ones:
            draft.change(one.owner, parent=one.number.child_of or ref)
        made.append(replace(group, number=number, field=replace(group.field, title=title)))
    return made
