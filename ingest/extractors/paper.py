"""The lines of a paper with what a plan makes of them: labels, numbers before texts, titles that the contents list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from ingest.layout.contents_lines import contents_lines
from ingest.layout.lines import RawDocument, Style, body_style, split_dash
from ingest.plan.form import PlanLabel
from ingest.plan.labels import LabelFinder, LabelHit
from ingest.plan.numbers import Printed, number_behind, printed_number, same_ref
from vectorstore.records import ItemKind

LONGEST_TITLE = 220  # characters
_BEHIND_LABEL = 25  # characters behind a label's words within which its colon stands


@dataclass(slots=True)
class Sheet:
    """One record among the lines: where it begins and ends, the lines of its heading, and its labels by line."""

    ref: str
    title: str
    kind: ItemKind
    family: str
    heading: list[int]
    start: int = 0
    end: int = 0
    labels: dict[int, LabelHit] = field(default_factory=dict)
    set_off: bool = False


@dataclass(slots=True)
class SheetLayout:
    """What was found of a plan: records in reading order, and the lines that are headings above them.

    `listed` are the titles that the contents give to numbers, `shapes` the shapes of these numbers.
    `surplus` counts rounds of labels that begin on a sheet behind its first one: records whose heading was not found.
    """

    sheets: list[Sheet] = field(default_factory=list)
    headings: set[int] = field(default_factory=set)
    listed: Mapping[str, str] = field(default_factory=dict)
    shapes: Mapping[str, str] = field(default_factory=dict)
    surplus: int = 0


class Paper:
    """Lines with their labels by line, their numbers (in lines, behind bullets), and the titles listed by number."""

    def __init__(self, raw: RawDocument, labels: Sequence[PlanLabel]) -> None:
        self._finder = LabelFinder(labels)
        self._meant = {one.label: one.field for one in labels}
        self.lines, self.positioned = raw.lines, raw.positioned
        self.contents = contents_lines(raw.lines)
        self.body = body_style(raw.lines)
        self.hits: dict[int, LabelHit] = {}
        self.numbers: list[tuple[int, Printed]] = []
        self.dashed: list[tuple[int, Printed]] = []
        for index in range(len(raw.lines)):
            if not self.is_out(index):
                self._take(index)
        self._names = {hit.label.casefold() for hit in self.hits.values()}
        self._counts = [0, *accumulate(index in self.hits for index in range(len(raw.lines)))]
        listed = [one for text in self.contents.values() if (one := printed_number(text)) is not None and one.rest]
        self.listed = {same_ref(one.ref): one.rest for one in reversed(listed)}
        self.shapes = {same_ref(one.ref): one.label for one in reversed(listed)}

    def _take(self, index: int) -> None:
        """Note the label of a line and the number that it begins with."""
        line = self.lines[index]
        hit = self._finder.on(line)
        if hit is not None:
            self.hits[index] = hit
            if self._meant.get(hit.label) == "ref":
                return  # what stands behind a label for numbers begins nothing
        dashed = split_dash(line.text)
        number = printed_number(line.text if dashed is None else dashed)
        if number is None and dashed is None and (line.bold or line.level):
            number = number_behind(line.text)
        if number is not None:
            (self.dashed if line.bullet or dashed is not None else self.numbers).append((index, number))

    def is_out(self, index: int) -> bool:
        """Tell whether a line is furniture, of a table, or of the contents."""
        line = self.lines[index]
        return line.noise or line.tabled or index in self.contents

    def field_at(self, index: int) -> str | None:
        """Return the field that the label of a line means."""
        return self._meant.get(self.hits[index].label)

    def labels_between(self, start: int, end: int) -> int:
        """Count the labels from a line up to another."""
        return self._counts[end] - self._counts[start]

    def style(self, index: int) -> Style:
        """Return how a line is set."""
        return Style.of(self.lines[index])

    def is_set_off(self, index: int) -> bool:
        """Tell whether a line is set as headings are."""
        return self.style(index).is_set_off(self.body)

    def is_larger(self, style: Style, title: Style) -> bool:
        """Tell whether a style stands above that of titles."""
        if style.level:
            return not title.level or style.level < title.level
        return self.positioned and style.is_larger_than(max(title.size, self.body.size))

    def is_label(self, text: str) -> bool:
        """Tell whether a text is a label or begins with one and a colon."""
        start = text.casefold()
        plain = start.strip(" :")
        return any(
            plain == name or (start.startswith(name) and ":" in text[: len(name) + _BEHIND_LABEL])
            for name in self._names
        )

    def may_be_title(self, index: int) -> bool:
        """Tell whether a line could be a title by its text."""
        line = self.lines[index]
        if self.is_out(index) or line.bullet or index in self.hits or split_dash(line.text) is not None:
            return False
        text = line.text.strip()
        opens = text[:1].isupper() or text[:1] in '„"“»0123456789'
        return 3 < len(text) <= LONGEST_TITLE and opens and text[-1] not in ".;,"
