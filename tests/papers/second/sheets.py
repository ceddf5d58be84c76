"""Sheets of the second set of papers."""

from __future__ import annotations

from tests.papers.blocks import Cell, Keep, Para
from tests.papers.draft import Draft
from tests.papers.layouts.parts import (
    Group,
    Layout,
    cell,
    contents,
    entered,
    field_page,
    foreword,
    in_boxes,
    method,
    named,
    outlook,
    reference,
    shown,
    title_page,
)

LONG = ("description", "situation", "steps", "goal", "progress", "obstacles")


def opened(draft: Draft, listed: bool = False) -> list[Group]:
    """Write what stands before the first sheet."""
    groups = entered(draft)
    title_page(draft)
    foreword(draft)
    if listed:
        contents(draft, groups)
    method(draft)
    return groups


def side_bar(draft: Draft) -> None:
    """A narrow bar with short fields at the left, prose at the right, title across."""
    for group in opened(draft):
        draft.page()
        field_page(draft, group)
        for one in group.ones:
            draft.page()
            short = tuple(p for m in shown(draft, one) if m not in LONG for p in in_boxes(draft, one, m, "bullets"))
            long = tuple(p for m in shown(draft, one) if m in LONG for p in in_boxes(draft, one, m, "bullets"))
            draft.heading(named(one.number, one.measure.title, " | "), 2, one.owner)
            draft.grid([[Cell(short, fill=True), Cell(long)]], (1, 2.6), look="bare", data=False)


def strip(draft: Draft) -> None:
    """Prose below the title, then a strip of cells with the label above the value, two strips of four at most."""
    for group in opened(draft, listed=True):
        draft.page()
        field_page(draft, group)
        for one in group.ones:
            blocks = len(draft.blocks)
            draft.heading(named(one.number, one.measure.title), 2, one.owner)
            draft.para(one.measure.fields["description"], owner=one.owner)
            others = [meaning for meaning in shown(draft, one) if meaning != "description"]
            for first in range(0, len(others), 4):
                cells = [Cell(in_boxes(draft, one, meaning)) for meaning in others[first : first + 4]]
                draft.grid([cells], [1] * len(cells), look="lines", data=False)
            kept = tuple(draft.blocks[blocks:])
            draft.blocks[blocks:] = [Keep(kept)]


def number_above(draft: Draft) -> None:
    """The number alone on a line, the title on the next one, fields as label and value in one line with a bar."""
    groups = opened(draft)
    for group in groups:
        draft.page()
        field_page(draft, group)
        for one in group.ones:
            draft.page()
            if one.number.printed:
                draft.blocks.append(Para((one.number.printed,), "hint", one.owner))
            draft.heading(one.measure.title, 2, one.owner)
            draft.para(one.measure.fields["description"], owner=one.owner)
            for meaning in shown(draft, one):
                if meaning != "description":
                    text = one.measure.text(meaning)
                    draft.blocks.append(Para((f"**{draft.job.label(meaning)}** | {text}",), "body", one.owner))
                    draft.body.append(text)
            draft.para(reference(draft, one, groups), "small", one.owner)
    outlook(draft)


def abreast(draft: Draft) -> None:
    """Two measures abreast in one table: a column for each, a row for each label."""
    for group in opened(draft):
        draft.page()
        field_page(draft, group)
        for first in range(0, len(group.ones), 2):
            pair = group.ones[first : first + 2]
            rows: list[list[Cell | None]] = [
                [cell("", "strong"), *(cell(named(one.number, one.measure.title), "strong", one.owner) for one in pair)]
            ]
            for meaning in draft.job.material.meanings:
                texts = [cell(one.measure.text(meaning), "body", one.owner) for one in pair]
                rows.append([cell(draft.job.label(meaning), "label", fill=True), *texts])
            draft.grid(rows, [1.2] + [2.5] * len(pair), 1, data=False)


def with_inner_table(draft: Draft) -> None:
    """Sheets with a table of their own steps, numbered from 1 in each: no records."""
    for group in opened(draft, listed=True):
        draft.page()
        field_page(draft, group)
        for one in group.ones:
            draft.page()
            draft.heading(named(one.number, one.measure.title), 2, one.owner)
            for meaning in shown(draft, one):
                draft.labelled(meaning, one.measure.fields[meaning], one.owner, own_line=meaning in LONG)
            steps = draft.job.pen.sentences("steps", 3)
            rows = [[cell("Schritt", "strong"), cell("Tätigkeit", "strong"), cell("Monat", "strong")]]
            rows += [
                [cell(str(n)), cell(step, "body", one.owner), cell(f"{n * 2}/2026")]
                for n, step in enumerate(steps, start=1)
            ]
            draft.grid(rows, (0.7, 4, 1), 1)


def slides(draft: Draft) -> None:
    """Slides: wide pages with a title, a few bullets and one line of facts."""
    groups = entered(draft)
    title_page(draft)
    for group in groups:
        draft.page()
        field_page(draft, group)
        for one in group.ones:
            draft.page()
            draft.heading(named(one.number, one.measure.title), 1, one.owner)
            draft.bullets(one.measure.fields["description"], one.owner)
            facts = [meaning for meaning in shown(draft, one) if meaning != "description"]
            draft.grid(
                [[Cell(in_boxes(draft, one, meaning)) for meaning in facts]], [1] * len(facts), look="boxes", data=False
            )


LAYOUTS = (
    Layout("side bar", side_bar, ("pdf", "docx", "html")),
    Layout("strip of facts", strip, ("pdf", "html", "md")),
    Layout("number above the title", number_above),
    Layout("two measures abreast", abreast, ("pdf", "docx", "md")),
    Layout("steps inside sheets", with_inner_table),
    Layout(
        "slides",
        slides,
        ("pdf",),
        only=("description", "responsible", "partners", "period", "cost", "status"),
        form="landscape",
        most=40,
    ),
)
