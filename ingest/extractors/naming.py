"""What a section is called as an item: its ref, its title, its printed heading."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.blocks import Block
from ingest.extractors.agenda import named_by_notation
from ingest.extractors.kinds import is_generic_goal
from ingest.extractors.numbered_headings import LONGEST_TITLE
from ingest.extractors.outline import Section
from vectorstore.records import ItemKind

_INTRODUCTION = re.compile(r"^(?:Einleitung|Einführung|Vorwort|Präambel)\b")
_SENTENCE_END = re.compile(r"(?<=[a-zäöüß)“]{2}[.!?])\s+(?=[A-ZÄÖÜ„])")
_TITLE_LENGTH = 140  # characters of a sentence used as title before it is cut


class Titles:
    """Titles of a document's sections; headings in capitals are spelled as elsewhere in the document."""

    def __init__(self, document_title: str, root: Section, listed: Sequence[str]) -> None:
        mixed = (section.title for section in root.walk() if not section.title.isupper())
        self._document_title = document_title
        self._spelled = {title.casefold(): title for title in (*listed, *mixed)}

    def title_of(self, section: Section, kind: ItemKind, own: Sequence[Block]) -> str:
        """Return the title of the item that a section makes of its own blocks."""
        if section.given is not None:
            return section.given.title
        title = " ".join(section.title.split())
        if section.level == 0:
            return self._document_title
        if kind is ItemKind.GOAL and is_generic_goal(title) and own:
            return own[0].text
        if kind is ItemKind.RESOLUTION:
            return short(own[0].text if own and section.title.endswith(":") and section.number is None else title)
        if is_point(section):
            return short(title)
        noted = named_by_notation(title)
        if noted is not None and section.number is None:
            return noted[1]
        return self._spelled.get(title.casefold(), title) if title.isupper() and len(title) > 4 else title


def ref_of(section: Section) -> str:
    """Return the ref: the number as printed, with the part's letter, or the printed heading."""
    if section.given is not None and section.given.ref:
        return section.given.ref
    if section.level == 0:
        return "Titel"
    if section.number is None and section.resolves and section.parent is not None:
        return ref_of(section.parent)
    if section.number is None:
        match = _INTRODUCTION.match(section.title)
        noted = named_by_notation(section.title)
        return match[0] if match else noted[0] if noted else section.title
    printed = section.number.printed.lstrip("0")
    part = section.parent.number if section.parent else None
    if part is not None and part.printed in "ABCDEFGH" and not section.resolves:
        return f"{part.printed}.{printed}"
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
