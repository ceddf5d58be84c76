"""What the papers of the fourth set share: front pages of their own, beginnings of fields of action, lines of facts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.papers.blocks import Para
from tests.papers.draft import Draft
from tests.papers.layouts.parts import Group, One, contents, count_in_words, entered, named, shown

WORDS_FOLDER = Path(__file__).parent / "words"
LONG = ("situation", "description", "goal", "steps", "obstacles", "progress")


def front(draft: Draft) -> None:
    """Write the title page: what is said of its state stands below the title, the publisher last."""
    material = draft.job.material
    draft.para(material.title, "title")
    if material.status_line:
        draft.para(material.status_line, "hint")
        draft.front = (material.status, material.date)
    draft.para(material.publisher, "subtitle")
    draft.page()


def preface(draft: Draft, stated: bool = True) -> None:
    """Write how the paper came about, with how many measures there are where asked for."""
    draft.heading(draft.job.pen.rng.choice(("Einleitung", "Anlass und Auftrag", "Zu diesem Papier")))
    draft.para(draft.job.pen.sentences("foreword", 3))
    draft.para(draft.job.pen.sentences("method", 4))
    if stated:
        count_in_words(draft, "Beschrieben werden {count} Maßnahmen in {areas}.", ("Bereich", "Bereichen"))


def begun(draft: Draft, listed: bool = False, stated: bool = True, bare: bool = False) -> list[Group]:
    """Write everything before the measures and return them."""
    groups = entered(draft, bare=bare)
    front(draft)
    if listed:
        contents(draft, groups)
        draft.page()
    preface(draft, stated)
    return groups


def chapter_of(draft: Draft, group: Group, level: int = 1, turn: bool = True) -> None:
    """Write the heading of a field of action and its introduction."""
    if turn:
        draft.page()
    draft.heading(named(group.number, group.field.title, " – "), level, group.owner)
    draft.para(group.field.intro, owner=group.owner)


def last_words(draft: Draft) -> None:
    """Write the last chapter."""
    draft.heading(draft.job.pen.rng.choice(("Weiteres Vorgehen", "Steuerung und Bericht", "Fazit")))
    draft.para(draft.job.pen.sentences("outlook", 3))


def facts(draft: Draft, one: One, but: Sequence[str] = ()) -> list[str]:
    """Return the fields of a measure as lines of label and value."""
    return [
        f"{label_of(draft, meaning)} {one.measure.text(meaning)}" for meaning in shown(draft, one) if meaning not in but
    ]


def label_of(draft: Draft, meaning: str) -> str:
    """Return a label as it stands before its value: with a colon where it is no question."""
    label = draft.job.label(meaning)
    return label if label.endswith("?") else f"{label}:"


def said(draft: Draft, text: str, owner: int, known: Sequence[str] = ()) -> None:
    """Write a plain line that is known by its values only."""
    draft.blocks.append(Para((text,), "body", owner))
    draft.body.extend(known)
