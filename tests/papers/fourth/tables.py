"""Tables and prose of the papers of the fourth set."""

from __future__ import annotations

from tests.papers.blocks import Cell, Grid, Keep, MarginNote, Para
from tests.papers.draft import Draft
from tests.papers.fourth.frame import begun, chapter_of, facts, front, last_words, preface
from tests.papers.fourth.numberings import NUMBERED, SHORT
from tests.papers.layouts.parts import Layout, One, all_of, cell, entered, named
from tests.papers.third.frame import as_goals, chosen

Row = list[Cell | None]


def wide_categories(draft: Draft) -> None:
    """Tables crosswise, the field of action running upwards in one cell beside its measures."""
    meanings = chosen(draft, ("responsible", "period", "cost"))
    groups = entered(draft, meanings)
    front(draft)
    preface(draft)
    for group in groups:
        draft.para(f"**{named(group.number, group.field.title, ' – ')}:** {group.field.goal}", owner=group.owner)
    draft.page("landscape")
    draft.heading("Maßnahmenübersicht")
    names = ["", "Nr.", "Maßnahme", "Was wird getan?", *(draft.job.label(meaning) for meaning in meanings)]
    widths = [0.5, 1.2, 2.6, 3.4, *[1.7] * len(meanings)]
    for group in groups:
        for start in range(0, len(group.ones), 5):
            rows: list[Row] = [[cell(name, "strong") for name in names]]
            part = group.ones[start : start + 5]
            for place, one in enumerate(part):
                name = Para((group.field.title,), "strong")
                first = Cell((name,), fill=True, turned=True, down=len(part)) if place == 0 else None
                texts = [one.number.printed, one.measure.title, one.measure.about]
                texts += [one.measure.text(meaning) for meaning in meanings]
                rows.append([first, *(cell(text, "body", one.owner) for text in texts)])
            before = len(draft.blocks)
            draft.grid(rows, widths, 1)
            draft.blocks[before:] = [Keep(tuple(draft.blocks[before:]))]
    draft.page("portrait")
    last_words(draft)


def codes_in_margin(draft: Draft) -> None:
    """Prose whose paragraphs begin with the title in bold; the number stands in the margin beside it."""
    for group in begun(draft):
        chapter_of(draft, group, turn=group.owner > 0)
        for one in group.ones:
            before = len(draft.blocks)
            draft.blocks.append(MarginNote(one.number.printed, one.owner))
            draft.para((f"**{one.measure.title}.**", *one.measure.fields["description"]), owner=one.owner)
            texts = facts(draft, one, ("description",))
            draft.para(f"[{'; '.join(texts)}]", "small", one.owner)
            draft.blocks[before:] = [Keep(tuple(draft.blocks[before:]))]
    last_words(draft)


def to_the_council(draft: Draft) -> None:
    """What the council is told of each measure: "Zu …", the decision, how far it is, what comes next."""
    groups = entered(draft, chosen(draft, ("responsible", "status", "progress")))
    front(draft)
    preface(draft)
    draft.heading("Sachverhalt", 2, decoy=True)
    for group in groups:
        chapter_of(draft, group, 3, turn=False)
        for one in group.ones:
            draft.heading(f"Zu {one.number.printed}: {one.measure.title}", 4, one.owner)
            paper = f"{draft.job.pen.rng.randint(11, 240)}/{draft.job.pen.rng.randint(2021, 2025)}"
            draft.para(f"Beschlusslage: Vorlage {paper}, einstimmig.", owner=one.owner)
            for text in facts(draft, one, ("description",)):
                draft.para(text, owner=one.owner)
            draft.para(("Weiteres Vorgehen:", *draft.job.pen.sentences("steps", 1)), owner=one.owner)
    draft.heading("Beschlussvorschlag", 2, decoy=True)
    draft.para("Der Ausschuss nimmt den Bericht zur Kenntnis.")


HORIZONS = ("Sofort beginnen", "In den nächsten drei Jahren", "Auf lange Sicht")


