"""One measure, one sheet: boxed, in two columns, with labels on their own line, with boxes to tick, over pages."""

from __future__ import annotations

from tests.papers.blocks import Break, Cell, Grid, Heading, Keep, Para
from tests.papers.draft import Draft
from tests.papers.layouts.parts import (
    Group,
    Layout,
    One,
    blank_page,
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

SHORT = ("period", "cost", "priority", "status", "effect", "target_group", "responsible")


def opened(draft: Draft, with_contents: bool = True) -> list[Group]:
    """Write everything before the first sheet and return the measures."""
    groups = entered(draft)
    title_page(draft)
    if with_contents:
        contents(draft, groups)
        draft.page()
    foreword(draft)
    method(draft)
    return groups


def note(draft: Draft, one: One) -> None:
    """Write a footnote below some sheets where the paper has footnotes."""
    if "footnotes" in draft.job.damage and one.owner % 3 == 0:
        draft.footnote(one.owner, f"Angabe nach Auskunft der Fachstelle im Jahr {2020 + one.owner % 6}.")


def head_row(one: One) -> list[Cell | None]:
    """Return the first row of a boxed sheet: number and title."""
    return [cell(one.number.printed or "Maßnahme", "strong", one.owner), cell(one.measure.title, "strong", one.owner)]


def boxed(draft: Draft) -> None:
    """A boxed table per page: a filled row for each label, its text below; short fields side by side."""
    groups = opened(draft)
    for group in groups:
        draft.page()
        field_page(draft, group)
        for one in group.ones:
            draft.page()
            rows: list[list[Cell | None]] = [head_row(one)]
            for meaning in shown(draft, one):
                label, *texts = in_boxes(draft, one, meaning, "bullets")
                rows.append([Cell((label,), fill=True, across=2), None])
                rows.append([Cell(tuple(texts), across=2), None])
            draft.grid(rows, (1, 4), head=1, data=False)
            draft.para(reference(draft, one, groups), "small", one.owner)
            note(draft, one)
        if "blank" in draft.job.damage:
            blank_page(draft)
    draft.page()
    outlook(draft)


def two_columns(draft: Draft) -> None:
    """A sheet per page in two columns: labels left, texts right, number and title above."""
    groups = opened(draft)
    for group in groups:
        draft.page()
        field_page(draft, group)
        for one in group.ones:
            draft.page()
            draft.heading(named(one.number, one.measure.title), 2, one.owner)
            rows = [
                [
                    cell(draft.job.label(meaning), "label", one.owner, fill=True),
                    Cell(in_boxes(draft, one, meaning, "bullets")[1:]),
                ]
                for meaning in shown(draft, one)
            ]
            draft.grid(rows, (1, 3), data=False)
            note(draft, one)


def stacked(draft: Draft) -> None:
    """A sheet per page, every label alone on its line."""
    groups = opened(draft)
    for group in groups:
        draft.page()
        field_page(draft, group)
        for one in group.ones:
            draft.page()
            draft.heading(named(one.number, one.measure.title, ": "), 2, one.owner)
            for meaning in shown(draft, one):
                draft.labelled(meaning, one.measure.fields[meaning], one.owner, own_line=True)
            note(draft, one)
    draft.page()
    outlook(draft)


def run_in(draft: Draft) -> None:
    """Several sheets after each other, labels bold within the line ("Zuständig: …")."""
    groups = opened(draft, with_contents=draft.job.numbering.name in {"gaps", "none"})
    for group in groups:
        draft.page()
        field_page(draft, group)
        for one in group.ones:
            draft.heading(named(one.number, one.measure.title), 3, one.owner)
            draft.para(one.measure.fields["description"], owner=one.owner)
            for meaning in shown(draft, one):
                if meaning != "description":
                    draft.labelled(meaning, one.measure.fields[meaning], one.owner)
    draft.page()
    outlook(draft)


TERMS = ("kurzfristig", "mittelfristig", "langfristig")


def ticked(draft: Draft) -> None:
    """A form per page where term and priority are boxes to tick."""
    groups = opened(draft)
    for group in groups:
        draft.page()
        field_page(draft, group)
        for one in group.ones:
            draft.page()
            term = draft.job.pen.one("terms")
            draft.change(one.owner, period=term, dates=())
            rows: list[list[Cell | None]] = [head_row(one)]
            for meaning in shown(draft, one):
                choices = {
                    "period": (TERMS, term),
                    "priority": (("hoch", "mittel", "niedrig"), one.measure.text("priority")),
                }
                text = one.measure.text(meaning)
                if meaning in choices:
                    options, chosen = choices[meaning]
                    text = "     ".join(f"{'☒' if option == chosen else '☐'} {option}" for option in options)
                rows.append(
                    [cell(draft.job.label(meaning), "label", one.owner, fill=True), cell(text, "body", one.owner)]
                )
            draft.grid(rows, (1, 3), head=1, data=False)


def long_sheets(draft: Draft) -> None:
    """Sheets over two to three pages with a long description."""
    groups = opened(draft)
    for group in groups:
        draft.page()
        field_page(draft, group)
        for one in group.ones:
            draft.page()
            draft.heading(named(one.number, one.measure.title), 2, one.owner)
            for meaning in shown(draft, one):
                draft.labelled(meaning, one.measure.fields[meaning], one.owner, own_line=True)
                if meaning != "description":
                    continue
                for _ in range(draft.job.pen.rng.randint(8, 13)):
                    draft.para(draft.job.pen.prose(8), owner=one.owner)
            draft.para(reference(draft, one, groups), owner=one.owner)


def several_a_page(draft: Draft) -> None:
    """Two or three small boxed sheets per page: number, title and a column of short fields at the right."""
    groups = opened(draft, with_contents=False)
    for group in groups:
        draft.page()
        field_page(draft, group)
        for one in group.ones:
            short = [meaning for meaning in shown(draft, one) if meaning in SHORT]
            right = tuple(para for meaning in short for para in in_boxes(draft, one, meaning))
            left = tuple(
                p for meaning in shown(draft, one) if meaning not in SHORT for p in in_boxes(draft, one, meaning)
            )
            number = cell(one.number.printed, "strong", one.owner, fill=True)
            title = cell(one.measure.title, "strong", one.owner, fill=True, across=2)
            rows: list[list[Cell | None]] = [
                [number, title, None],
                [cell("", "body", one.owner), Cell(left), Cell(right)],
            ]
            draft.grid(rows, (1, 3.4, 1.9), data=False)
            grid = draft.blocks.pop()
            draft.blocks.append(Keep((grid,)))


def number_behind(draft: Draft) -> None:
    """Number and title stand behind the body, in a bar at the foot of the sheet."""
    groups = opened(draft, with_contents=draft.job.numbering.numbered)
    for group in groups:
        draft.page()
        field_page(draft, group)
        for one in group.ones:
            draft.page()
            draft.body.extend(one.measure.fields["description"])
            draft.blocks.append(Para(one.measure.fields["description"], "body", one.owner))
            for meaning in shown(draft, one):
                if meaning != "description":
                    draft.labelled(meaning, one.measure.fields[meaning], one.owner, own_line=True)
            bar = [
                cell(one.number.printed, "strong", one.owner, fill=True),
                cell(one.measure.title, "strong", one.owner, fill=True),
            ]
            draft.blocks.append(Grid((tuple(bar),), (1, 5)))


def term_stuck(draft: Draft) -> None:
    """The term is stuck to the end of the title line, set apart by nothing but a blank."""
    groups = opened(draft, with_contents=False)
    for group in groups:
        draft.page()
        field_page(draft, group)
        for one in group.ones:
            term = draft.job.pen.one("terms")
            draft.change(one.owner, period=term, dates=())
            line = f"{named(one.number, one.measure.title)} {term}"
            draft.blocks.append(Heading(line, 3, one.owner))
            for meaning in shown(draft, one):
                if meaning != "period":
                    draft.labelled(meaning, one.measure.fields[meaning], one.owner)
            draft.blocks.append(Break()) if one.owner % 4 == 0 else None


LAYOUTS = (
    Layout("boxed sheet", boxed),
    Layout("two-column sheet", two_columns),
    Layout("labels on their own line", stacked),
    Layout("labels run in", run_in),
    Layout(
        "ticked boxes",
        ticked,
        ("pdf", "txt", "docx"),
        only=("description", "goal", "responsible", "partners", "period", "cost", "priority", "indicator"),
    ),
    Layout("sheets over several pages", long_sheets, most=60),
    Layout("several sheets a page", several_a_page, ("pdf", "docx", "html")),
    Layout("number behind the body", number_behind, ("pdf", "txt", "md")),
    Layout("term stuck to the title", term_stuck, ("pdf", "txt")),
)
