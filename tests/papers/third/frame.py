"""What the papers of the third set share: front pages of their own, goals, ratings in signs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tests.papers.draft import Draft
from tests.papers.layouts.parts import Group, One, blank_page, contents, count_in_words, entered, named
from tests.papers.material import LISTED
from tests.papers.numbers import Number
from tests.papers.truth import TruthRecord

WORDS_FOLDER = Path(__file__).parent / "words"
LONG = ("situation", "description", "goal", "steps", "obstacles", "progress", "effect")


def cover(draft: Draft) -> None:
    """Write the title page: publisher above, then the title and what is said of its state."""
    material = draft.job.material
    draft.para(material.publisher, "subtitle")
    draft.para(material.title, "title")
    if material.status_line:
        draft.para(material.status_line, "subtitle")
        draft.front = (material.status, material.date)
    draft.page()


def greeting(draft: Draft) -> None:
    """Write a word of greeting."""
    draft.heading(draft.job.pen.rng.choice(("Grußwort", "Zum Geleit", "Zusammenfassung")))
    draft.para(draft.job.pen.sentences("foreword", 4))


def reading_aid(draft: Draft, stated: bool = True) -> None:
    """Write how the paper is to be read, with how many measures there are where asked for."""
    draft.heading(draft.job.pen.rng.choice(("Zur Entstehung", "Lesehilfe", "Aufbau des Katalogs")))
    draft.para(draft.job.pen.sentences("method", 4))
    if stated:
        count_in_words(draft, "Der Katalog enthält {count} Maßnahmen aus {areas}.", ("Themenfeld", "Themenfeldern"))


def opened(draft: Draft, listed: bool = False, stated: bool = True, bare: bool = False) -> list[Group]:
    """Write everything before the measures and return them."""
    groups = entered(draft, bare=bare)
    cover(draft)
    if listed:
        contents(draft, groups)
        draft.page()
    greeting(draft)
    reading_aid(draft, stated)
    return groups


def field_start(draft: Draft, group: Group, level: int = 1, turn: bool = True) -> None:
    """Write the heading of a field of action and its introduction."""
    if turn:
        if "blank" in draft.job.damage:
            blank_page(draft)
        draft.page()
    draft.heading(named(group.number, group.field.title, ": "), level, group.owner)
    draft.para(group.field.intro, owner=group.owner)


def noted(draft: Draft, one: One) -> None:
    """Write a footnote below some measures where the paper has footnotes."""
    if "footnotes" in draft.job.damage and one.owner % 3 == 1:
        draft.footnote(one.owner, f"Mitteilung der Fachstelle vom Herbst {2019 + one.owner % 6}.")


def run_in(draft: Draft, one: One, meaning: str) -> None:
    """Write a field with its label in one line, sentences after each other."""
    values = one.measure.fields[meaning]
    draft.labelled(meaning, values if meaning in LISTED else (one.measure.text(meaning),), one.owner)


def closing(draft: Draft) -> None:
    """Write the last chapter."""
    draft.heading(draft.job.pen.rng.choice(("Wie es weitergeht", "Verstetigung und Controlling", "Schluss")))
    draft.para(draft.job.pen.sentences("outlook", 3))


def rated(draft: Draft, one: One, signs: Sequence[str]) -> str:
    """Return a rating in signs, printed where the priority stands: from here on that is the record's priority."""
    text = draft.job.pen.rng.choice(list(signs))
    record = draft.records[one.owner]
    if "priority" not in one.measure.fields:
        return ""
    fields = tuple(replace(known, text=text) if known.meaning == "priority" else known for known in record.fields)
    draft.change(one.owner, priority=text, fields=fields)
    return text


def sentence(text: str) -> str:
    """Return a sentence as it stands in a heading: without its full stop."""
    return text.rstrip(".")


def as_goals(draft: Draft, groups: Sequence[Group], word: str = "Ziel", shape: str = "{n}") -> list[Group]:
    """Make the fields of action goals: numbered sentences that are the parents of their measures."""
    made = []
    for place, group in enumerate(groups, start=1):
        ref = shape.format(n=place)
        number = Number(f"{word} {ref}".strip(), ref, f"{word} {shape}".strip(), kind="goal")
        draft.records[group.owner] = TruthRecord(
            kind="goal", ref=ref, title=sentence(group.field.goal), family=number.family
        )
        for one in group.ones:
            draft.change(one.owner, parent=one.number.child_of or ref)
        made.append(replace(group, number=number, field=replace(group.field, title=sentence(group.field.goal))))
    return made


def kept(one: One, meanings: Sequence[str]) -> list[str]:
    """Return those of the fields that the measure has."""
    return [meaning for meaning in meanings if meaning in one.measure.fields]


def chosen(draft: Draft, meanings: Sequence[str], most: int = 9) -> list[str]:
    """Return those of the fields that the paper has."""
    return [meaning for meaning in meanings if meaning in draft.job.material.meanings][:most]
