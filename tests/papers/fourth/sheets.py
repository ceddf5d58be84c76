"""Sheets of the papers of the fourth set."""

from __future__ import annotations

from tests.papers.blocks import Break, Cell, Para, RunningHead
from tests.papers.draft import Draft
from tests.papers.fourth.frame import LONG, begun, chapter_of, facts, label_of, last_words, said
from tests.papers.fourth.numberings import NUMBERED, SHORT
from tests.papers.layouts.parts import Layout, One, all_of, cell, in_boxes, named, reference, shown

Row = list[Cell | None]
BALLS = ("empty", "quarter", "half", "most", "full")


def band(draft: Draft) -> None:
    """A consultancy's sheet: a band with field and number, the title below it, a row of ratings, boxes in threes."""
    for group in begun(draft, listed=True):
        chapter_of(draft, group)
        for one in group.ones:
            draft.page()
            top: Row = [
                cell(group.field.title, "strong", across=3),
                None,
                None,
                cell(one.number.printed, "strong", one.owner),
            ]
            title: Row = [cell(one.measure.title, "label", one.owner, fill=True, across=4), None, None, None]
            ratings: Row = [
                Cell((Para((name,), "small"), Para((draft.job.pen.rng.choice(BALLS),), "mark")))
                for name in ("Klimawirkung", "Akzeptanz", "Machbarkeit", "Synergien")
            ]
            draft.grid([top, title, ratings], (1.4, 1.4, 1.4, 1.4), head=1, look="lines", data=False)
            short = [meaning for meaning in shown(draft, one) if meaning not in LONG]
            for meaning in shown(draft, one):
                if meaning in LONG:
                    draft.grid([[Cell(in_boxes(draft, one, meaning, "bullets"))]], (1,), look="lines", data=False)
            for first in range(0, len(short), 3):
                row: Row = [Cell(in_boxes(draft, one, meaning)) for meaning in short[first : first + 3]]
                draft.grid([[*row, *[cell("")] * (3 - len(row))]], (1, 1, 1), look="boxes", data=False)


def turned_category(draft: Draft) -> None:
    """The field of action runs upwards at the left of every sheet; beside it title, then labels and values."""
    for group in begun(draft):
        chapter_of(draft, group)
        for one in group.ones:
            draft.page()
            name = f"{one.number.printed} {one.measure.title}".strip()
            category = Cell(
                (Para((group.field.title,), "strong"),), fill=True, turned=True, down=1 + len(shown(draft, one))
            )
            rows: list[Row] = [[category, cell(name, "label", one.owner, fill=True, across=2), None]]
            for meaning in shown(draft, one):
                label, *texts = in_boxes(draft, one, meaning)
                rows.append([None, Cell((label,)), Cell(tuple(texts))])
            draft.grid(rows, (0.35, 1.3, 3.3), data=False)
    last_words(draft)


def head_titles(draft: Draft) -> None:
    """Number and title stand in the head of the page and nowhere else on the sheet."""
    for group in begun(draft, stated=True):
        draft.blocks.extend((Break(), RunningHead(draft.job.material.title)))
        chapter_of(draft, group, turn=False)
        for one in group.ones:
            draft.page()
            draft.running_head(" | ".join(text for text in (one.number.printed, one.measure.title) if text))
            draft.para(f"Bereich {group.field.title}", "hint", one.owner)
            for meaning in shown(draft, one):
                draft.labelled(meaning, one.measure.fields[meaning], one.owner, own_line=meaning in LONG)
    draft.page()
    draft.running_head(draft.job.material.title)
    last_words(draft)


def lines_in_cells(draft: Draft) -> None:
    """A Word table of two columns whose cells hold lines "label: value", number and title among them."""
    for group in begun(draft):
        chapter_of(draft, group, 2)
        for one in group.ones:
            if one.owner % 2:
                draft.page()
            first = Para((f"Nr.: {one.number.printed}",), "body", one.owner)
            second = Para((f"Titel: {one.measure.title}",), "body", one.owner)
            lines = [
                Para((f"{label_of(draft, meaning)} {one.measure.text(meaning)}",), "body", one.owner)
                for meaning in shown(draft, one)
                if meaning not in LONG
            ]
            half = (len(lines) + 1) // 2
            rows: list[Row] = [
                [Cell((first,)), Cell((second,))],
                [Cell(tuple(lines[:half]) or (Para(("–",)),)), Cell(tuple(lines[half:]) or (Para(("–",)),))],
            ]
            for meaning in shown(draft, one):
                if meaning in LONG:
                    text = f"{label_of(draft, meaning)} {one.measure.text(meaning)}"
                    rows.append([cell(text, "body", one.owner, across=2), None])
            draft.grid(rows, (1, 1.6), data=False)
    last_words(draft)


