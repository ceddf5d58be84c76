"""Sheets of the papers held back."""

from __future__ import annotations

from tests.papers.blocks import Cell, Geometry, Keep, Para
from tests.papers.draft import Draft
from tests.papers.layouts.parts import Layout, One, cell, entered, in_boxes, named, reference, shown
from tests.papers.unseen.frame import (
    LONG,
    Row,
    beginning,
    cover,
    ending,
    facts,
    field_of,
    glossary,
    key_figures,
    label_of,
    opened,
    overview,
    people,
    plot,
)

TYPES = ("Ordnungsrecht", "Beratung", "Technische Maßnahme", "Förderung", "Vernetzung", "Öffentlichkeitsarbeit")
PARTS = (
    ("Grunddaten", ("description", "situation", "goal", "target_group", "priority")),
    ("Durchführung", ("steps", "responsible", "partners", "period", "status", "progress", "obstacles")),
    ("Kosten und Finanzierung", ("cost", "funding")),
    ("Wirkung und Kontrolle", ("effect", "indicator")),
)


def stacked(label: str, text: str, one: One, style: str = "body") -> Cell:
    """Return a cell with a small label above its text."""
    below = Para((text,), "strong" if style == "strong" else "body", one.owner)
    return Cell((Para((label,), "small", one.owner), below))


def funding_template(draft: Draft) -> None:
    """The form that federal funding of local climate concepts hands out: a row of key data, the title, texts below."""
    groups = opened(draft, listed=True, stated=True)
    key_figures(draft)
    for group in groups:
        field_of(draft, group)
        for one in group.ones:
            draft.page()
            kind = draft.job.pen.rng.choice(TYPES)
            period = one.measure.text("period") or "–"
            top: Row = [
                stacked("Handlungsfeld:", group.field.title, one),
                stacked("Maßnahmen-Nummer:", one.number.printed, one),
                stacked("Maßnahmen-Typ:", kind, one),
                stacked(label_of(draft, "period"), period, one),
            ]
            title = stacked("Maßnahmen-Titel:", one.measure.title, one, "strong")
            rows: list[Row] = [top, [Cell(title.paras, fill=True, across=4), None, None, None]]
            for meaning in shown(draft, one):
                if meaning != "period":
                    label, *texts = in_boxes(draft, one, meaning, "bullets")
                    line = Para((f"**{label.text}:**",), "body", one.owner)
                    rows.append([Cell((line, *texts), across=4), None, None, None])
            draft.grid(rows, (1.5, 1.2, 1.3, 1.5), data=False)
            if one.owner % 3 == 0:
                draft.para(reference(draft, one, groups), "small", one.owner)
    draft.page()
    ending(draft)
    people(draft)


def parts_of_a_table(draft: Draft) -> None:
    """A planner's sheet: number and title in a grey head, rows of label and value under headings across."""
    groups = opened(draft)
    if draft.job.numbering.numbered:
        overview(draft, groups)
    for group in groups:
        field_of(draft, group)
        for one in group.ones:
            draft.page()
            rows: list[Row] = [
                [cell(one.number.printed, "strong", one.owner), cell(one.measure.title, "strong", one.owner)]
            ]
            for name, meanings in PARTS:
                own = [meaning for meaning in meanings if meaning in one.measure.fields]
                if own:
                    rows.append([cell(name, "label", fill=True, across=2), None])
                for meaning in own:
                    label, *texts = in_boxes(draft, one, meaning, "bullets")
                    rows.append([Cell((Para(label.sentences, "body", one.owner),)), Cell(tuple(texts))])
            draft.grid(rows, (1.2, 3), 1, "grey", data=False)
            if one.owner % 4 == 0:
                draft.para(f"Fotos: {draft.job.material.publisher}", "small")
    glossary(draft)


def yearly(draft: Draft) -> None:
    """A report on the year: two or three measures a page, key data without lines, what was done and what comes."""
    groups = opened(draft, stated=True)
    plot(draft, 1)
    for group in groups:
        field_of(draft, group, turn=group.owner > 0)
        for one in group.ones:
            before = len(draft.blocks)
            draft.heading(named(one.number, one.measure.title), 3, one.owner)
            draft.para(one.measure.fields["description"], owner=one.owner)
            short = [meaning for meaning in shown(draft, one) if meaning not in LONG]
            cells: Row = [cell(label_of(draft, meaning), "label", one.owner) for meaning in short]
            values: Row = [cell(one.measure.text(meaning), "body", one.owner) for meaning in short]
            draft.grid([cells, values], [1] * len(short), look="bare", data=False)
            for meaning in ("progress", "steps"):
                if meaning in one.measure.fields:
                    draft.labelled(meaning, one.measure.fields[meaning], one.owner, own_line=True)
            kept = tuple(draft.blocks[before:])
            draft.blocks[before:] = [Keep(kept)] if one.owner % 2 else kept
            if "footnotes" in draft.job.damage and one.owner % 3 == 1:
                draft.footnote(one.owner, f"Angaben der Fachstelle, Stichtag 31.12.{2020 + one.owner % 5}.")
    draft.page()
    ending(draft)
    key_figures(draft, "Anlage 1")


