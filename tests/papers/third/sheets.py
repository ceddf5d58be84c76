"""Sheets of the papers of the third set."""

from __future__ import annotations

from tests.papers.blocks import Break, Cell, Keep, Para, RunningHead
from tests.papers.draft import Draft
from tests.papers.layouts.parts import Group, Layout, One, all_of, cell, in_boxes, named, reference, shown
from tests.papers.third.frame import LONG, as_goals, closing, field_start, kept, noted, opened, rated, run_in
from tests.papers.third.numberings import CODES

NUMBER_LABELS = (
    ("Maßnahmen-Nr.", "Titel"),
    ("Maßnahmennummer", "Bezeichnung der Maßnahme"),
    ("Kennung", "Maßnahmentitel"),
    ("Lfd. Nr.", "Kurztitel"),
)
Row = list[Cell | None]


def label_table(draft: Draft) -> None:
    """A sheet is one table of labels and values; number and title stand in labelled rows, nowhere else."""
    names = draft.job.pen.rng.choice(NUMBER_LABELS)
    head = draft.job.pen.rng.choice((0, 1))
    for group in opened(draft, stated=draft.job.numbering.numbered):
        field_start(draft, group)
        for one in group.ones:
            if one.owner % 3:
                draft.page()
            first, second = (names[0], one.number.printed), (names[1], one.measure.title)
            rows: list[Row] = [
                [cell(label, "strong", one.owner, fill=True), cell(text, "strong" if head else "body", one.owner)]
                for label, text in (first, second)
                if text
            ]
            rows.append([cell("Themenfeld", "label", one.owner, fill=True), cell(group.field.title)])
            for meaning in shown(draft, one):
                label, *texts = in_boxes(draft, one, meaning, "bullets")
                rows.append([Cell((label,), fill=True), Cell(tuple(texts))])
            draft.grid(rows, (1.3, 3.4), head=head, data=False)
    closing(draft)


def labelled_cells(draft: Draft) -> None:
    """A form of four columns: number, title and short fields in pairs of label and value, long fields across."""
    names = draft.job.pen.rng.choice(NUMBER_LABELS)
    for group in opened(draft):
        field_start(draft, group)
        for one in group.ones:
            draft.page()
            rows: list[Row] = [
                [
                    cell(names[0], "small", one.owner, fill=True),
                    cell(one.number.printed, "strong", one.owner),
                    cell(names[1], "small", one.owner, fill=True),
                    cell(one.measure.title, "strong", one.owner),
                ]
            ]
            short = [meaning for meaning in shown(draft, one) if meaning not in LONG]
            for first in range(0, len(short), 2):
                row: Row = []
                for meaning in short[first : first + 2]:
                    row.append(cell(draft.job.label(meaning), "small", one.owner, fill=True))
                    row.append(cell(one.measure.text(meaning), "body", one.owner))
                rows.append([*row, *[cell("")] * (4 - len(row))])
            for meaning in kept(one, LONG):
                rows.append([Cell(in_boxes(draft, one, meaning), across=4), None, None, None])
            draft.grid(rows, (1.1, 1.7, 1.1, 2.6), data=False)


def header_bar(draft: Draft) -> None:
    """A coloured bar, number at its left and title at its right; below it labels run in, ratings as plus signs."""
    for group in opened(draft, listed=True):
        field_start(draft, group, turn=group.owner > 0)
        for one in group.ones:
            title = cell(one.measure.title, "strong", one.owner)
            if one.number.printed:
                draft.grid([[cell(one.number.printed, "strong", one.owner), title]], (1.2, 4), head=1, data=False)
            else:
                draft.grid([[title]], (1,), head=1, data=False)
            for meaning in shown(draft, one):
                if meaning == "priority":
                    text = rated(draft, one, ("+ + +", "+ +", "+", "+ + + +"))
                    draft.labelled(meaning, (text,), one.owner)
                elif meaning == "description":
                    draft.para(one.measure.fields[meaning], owner=one.owner)
                else:
                    run_in(draft, one, meaning)
    closing(draft)


def number_box(draft: Draft) -> None:
    """The number in a small filled box, the title as a heading below it, labels on lines of their own."""
    for group in opened(draft):
        field_start(draft, group)
        for one in group.ones:
            draft.page()
            if one.number.printed:
                box = cell(one.number.printed, "strong", one.owner, fill=True)
                draft.grid([[box, cell("")]], (1.6, 5), look="bare", data=False)
            draft.heading(one.measure.title, 2, one.owner)
            draft.para(f"Themenfeld {group.field.title}", "hint", one.owner)
            noted(draft, one)
            for meaning in shown(draft, one):
                draft.labelled(meaning, one.measure.fields[meaning], one.owner, own_line=True)


