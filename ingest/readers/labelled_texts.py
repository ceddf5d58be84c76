"""The values of labels: in the line of a label, in the cell beside or below it, or up to the next
label.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile, takewhile

from ingest.readers.labels import Label
from ingest.readers.lexicon import LINE_FIELDS, field_of_label, normalize
from ingest.readers.lines import DocumentLines
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
    """Yield each label of one sheet with its value; the sheet ends before line `end`.

    The value is the text behind the label in its line, with the lines that continue it. Without
    such text it is in the cell below the label, if this is a cell for values; otherwise it consists
    of the lines up to the next label. It never contains `heads` (lines of number and title) or
    lines of the cell below another label, and does not leave the label's cell if it begins there.
    Of the last label the value in its line may end with its paragraph (`LINE_FIELDS`).
    """
    if not labels:
        return
    whole_labels = [label for label in labels if label.is_whole]
    cells = {document.lines[label.line].cell for label in whole_labels}
    label_cells = set(filter(None, cells))
    # cells of the sheet that have a text
    filled = {line.cell for line in document.lines[labels[0].line : end]}
    parts: list[tuple[Label, Cell | None]] = []
    for label in labels:
        parts += _parts_of(document, label, label_cells, filled)
    # what is below a part of a head is its value and no label, even if it recurs
    below_parts = {below for label, below in parts if label not in labels}
    parts = [
        (label, below)
        for label, below in parts
        if document.lines[label.line].cell not in below_parts
    ]
    stops = set(heads)
    for label, _ in parts:
        stops.update(label.lines)
    value_cells = {below for _, below in parts if below is not None}
    for label, below in parts:
        last = label.lines[-1]
        value, start = list[int](), 0
        if label.end < len(document.text(last).rstrip(" :")):
            value, start = [last], label.end
        if not value and below is not None:
            value = _lines_in_cell(document, below, range(last + 1, end), stops)
        else:
            behind = _lines_behind(document, last, end, stops, value_cells, is_begun=bool(value))
            if value and label is labels[-1] and label.meaning in LINE_FIELDS:
                behind = list(takewhile(lambda index: not document.lines[index].opens, behind))
            value += behind
        yield LabelledText(label, tuple(value), start)


def _lines_in_cell(
    document: DocumentLines, cell: Cell, lines: range, stops: Collection[int]
) -> list[int]:
    """Return the first run of `lines` that are in a cell and not in `stops`. Lines before the run
    are passed over.
    """

    def is_inside(index: int) -> bool:
        return document.lines[index].cell == cell and index not in stops

    return list(takewhile(is_inside, dropwhile(lambda index: not is_inside(index), lines)))


def _lines_behind(
    document: DocumentLines,
    last: int,
    end: int,
    stops: Collection[int],
    value_cells: Collection[Cell],
    *,
    is_begun: bool,
) -> list[int]:
    """Return the lines of the value behind a label, whose last line is `last`, without notes.

    They go up to `end`, one of `stops`, or the cell of another value. A value that begins in the
    label's cell stays in this cell: in the line of the label (`is_begun`) or right below it. A
    value that begins in another cell may go on in further ones.
    """
    label_cell = document.lines[last].cell
    stays = is_begun
    found: list[int] = []
    for index in range(last + 1, end):
        line = document.lines[index]
        if line.note:
            continue
        if index in stops:
            break
        if line.cell != label_cell and (
            line.cell in value_cells or (stays and label_cell is not None)
        ):
            break
        if not found:
            stays = stays or line.cell == label_cell
        found.append(index)
    return found


def _parts_of(
    document: DocumentLines,
    label: Label,
    label_cells: set[Cell],
    filled: set[Cell | None],
) -> list[tuple[Label, Cell | None]]:
    """Return a label with the cell below it that holds its value, None without such a cell.

    A head of several fields ("Titel / Zuständigkeit") may stand above as many cells side by side.
    It is returned as several labels, each with its own cell, if all these cells are `filled` and no
    other label heads one of them.
    """
    below = _cell_below(document, label, label_cells, filled)
    names = label.text.split(" / ")
    if below is None or len(names) == 1:
        return [(label, below)]
    cells = [below._replace(column=below.column + n) for n in range(len(names))]
    other_heads = {cell._replace(row=cell.row - 1) for cell in cells[1:]}
    if not filled.issuperset(cells) or other_heads & label_cells:
        return [(label, below)]
    return [
        (replace(label, text=name, key=normalize(name), meaning=field_of_label(name)), cell)
        for name, cell in zip(names, cells, strict=True)
    ]


def _cell_below(
    document: DocumentLines,
    label: Label,
    label_cells: Collection[Cell],
    filled: Collection[Cell | None],
) -> Cell | None:
    """Return the cell below the cell of a label, None if it is not for the label's value.

    It is for the value if another label stands in the same row, as in the header of a small table,
    no value stands between them, and the label fills its own cell to the end. `label_cells` are the
    cells of labels on lines of their own, `filled` those with a text.
    """
    last = label.lines[-1]
    cell = document.lines[last].cell
    if cell is None or cell not in label_cells:
        return None
    has_label_beside = any(
        other[:2] == cell[:2] and other.column != cell.column for other in label_cells
    )
    has_text = last + 1 < len(document) and document.lines[last + 1].cell == cell
    right = cell._replace(column=cell.column + 1)
    has_value_beside = right in filled and right not in label_cells
    if has_label_beside and not has_text and not has_value_beside:
        return Cell(cell.table, cell.row + 1, cell.column)
    return None
