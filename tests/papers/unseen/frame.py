"""What the papers held back share: front pages, an imprint, tables of figures, people and words at the end."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.papers.blocks import Cell, Figure
from tests.papers.draft import Draft
from tests.papers.layouts.parts import (
    Group,
    One,
    all_of,
    blank_page,
    cell,
    contents,
    count_in_words,
    entered,
    named,
    reworded,
    shown,
)
from tests.papers.words import table

WORDS_FOLDER = Path(__file__).parent / "words"
LONG = ("situation", "description", "goal", "steps", "obstacles", "progress")
Row = list[Cell | None]


def cover(draft: Draft) -> None:
    """Write the title page, and an imprint on the page behind it."""
    material, pen = draft.job.material, draft.job.pen
    draft.para(material.title, "title")
    draft.para(material.publisher, "subtitle")
    if material.status_line:
        draft.para(material.status_line, "subtitle")
        draft.front = (material.status, material.date)
    draft.page()
    if pen.rng.random() < 0.6:
        draft.para("**Impressum**")
        draft.para(f"Herausgeber: {material.publisher}, Pressestelle, Bahnhofstraße {pen.rng.randint(1, 90)}")
        draft.para(f"Bearbeitung: {pen.one('people')}, {pen.one('people')}", "small")
        draft.page()


def beginning(draft: Draft, stated: bool = False) -> None:
    """Write the first chapters, with how many measures there are where asked for."""
    pen = draft.job.pen
    draft.heading(pen.rng.choice(("Hintergrund", "Auftrag und Vorgehensweise", "Ausgangspunkt")))
    draft.para(pen.sentences("foreword", 3))
    draft.para(pen.sentences("method", 5))
    if stated:
        count_in_words(draft, "Aus {areas} gehen {count} Maßnahmen hervor.", parts=True)


def opened(
    draft: Draft,
    shown_only: Sequence[str] | None = None,
    listed: bool = False,
    stated: bool = False,
    bare: bool = False,
) -> list[Group]:
    """Write everything before the measures and return them."""
    groups = entered(draft, shown_only, bare)
    cover(draft)
    if listed:
        contents(draft, groups)
        draft.page()
    beginning(draft, stated)
    return groups


def field_of(draft: Draft, group: Group, level: int = 1, turn: bool = True, between: str = ": ") -> None:
    """Write the heading of a field of action and its introduction."""
    if turn:
        if "blank" in draft.job.damage:
            blank_page(draft)
        draft.page()
    draft.heading(named(group.number, group.field.title, between), level, group.owner)
    draft.para(group.field.intro, owner=group.owner)


def label_of(draft: Draft, meaning: str) -> str:
    """Return a label as it stands before its value."""
    return f"{draft.job.label(meaning)}:"


def facts(draft: Draft, one: One, but: Sequence[str] = ()) -> list[str]:
    """Return the fields of a measure as lines of label and value."""
    return [
        f"**{label_of(draft, meaning)}** {one.measure.text(meaning)}"
        for meaning in shown(draft, one)
        if meaning not in but
    ]


def overview(draft: Draft, groups: Sequence[Group]) -> None:
    """Write a table of all measures before the sheets."""
    draft.heading("Maßnahmen im Überblick")
    rows: list[Row] = [[cell(name, "strong") for name in ("Nr.", "Titel", "Handlungsfeld")]]
    for place, one in enumerate(all_of(groups)):
        field = next(group.field.title for group in groups if one in group.ones)
        rows.append([cell(one.number.printed), cell(reworded(draft, one, place)), cell(field)])
    draft.grid(rows, (1.2, 4.4, 2.4), 1, "grey")
    draft.listed = {"measure", "project"}


def key_figures(draft: Draft, caption: str = "Tabelle 1") -> None:
    """Write a table of figures by years with a caption: numbered rows, and no records."""
    pen = draft.job.pen
    draft.heading(f"{caption}: {pen.one('captions')}", 4, decoy=True)
    rows: list[Row] = [[cell(name, "strong") for name in ("Kennzahl", "2015", "2020", "2024", "Veränderung")]]
    for name in pen.sentences("indicator_rows", 5):
        draft.not_records.append(name)
        figures = [f"{pen.rng.randint(2, 99)},{pen.rng.randint(0, 9)}" for _ in range(3)]
        change = f"{pen.rng.choice('+-')}{pen.rng.randint(1, 30)} %"
        rows.append([cell(name), *(cell(text) for text in (*figures, change))])
    draft.grid(rows, (3, 1, 1, 1, 1.3), 1, "lines")


def plot(draft: Draft, number: int) -> None:
    """Draw a plot with a numbered caption."""
    pen = draft.job.pen
    caption = f"Abbildung {number}: {pen.one('captions')}"
    draft.blocks.append(
        Figure(caption, tuple((str(year), pen.rng.randint(20, 90)) for year in (2012, 2016, 2020, 2024)))
    )
    draft.body.append(caption)
    draft.not_records.append(caption)


def people(draft: Draft) -> None:
    """Write whom to ask: numbered people with their office and telephone."""
    pen = draft.job.pen
    draft.heading("Ansprechpersonen", 2, decoy=True)
    rows: list[Row] = [[cell(name, "strong") for name in ("Lfd. Nr.", "Name", "Stelle", "Telefon")]]
    for place, name in enumerate(pen.sentences("people", 6), start=1):
        draft.not_records.append(name)
        rows.append(
            [cell(str(place)), cell(name), cell(pen.one("offices")), cell(f"0{pen.rng.randint(2000, 9999)} 81-0")]
        )
    draft.grid(rows, (0.8, 2, 3, 1.4), 1, "grey")


def glossary(draft: Draft) -> None:
    """Write what words mean."""
    draft.heading("Glossar", 2, decoy=True)
    for word, meaning in table("sentences", draft.job.pen.folder)["terms_explained"]:
        draft.para((f"**{word}**", f"– {meaning}"))


def ending(draft: Draft) -> None:
    """Write the last chapter."""
    draft.heading(draft.job.pen.rng.choice(("Umsetzung und Berichtswesen", "Nächste Schritte", "Schlussbemerkung")))
    draft.para(draft.job.pen.sentences("outlook", 3))