def continued(draft: Draft) -> None:
    """Sheets of two pages: number and title stand again above the second one, with a word that they go on."""
    word = draft.job.pen.rng.choice(("(Fortsetzung)", "– Seite 2", "(Forts.)"))
    groups = begun(draft, listed=True)
    for group in groups:
        chapter_of(draft, group)
        for one in group.ones:
            draft.page()
            meanings = shown(draft, one)
            half = (len(meanings) + 1) // 2
            for place, part in enumerate((meanings[:half], meanings[half:])):
                if place:
                    draft.page()
                draft.heading(named(one.number, one.measure.title) + (f" {word}" if place else ""), 2, one.owner)
                for meaning in part:
                    draft.labelled(meaning, one.measure.fields[meaning], one.owner, own_line=True)
            draft.para(reference(draft, one, groups), "small", one.owner)


def label_lines(draft: Draft) -> None:
    """Nothing is bold: number, title and all fields are lines of label and value, parted by a rule."""
    names = draft.job.pen.rng.choice((("Ordnungsnummer", "Maßnahmentitel"), ("Nummer", "Name der Maßnahme")))
    for group in begun(draft):
        chapter_of(draft, group)
        for one in group.ones:
            if one.number.printed:
                said(draft, f"{names[0]}: {one.number.printed}", one.owner)
            said(draft, f"{names[1]}: {one.measure.title}", one.owner)
            said(draft, f"Bereich: {group.field.title}", one.owner)
            for text in facts(draft, one):
                said(draft, text, one.owner, (text,))
            draft.blocks.append(Para(("_" * 40,), "body"))
    last_words(draft)


def number_after(draft: Draft) -> None:
    """A report in chapters: the number in brackets behind the title, a table of key figures, facts with dots."""
    for group in begun(draft, stated=False):
        chapter_of(draft, group)
        rows: list[Row] = [[cell(name, "strong") for name in ("Kennzahl", "2021", "2023", "Zielwert 2030")]]
        for name in draft.job.pen.sentences("indicator_rows", 3):
            draft.not_records.append(name)
            rows.append([cell(name), *(cell(str(draft.job.pen.rng.randint(9, 99))) for _ in range(3))])
        draft.grid(rows, (3, 1, 1, 1.3), 1, "lines")
        for one in group.ones:
            draft.heading(f"{one.measure.title} ({one.number.printed})", 3, one.owner)
            draft.para(one.measure.fields["description"], owner=one.owner)
            texts = facts(draft, one, ("description",))
            said(draft, " · ".join(texts), one.owner, texts)
    last_words(draft)


def asked(draft: Draft) -> None:
    """Sheets without numbers, whole questions as labels, and a line that says which sheet of how many this is."""
    groups = begun(draft, bare=True)
    ones: list[One] = list(all_of(groups))
    places = {one.owner: place for place, one in enumerate(ones, start=1)}
    for group in groups:
        chapter_of(draft, group)
        for one in group.ones:
            draft.page()
            place = places[one.owner]
            draft.change(one.owner, ref_also=(str(place), f"{place} von {len(ones)}"))
            draft.para(f"{group.field.title} · Blatt {place} von {len(ones)}", "hint", one.owner)
            draft.heading(one.measure.title, 1, one.owner)
            for meaning in shown(draft, one):
                draft.labelled(meaning, one.measure.fields[meaning], one.owner, own_line=True)


BRIEF = ("description", "responsible", "partners", "period", "cost", "priority", "indicator")
BAND = Layout("band and ratings", band, ("pdf", "docx"), "concept", numberings=NUMBERED, most=24, heads="light")
TURNED = Layout("turned category", turned_category, ("pdf", "docx"), numberings=NUMBERED, length=1, most=30)
HEADS = Layout("titles in the running head", head_titles, ("pdf",), numberings=NUMBERED, most=28)
CELLS = Layout("lines in cells", lines_in_cells, ("pdf", "docx"), numberings=NUMBERED, most=40, heads="small")
CONTINUED = Layout("continued sheets", continued, ("pdf",), "concept", numberings=SHORT, most=15, heads="bar")
LINES = Layout("lines of label and value", label_lines, ("pdf", "txt", "docx"), most=40, heads="small")
AFTER = Layout(
    "number behind the title", number_after, ("pdf", "html"), "report", only=BRIEF, numberings=SHORT, most=40
)
ASKED = Layout(
    "questions on a sheet", asked, ("pdf", "html"), numberings=("none",), labels=("inquiry",), most=28, heads="centred"
)
