"""What many papers share: title page, foreword, counts in words, contents, fields of action, titles with numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tests.papers.blocks import Break, Cell, Entry, Form, Geometry, Heads, Para, Style
from tests.papers.draft import Draft
from tests.papers.material import LISTED, Field, Measure
from tests.papers.numbers import Number

WORDS = ("null", "einem", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf")
COUNTED = "Insgesamt umfasst das Papier {count} Maßnahmen in {areas}."
AREA = ("Handlungsfeld", "Handlungsfeldern")
EVERYWHERE = ("pdf", "txt", "md", "html", "docx")
PAGED = ("pdf", "txt")
ORDINARY = Geometry()


@dataclass(frozen=True, slots=True)
class Layout:
    """A way to lay out a paper: `write` fills the draft; formats and numberings that suit it, fields it needs.

    In the suites it has `labels` of these sets and always the `damage` that only it can show.
    """

    name: str
    write: Callable[[Draft], None]
    formats: tuple[str, ...] = EVERYWHERE
    kind: str = "plan"
    only: tuple[str, ...] = ()
    leave_out: tuple[str, ...] = ()
    numberings: tuple[str, ...] = ()
    form: Form = "portrait"
    line_numbers: bool = False
    length: int = 3
    most: int = 130
    labels: tuple[str, ...] = ()
    damage: tuple[str, ...] = ()
    heads: Heads = "colour"
    geometry: Geometry = ORDINARY


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


def title_page(draft: Draft) -> None:
    """Write the title page."""
    material = draft.job.material
    draft.para(material.title, "title")
    draft.para(material.publisher, "subtitle")
    if material.status_line:
        draft.para(material.status_line, "subtitle")
        draft.front = (material.status, material.date)
    draft.page()


def foreword(draft: Draft) -> None:
    """Write a foreword with an imprint."""
    draft.heading("Vorwort")
    draft.para(draft.job.pen.sentences("foreword", 5))
    draft.para(f"Herausgegeben von: {draft.job.material.publisher}, Geschäftsstelle, Marktplatz 1", "small")


def method(draft: Draft, chapter: str = "", statement: bool = True) -> None:
    """Write how the paper came about, with the number of measures in words where asked for."""
    draft.heading(f"{chapter} Vorgehen".strip())
    draft.para(draft.job.pen.sentences("method", 5))
    if statement:
        count_in_words(draft)


def count_in_words(draft: Draft, sentence: str = COUNTED, area: Sequence[str] = AREA, parts: bool = False) -> None:
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


def field_page(draft: Draft, group: Group, level: int = 1) -> None:
    """Write the heading of a field of action with its introduction."""
    draft.heading(named(group.number, group.field.title, ": "), level, group.owner)
    draft.para(group.field.intro, owner=group.owner)
    draft.para(f"**Ziel:** {group.field.goal}", owner=group.owner)


def outlook(draft: Draft) -> None:
    """Write the last chapter."""
    draft.heading("Ausblick")
    draft.para(draft.job.pen.sentences("outlook", 4))


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


def cell(
    text: str | Sequence[str],
    style: Style = "body",
    owner: int | None = None,
    fill: bool = False,
    across: int = 1,
    down: int = 1,
) -> Cell:
    """Return a cell with one paragraph."""
    said = (text,) if isinstance(text, str) else tuple(text)
    return Cell((Para(said, style, owner),), fill, across, down)


def in_boxes(draft: Draft, one: One, meaning: str, form: str = "text") -> tuple[Para, ...]:
    """Return the label of a field and its values as paragraphs of a cell."""
    values = one.measure.fields.get(meaning, ())
    label = Para((draft.job.label(meaning),), "label", one.owner)
    if form == "bullets" and len(values) > 1 and not values[0].endswith("."):
        return (label, *(Para((value,), "bullet", one.owner) for value in values))
    texts = (one.measure.text(meaning),) if meaning in LISTED else values
    return (label, Para(texts or ("",), "body", one.owner))


def shown(draft: Draft, one: One) -> list[str]:
    """Return the fields of a measure in the order of the paper."""
    return [meaning for meaning in draft.job.material.meanings if meaning in one.measure.fields]


def blank_page(draft: Draft) -> None:
    """Leave a page empty but for head and foot."""
    draft.blocks.extend((Break(), Para((" ",))))


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