def capitals(draft: Draft) -> None:
    """Titles in capital letters, ordinary ones in the contents; labels in capitals too."""
    groups = opened(draft, listed=True)
    for group in groups:
        field_start(draft, group)
        draft.para(reference(draft, group.ones[0], groups), "small", group.owner)
        for one in group.ones:
            upper = one.measure.title.upper()
            draft.change(one.owner, title=upper, title_overview=one.measure.title)
            draft.heading(named(one.number, upper), 3, one.owner)
            for meaning in shown(draft, one):
                if meaning in LONG:
                    draft.labelled(meaning, one.measure.fields[meaning], one.owner, own_line=True)
                else:
                    run_in(draft, one, meaning)
    closing(draft)


def side_column(draft: Draft) -> None:
    """Title and prose in a wide column, the number on top of a narrow one at the right with all short fields."""
    for group in opened(draft):
        field_start(draft, group)
        for one in group.ones:
            draft.page()
            long: tuple[Para, ...] = (Para((one.measure.title,), "strong", one.owner),)
            for meaning in kept(one, LONG):
                long += in_boxes(draft, one, meaning, "bullets")
            short: tuple[Para, ...] = ()
            if one.number.printed:
                short = (Para((one.number.printed,), "strong", one.owner),)
            for meaning in shown(draft, one):
                if meaning not in LONG:
                    short += in_boxes(draft, one, meaning, "bullets")
            draft.grid([[Cell(long), Cell(short, fill=True)]], (2.7, 1), look="bare", data=False)


CRITERIA = ("Klimaschutz", "Lebensqualität", "Umsetzbarkeit", "Wirtschaftlichkeit")
STARS = ("★★★★★", "★★★★✩", "★★★✩✩", "★★✩✩✩", "★✩✩✩✩")


def stars(draft: Draft) -> None:
    """Two or three sheets per page: prose, a line of fields, a table of criteria rated with stars."""
    for group in opened(draft, bare=True):
        field_start(draft, group, 2)
        for one in group.ones:
            before = len(draft.blocks)
            draft.heading(named(one.number, one.measure.title), 3, one.owner)
            draft.para(one.measure.fields["description"], owner=one.owner)
            for meaning in shown(draft, one):
                if meaning not in {"description", "priority"}:
                    run_in(draft, one, meaning)
            rows: list[Row] = [[cell(name), cell(draft.job.pen.rng.choice(STARS))] for name in CRITERIA]
            if "priority" in one.measure.fields:
                label = cell(draft.job.label("priority"), "strong", one.owner)
                rows.append([label, cell(rated(draft, one, STARS), "body", one.owner)])
            draft.grid(rows, (2, 3), look="lines", data=False)
            parts = tuple(draft.blocks[before:])
            draft.blocks[before:] = [Keep(parts)]


def running_heads(draft: Draft) -> None:
    """The field of action stands in the head of every page; sheets are titles and lines of label and value."""
    for group in opened(draft):
        draft.blocks.extend((Break(), RunningHead(named(group.number, group.field.title, ": "))))
        field_start(draft, group, turn=False)
        for one in group.ones:
            if one.owner % 2:
                draft.page()
            draft.heading(named(one.number, one.measure.title), 2, one.owner)
            rows: list[Row] = [
                [cell(draft.job.label(meaning), "label", one.owner), Cell(in_boxes(draft, one, meaning)[1:])]
                for meaning in shown(draft, one)
            ]
            draft.grid(rows, (1, 2.6), look="lines", data=False)
    draft.blocks.extend((Break(), RunningHead(draft.job.material.title)))
    closing(draft)


def card(draft: Draft, one: One) -> Cell:
    """Return a measure as a card."""
    paras = [
        Para((one.measure.title,), "strong", one.owner),
        Para(one.measure.fields["description"], "body", one.owner),
    ]
    if one.number.printed:
        paras.insert(0, Para((one.number.printed,), "hint", one.owner))
    for meaning in shown(draft, one):
        if meaning != "description":
            text = one.measure.text(meaning)
            paras.append(Para((f"**{draft.job.label(meaning).rstrip('?')}:**", text), "body", one.owner))
    return Cell(tuple(paras))


