"""Tables of the papers of the third set, and sheets with tables behind them."""

from __future__ import annotations

import random

from tests.papers.blocks import Cell, Para
from tests.papers.draft import Draft
from tests.papers.layouts.parts import (
    Group,
    Layout,
    One,
    all_of,
    cell,
    entered,
    in_boxes,
    named,
    reference,
    reworded,
    shown,
)
from tests.papers.third.frame import LONG, as_goals, chosen, closing, cover, field_start, kept, opened, reading_aid

Row = list[Cell | None]
BALLS = ("empty", "quarter", "half", "most", "full")


def numbers(draft: Draft, one: One, down: int = 1) -> Row:
    """Return the cell of the number, none where the paper has no numbers."""
    return [cell(one.number.printed, "body", one.owner, down=down)] * draft.job.numbering.numbered


def heads(draft: Draft, *names: str) -> Row:
    """Return the head of a table."""
    first = random.Random(draft.job.material.title).choice(("Nr.", "ID", "Kürzel"))
    return [cell(name, "strong") for name in [first] * draft.job.numbering.numbered + list(names)]


def ranking_behind(draft: Draft) -> None:
    """Compact sheets in three columns, behind them an overview by field of action and a ranking with other numbers."""
    groups = opened(draft)
    for group in groups:
        field_start(draft, group)
        for one in group.ones:
            draft.heading(named(one.number, one.measure.title), 3, one.owner)
            for meaning in kept(one, LONG):
                draft.para((f"**{draft.job.label(meaning)}.**", *one.measure.fields[meaning]), owner=one.owner)
            short = [meaning for meaning in shown(draft, one) if meaning not in LONG]
            for first in range(0, len(short), 3):
                row: Row = [Cell(in_boxes(draft, one, meaning)) for meaning in short[first : first + 3]]
                draft.grid([[*row, *[cell("")] * (3 - len(row))]], (1, 1, 1), look="lines", data=False)
    draft.page("landscape")
    draft.heading("Anlage 1: Gesamtübersicht")
    rows = [heads(draft, "Kurzbezeichnung", "Themenfeld")]
    for group in groups:
        for one in group.ones:
            number = [cell(one.number.printed)] * draft.job.numbering.numbered
            rows.append([*number, cell(reworded(draft, one, one.owner)), cell(group.field.title)])
    draft.grid(rows, [1.4] * draft.job.numbering.numbered + [5, 3], 1)
    draft.listed = {"measure", "project"}
    draft.page("portrait")
    draft.heading("Anlage 2: Rangliste nach Punkten")
    order = list(all_of(groups))
    draft.job.pen.rng.shuffle(order)
    ranks: list[Row] = [[cell(name, "strong") for name in ("Rang", "Vorschlag", "Punkte")]]
    ranks += [
        [cell(str(place)), cell(one.measure.title), cell(str(100 - 3 * place))]
        for place, one in enumerate(order[:10], start=1)
    ]
    draft.grid(ranks, (0.8, 6, 1), 1, "lines")


def schedule(draft: Draft, groups: list[Group], meanings: list[str], owned: bool) -> None:
    """Write a schedule by half years with bars; a row belongs to its record where the paper has nothing else."""
    first_year = draft.job.pen.rng.randint(2024, 2027)
    count = draft.job.numbering.numbered + 1 + len(meanings)
    names = heads(draft, "Maßnahme", *(draft.job.label(meaning) for meaning in meanings))
    top: Row = [Cell(one.paras, down=2) for one in names if one]
    for year in range(first_year, first_year + 4):
        top += [cell(str(year), "strong", across=2), None]
    below: Row = [*[None] * count, *[cell(half, "strong") for half in ("I", "II") * 4]]
    rows: list[Row] = [top, below]
    for group in groups:
        name = cell(group.field.title, "strong", group.owner if owned else None, fill=True, across=count + 8)
        rows.append([name, *[None] * (count + 7)])
        for one in group.ones:
            owner = one.owner if owned else None
            texts = [one.number.printed] * draft.job.numbering.numbered + [one.measure.title]
            texts += [one.measure.text(meaning) for meaning in meanings]
            start = draft.job.pen.rng.randint(0, 6)
            end = draft.job.pen.rng.randint(start, 7)
            bars: Row = [Cell(bar=start <= half <= end) for half in range(8)]
            rows.append([*(cell(text, "body", owner) for text in texts), *bars])
    draft.grid(rows, [1.4] * draft.job.numbering.numbered + [4, *[1.8] * len(meanings), *[0.55] * 8], 2)


def bars(draft: Draft) -> None:
    """All there is of the measures is a schedule crosswise with bars by half years."""
    meanings = chosen(draft, ("responsible", "cost"))
    groups = entered(draft, meanings, bare=True)
    cover(draft)
    reading_aid(draft)
    draft.page("landscape")
    draft.heading("Arbeits- und Zeitplan")
    schedule(draft, groups, meanings, owned=True)
    draft.page("portrait")
    closing(draft)


