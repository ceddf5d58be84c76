"""Measures as bullets under fields or guiding principles, and boxes side by side whose labels are questions."""

from __future__ import annotations

from tests.papers.blocks import Cell, Para
from tests.papers.draft import Draft
from tests.papers.layouts.parts import (
    Group,
    Layout,
    One,
    cell,
    contents,
    entered,
    field_page,
    foreword,
    in_boxes,
    method,
    named,
    outlook,
    shown,
    title_page,
)
from tests.papers.truth import TruthRecord
from tests.papers.words import table


def bullet(draft: Draft, group: Group, one: One, place: int) -> None:
    """Write a measure as a bullet: name in bold, what it is about, the office in brackets."""
    offices = ", ".join(one.measure.fields.get("responsible", ()))
    name = named(one.number, one.measure.title)
    draft.para((f"**{name}:** {one.measure.about}", *([f"({offices})"] if offices else [])), "bullet", one.owner)
    if one.number.ref is None and group.number.ref:
        draft.change(one.owner, ref_also=(f"{group.number.ref}.{place}",))


def under_fields(draft: Draft) -> None:
    """Bullets with a bold name under each field of action."""
    groups = entered(draft, ("responsible",))
    title_page(draft)
    foreword(draft)
    for group in groups:
        field_page(draft, group)
        draft.para("Dazu sind vorgesehen:", owner=group.owner)
        for place, one in enumerate(group.ones, start=1):
            bullet(draft, group, one, place)
    outlook(draft)


def under_principles(draft: Draft) -> None:
    """Guiding principles with a sentence each, and under them measures as bullets without numbers."""
    groups = entered(draft, (), bare=True)
    title_page(draft)
    foreword(draft)
    principles = table("sentences")["principles"]
    for place, group in enumerate(groups):
        name, sentence = principles[place % len(principles)]
        draft.change(group.owner, kind="principle", title=name, ref_also=(str(place + 1),))
        draft.heading(f"Leitsatz {place + 1}: {name}", 2, group.owner)
        draft.change(group.owner, ref=str(place + 1), ref_also=(), family="Leitsatz {n}")
        draft.para(sentence, owner=group.owner)
        draft.para(group.field.intro, owner=group.owner)
        draft.para("So setzen wir das um:", owner=group.owner)
        for number, one in enumerate(group.ones, start=1):
            draft.change(one.owner, parent=str(place + 1), ref_also=(f"{place + 1}.{number}",))
            bullet(draft, group, one, number)


def goals_and_bullets(draft: Draft) -> None:
    """Strategic goals whose heading is only their number, with measures as plain sentences below."""
    groups = entered(draft, (), bare=True)
    title_page(draft)
    method(draft, statement=False)
    for place, group in enumerate(groups, start=1):
        draft.change(group.owner, kind="goal", ref=str(place), title=group.field.goal, family="Strategisches Ziel {n}")
        draft.heading(f"Strategisches Ziel {place}", 2, group.owner)
        draft.para(group.field.goal, owner=group.owner)
        draft.para(group.field.intro, owner=group.owner)
        draft.heading("Maßnahmen", 4)
        for number, one in enumerate(group.ones, start=1):
            draft.change(one.owner, title=one.measure.title, parent=str(place), ref_also=(f"{place}.{number}",))
            draft.para(one.measure.title, "bullet", one.owner)
    outlook(draft)


def question_boxes(draft: Draft) -> None:
    """Coloured boxes side by side with questions as labels; number and title only in head and heading of the sheet."""
    groups = entered(draft)
    title_page(draft)
    contents(draft, groups)
    draft.page()
    method(draft)
    for group in groups:
        draft.page()
        field_page(draft, group)
        for one in group.ones:
            draft.page()
            draft.running_head(f"{group.field.title} | {named(one.number, one.measure.title)}")
            draft.heading(named(one.number, one.measure.title), 2, one.owner)
            boxes_of(draft, one)
    draft.page()
    draft.running_head(draft.job.material.title)
    outlook(draft)


def boxes_of(draft: Draft, one: One) -> None:
    """Write the fields of a measure as boxes: long ones over the whole width, short ones in pairs."""
    long = [meaning for meaning in shown(draft, one) if meaning in {"description", "situation", "steps"}]
    short = [meaning for meaning in shown(draft, one) if meaning not in long]
    for meaning in long:
        hint = Para(("Worum handelt es sich und was ist der Anlass?",), "hint", one.owner)
        label, *texts = in_boxes(draft, one, meaning, "bullets")
        draft.grid([[Cell((label, hint, *texts))]], [1], look="boxes", data=False)
    for first in range(0, len(short) - 1, 2):
        pair = [Cell(in_boxes(draft, one, meaning, "bullets")) for meaning in short[first : first + 2]]
        draft.grid([pair], [1, 1], look="boxes", data=False)
    if len(short) % 2:
        draft.grid([[Cell(in_boxes(draft, one, short[-1]))]], [1], look="boxes", data=False)


def profiles(draft: Draft) -> None:
    """Profiles without numbers in the same form on every page: title in a bar, labels, a list of further reading."""
    groups = entered(draft, bare=True)
    title_page(draft)
    method(draft)
    for group in groups:
        draft.page()
        field_page(draft, group)
        for one in group.ones:
            draft.page()
            draft.grid([[cell(one.measure.title, "strong", one.owner, fill=True)]], [1], look="bare", data=False)
            for meaning in shown(draft, one):
                draft.labelled(meaning, one.measure.fields[meaning], one.owner, own_line=True)


def projects_of_measures(draft: Draft) -> None:
    """Measures with projects below them, which have a dash and no number: children."""
    groups = entered(draft)
    title_page(draft)
    method(draft, statement=False)
    for group in groups:
        field_page(draft, group)
        for one in group.ones:
            draft.heading(named(one.number, one.measure.title), 2, one.owner)
            draft.para(one.measure.fields["description"], owner=one.owner)
            for meaning in shown(draft, one):
                if meaning != "description":
                    draft.labelled(meaning, one.measure.fields[meaning], one.owner)
            if one.owner % 3 == 0:
                dashed_parts(draft, one)


def dashed_parts(draft: Draft, one: One) -> None:
    """Write two parts of a measure as bullets; whether they are records of their own is anyone's guess."""
    for letter in ("a", "b"):
        title = f"{draft.job.pen.one('steps')} (Teil {letter})"
        parent = one.number.ref or one.measure.title
        child = TruthRecord(kind="project", ref=None, title=title, family="", parent=parent, uncertain=True)
        draft.para(title, "bullet", draft.note(child))


LAYOUTS = (
    Layout("bullets under fields", under_fields, only=("description", "responsible")),
    Layout(
        "bullets under principles",
        under_principles,
        kind="guiding_principles",
        only=("description",),
        numberings=("none",),
        most=60,
    ),
    Layout(
        "goals with bullets", goals_and_bullets, kind="strategy", only=("description",), numberings=("none",), most=60
    ),
    Layout("question boxes", question_boxes, ("pdf", "html", "md"), labels=("questions",), damage=("split_letters",)),
    Layout("profiles without numbers", profiles, ("pdf", "txt", "docx"), numberings=("none",)),
    Layout("measures with dashed parts", projects_of_measures, ("pdf", "md", "txt"), most=30),
)