def cards(draft: Draft) -> None:
    """Two cards beside each other, each with number, title, a few sentences and facts."""
    for group in opened(draft, stated=False):
        field_start(draft, group)
        for first in range(0, len(group.ones), 2):
            pair = [card(draft, one) for one in group.ones[first : first + 2]]
            draft.grid([[*pair, *[cell("")] * (2 - len(pair))]], (1, 1), look="ruled", data=False)


def key_data(draft: Draft) -> None:
    """Under the heading a small table of key data, labels above values; prose after it."""
    for group in opened(draft, listed=draft.job.numbering.numbered):
        field_start(draft, group)
        for one in group.ones:
            draft.heading(named(one.number, one.measure.title), 2, one.owner)
            short = [meaning for meaning in shown(draft, one) if meaning not in LONG]
            for first in range(0, len(short), 4):
                own = short[first : first + 4]
                heads: Row = [cell(draft.job.label(meaning), "strong", one.owner) for meaning in own]
                values: Row = [cell(one.measure.text(meaning), "body", one.owner) for meaning in own]
                draft.grid([heads, values], [1] * len(own), head=1, data=False)
            for meaning in kept(one, LONG):
                if meaning != "description":
                    run_in(draft, one, meaning)
            draft.para(one.measure.fields["description"], owner=one.owner)
    closing(draft)


def numbered_sections(draft: Draft) -> None:
    """Every sheet has the same numbered sections ("1. …", "2. …"), which are no records."""
    for group in opened(draft):
        field_start(draft, group)
        for one in group.ones:
            draft.page()
            draft.heading(named(one.number, one.measure.title), 2, one.owner)
            for place, meaning in enumerate(shown(draft, one), start=1):
                draft.heading(f"{place}. {draft.job.label(meaning)}", 4, decoy=True)
                draft.para(
                    one.measure.fields[meaning] if meaning in LONG else one.measure.text(meaning), owner=one.owner
                )


def goal_sheets(draft: Draft) -> None:
    """Numbered goals with prose, and under them numbered measures with lines of label and value."""
    groups: list[Group] = as_goals(draft, opened(draft, stated=False), "Handlungsziel")
    ones = list(all_of(groups))
    for group in groups:
        field_start(draft, group, 2)
        for one in group.ones:
            draft.heading(named(one.number, one.measure.title), 3, one.owner)
            for meaning in shown(draft, one):
                if meaning == "description":
                    draft.para(one.measure.fields[meaning], owner=one.owner)
                else:
                    run_in(draft, one, meaning)
            if one.owner % 2 and len(ones) > 1:
                draft.para(reference(draft, one, groups), "small", one.owner)
            noted(draft, one)
    closing(draft)


def bilingual(draft: Draft) -> None:
    """Labels in two languages and a few English sentences in every sheet."""
    for group in opened(draft, stated=False):
        field_start(draft, group)
        for one in group.ones:
            if one.owner % 2:
                draft.page()
            draft.heading(named(one.number, one.measure.title), 2, one.owner)
            for meaning in shown(draft, one):
                if meaning in LONG:
                    draft.labelled(meaning, one.measure.fields[meaning], one.owner, own_line=True)
                else:
                    run_in(draft, one, meaning)
            draft.para(draft.job.pen.sentences("english", 2), "hint", one.owner)
            noted(draft, one)


BRIEF = ("description", "responsible", "partners", "period", "cost", "priority")
LAYOUTS = (
    Layout("label table", label_table, numberings=(*CODES, "none"), most=40),
    Layout("labelled cells", labelled_cells, ("pdf", "docx", "html"), numberings=CODES, most=40, heads="bar"),
    Layout("header bar", header_bar, ("pdf", "md", "docx", "txt"), most=80, heads="light"),
    Layout("number in a box", number_box, ("pdf", "txt", "docx"), most=36, heads="light"),
    Layout("titles in capitals", capitals, labels=("capitals",), most=60, heads="small"),
    Layout("side column", side_column, ("pdf", "html", "docx"), most=40),
    Layout("stars", stars, most=60, only=BRIEF, heads="small"),
    Layout("running heads", running_heads, ("pdf", "txt", "html"), most=60, heads="centred"),
    Layout("cards", cards, ("pdf", "html", "docx"), only=BRIEF, length=1, most=80),
    Layout("key data", key_data, most=60, heads="bar"),
    Layout("numbered sections", numbered_sections, most=36),
    Layout("goals with sheets", goal_sheets, kind="strategy", most=60, heads="light"),
    Layout("two languages", bilingual, ("pdf", "md", "docx", "html"), labels=("bilingual",), most=42),
)
