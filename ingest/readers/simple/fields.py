"""Fields of sheets: each label with the lines of its value, beside it, below it or behind it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from ingest.readers.lexicon import is_status_heading, meaning
from ingest.readers.simple.labels import Label
from ingest.stream import Cell, Line, Style

_STATED = ("status", "state")


@dataclass(frozen=True, slots=True)
class SheetField:
    """A labelled value: the label, and the lines of its value; the first line from `start` on."""

    label: Label
    lines: tuple[int, ...]
    start: int | None


class FieldFinder:
    """Finds the values of the labels of one document; `apart` are tables and contents, `body` is the style of text."""

    def __init__(self, lines: Sequence[Line], labels: Sequence[Label], apart: Collection[int], body: Style) -> None:
        self._lines, self._labels, self._apart, self._body = lines, labels, apart, body
        self._label_lines = {place for label in labels for place in label.lines}

    def find(self, first: int, end: int, taken: Collection[int]) -> Iterator[SheetField]:
        """Yield the labelled values between two lines; `taken` are lines of number and title."""
        labels = [label for label in self._labels if first <= label.line < end and label.line not in taken]
        for place, label in enumerate(labels):
            following = labels[place + 1].line if place + 1 < len(labels) else end
            lines = self._value(label, following, end, taken)
            if lines or label.start is not None:
                whole = (label.lines[-1], *lines) if label.start is not None else lines
                yield SheetField(label, tuple(whole), label.start)

    def _value(self, label: Label, following: int, end: int, taken: Collection[int]) -> list[int]:
        """Return the lines of a label's value: beside it in its row, below it in its column, else behind it."""
        last = label.lines[-1]
        cell = self._lines[last].cell
        behind = [place for place in range(last + 1, min(following, end)) if place not in taken]
        if cell is not None and label.start is not None:
            return [place for place in behind if self._lines[place].cell == cell]
        if cell is None:
            return self._until_break(behind, label)
        inside = [place for place in behind if self._lines[place].cell == cell]
        if inside:
            return inside
        beside = [
            place for place in behind
            if (own := self._lines[place].cell) is not None and own[:2] == cell[:2] and own.column > cell.column
        ]  # fmt: skip
        if beside:
            return [*beside, *self._rows_on(behind, beside[-1], cell)]
        alone = not any(
            (own := line.cell) is not None and own[:2] == cell[:2] and own.column != cell.column
            for line in self._lines[max(0, label.line - 12) : last + 12]
        )
        below = self._below(cell, end, last, alone)
        return below if below else self._until_break(behind, label)

    def _rows_on(self, behind: Sequence[int], last: int, cell: Cell) -> list[int]:
        """Return the lines of the rows that go on with the value beside a label: nothing is in the label's column."""
        found: list[int] = []
        for place in behind[behind.index(last) + 1 :]:
            own = self._lines[place].cell
            if own is None or own.table != cell.table or own.column <= cell.column:
                break
            found.append(place)
        return found

    def _below(self, cell: Cell, end: int, last: int, whole: bool) -> list[int]:
        """Return the lines of the cell below one, of the `whole` row below a label that is alone in its row."""
        table, row, column = cell
        found: list[int] = []
        for place in range(last + 1, end):
            own = self._lines[place].cell
            if own is None or own.table != table or own.row > row + 1:
                break
            if own.row == row + 1 and (own.column == column or (whole and own.column > column)):
                if place in self._label_lines and not found:
                    return []
                if place in self._label_lines:
                    break
                found.append(place)
        return found

    def _until_break(self, behind: Sequence[int], label: Label) -> list[int]:
        """Return the lines behind a label up to a heading: type that is heavier than the label's own."""
        own = self._lines[label.lines[-1]].style
        lines: list[int] = []
        for place in behind:
            line = self._lines[place]
            stated = not lines and meaning(label.key) in _STATED  # "umgesetzt" is the value of "Status"
            if place in self._apart or (is_status_heading(line.text) and not stated):
                break
            if line.style.size > max(own.size, self._body.size) + 0.4 or (
                line.style.level and own.level >= line.style.level
            ):
                break
            lines.append(place)
        return lines
