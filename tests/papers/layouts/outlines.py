"""Headings and prose: outlines with and without contents, brochures in columns, agreements with line numbers."""

from __future__ import annotations

from tests.papers.draft import Draft
from tests.papers.layouts.parts import (
    PAGED,
    Group,
    Layout,
    One,
    all_of,
    contents,
    entered,
    field_page,
    foreword,
    method,
    named,
    outlook,
    reference,
    title_page,
)


def prose(draft: Draft, one: One, level: int = 3) -> None:
    """Write a measure as a heading with prose that names office and term in running sentences."""
    draft.heading(named(one.number, one.measure.title), level, one.owner)
    draft.para(one.measure.fields["description"], owner=one.owner)


def chapters(draft: Draft, groups: list[Group]) -> None:
    """Write two numbered chapters before the measures: their headings look like records and are none."""
    if groups[0].number.printed.startswith("3."):
        for number, title in (
            ("1", "Einleitung"),
            ("1.1", "Anlass und Auftrag"),
            ("1.2", "Aufbau des Papiers"),
            ("2", "Ausgangslage"),
        ):
            draft.heading(f"{number} {title}", 1 + number.count("."), decoy=True)
            draft.para(draft.job.pen.sentences("method", 3))
        draft.heading("3 Handlungsfelder und Maßnahmen", 1, decoy=True)


def with_contents(draft: Draft) -> None:
    """An outline with printed contents."""
    groups = entered(draft, ())
    title_page(draft)
    contents(draft, groups)
    draft.page()
    chapters(draft, groups)
    method(draft)
    for group in groups:
        draft.page()
        field_page(draft, group, 2)
        for one in group.ones:
            prose(draft, one)
            draft.para(reference(draft, one, groups), owner=one.owner)
    outlook(draft)


def plain(draft: Draft) -> None:
    """An outline without contents, nothing says how many there are."""
    groups = entered(draft, ())
    title_page(draft)
    foreword(draft)
    chapters(draft, groups)
    for group in groups:
        field_page(draft, group, 2)
        for one in group.ones:
            prose(draft, one)
    outlook(draft)


def columns(draft: Draft) -> None:
    """A brochure in two columns of prose."""
    groups = entered(draft, ())
    title_page(draft)
    foreword(draft)
    for group in groups:
        draft.page("columns")
        field_page(draft, group)
        for one in group.ones:
            prose(draft, one)
            draft.para(draft.job.pen.prose(4), owner=one.owner)
        draft.figure(
            f"Abbildung {group.owner + 1}: {draft.job.pen.one('captions')}",
            [("2010", 31), ("2015", 38), ("2020", 52), ("2025", 47)],
        )


def line_numbered(draft: Draft) -> None:
    """An agreement whose lines are numbered in the margin; measures are headings with a few sentences."""
    groups = entered(draft, ())
    title_page(draft)
    draft.heading("Präambel")
    draft.para(draft.job.pen.sentences("foreword", 4))
    for group in groups:
        draft.page()
        field_page(draft, group)
        for one in group.ones:
            prose(draft, one, 4)
    outlook(draft)


def margin_references(draft: Draft) -> None:
    """Labelled measures with references to others in the margin and in the text."""
    groups = entered(draft)
    ones = list(all_of(groups))
    title_page(draft)
    method(draft)
    for group in groups:
        draft.page()
        field_page(draft, group)
        for one in group.ones:
            others = draft.job.pen.rng.sample(ones, min(2, len(ones)))
            if others[0].number.printed:
                draft.margin("\n".join(f"({other.number.printed})" for other in others))
            prose(draft, one)
            for meaning in one.measure.fields:
                if meaning != "description":
                    draft.labelled(meaning, one.measure.fields[meaning], one.owner)
            draft.para(reference(draft, one, groups), owner=one.owner)


def turned(draft: Draft) -> None:
    """Pages stored upright and shown turned, every second one."""
    groups = entered(draft)
    title_page(draft)
    method(draft)
    for group in groups:
        draft.page("rotated" if group.owner % 2 == 0 else "portrait")
        field_page(draft, group)
        for one in group.ones:
            prose(draft, one)
            for meaning in one.measure.fields:
                if meaning != "description":
                    draft.labelled(meaning, one.measure.fields[meaning], one.owner)


LAYOUTS = (
    Layout("outline with contents", with_contents, only=("description",), length=6, damage=("wrong_contents",)),
    Layout("outline", plain, only=("description",), length=5),
    Layout("two columns of prose", columns, ("pdf",), "strategy", only=("description",), length=4),
    Layout("numbered lines", line_numbered, ("pdf",), "other", only=("description",), line_numbers=True),
    Layout("references in the margin", margin_references, PAGED, damage=("misprints",)),
    Layout("turned pages", turned, ("pdf",)),
)
