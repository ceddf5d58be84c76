"""Which sections are themes, goals, projects, principles, theses, points of a resolution."""

from __future__ import annotations

import re

from ingest.blocks import BlockKind
from ingest.extractors.outline import Section
from ingest.plan.numbering import Style
from ingest.plan.statuses import is_status_heading
from ingest.plan.terms import names_several
from vectorstore.records import DocumentKind, ItemKind

_WORDS: tuple[tuple[ItemKind, re.Pattern[str]], ...] = (
    (ItemKind.THESIS, re.compile(r"thes[ei]|leits[aä]tz|leitlinie|leitbild|leitged", re.I)),
    (ItemKind.PRINCIPLE, re.compile(r"prinzip|grunds[aä]tz", re.I)),
    (ItemKind.GOAL, re.compile(r"ziel|handlungsfeld|schwerpunkt", re.I)),
    (ItemKind.PROJECT, re.compile(r"ma(?:ß|ss)nahme|projekt|vorhaben", re.I)),
)
_PROJECT_LABEL = re.compile(
    r"^(?:projekt|ma(?:ß|ss)nahmen?|kurz)?beschreibung|^(?:aktueller )?(?:sach|umsetzungs|projekt)stand|"
    r"^(?:aktueller )?stand(?: der umsetzung)?\s*:|^(?:projekt)?status\b",
    re.I,
)
_LONGEST_TITLE = 90
_WITHOUT_RECORDS = (DocumentKind.STATUTE, DocumentKind.MINUTES)
_SEVERAL = 2
_GENERIC_GOAL = re.compile(r"^(?:[\w-]+\s+)?[\w-]*ziel\s*[\dIVX]*\s*:?$", re.I)


def is_group(section: Section) -> bool:
    """Whether the section only groups projects by their status."""
    if section.given is not None:
        return False
    deep = section.number is not None and section.number.style is Style.DECIMAL and section.number.depth > 1
    return deep and is_status_heading(section.title)


def is_generic_goal(title: str) -> bool:
    """Whether a heading numbers a goal without saying it ("Strategisches Ziel 2")."""
    return _GENERIC_GOAL.match(title) is not None


def is_field(section: Section) -> bool:
    """Whether a heading without a number is one of several right under a heading that says it has fields below it."""
    above = section.parent
    if section.number is not None or section.label or above is None or not names_several(above.title, "theme"):
        return False
    return sum(one.number is None for one in above.children) >= _SEVERAL


def kind_of(section: Section, document_title: str, document_kind: DocumentKind) -> ItemKind:
    """Return the kind of the item that a section makes."""
    if section.given is not None:
        return section.given.kind
    if is_field(section):
        return ItemKind.THEME
    if section.inner:
        return ItemKind.SECTION
    if section.resolves:
        return ItemKind.RESOLUTION
    if section.number is None or section.number.style is Style.LETTER or document_kind in _WITHOUT_RECORDS:
        return ItemKind.SECTION
    if (section.level == 1 and all(child.inner for child in section.children)) or _in_part(section):
        return _series_kind(section, document_title, document_kind)
    return _outline_kind(section)


def _in_part(section: Section) -> bool:
    parent = section.parent
    return parent is not None and parent.number is not None and parent.number.style is Style.LETTER


def _outline_kind(section: Section) -> ItemKind:
    if section.inner:
        return ItemKind.SECTION
    if (section.parent is not None and is_group(section.parent)) or has_project_fields(section):
        return ItemKind.PROJECT
    below = [child for child in section.children if is_group(child) or _outline_kind(child) is ItemKind.PROJECT]
    if below or is_generic_goal(section.title):
        return ItemKind.GOAL
    if section.level == 1 and any(_outline_kind(child) is ItemKind.GOAL for child in section.children):
        return ItemKind.THEME
    bullets = any(block.kind is BlockKind.BULLET for block in section.blocks)
    if section.level > 1 and bullets and "ziel" in (section.title + _parent_title(section)).lower():
        return ItemKind.GOAL
    return ItemKind.SECTION


def has_project_fields(section: Section) -> bool:
    """Whether labels such as "Projektbeschreibung:" or "Sachstand:" stand in the section."""
    return any(_PROJECT_LABEL.match(block.text) and ":" in block.text[:40] for block in section.blocks)


def _series_kind(section: Section, document_title: str, document_kind: DocumentKind) -> ItemKind:
    """Chapters with single numbers: the words of part, preceding heading and document say what they are."""
    if has_project_fields(section):
        return ItemKind.PROJECT
    for words in (_parent_title(section), _title_before(section), document_title, _first_line(section)):
        for kind, pattern in _WORDS:
            if pattern.search(words):
                return kind
    return ItemKind.THESIS if document_kind is DocumentKind.GUIDING_PRINCIPLES else ItemKind.SECTION


def _parent_title(section: Section) -> str:
    return section.parent.title if section.parent and section.parent.level else ""


def _first_line(section: Section) -> str:
    """Return what the document begins with, where it is short enough to be its title."""
    root = section
    while root.parent is not None:
        root = root.parent
    first = root.blocks[0].text if root.blocks else ""
    return first if len(first) <= _LONGEST_TITLE else ""


def _title_before(section: Section) -> str:
    """Return the title of the nearest unnumbered heading before a chapter."""
    siblings = section.parent.children if section.parent else []
    before = [s.title for s in siblings[: _position(siblings, section)] if s.number is None]
    return before[-1] if before else ""


def _position(siblings: list[Section], section: Section) -> int:
    return next((i for i, sibling in enumerate(siblings) if sibling is section), 0)
