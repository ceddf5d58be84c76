"""Find the lines of a label's value: in its line, in the cell beside or below it, or up to the next label."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

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
    """Yield each label of one sheet, which ends before line `end`, with its value; no value contains `heads`."""
    stops = {*heads, *(index for label in labels for index in label.lines)}
    label_cells: set[Cell] = set()  # cells that begin with a label on lines of its own
    for label in labels:
        cell = document.lines[label.line].cell
        if cell is not None and label.end >= len(document.text(label.lines[-1])):
            label_cells.add(cell)
    cells_below = {label: below for label in labels if (below := _cell_below(document, label, label_cells)) is not None}
    value_cells = set(cells_below.values())
    for label in labels:
        last = label.lines[-1]
        value = [last] if label.end < len(document.text(last).rstrip(" :")) else []
        label_cell = document.lines[last].cell
        value_cell = cells_below.get(label) if not value else None
        for index in range(last + 1, end):
            cell = document.lines[index].cell
            if value_cell is not None:
                if cell == value_cell and index not in stops:
                    value.append(index)
                elif value:
                    break
                continue
            is_in_label_cell = bool(value) and document.lines[value[0]].cell == label_cell is not None
            if index in stops or (cell != label_cell and (cell in value_cells or is_in_label_cell)):
                break
            value.append(index)
        yield LabelledText(label, tuple(value), label.end if value[:1] == [last] else 0)


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