def horizons(draft: Draft) -> None:
    """A timetable in words: bullets under headings of time, behind an arrow who does it."""
    groups = entered(draft, ("responsible",), bare=True)
    front(draft)
    preface(draft)
    draft.para(f"Hinter dem Pfeil steht: {draft.job.label('responsible')}.", "small")
    for group in groups:
        draft.para(f"**{group.field.title}.** {group.field.goal}", owner=group.owner)
    sorted_ones: dict[str, list[One]] = {}
    for place, one in enumerate(all_of(groups)):
        sorted_ones.setdefault(HORIZONS[place % 3], []).append(one)
    for horizon, ones in sorted_ones.items():
        draft.heading(horizon, 2, decoy=True)
        for one in ones:
            arrow = f" ➔ {one.measure.text('responsible')}" if "responsible" in one.measure.fields else ""
            draft.para(f"{named(one.number, one.measure.title)}{arrow}", "bullet", one.owner)
    last_words(draft)


def goals_across(draft: Draft) -> None:
    """One table: a goal in a row across, its measures below it with a few columns, then a row of sums."""
    meanings = chosen(draft, ("responsible", "cost", "status"))
    groups = as_goals(draft, entered(draft, meanings, bare=True), "Oberziel")
    front(draft)
    preface(draft, stated=False)
    draft.page()
    draft.heading("Ziele- und Maßnahmenkatalog")
    names = ["Kennz.", "Vorhaben", *(draft.job.label(meaning) for meaning in meanings)]
    rows: list[Row] = [[cell(name, "strong") for name in names]]
    for group in groups:
        goal = cell(named(group.number, group.field.title, ": "), "strong", group.owner, fill=True, across=len(names))
        rows.append([goal, *[None] * (len(names) - 1)])
        for one in group.ones:
            texts = [one.number.printed, one.measure.title, *(one.measure.text(meaning) for meaning in meanings)]
            rows.append([cell(text, "body", one.owner) for text in texts])
        rows.append([cell(f"Anzahl: {len(group.ones)}", across=len(names)), *[None] * (len(names) - 1)])
    draft.grid(rows, [1.4, 3.6, *[1.8] * len(meanings)], 1)


def label_column(draft: Draft) -> None:
    """Plain text with labels in a left column and values in a right one, each sheet below a double rule."""
    for group in begun(draft, listed=True):
        chapter_of(draft, group)
        for one in group.ones:
            draft.blocks.append(Para(("=" * 60,), "body", one.owner))
            gap = Cell((Para(("",)),))
            top = (cell(one.number.printed, "strong", one.owner), cell(one.measure.title, "strong", one.owner))
            rows: list[tuple[Cell, ...]] = [top, (gap, gap)]
            for meaning in [meaning for meaning in draft.job.material.meanings if meaning in one.measure.fields]:
                text = one.measure.text(meaning)
                rows.append((cell(draft.job.label(meaning), "label", one.owner), cell(text, "body", one.owner)))
                draft.body.append(text)
            draft.blocks.append(Grid(tuple(rows), (1, 2.6)))
    last_words(draft)


FEW = ("description", "responsible", "period", "cost", "status", "progress")
WIDE = Layout(
    "turned categories crosswise", wide_categories, ("pdf",), only=FEW, numberings=NUMBERED, length=0, most=40
)
MARGIN = Layout(
    "numbers in the margin",
    codes_in_margin,
    ("pdf",),
    "strategy",
    only=FEW,
    numberings=("4.07", "B-03", "M2-4", "I.a", "2|5"),
    most=40,
)
COUNCIL = Layout(
    "report to the council", to_the_council, ("pdf", "txt", "docx", "md"), "report", only=FEW, numberings=NUMBERED
)
HORIZON = Layout(
    "horizons", horizons, ("pdf", "md", "html"), "programme", only=FEW, numberings=(*SHORT, "none"), most=40
)
ACROSS = Layout(
    "goals across the table", goals_across, ("pdf", "docx"), "strategy", only=FEW, numberings=SHORT, most=40
)
COLUMN = Layout("column of labels", label_column, ("txt",), numberings=SHORT, most=40)
