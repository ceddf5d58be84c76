"""Tables, registers and outlines of the papers held back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tests.papers.blocks import Cell, Geometry, Para
from tests.papers.draft import Draft
from tests.papers.layouts.parts import Group, Layout, One, cell, contents, entered, shown
from tests.papers.truth import TruthRecord
from tests.papers.unseen.frame import (
    Row,
    beginning,
    cover,
    ending,
    field_of,
    glossary,
    key_figures,
    opened,
    people,
    plot,
)
from tests.papers.words import table


def kept(draft: Draft, meanings: Sequence[str]) -> list[str]:
    """Return those of the fields that the paper has."""
    return [meaning for meaning in meanings if meaning in draft.job.material.meanings]


def register(draft: Draft) -> None:
    """A register of works crosswise: many narrow columns, a sum below each field of action."""
    meanings = kept(draft, ("responsible", "cost", "priority", "period"))
    groups = opened(draft, meanings, stated=True)
    draft.page("landscape")
    names = ["Kennung", "Bezeichnung", "Lage", *(draft.job.label(meaning) for meaning in meanings)]
    for group in groups:
        draft.heading(f"{group.number.printed} {group.field.title}".strip(), 2, group.owner)
        rows: list[Row] = [[cell(name, "strong") for name in names]]
        for one in group.ones:
            texts = [one.number.printed, one.measure.title, draft.job.pen.rng.choice(draft.job.pen.towns)]
            texts += [one.measure.text(meaning) or "k. A." for meaning in meanings]
            rows.append([cell(text, "body", one.owner) for text in texts])
        total = cell(f"Summe: {len(group.ones)} Einträge", "strong", fill=True, across=len(names))
        rows.append([total, *[None] * (len(names) - 1)])
        draft.grid(rows, [1.1, 3.4, 1.5, *[1.7] * len(meanings)], 1, "grey")
    draft.page("portrait")
    glossary(draft)


def action_plan(draft: Draft) -> None:
    """An action plan crosswise: title in bold with text and steps in one cell, who and when beside it."""
    meanings = kept(draft, ("goal", "responsible", "partners", "period", "indicator"))
    groups = entered(draft, (*meanings, "description", "steps"))
    cover(draft)
    contents(draft, groups, measures=False)
    draft.page()
    beginning(draft, stated=True)
    key_figures(draft)
    names = ["Nr.", "Maßnahme", *(draft.job.label(meaning) for meaning in meanings)]
    for group in groups:
        draft.page("landscape")
        field_of(draft, group, turn=False)
        rows: list[Row] = [[cell(name, "strong") for name in names]]
        for one in group.ones:
            paras = [Para((one.measure.title,), "strong", one.owner)]
            paras.append(Para(one.measure.fields["description"], "body", one.owner))
            if "steps" in one.measure.fields:
                paras.append(Para((f"{draft.job.label('steps')}:",), "small", one.owner))
                paras += [Para((step,), "bullet", one.owner) for step in one.measure.fields["steps"]]
            values = [cell(one.measure.text(meaning), "body", one.owner) for meaning in meanings]
            rows.append([cell(one.number.printed, "body", one.owner), Cell(tuple(paras)), *values])
        draft.grid(rows, [0.8, 4.2, *[1.6] * len(meanings)], 1, "ruled", data=False)
    draft.page("portrait")
    people(draft)


def remarks(draft: Draft) -> None:
    """A list of the state of all measures: short cells, and below each row a remark across the table."""
    meanings = ("responsible", "period", "status")
    groups = opened(draft, (*meanings, "progress"), stated=True)
    names = ["Nr.", "Maßnahme", *(draft.job.label(meaning) for meaning in meanings)]
    for group in groups:
        field_of(draft, group, 2, turn=False)
        rows: list[Row] = [[cell(name, "strong") for name in names]]
        for one in group.ones:
            texts = [one.number.printed, one.measure.title, *(one.measure.text(meaning) for meaning in meanings)]
            rows.append([cell(text, "body", one.owner) for text in texts])
            if "progress" in one.measure.fields:
                remark = f"**{draft.job.label('progress')}:** {one.measure.text('progress')}"
                rows.append([cell(remark, "body", one.owner, across=len(names)), *[None] * (len(names) - 1)])
        draft.grid(rows, (0.9, 3.2, 1.8, 1.5, 1.4), 1, "ruled", data=False)
    ending(draft)


STATES = ("in Umsetzung", "in Planung", "in Prüfung")


def projects_by_goal(draft: Draft) -> None:
    """A report of a county: chapters, strategic goals, headings of the state, and projects numbered in four steps."""
    groups = entered(draft, bare=True)
    cover(draft)
    beginning(draft)
    pool = goals_of(draft)
    for chapter, group in enumerate(groups, start=1):
        draft.change(group.owner, ref=str(chapter), family="{n}.")
        draft.page()
        draft.heading(f"{chapter}. {group.field.title}", 1, group.owner)
        for place, (goal, ones) in enumerate(zip(pool, halves(group), strict=False), start=1):
            ref = f"{chapter}.{place}"
            record = TruthRecord(
                kind="goal", ref=ref, ref_also=(str(place),), title=goal, family="{n}.{n}", parent=str(chapter)
            )
            owner = draft.note(record)
            draft.heading(f"{ref} Strategisches Ziel {place}", 2, owner)
            draft.para(f"{goal}.", owner=owner)
            states(draft, ref, ones)


def states(draft: Draft, goal: str, ones: Sequence[One]) -> None:
    """Write the projects of a goal under the headings of their state."""
    for number, state in enumerate(STATES, start=1):
        draft.heading(f"{goal}.{number} Projekte {state}", 3, decoy=True)
        own = [one for place, one in enumerate(ones) if place % 3 == number - 1]
        if not own:
            draft.blocks.append(Para(("Derzeit liegen keine Projekte vor.",)))
        for place, one in enumerate(own, start=1):
            ref = f"{goal}.{number}.{place}"
            draft.change(one.owner, kind="project", ref=ref, family="{n}.{n}.{n}.{n}", parent=goal, status=state)
            draft.heading(f"{ref} {one.measure.title}", 4, one.owner)
            for meaning in shown(draft, one):
                draft.blocks.append(Para((f"**{draft.job.label(meaning)}:**",), "body", one.owner))
                draft.para((one.measure.text(meaning),), owner=one.owner)


def goals_of(draft: Draft) -> Iterator[str]:
    """Yield the goals of the words in another order, without their full stop."""
    pool: list[str] = list(table("sentences", draft.job.pen.folder)["goals"])
    draft.job.pen.rng.shuffle(pool)
    return iter([text.rstrip(".") for text in pool])


def halves(group: Group) -> list[tuple[One, ...]]:
    """Return the measures of a field in one part, or in two where there are many."""
    if len(group.ones) < 4:
        return [group.ones]
    half = (len(group.ones) + 1) // 2
    return [group.ones[:half], group.ones[half:]]


def operative_goals(draft: Draft) -> None:
    """A strategy of the kind that many towns got funded: strategic goals, operative ones, a table of measures below."""
    meanings = kept(draft, ("responsible", "period", "cost"))
    groups = entered(draft, ("description", *meanings), bare=True)
    cover(draft)
    beginning(draft)
    plot(draft, 1)
    pool = goals_of(draft)
    names = ["Nr.", "Maßnahme und Inhalt", *(draft.job.label(meaning) for meaning in meanings)]
    for first, group in enumerate(groups, start=1):
        title = group.field.goal.rstrip(".")
        draft.change(group.owner, kind="goal", ref=str(first), title=title, family="Strategisches Ziel {n}")
        draft.page()
        draft.heading(f"Themenfeld {group.field.title}", 1, decoy=True)
        draft.heading(f"Strategisches Ziel {first}: {title}", 2, group.owner)
        draft.para(group.field.intro, owner=group.owner)
        for second, (goal, ones) in enumerate(zip(pool, halves(group), strict=False), start=1):
            ref = f"{first}.{second}"
            family = "Operatives Ziel {n}.{n}"
            owner = draft.note(TruthRecord(kind="goal", ref=ref, title=goal, family=family, parent=str(first)))
            draft.heading(f"Operatives Ziel {ref}: {goal}", 3, owner)
            rows: list[Row] = [[cell(name, "strong") for name in names]]
            for third, one in enumerate(ones, start=1):
                number = f"{ref}.{third}"
                draft.change(one.owner, ref=number, family="{n}.{n}.{n}", parent=ref)
                text = Para(one.measure.fields["description"], "body", one.owner)
                both = Cell((Para((one.measure.title,), "strong", one.owner), text))
                values = [cell(one.measure.text(meaning), "body", one.owner) for meaning in meanings]
                rows.append([cell(number, "body", one.owner), both, *values])
            draft.grid(rows, [0.8, 3.7, *[1.95] * len(meanings)], 1, "lines", data=False)
    ending(draft)


FEW = ("description", "responsible", "period", "cost", "priority")
PLAN = ("description", "goal", "steps", "responsible", "partners", "period", "indicator")
DENSE = Geometry(left=40, right=40, top=58, bottom=50, head_at="right", foot_at="right", ruled=False, scale=0.82)
WIDE = Geometry(left=57, right=57, top=66, bottom=54, head_at="left", foot_at="right", scale=0.88)
OFFICE = Geometry(left=71, right=71, top=90, bottom=80, head_at="right", foot_at="centre", scale=1.0)
REPORT = Geometry(left=78, right=64, top=70, bottom=76, head_at="left", foot_at="right", by_turns=True, scale=1.08)

REGISTER = Layout(
    "register of works",
    register,
    ("pdf",),
    "concept",
    only=FEW,
    numberings=("D.II.3", "MB-1.4"),
    length=0,
    most=48,
    labels=("office", "planning"),
    geometry=DENSE,
)
ACTIONS = Layout(
    "action plan crosswise",
    action_plan,
    ("pdf", "html"),
    only=PLAN,
    numberings=("Nr. 4.12", "V-2.03"),
    length=1,
    most=40,
    labels=("rights",),
    heads="small",
    geometry=WIDE,
)
REMARKS = Layout(
    "remarks below rows",
    remarks,
    ("pdf",),
    "report",
    only=("description", "responsible", "period", "status", "progress"),
    numberings=("S7", "Nr. 4.12", "HF3-02"),
    length=0,
    most=48,
    labels=("office", "rights", "balance"),
    heads="black",
    geometry=OFFICE,
)
PROJECTS = Layout(
    "projects by goal",
    projects_by_goal,
    ("pdf",),
    "report",
    only=("description", "progress"),
    numberings=("none",),
    length=3,
    most=40,
    labels=("planning",),
    heads="black",
    geometry=REPORT,
)
OPERATIVE = Layout(
    "operative goals",
    operative_goals,
    ("pdf", "docx"),
    "strategy",
    only=("description", "responsible", "period", "cost"),
    numberings=("none",),
    length=1,
    most=40,
    labels=("guideline", "balance"),
    heads="colour",
    geometry=WIDE,
)
