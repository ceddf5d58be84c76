"""Headings: their type, their levels, and the reasons why a line is one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, IntEnum, auto

from ingest.readers.numbers import PrintedNumber, parse_number
from ingest.readers.parents import PlacedHeading, find_parents
from vectorstore.records import ItemKind

_CAPTION = re.compile(
    r"(?:Abb(?:ildung)?|Tab(?:elle)?|Bild|Foto|Grafik|Karte|Quelle|Diagramm|Anlage)\b",
    re.IGNORECASE,
)
_INTRODUCTION = re.compile(r"(?:Einleitung|Einführung|Vorwort|Präambel)\b")


class Level(IntEnum):
    """The first level of each sort of heading; a number's depth is added to NUMBERED, an order of
    looks to PLAIN.
    """

    PART = 1
    NUMBERED = 2
    PLAIN = 60
    FORM = 90
    OVERVIEW = 95


class HeadingReason(Enum):
    """Why a line is a heading."""

    NUMBER = auto()  # a number in sequence
    LEVEL = auto()  # a heading style of the file
    LISTED = auto()  # in the table of contents or bookmarks
    LOOK = auto()  # set off from the body
    LABEL = auto()  # a label with a colon
    ALONE = auto()  # a short line between paragraphs, in text without styles
    REPEATED = auto()  # an entry of an overview whose number and title another heading has


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading. `parent` is the index of the heading above it. A point (`is_point`) is a numbered
    paragraph without a title of its own.
    """

    lines: tuple[int, ...]
    start: int  # offset of the title in the first line
    title: str
    number: PrintedNumber | None
    level: int
    reason: HeadingReason
    ref: str = ""
    kind: ItemKind = ItemKind.SECTION
    parent: int | None = None
    is_point: bool = False

    @property
    def line(self) -> int:
        """The index of the first line."""
        return self.lines[0]


def introduction_of(title: str) -> str | None:
    """Return the word for an introduction that a title begins with ("Vorwort"), None for other
    titles.
    """
    match = _INTRODUCTION.match(title)
    if match:
        return match[0]
    return None


def is_caption(text: str) -> bool:
    """True for a numbered caption of a picture or table ("Abb. 3"), and for a line with a source
    ("Quelle: …"). A word alone ("Karte") may begin a title.
    """
    has_number = _CAPTION.match(text) is not None and parse_number(text) is not None
    return has_number or text.startswith(("Quelle:", "Foto:"))


def with_parents(headings: Sequence[Heading]) -> list[Heading]:
    """Return headings with their parent: the index of the heading above each, None if there is
    none.
    """
    entries = [
        PlacedHeading(
            heading.level, heading.ref, heading.title, heading.reason is HeadingReason.REPEATED
        )
        for heading in headings
    ]
    parents = find_parents(entries)
    return [
        replace(heading, parent=parent) for heading, parent in zip(headings, parents, strict=True)
    ]