def boxes_in_prose(draft: Draft) -> None:
    """An integrated concept: chapters of prose with figures, and in between boxes that hold the leading projects."""
    groups = opened(draft, listed=True)
    for place, group in enumerate(groups, start=1):
        field_of(draft, group, between=" – ")
        draft.para(draft.job.pen.prose(6))
        if place % 2:
            plot(draft, place)
        for one in group.ones:
            paras = [
                Para((named(one.number, one.measure.title, " – "),), "strong", one.owner),
                Para(one.measure.fields["description"], "body", one.owner),
                *(Para((line,), "body", one.owner) for line in facts(draft, one, ("description",))),
            ]
            before = len(draft.blocks)
            draft.grid([[Cell(tuple(paras), fill=True)]], (1,), look="ruled", data=False)
            draft.blocks[before:] = [Keep(tuple(draft.blocks[before:]))]
            if one.owner % 2:
                draft.para(draft.job.pen.sentences("situation", 2))
    glossary(draft)
    people(draft)


def facts_as_bullets(draft: Draft) -> None:
    """A plan for health or integration: a heading with the code, prose, and then a list of label and value."""
    groups = opened(draft, stated=True)
    for group in groups:
        field_of(draft, group)
        for one in group.ones:
            draft.heading(named(one.number, one.measure.title), 3, one.owner)
            draft.para(one.measure.fields["description"], owner=one.owner)
            draft.bullets(facts(draft, one, ("description",)), one.owner)
            if one.owner % 3 == 2:
                draft.para(reference(draft, one, groups), owner=one.owner)
    ending(draft)
    glossary(draft)


def resolution(draft: Draft) -> None:
    """A resolution of a town: grounds in sections, a heading with prose for each measure, a small table of money."""
    groups = entered(draft)
    cover(draft)
    draft.heading("I. Vortrag der Referentin", 1, decoy=True)
    beginning(draft)
    for group in groups:
        field_of(draft, group, 2, turn=False)
        for one in group.ones:
            draft.heading(named(one.number, one.measure.title, ": "), 3, one.owner)
            draft.para(one.measure.fields["description"], owner=one.owner)
            for line in facts(draft, one, ("description", "cost", "funding")):
                draft.para(line, owner=one.owner)
            code = f"{draft.job.pen.rng.randint(1, 6)}.{draft.job.pen.rng.randint(100, 699)}.{one.owner:02}00"
            rows: list[Row] = [[cell("Finanzierung", "strong"), cell("Angabe", "strong")]]
            for meaning in ("cost", "funding"):
                if meaning in one.measure.fields:
                    text = one.measure.text(meaning)
                    rows.append([cell(draft.job.label(meaning)), cell(text, "body", one.owner)])
            rows.append([cell("Produktziffer"), cell(code)])
            draft.grid(rows, (1.5, 2.5), 1, "grey")
    draft.heading("II. Antrag der Referentin", 1, decoy=True)
    draft.para("Der Ausschuss stimmt den Ausführungen im Vortrag zu.")
    draft.heading("III. Beschluss nach Antrag", 1, decoy=True)


MOST = ("description", "responsible", "partners", "period", "cost", "funding", "priority")
YEAR = ("description", "responsible", "period", "cost", "status", "progress", "steps")
NARROW = Geometry(left=71, right=57, top=71, bottom=57, head_at="right", foot_at="right", ruled=False)
WORD = Geometry(left=71, right=71, top=85, bottom=71, head_at="centre", foot_at="right", scale=1.05)
BOOK = Geometry(left=85, right=50, top=64, bottom=64, head_at="right", foot_at="right", by_turns=True, scale=0.95)
WIDE = Geometry(left=48, right=48, top=60, bottom=60, head_at="left", foot_at="left", scale=0.9)
BROAD = Geometry(left=99, right=99, top=99, bottom=85, head_at="left", foot_at="centre", ruled=False)

TEMPLATE = Layout(
    "funding template",
    funding_template,
    ("pdf", "docx"),
    "concept",
    numberings=("V-2.03", "HF3-02"),
    most=24,
    length=6,
    labels=("guideline",),
    heads="black",
    geometry=NARROW,
)
PARTED = Layout(
    "parts of a table",
    parts_of_a_table,
    ("pdf", "html"),
    "concept",
    numberings=("MB-1.4", "D.II.3"),
    most=30,
    length=5,
    labels=("planning", "guideline"),
    geometry=BOOK,
)
YEARLY = Layout(
    "report on the year",
    yearly,
    ("pdf", "docx"),
    "report",
    only=YEAR,
    numberings=("12.", "IN 4"),
    most=40,
    length=2,
    labels=("balance",),
    heads="light",
    geometry=WORD,
)
BOXES = Layout(
    "boxes in prose",
    boxes_in_prose,
    ("pdf",),
    "concept",
    only=MOST,
    numberings=("Leitprojekt 6",),
    most=30,
    length=2,
    labels=("planning",),
    geometry=WIDE,
)
BULLETS = Layout(
    "facts as bullets",
    facts_as_bullets,
    ("txt", "html", "md"),
    numberings=("5.2.3", "IN 4"),
    most=40,
    labels=("rights", "office"),
)
RESOLUTION = Layout(
    "resolution with money",
    resolution,
    ("pdf", "md"),
    "programme",
    only=MOST,
    numberings=("Maßnahme 3-5", "12."),
    most=40,
    length=4,
    labels=("office",),
    heads="black",
    geometry=BROAD,
)
