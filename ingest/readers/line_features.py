"""What each line of a document looks like and where it stands: the features by which lines are
alike.

Every feature is one column of integer codes, so that how often a value occurs among some lines and
among all lines is counted at once.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence

import numpy as np
import numpy.typing as npt

from ingest.readers.labels import Label, labels_by_line
from ingest.readers.lexicon import normalize
from ingest.readers.lines import DocumentLines

Codes = npt.NDArray[np.int32]
_INDENT = 8  # points of one step of the left edge
_REACH = 14  # lines below a line in which a label counts
_FAR = 6  # lines from which the distance to a label does not matter
_TOP = 4  # first lines of a page whose place is a feature
_RECURRING = 3  # prints from which a text is compared itself
_SHORT = 70  # characters of a text that may recur
_MOST_GAP = 4  # lines of white space above a line, beyond which all are alike


class LineFeatures:
    """The features of all lines: `codes` has a row for each line, a column for each feature."""

    def __init__(self, document: DocumentLines, labels: Sequence[Label]) -> None:
        """Code all features as integers. In each column equal values have the same code, counted
        from 0 in the order in which they come first. `_prints` says how often each short text is
        printed.
        """
        self._document = document
        self._labels = labels_by_line(labels)
        short_lines = [line.text for line in document.lines if len(line.text) < _SHORT]
        self._prints = Counter(map(normalize, short_lines))
        self.rows = _rows(document)
        self._next_label = self._distances_to_labels()
        self._places_on_page = _places_on_page(document)
        lines = (self._features(index).values() for index in range(len(document)))
        columns = map(_code, zip(*lines, strict=True))
        self.codes: Codes = np.array(list(columns), dtype=np.int32).T

    def _features(self, index: int) -> dict[str, Hashable]:
        """Return the features of one line by name: its look, its place on the page and in a table,
        its number, the labels in it and below it, and the lines around it. Values are only compared
        for equality, so numbers are rounded or capped, and rare texts are left out.
        """
        document = self._document
        line = document.lines[index]
        before, after = index - 1, index + 1
        next_label, distance = self._next_label[index]
        return {
            "look": self._look(index),
            "colour": line.style.colour if document.is_styled(index) else None,
            "heavier": document.is_prominent(index),
            "level": line.style.level,
            "bullet": line.bullet,
            "alone": document.is_set_off(index) and not document.is_styled(index),
            "in table": line.cell is not None,
            "indent": round(line.box.left / _INDENT),
            "first of cell": document.begins_paragraph(index),
            "new region": index == 0 or document.lines[before].region != line.region,
            "gap": self._gap(index),
            "top": self._places_on_page[index],
            "number": self._number_of(index),
            "number before": self._number_of(before),
            "label": self.is_label(index),
            "lead": self._lead(index),
            "next label": next_label,
            "to label": distance,
            "text before": self._recurring(before),
            "look before": self._look(before),
            "look after": self._look(after),
            "prints": min(self._prints[normalize(line.text)], _RECURRING),
            "end": line.text[-1:] in tuple(".;,:"),
            "capital": line.text[:1].isupper() or line.text[:1].isdigit(),
        }

    def label_below(self, index: int) -> str:
        """Return the next label below a line, "" if none is near."""
        return self._next_label[index][0]

    def _has_line(self, index: int) -> bool:
        return 0 <= index < len(self._document)

    def _look(self, index: int) -> Hashable:
        """Return size and weight of a line's letters, None if there is no such line."""
        if not self._has_line(index):
            return None
        style = self._document.lines[index].style
        return round(style.size), style.bold

    def _number_of(self, index: int) -> Hashable:
        """Return the family of the number that a line begins with, None without number or line."""
        if not self._has_line(index):
            return None
        number = self._document.number(index)
        return number.family if number else None

    def is_label(self, index: int) -> bool:
        """True if a line is a label and nothing else."""
        return index in self._labels and self._labels[index].is_whole

    def _lead(self, index: int) -> str:
        """Return the label that begins a line before its value ("Kosten: 3 €"), "" without one and
        for a label that fills its line.
        """
        label = self._labels.get(index)
        return "" if label is None or label.is_whole else label.key

    def _recurring(self, index: int) -> str:
        """Return the normalized text of a line if at least `_RECURRING` short lines have it, "~"
        for all other lines, and "" if there is no such line.
        """
        if not self._has_line(index):
            return ""
        text = normalize(self._document.text(index))
        if self._prints[text] >= _RECURRING:
            return text
        return "~"

    def _gap(self, index: int) -> int:
        """Return the white space above a line in sizes of its letters, rounded, `_MOST_GAP` at
        most. It is -1 where the line before is further down, as at the top of a page or column, and
        where the size of the letters is unknown.
        """
        line, above = self._document.lines[index], self._document.lines[index - 1]
        if not line.style.size:
            return -1
        gap = round((line.box.top - above.box.bottom) / line.style.size)
        return max(-1, min(gap, _MOST_GAP))

    def _distances_to_labels(self) -> list[tuple[str, int]]:
        """Return for each line the key of the next label below it ("" if none is within `_REACH`
        lines), and the distance in lines, `_FAR` at most.
        """
        result: list[tuple[str, int]] = []
        label, at = "", len(self._document) + _REACH
        for index in range(len(self._document) - 1, -1, -1):
            if at - index > _REACH:
                label = ""
            result.append((label, min(at - index, _FAR)))
            # noted last: a label is not below itself
            if index in self._labels:
                label, at = self._labels[index].key, index
        return result[::-1]


def _code(values: Iterable[Hashable]) -> list[int]:
    """Return a code for each value, equal for equal values, counted from 0."""
    codes: dict[Hashable, int] = {}
    return [codes.setdefault(value, len(codes)) for value in values]


def _rows(document: DocumentLines) -> dict[tuple[int, int], dict[int, list[int]]]:
    """Return the lines of all tables: (table, row) → column → indices of the lines of this cell."""
    rows: dict[tuple[int, int], dict[int, list[int]]] = defaultdict(dict)
    for index, line in enumerate(document.lines):
        if line.cell is not None:
            rows[line.cell[:2]].setdefault(line.cell.column, []).append(index)
    return rows


def _places_on_page(document: DocumentLines) -> list[int]:
    """Return for each line how many lines are above it on its page, `_TOP` at most."""
    counts: Counter[int] = Counter()
    places = []
    for line in document.lines:
        places.append(min(counts[line.page], _TOP))
        counts[line.page] += 1
    return places
