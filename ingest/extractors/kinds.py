"""What a section is as an item: a theme, goal, project, principle, thesis, point or section; its ref and its title."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ingest.blocks import Block
from ingest.extractors.headings import BY_SIGN, LONGEST, LONGEST_TITLE
from ingest.extractors.sections import INTRODUCES, Section, is_generic_goal, is_group
from ingest.plan.words import names_several
from vectorstore.records import DocumentKind, ItemKind

_WORDS: tuple[tuple[ItemKind, re.Pattern[str]], ...] = (
    (ItemKind.THESIS, re.compile(r"thes[ei]|leits[aä]tz|leitlinie|leitbild|leitged", re.I)),
    (ItemKind.PRINCIPLE, re.compile(r"prinzip|grunds[aä]tz", re.I)),
    (ItemKind.GOAL, re.compile(r"ziel|handlungsfeld|schwerpunkt", re.I)),
    (ItemKind.PROJECT, re.compile(r"ma(?:ß|ss)nahme|projekt|vorhaben", re.I)),
)
_SENTENCE_END = re.compile(r"(?<=[a-zäöüß)“]{2}[.!?])\s+(?=[A-ZÄÖÜ„])")
_TITLE_LENGTH = 140  # characters of a sentence used as title before it is cut
_SEVERAL = 2  # headings of fields


def kind_of(section: Section, document_title: str, document_kind: DocumentKind) -> ItemKind:
    """Return the kind of the item that a section makes."""
    number, above = section.number, section.parent
    if section.given is not None:
        return section.given.kind
    if _is_field(section):
        return ItemKind.THEME
    if section.resolves:
        return ItemKind.RESOLUTION
    if section.inner or number is None or number.is_letter or document_kind is DocumentKind.STATUTE:
        return ItemKind.SECTION
    in_part = above is not None and above.number is not None and above.number.is_letter
    if not (in_part or (section.level == 1 and all(child.inner for child in section.children))):
        return _kind_in_outline(section)
    for words in (_parent_title(section), _title_before(section), document_title, _first_line(section)):
        for kind, pattern in _WORDS:
            if pattern.search(words):
                return kind
    return ItemKind.SECTION


def _kind_in_outline(section: Section) -> ItemKind:
    """Return the kind of a chapter with numbers below it: goals hold groups by status, and these projects."""
    if section.parent is not None and is_group(section.parent):
        return ItemKind.PROJECT
    if is_generic_goal(section.title) or any(map(is_group, section.children)):
        return ItemKind.GOAL
    goals = any(_kind_in_outline(child) is ItemKind.GOAL for child in section.children)
    return ItemKind.THEME if section.level == 1 and goals else ItemKind.SECTION


def _is_field(section: Section) -> bool:
    """Whether a heading without a number is one of several right under a heading that says it has fields below it."""
    above = section.parent
    if section.number is not None or section.label or above is None or not names_several(above.title, "theme"):
        return False
    return sum(one.number is None for one in above.children) >= _SEVERAL


def _parent_title(section: Section) -> str:
    return section.parent.title if section.parent and section.parent.level else ""


def _first_line(section: Section) -> str:
    """Return what the document begins with, where it is short enough to be its title."""
    root = section
    while root.parent is not None:
        root = root.parent
    first = root.blocks[0].text if root.blocks else ""
    return first if len(first) <= LONGEST else ""


def _title_before(section: Section) -> str:
    """Return the title of the nearest unnumbered heading before a chapter."""
    title = ""
    for sibling in section.parent.children if section.parent else []:
        if sibling is section:
            break
        title = sibling.title if sibling.number is None else title
    return title


def spellings(root: Section, listed: Sequence[str]) -> dict[str, str]:
    """Return titles by how they are compared, as spelled where they are not in capitals."""
    mixed = (section.title for section in root.walk() if not section.title.isupper())
    return {title.casefold(): title for title in (*listed, *mixed)}


def title_of(section: Section, kind: ItemKind, own: Sequence[Block], spelled: Mapping[str, str]) -> str:
    """Return the title of the item that a section makes of its own blocks; capitals are spelled as elsewhere."""
    title = " ".join(section.title.split()) if section.given is None else section.given.title
    if kind is ItemKind.GOAL and is_generic_goal(title) and own:
        return own[0].text
    if kind is ItemKind.RESOLUTION or is_point(section):
        return short(title)
    signed = BY_SIGN.match(title) if section.number is None and section.given is None else None
    if signed is not None:
        return signed["title"]
    return spelled.get(title.casefold(), title) if title.isupper() and len(title) > 4 else title


def ref_of(section: Section) -> str:
    """Return the ref: the number as printed, with the part's letter, or the printed heading."""
    if section.given is not None and section.given.ref:
        return section.given.ref
    if section.level == 0:
        return "Titel"
    if section.number is None:
        match = INTRODUCES.match(section.title)
        signed = BY_SIGN.match(section.title)
        return match[0] if match else " ".join(signed["ref"].split()) if signed else section.title
    printed = section.number.ref.lstrip("0")
    part = section.parent.number if section.parent else None
    if part is not None and part.is_letter and not section.resolves:
        return f"{part.ref}.{printed}"
    return printed


def heading_and_rest(section: Section) -> tuple[str, str]:
    """Return the printed heading, and what of its block is text: a point of a resolution has only a number."""
    if section.heading is None:
        return "", ""
    text = section.heading.text
    if section.resolves or is_point(section):
        start = len(text) - len(section.title)
        return text[:start].strip(), text[start:]
    return text, ""


def is_point(section: Section) -> bool:
    """Whether a number stands before whole sentences: its section has no title, and its heading is text."""
    return section.number is not None and len(section.title) > LONGEST_TITLE and section.given is None


def short(text: str) -> str:
    """Return the first sentence, cut at a word where it is long."""
    sentence = _SENTENCE_END.split(text, maxsplit=1)[0]
    if len(sentence) <= _TITLE_LENGTH:
        return sentence
    return sentence[:_TITLE_LENGTH].rsplit(" ", 1)[0].rstrip(",;") + " …"
