"""Tables with a column for each thing and a row for each of its fields, turned so that a row is
about one thing, as in other tables.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain, pairwise

from ingest.readers.lexicon import field_of_label
from ingest.readers.numbers import parse_number
from ingest.readers.sequences import follows
from ingest.stream import Layout, Line
from vectorstore.language import collapse_spaces

_LEAST_LINES = 3  # rows and columns of such a table
_MIN_FILLED = 0.8  # share of its cells
_MIN_LABELS = 0.5  # share of the rows that begin with a known label, and how many at least
_LEAST_LABELS = 2

_Grid = Mapping[tuple[int, int], list[int]]  # row and column → indexes of lines


def turn_tables(layout: Layout) -> Layout:
    """Return the layout with the rows and columns of such tables changed for each other, and their
    lines in the new order. A table over several pages stays.
    """
    grids: dict[int, dict[tuple[int, int], list[int]]] = defaultdict(dict)
    for index, line in enumerate(layout.lines):
        if line.cell is not None:
            place = line.cell.row, line.cell.column
            grids[line.cell.table].setdefault(place, []).append(index)
    lines = list(layout.lines)
    for grid in grids.values():
        if not _is_turned(grid, layout.lines):
            continue
        places = sorted(grid, key=lambda place: (place[1], place[0]))
        in_order = [index for place in places for index in grid[place]]
        for index, source in zip(sorted(in_order), in_order, strict=True):
            lines[index] = _turned(layout.lines[source])
    return replace(layout, lines=tuple(lines))


def _turned(line: Line) -> Line:
    if line.cell is None:
        return line
    cell = line.cell._replace(row=line.cell.column, column=line.cell.row)
    return replace(line, cell=cell)


def _is_turned(grid: _Grid, lines: Sequence[Line]) -> bool:
    """True if a table has a column for each thing: its first column are labels of fields, its first
    row are things whose numbers count on.
    """
    rows, columns = map(set, zip(*grid, strict=True))
    if min(len(rows), len(columns)) < _LEAST_LINES:
        return False
    if len(grid) < _MIN_FILLED * len(rows) * len(columns):
        return False
    pages = {lines[index].page for index in chain.from_iterable(grid.values())}
    if len(pages) > 1:
        return False

    def text_of(row: int, column: int) -> str:
        return collapse_spaces(" ".join(lines[n].text for n in grid.get((row, column), ())))

    heads = [text_of(min(rows), column) for column in sorted(columns)[1:]]
    first_texts = [text_of(row, min(columns)) for row in sorted(rows)[1:]]
    labels = [text for text in first_texts if field_of_label(text) is not None]
    if len(labels) < max(_LEAST_LABELS, _MIN_LABELS * len(first_texts)):
        return False
    if any(field_of_label(head, weak=True) for head in heads):
        return False
    return _count_on(heads)


def _count_on(heads: Sequence[str]) -> bool:
    """True if heads begin with numbers of records that count on: "F 1 Mühle", "F 2 Bahnhof"."""
    numbers = [parse_number(head) for head in heads]
    counts = [number.counts for number in numbers if number is not None and number.code]
    return len(counts) == len(heads) and all(follows(*pair) for pair in pairwise(counts))
