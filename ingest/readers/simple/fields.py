"""Fields: the lines that are the value of a label: in its line, the cell beside or below, or up to the next label."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ingest.readers.simple.labels import Label
from ingest.readers.simple.lines import DocumentLines
from ingest.stream import Cell


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A label with the lines of its value; the first line is cut at `start`."""

    label: Label
    lines: tuple[int, ...]
    start: int = 0


def labelled_texts(
    document: DocumentLines, labels: Sequence[Label], end: int, heads: Collection[int] = ()
) -> Iterator[LabelledText]:
    """Yield the labels of one sheet, which ends before line `end`, with their values; `heads` are in none of them."""
    stops = {*heads, *(place for label in labels for place in label.lines)}
    cells: dict[Cell, Label] = {}
    for label in labels:
        cell = document.lines[label.line].cell
        if cell is not None and label.end >= len(document.text(label.lines[-1])):
            cells.setdefault(cell, label)
    below = {label: under for label in labels if (under := _cell_below(document, label, cells)) is not None}
    claimed = set(below.values())
    for label in labels:
        last = label.lines[-1]
        own = [last] if label.end < len(document.text(last).rstrip(" :")) else []
        cell = document.lines[last].cell
        target = below.get(label) if not own else None
        for place in range(last + 1, end):
            other = document.lines[place].cell
            if target is not None:
                if other == target and place not in stops:
                    own.append(place)
                elif own:
                    break
                continue
            begun = bool(own) and document.lines[own[0]].cell == cell is not None
            if place in stops or (other != cell and (other in claimed or begun)):
                break
            own.append(place)
        yield LabelledText(label, tuple(own), label.end if own[:1] == [last] else 0)


def _cell_below(document: DocumentLines, label: Label, cells: Mapping[Cell, Label]) -> Cell | None:
    """Return the cell below a label that has another label beside it and no text of its own."""
    cell = document.lines[label.lines[-1]].cell
    if cell is None or cell not in cells:
        return None
    beside = any(other[:2] == cell[:2] and other.column != cell.column for other in cells)
    remaining = [line for line in document.lines[label.lines[-1] + 1 : label.lines[-1] + 2] if line.cell == cell]
    if not beside or remaining:
        return None
    return Cell(cell.table, cell.row + 1, cell.column)
