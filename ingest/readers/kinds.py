"""The item kind of each heading: theme, goal, project, principle, thesis, resolution point or
section.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from ingest.keys import FAMILY_KINDS, RECORDS
from ingest.readers.headings import Heading, HeadingReason, Level
from ingest.readers.lexicon import is_status_heading, names_themes
from ingest.readers.numbers import PrintedNumber
from ingest.readers.words import patterns
from ingest.stream import Line
from vectorstore.records import ItemKind

# "Der Kreistag möge beschließen:", "Beschlussvorschlag"; not what was resolved before: "Beschlossen
# vom Kreistag am 12. Mai 2026", "Beschluss vom 12.05.2026"
_RESOLUTION = re.compile(
    r"beschließ|beschlu(?:ss|ß)(?:[^:]*:$|(?!.*\d{4}))|beschlossen[^\d:]*:$", re.IGNORECASE
)
# "Ergänzungsantrag"
_MOTION = re.compile(r"^(?:\w+ )?(?:\w+s)?antrag\b|^beschlussvorlage\b", re.IGNORECASE)
# follows the points of a motion
_REASONS = re.compile(r"^(?:begründung|sachverhalt|erläuterung)", re.IGNORECASE)
_OPENING = 40  # lines at the beginning of a document among which a motion is named as one
# "Oberziel IV:"
_GENERIC_GOAL = re.compile(r"^(?:[\w-]+\s+)?[\w-]*ziel\s*[\dIVX]*\s*:?$", re.IGNORECASE)
_KINDS = patterns("kinds_of_records")
_GROUPS = patterns("kinds_of_groups")
# "Maßnahmen", "Maßnahmenblätter", "Projektsteckbriefe"; not "Projektleitung" of an imprint
_SEVERAL = re.compile(
    r"ma(?:ß|ss)nahmen|projekte\b|vorhaben\b|aktionen\b|bausteine|empfehlungen|steckbrief",
    re.IGNORECASE,
)


def kind_of_word(word: str) -> ItemKind | None:
    """Return the kind that a word names, in a label or before a number ("Maßnahme", "Projekt"),
    None if it names none. Of several kinds in a long word the first in `words.toml` counts.
    """
    for kind, pattern in _KINDS.items():
        if pattern.search(word):
            return ItemKind(kind)
    return None


def names_several(text: str) -> bool:
    """True if a text names several records, or a sheet or catalogue of them."""
    return _SEVERAL.search(text) is not None


def record_kind(kind: ItemKind | None, otherwise: ItemKind = ItemKind.MEASURE) -> ItemKind:
    """Return a kind as it is if families of records may have it (project, measure or goal), and
    `otherwise` for any other kind and for None.
    """
    if kind in FAMILY_KINDS:
        return kind
    return otherwise


def is_generic_goal(title: str) -> bool:
    """True for a heading that only announces a goal: "Strategisches Ziel 2"."""
    return _GENERIC_GOAL.match(title) is not None


class KindAssigner:
    """Gives the headings of a document their kinds; `title` is that of the document."""

    def __init__(self, headings: Sequence[Heading], lines: Sequence[Line], title: str) -> None:
        """Note the headings below each heading, and where a motion ends. Entries of overviews are
        no children: their headings come again. A document that names itself a motion in its first
        lines ("Ergänzungsantrag") moves the numbered points up to its reasons ("Begründung"), or up
        to its end.
        """
        self._headings, self._lines, self._title = headings, lines, title
        # index of a heading → of those below it
        self._children: dict[int | None, list[int]] = defaultdict(list)
        for index, heading in enumerate(headings):
            if heading.reason is not HeadingReason.REPEATED:
                self._children[heading.parent].append(index)
        self._kinds: dict[int, ItemKind] = {}  # by index of a heading
        self._motion_end = 0  # numbered points before this line are moved
        if any(_MOTION.match(line.text) for line in lines[:_OPENING]):
            reasons = (index for index, line in enumerate(lines) if _REASONS.match(line.text))
            self._motion_end = next(reasons, len(lines))

    def assign(self) -> list[Heading]:
        """Return the headings with their kinds."""
        # children first: kinds depend on those of children
        for index in reversed(range(len(self._headings))):
            self._kinds[index] = self._kind(index)
        return [
            replace(heading, kind=self._kinds[index])
            for index, heading in enumerate(self._headings)
        ]

    def _kind(self, index: int) -> ItemKind:
        """Return the kind of a heading.

        A heading without a number is a section, or a theme in a list of themes. A numbered heading
        below a status ("Laufende Projekte") is a project: such a list is read by its headings, and
        not as a family. Otherwise the first of these that is known decides: the word of its number,
        its level, its title, the headings below it, words around it. A word for a project or
        measure makes a section: such records are read as families before, and what is left is a
        heading about them.
        """
        heading = self._headings[index]
        above = None
        if heading.parent is not None:
            above = self._headings[heading.parent]
        if heading.number is None:
            return self._kind_without_number(heading, above)
        if above is not None and is_status_heading(above.title):
            return ItemKind.PROJECT
        kind = kind_of_word(heading.number.word)
        if kind in RECORDS:
            return ItemKind.SECTION
        if kind is not None:
            return kind
        if heading.level == Level.PART:
            return ItemKind.SECTION
        if is_generic_goal(heading.title):
            return ItemKind.GOAL
        return self._kind_by_children(index, heading.number) or self._kind_by_words(heading, above)

    def _kind_without_number(self, heading: Heading, above: Heading | None) -> ItemKind:
        """Return the kind of a heading without a number: a section. It is a theme if it and another
        heading without a number stand below a title such as "Handlungsfelder". A label ("Name:")
        names no theme.
        """
        if above is None or heading.reason is HeadingReason.LABEL:
            return ItemKind.SECTION
        siblings = [self._headings[other] for other in self._children[heading.parent]]
        unnumbered = [other for other in siblings if other.number is None]
        if len(unnumbered) > 1 and names_themes(above.title):
            return ItemKind.THEME
        return ItemKind.SECTION

    def _kind_by_children(self, index: int, number: PrintedNumber) -> ItemKind | None:
        """Return the kind of a numbered heading by the headings below it, None if these do not
        tell. Above goals it is a theme. Above other numbered headings, or with a number such as
        1.2, it is a section.
        """
        children = self._children.get(index, ())
        if any(self._kinds.get(child) is ItemKind.GOAL for child in children):
            return ItemKind.THEME
        if number.depth > 1 or any(self._headings[child].number for child in children):
            return ItemKind.SECTION
        return None

    def _kind_by_words(self, heading: Heading, above: Heading | None) -> ItemKind:
        """Return the kind of a numbered heading by words around it.

        After words that announce a resolution (`_RESOLUTION`) it is one. Otherwise it is a section
        if no numbered heading is beside it, for nothing is listed then. A point of a motion is a
        resolution. Then a word for a kind is looked for in turn in the title above it, in the
        heading before the list, and in the title of the document.
        """
        all_children = [self._headings[other] for other in self._children[heading.parent]]
        siblings = [
            other for other in all_children if other.number and other.level == heading.level
        ]
        first_line = next(iter(siblings), heading).line
        title_above = ""
        if above:
            title_above = above.title
        lines_before = self._lines[max(0, first_line - 2) : first_line]
        two_lines_before = " ".join(line.text for line in lines_before)
        # what announces a resolution stands right before it, not further up in the sentence
        if _RESOLUTION.search(title_above) or _RESOLUTION.search(two_lines_before[-80:]):
            return ItemKind.RESOLUTION
        if len({other.title for other in siblings}) < 2:
            return ItemKind.SECTION
        if heading.line < self._motion_end:
            return ItemKind.RESOLUTION
        before = [other for other in all_children if other.line < first_line]
        unnumbered = [other.title for other in before if other.number is None]
        for text in (title_above, *unnumbered[-1:], self._title):
            for kind, pattern in _GROUPS.items():
                if pattern.search(text):
                    return ItemKind(kind)
        return ItemKind.SECTION
