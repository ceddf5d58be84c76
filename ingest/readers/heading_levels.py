"""The levels of headings, and which headings of a document count at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import inf
from typing import NamedTuple

from ingest.readers.heading_lines import HeadingLines
from ingest.readers.headings import Heading, HeadingReason, Level, introduction_of
from ingest.readers.lexicon import field_of_label, is_section_label

# least labels of a form, and the share of them that mean a field
_FORM = 4
_KNOWN = 0.4


class _Look(NamedTuple):
    size: float
    bold: bool
    level: int  # the heading level that the file gives, 0 for none


class HeadingLeveller:
    """Gives the headings of a document their levels."""

    def __init__(self, lines: HeadingLines) -> None:
        self._lines, self._document = lines, lines.document

    def without_document_title(self, headings: Sequence[Heading]) -> list[Heading]:
        """Return the headings without the title of the document, and without repeats of this title.

        The title is the heading on the first line of the document. It has no number, is no label
        and not in the table of contents. It also must look like no later heading, since the title
        of a document is printed once; a heading that is one only because it stands alone, in text
        without styles, need not.
        """
        # excluded lines, such as a table of contents, may precede the title
        lines = (n for n in range(len(self._document)) if n not in self._document.excluded)
        if not headings or headings[0].line != next(lines, 0):
            return list(headings)
        top = headings[0]
        if top.number or top.reason in (HeadingReason.LISTED, HeadingReason.LABEL):
            return list(headings)
        later = [heading for heading in headings if heading.title != top.title]
        has_common_look = any(self._look(heading) == self._look(top) for heading in later)
        if has_common_look and top.reason is not HeadingReason.ALONE:
            return list(headings)
        return later

    def with_levels(self, headings: Sequence[Heading]) -> list[Heading]:
        """Return the headings with their levels. Numbered headings have one already (see `Level`).
        A heading without a number (`Level.PLAIN`) gets the level of the numbered headings with the
        same look, of several the highest in the outline. For other looks, and for labels in a
        resolution, see `_level`.
        """
        numbered_looks: dict[_Look, int] = {}
        for heading in headings:
            if heading.level < Level.PLAIN:
                look = self._look(heading)
                numbered_looks[look] = min(numbered_looks.get(look, Level.PLAIN), heading.level)
        plain_looks = {self._look(heading) for heading in headings if heading.level == Level.PLAIN}
        # the level of the file first, then large before small, bold before plain
        ranked_looks = sorted(
            plain_looks - numbered_looks.keys(),
            key=lambda look: (look.level or 99, -look.size, not look.bold),
        )
        labels = [heading for heading in headings if heading.reason is HeadingReason.LABEL]
        # a label "Beschluss:" or "Beschlussvorschlag:" makes the document a resolution
        is_resolution = any("beschlu" in heading.title.lower() for heading in labels)
        levelled = []
        for heading in headings:
            if heading.level == Level.PLAIN:
                level = self._level(heading, numbered_looks, ranked_looks, is_resolution)
                heading = replace(heading, level=level)
            levelled.append(heading)
        return levelled

    def _level(
        self,
        heading: Heading,
        numbered_looks: Mapping[_Look, int],
        ranked_looks: Sequence[_Look],
        is_resolution: bool,
    ) -> int:
        """Return the level of a heading without a number, by the first of these rules that applies.

        A label in a resolution is a part. A look that numbered headings have (`numbered_looks`)
        gives their level. A heading style of the file gives its own level. An introduction in the
        table of contents is a chapter. A look larger than that of all numbered headings makes a
        part. Otherwise the level follows from the rank of the look in `ranked_looks`, the highest
        first.
        """
        look = self._look(heading)
        if is_resolution and heading.reason is HeadingReason.LABEL:
            return Level.PART
        if look in numbered_looks:
            return numbered_looks[look]
        if look.level:
            return look.level
        word = introduction_of(heading.title)
        if word and self._lines.is_listed(word):
            return Level.NUMBERED + 1
        largest = max((numbered.size for numbered in numbered_looks), default=inf)
        if look.size > largest:
            return Level.PART
        return Level.PLAIN + ranked_looks.index(look)

    def _look(self, heading: Heading) -> _Look:
        style = self._document.lines[heading.line].style
        return _Look(style.size, style.bold, style.level)


def without_lone_labels(headings: Sequence[Heading]) -> list[Heading]:
    """Return the headings without labels ("Name:"), which mostly belong to a value and begin no
    section. Section words ("Begründung:") are kept, and so are the labels of a form: these get a
    level of their own. A form has at least `_FORM` labels, of which at least the share `_KNOWN`
    means a field, and no numbered heading.
    """
    labels = [heading for heading in headings if heading.reason is HeadingReason.LABEL]
    known = sum(field_of_label(heading.title, weak=True) is not None for heading in labels)
    has_numbers = any(heading.number is not None for heading in headings)
    is_form = len(labels) >= _FORM and known >= _KNOWN * len(labels) and not has_numbers
    result = []
    for heading in headings:
        if heading.reason is not HeadingReason.LABEL:
            result.append(heading)
        elif is_form:
            result.append(replace(heading, level=Level.FORM))
        elif is_section_label(f"{heading.title}:"):
            result.append(heading)
    return result
