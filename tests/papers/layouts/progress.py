"""How far measures are: dots without text, progress tables over pages, and reports under headings of status."""

from __future__ import annotations

from tests.papers.blocks import Cell, Para
from tests.papers.draft import Draft
from tests.papers.layouts.parts import (
    Group,
    Layout,
    all_of,
    cell,
    count_in_words,
    entered,
    field_page,
    foreword,
    method,
    named,
    outlook,
    title_page,
)

DOTS = ("green", "yellow", "red", "grey")


def dots(draft: Draft) -> None:
    """A table whose status is a coloured dot without any text; a legend names the colours."""
    groups = entered(draft, ("responsible", "progress"))
    title_page(draft)
    method(draft)
    draft.para("Grün: im Plan. Gelb: verzögert. Rot: gefährdet. Grau: noch nicht begonnen.", "small")
    for group in groups:
        draft.page()
        field_page(draft, group)
        names = ["Nr."] * draft.job.numbering.numbered + [
            "Maßnahme",
            draft.job.label("responsible"),
            draft.job.label("progress"),
            "Ampel",
        ]
        rows: list[list[Cell | None]] = [[cell(name, "strong") for name in names]]
        for one in group.ones:
            number = [cell(one.number.printed, "body", one.owner)] * draft.job.numbering.numbered
            texts = [cell(one.measure.text(meaning), "body", one.owner) for meaning in ("responsible", "progress")]
            dot = Cell((Para((draft.job.pen.rng.choice(DOTS),), "mark", one.owner),))
            rows.append([*number, cell(one.measure.title, "body", one.owner), *texts, dot])
        draft.grid(rows, [1.7] * draft.job.numbering.numbered + [3, 2, 4, 0.9], 1)


def progress_table(draft: Draft) -> None:
    """A table of progress with long cells whose rows run over the ends of pages."""
    shown = ("status", "progress", "responsible")
    groups = entered(draft, shown)
    title_page(draft)
    foreword(draft)
    count_in_words(draft)
    draft.page()
    draft.heading("Stand der Umsetzung")
    names = ["Nr."] * draft.job.numbering.numbered + ["Maßnahme", *(draft.job.label(meaning) for meaning in shown)]
    rows: list[list[Cell | None]] = [[cell(name, "strong") for name in names]]
    for one in all_of(groups):
        number = [cell(one.number.printed, "strong", one.owner)] * draft.job.numbering.numbered
        rows.append(
            [
                *number,
                cell(one.measure.title, "strong", one.owner),
                *(cell(one.measure.text(m), "body", one.owner) for m in shown),
            ]
        )
    width = [1.7] * draft.job.numbering.numbered + [3, 1.7, 5, 2]
    table_with_fields(draft, groups, rows, width)
    outlook(draft)


def table_with_fields(draft: Draft, groups: list[Group], rows: list[list[Cell | None]], width: list[float]) -> None:
    """Set a row across before the first measure of each field, then the whole table."""
    head, *others = rows
    whole, place = [head], 0
    for group in groups:
        name = cell(named(group.number, group.field.title), "strong", group.owner, fill=True, across=len(width))
        whole.append([name, *[None] * (len(width) - 1)])
        whole.extend(others[place : place + len(group.ones)])
        place += len(group.ones)
    draft.grid(whole, width, 1)


def by_status(draft: Draft) -> None:
    """A report whose measures stand under the heading of their status."""
    groups = entered(draft, ("responsible", "progress"), bare=True)
    title_page(draft)
    method(draft)
    for group in groups:
        draft.page()
        field_page(draft, group)
        for status in ("Abgeschlossen", "In Umsetzung", "In Planung"):
            chosen = [
                one
                for place, one in enumerate(group.ones)
                if place % 3 == ("Abgeschlossen", "In Umsetzung", "In Planung").index(status)
            ]
            if chosen:
                draft.heading(status, 3, decoy=True)
            for one in chosen:
                draft.change(one.owner, status=status)
                draft.heading(named(one.number, one.measure.title), 4, one.owner)
                draft.para(one.measure.fields["description"], owner=one.owner)
                for meaning in ("responsible", "progress"):
                    if meaning in one.measure.fields:
                        draft.labelled(meaning, one.measure.fields[meaning], one.owner)
    outlook(draft)


LAYOUTS = (
    Layout(
        "dots for the status",
        dots,
        ("pdf", "md", "html", "docx"),
        "report",
        only=("description", "responsible", "progress"),
    ),
    Layout("progress table", progress_table, kind="report", only=("description", "responsible", "status", "progress")),
    Layout("headings of status", by_status, kind="report", only=("description", "responsible", "progress")),
)