def bars_behind(draft: Draft) -> None:
    """Prose with a line of fields, and a schedule with bars behind it."""
    groups = opened(draft, stated=False)
    for group in groups:
        field_start(draft, group, turn=False)
        for one in group.ones:
            draft.heading(named(one.number, one.measure.title), 3, one.owner)
            draft.para(one.measure.fields["description"], owner=one.owner)
            facts = [
                f"**{draft.job.label(meaning)}:** {one.measure.text(meaning)}"
                for meaning in shown(draft, one)
                if meaning != "description"
            ]
            draft.para(" | ".join(facts), "small", one.owner)
            if one.owner % 4 == 1:
                draft.para(reference(draft, one, groups), owner=one.owner)
    draft.page("landscape")
    draft.heading("Umsetzungsfahrplan")
    schedule(draft, groups, [], owned=False)
    draft.listed = {"measure", "project"}


def goals_and_measures(draft: Draft) -> None:
    """A table crosswise: a goal in the first column, its measures beside it in rows, ratings as balls."""
    meanings = chosen(draft, ("responsible", "period", "indicator"))
    groups = as_goals(draft, entered(draft, meanings, bare=True), "", "Z{n}")
    cover(draft)
    reading_aid(draft, stated=False)
    draft.page("landscape")
    draft.heading("Ziele und Maßnahmen")
    names = heads(draft, "Maßnahme", *(draft.job.label(meaning) for meaning in meanings), "Wirkung")
    rows: list[Row] = [[cell("Ziel", "strong"), *names]]
    for group in groups:
        for place, one in enumerate(group.ones):
            goal = cell(named(group.number, group.field.title), "strong", group.owner, fill=True)
            texts: Row = [cell(one.measure.text(meaning), "body", one.owner) for meaning in meanings]
            title = cell(one.measure.title, "body", one.owner)
            ball = Cell((Para((draft.job.pen.rng.choice(BALLS),), "mark", one.owner),))
            rows.append([goal if place == 0 else cell("", fill=True), *numbers(draft, one), title, *texts, ball])
    draft.grid(rows, [2.6, *[1.3] * draft.job.numbering.numbered, 3, *[1.8] * len(meanings), 0.9], 1)
    draft.page("portrait")
    closing(draft)


def rows_of_steps(draft: Draft) -> None:
    """Each measure reaches over two or three rows: number, title and office once, beside them steps with a date."""
    groups = entered(draft, ("responsible",))
    cover(draft)
    reading_aid(draft)
    for group in groups:
        field_start(draft, group)
        names = heads(draft, "Vorhaben", draft.job.label("responsible"), "Arbeitsschritt", "bis")
        rows: list[Row] = [names]
        for one in group.ones:
            steps = draft.job.pen.sentences("steps", 2 + one.owner % 2)
            count = draft.job.numbering.numbered + 2
            for place, step in enumerate(steps):
                due = f"{draft.job.pen.rng.randint(1, 12):02}/{draft.job.pen.rng.randint(2026, 2029)}"
                once: Row = [
                    *numbers(draft, one, len(steps)),
                    cell(one.measure.title, "strong", one.owner, down=len(steps)),
                    cell(one.measure.text("responsible"), "body", one.owner, down=len(steps)),
                ]
                first: Row = once if place == 0 else [None] * count
                rows.append([*first, cell(step), cell(due)])
        draft.grid(rows, [1.3] * draft.job.numbering.numbered + [2.8, 2, 2.8, 1.4], 1)


def programme(draft: Draft) -> None:
    """A programme: under each field a table of title, what it is about and a column of stacked small labels."""
    groups = opened(draft)
    for group in groups:
        field_start(draft, group, turn=False)
        rows: list[Row] = [heads(draft, "Maßnahme und Inhalt", "Eckdaten")]
        for one in group.ones:
            left = (Para((one.measure.title,), "strong", one.owner), *in_boxes(draft, one, "description")[1:])
            right = tuple(
                Para((f"{draft.job.label(meaning)}: {one.measure.text(meaning)}",), "small", one.owner)
                for meaning in shown(draft, one)
                if meaning != "description"
            )
            rows.append([*numbers(draft, one), Cell(left), Cell(right)])
        draft.grid(rows, [1.3] * draft.job.numbering.numbered + [4, 2.4], 1, "lines", data=False)


BRIEF = ("description", "responsible", "partners", "period", "cost", "priority")
LAYOUTS = (
    Layout("ranking behind sheets", ranking_behind, ("pdf", "docx", "md"), most=60, damage=("reworded",)),
    Layout("bars", bars, ("pdf", "docx", "html"), length=0, most=80, only=BRIEF),
    Layout("bars behind prose", bars_behind, ("pdf", "docx", "html"), "programme", only=BRIEF, heads="small"),
    Layout("goals and measures in one table", goals_and_measures, kind="strategy", length=0, most=80),
    Layout("rows of steps", rows_of_steps, ("pdf", "docx", "html"), length=0, only=BRIEF, most=80),
    Layout("programme", programme, ("pdf", "html", "docx", "md"), "programme", only=BRIEF, most=80, heads="light"),
)
