"""Find the lines of a label's value: in its line, in the cell beside or below it, or up to the next label."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import dropwhile, takewhile

from ingest.readers.simple.labels import Label
from ingest.readers.simple.lines import DocumentLines
from ingest.stream import Cell


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A label and the lines of its value, which begins at character `start` of the first line."""

    label: Label
    lines: tuple[int, ...]
    start: int = 0


def labelled_texts(
    document: DocumentLines, labels: Sequence[Label], end: int, heads: Collection[int] = ()
) -> Iterator[LabelledText]:
    """Yield each label of one sheet, which ends before line `end`, with its value; no value contains `heads`.

    The value is in the label's line, else in the cell below the label's, else in the lines up to the next label.
    """
    stops = {*heads, *(index for label in labels for index in label.lines)}
    cells_of_labels = {label: document.lines[label.line].cell for label in labels}
    label_cells = {cell for label, cell in cells_of_labels.items() if cell is not None and _is_whole(document, label)}
    cells_below = {label: below for label in labels if (below := _cell_below(document, label, label_cells)) is not None}
    value_cells = set(cells_below.values())
    for label in labels:
        last = label.lines[-1]
        label_cell = document.lines[last].cell
        begins_beside = label.end < len(document.text(last).rstrip(" :"))
        value = [last] if begins_beside else []
        if not begins_beside and label in cells_below:
            value = _lines_in_cell(document, cells_below[label], range(last + 1, end), stops)
        else:
            for index in range(last + 1, end):
                cell = document.lines[index].cell
                is_beside = bool(value) and document.lines[value[0]].cell == label_cell is not None
                if index in stops or (cell != label_cell and (cell in value_cells or is_beside)):
                    break
                value.append(index)
        yield LabelledText(label, tuple(value), label.end if begins_beside else 0)


def _is_whole(document: DocumentLines, label: Label) -> bool:
    """True if a label is on lines of its own."""
    return label.end >= len(document.text(label.lines[-1]))


def _lines_in_cell(document: DocumentLines, cell: Cell, lines: range, stops: Collection[int]) -> list[int]:
    """Return the first of the lines that are in a cell and no stops, up to the next other line."""

    def is_inside(index: int) -> bool:
        return document.lines[index].cell == cell and index not in stops

    return list(takewhile(is_inside, dropwhile(lambda index: not is_inside(index), lines)))


def _cell_below(document: DocumentLines, label: Label, label_cells: Collection[Cell]) -> Cell | None:
    """Return the cell below a label's cell if that has another label beside it and no further text, else None."""
    cell = document.lines[label.lines[-1]].cell
    if cell is None or cell not in label_cells:
        return None
    has_label_beside = any(other[:2] == cell[:2] and other.column != cell.column for other in label_cells)
    following = [line for line in document.lines[label.lines[-1] + 1 : label.lines[-1] + 2] if line.cell == cell]
    if not has_label_beside or following:
        return None
    return Cell(cell.table, cell.row + 1, cell.column)
