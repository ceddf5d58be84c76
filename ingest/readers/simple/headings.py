"""The form of a heading of the simple reader, and what a title by itself says of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.readers.numbers import Printed, printed_number
from vectorstore.records import ItemKind

# Levels: parts with letters, numbers by depth, headings without numbers, parts of a form, entries of an overview.
PART, NUMBERED, PLAIN, FORM, OVERVIEW = 1, 2, 60, 90, 95
LABELLED, REPEATED = "label", "repeated"
_CAPTION = re.compile(
    r"^(?:Abb(?:ildung)?|Tab(?:elle)?|Bild|Foto|Grafik|Karte|Quelle|Diagramm|Anlage)\b", re.IGNORECASE
)
_INTRODUCTION = re.compile(r"^(?:Einleitung|Einführung|Vorwort|Präambel)\b")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: its lines, the place in the first line at which the title begins, number, level from 1, kind.

    `reason` says what it rests on: number, listed, look, level, label, alone, or repeated where it is an entry of an
    overview whose number and title another heading has. `title` is the text behind the number.
    """

    lines: tuple[int, ...]
    start: int
    title: str
    number: Printed | None
    ref: str
    level: int
    reason: str
    kind: ItemKind = ItemKind.SECTION
    parent: int | None = None  # the number of the heading above in the outline
    is_point: bool = False  # a numbered paragraph, which has no title of its own

    @property
    def line(self) -> int:
        """The first line."""
        return self.lines[0]


def names_picture(text: str) -> bool:
    """True for a text that begins with the word for a picture or table."""
    return _CAPTION.match(text) is not None


def is_caption(text: str) -> bool:
    """True for what names a picture or table, or says where something is from."""
    return (names_picture(text) and printed_number(text) is not None) or text.startswith(("Quelle:", "Foto:"))


def introduction_of(title: str) -> str | None:
    """Return the word for an introduction that a title begins with, None for others."""
    match = _INTRODUCTION.match(title)
    return match[0] if match else None


def join_title(texts: Sequence[str]) -> str:
    """Return lines of a heading as one text; a word broken at a line end is whole."""
    text = texts[0]
    for line in texts[1:]:
        broken = text.endswith("-") and line[:1].islower() and not line.startswith(("und ", "oder "))
        text = text[:-1] + line if broken else f"{text} {line}"
    return text
