"""Rows of tables: cells that span rows and columns, and the columns that plain text is set in."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field, replace

from ingest.layout.lines import Line
from ingest.limits import ReadingLimits

_WIDEST = 1_000  # columns that one cell may stretch over, as HTML has it
_LONGEST = 65_534  # rows
_BEGUN = re.compile(r"^(?P<label>[^\W\d][^:]{1,50}):\s+\S")
_SELF_TOLD = 0.8  # share of a table's cells that begin with a label and a colon in a form
_LEAST = 3  # labels of a form
_LABEL = 64  # characters of a label at the beginning of a cell


@dataclass(slots=True)
class GridCell:
    """What stands in one cell, and over how many columns and rows it stretches; `down` 0 is to the table's end."""

    lines: list[Line] = field(default_factory=list)
    across: int = 1
    down: int = 1

    @property
    def body(self) -> list[Line]:
        """The lines that are no page furniture and stand at no edge."""
        return [line for line in self.lines if not (line.noise or line.aside)]

    @property
    def text(self) -> str:
        """All in one line; points of a list keep their marks."""
        body = self.body
        marked = sum(line.bullet for line in body) > 1
        return " ".join(f"• {line.text}" if marked and line.bullet else line.text for line in body)

    @property
    def structured(self) -> bool:
        """Whether it holds more than one line can: a table of its own, or a heading with text."""
        body = self.body
        return any(line.cells for line in body) or (len(body) > 1 and any(line.level for line in body))

    @property
    def labelled(self) -> bool:
        """Whether it begins with a label in bold and goes on otherwise, or holds a record: no field of a table."""
        body = self.body
        if not body:
            return False
        below = len(body) > 1 and body[0].bold and not body[1].bold and len(body[0].text) <= _LABEL
        card = len(body) > 2 and any(line.lead for line in body)
        return below or card or 0 < len(body[0].lead_text) <= _LABEL


@dataclass(slots=True)
class _Place:
    """One field of the grid: the cell that covers it; whether it is the cell's first column, its first row."""

    cell: GridCell
    first: bool
    own: bool


def table_lines(rows: Sequence[Sequence[GridCell]], limits: ReadingLimits) -> list[Line]:
    """Return the rows of a table as lines with cells; raises Rejected where they are too many.

    What is merged over rows stands in each of them, what is merged over columns in the first. Rows that hold running
    text instead of cells (one cell of several paragraphs, tables in cells, a single column) give the lines in it, and
    so do forms, each cell of which begins with a label.
    """
    grid = _grid(rows, limits)
    columns = sorted({column for row in grid for column, place in row.items() if place.first and place.own})
    texts = _texts(grid, limits)
    form = _is_form([cell for row in rows for cell in row])
    lines: list[Line] = []
    for row in grid:
        own = [place.cell for place in row.values() if place.own and place.first]
        if len(columns) < 2 or form or _is_text(row, own):
            lines.extend(line for cell in own for line in cell.lines)
        elif any(texts[id(cell)] for cell in own):
            cells = tuple(texts[id(row[c].cell)] if c in row and row[c].first else "" for c in columns)
            bold = all(line.bold for cell in own for line in cell.body)
            lines.append(Line("\t".join(cells).strip(), bold=bold, cells=cells, whole=True))
            lines.extend(line for cell in own for line in cell.lines if line.noise or line.aside)
        else:
            lines.extend(line for cell in own for line in cell.lines)
    return lines


def _is_form(cells: Sequence[GridCell]) -> bool:
    """Tell whether (nearly) all cells of a table begin with a label of their own: "Nr.: 4", "Zuständig: Bauamt"."""
    filled = [cell.body[0].text for cell in cells if cell.body]
    labels = [match["label"] for text in filled if (match := _BEGUN.match(text))]
    return len(set(labels)) >= _LEAST and len(labels) >= _SELF_TOLD * len(filled)


def _is_text(row: dict[int, _Place], own: Sequence[GridCell]) -> bool:
    alone = len({id(place.cell) for place in row.values()}) == 1
    if alone and own and (len(own[0].body) > 1 or any(line.level for line in own[0].body)):
        return True
    filled = [cell for cell in own if cell.body]
    return any(cell.structured for cell in own) or (bool(filled) and all(cell.labelled for cell in filled))


def _grid(rows: Sequence[Sequence[GridCell]], limits: ReadingLimits) -> list[dict[int, _Place]]:
    """Return the fields of every row by column."""
    grid: list[dict[int, _Place]] = []
    hanging: dict[int, tuple[_Place, int]] = {}
    size = 0
    for cells in rows:
        row = {column: replace(place, own=False) for column, (place, _) in hanging.items()}
        hanging = {column: (place, left - 1) for column, (place, left) in hanging.items() if left > 1}
        size += len(row)
        for column, place in _laid(cells, set(row)):
            row[column] = place
            size += 1
            limits.check_cells(size)
            if (down := min(place.cell.down or _LONGEST, _LONGEST)) > 1:
                hanging[column] = (place, down - 1)
        grid.append(row)
    return grid


def _laid(cells: Sequence[GridCell], taken: Container[int]) -> Iterator[tuple[int, _Place]]:
    """Yield the fields that the cells of one row get, in the columns that no cell from above takes."""
    column = 0
    for cell in cells:
        while column in taken:
            column += 1
        yield column, _Place(cell, True, True)
        end = column + min(cell.across, _WIDEST)
        column += 1
        while column < end and column not in taken:
            yield column, _Place(cell, False, True)
            column += 1


def _texts(grid: Sequence[dict[int, _Place]], limits: ReadingLimits) -> dict[int, str]:
    """Return the text of every cell by the cell's identity; merged ones are counted as often as they are repeated."""
    texts: dict[int, str] = {}
    size = 0
    for place in (place for row in grid for place in row.values() if place.first):
        if id(place.cell) not in texts:
            texts[id(place.cell)] = place.cell.text
        size += len(texts[id(place.cell)])
        limits.check_characters(size)
    return texts


_SEGMENT = re.compile(r"\S+(?: \S+)*")
_LEAST_COLUMNS = 3  # columns of a table
_NEAR = 1  # characters by which a cell may begin beside its column


def table_rows(lines: Sequence[str]) -> dict[int, tuple[int, tuple[str, ...]]]:
    """Return by the number of its first line each row: the number behind its last line, and its cells.

    Rows are lines between empty ones. Columns are the places where parts of lines begin again and again behind two
    blanks or more; a table has three of them at least, and two rows with a part in three of them.
    """
    groups = [group for group in _groups(lines) if any(len(_segments(lines[place])) > 1 for place in range(*group))]
    rows: dict[int, tuple[int, tuple[str, ...]]] = {}
    for region in _regions(lines, groups):
        columns = _columns([lines[place] for group in region for place in range(*group)])
        made = [(group, _cells([lines[place] for place in range(*group)], columns)) for group in region]
        if len(columns) >= _LEAST_COLUMNS and sum(sum(map(bool, cells)) >= _LEAST_COLUMNS for _, cells in made) >= 2:
            rows.update({start: (end, cells) for (start, end), cells in made})
    return rows


def _groups(lines: Sequence[str]) -> list[tuple[int, int]]:
    """Return start and end of the runs of lines without an empty one."""
    groups: list[tuple[int, int]] = []
    start = None
    for place, line in enumerate([*lines, ""]):
        if line.strip() and start is None:
            start = place
        elif not line.strip() and start is not None:
            groups.append((start, place))
            start = None
    return groups


def _segments(line: str) -> list[tuple[int, str]]:
    return [(match.start(), match[0]) for match in _SEGMENT.finditer(line)] if "\t" not in line else []


def _regions(lines: Sequence[str], groups: list[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """Return runs of groups that share most of the places where their parts begin."""
    regions: list[list[tuple[int, int]]] = []
    known: Counter[int] = Counter()
    for group in groups:
        starts = Counter(start for place in range(*group) for start, _ in _segments(lines[place]))
        shared = sum(any(known[start + d] for d in (-_NEAR, 0, _NEAR)) for start in starts)
        if regions and shared >= max(2, 0.5 * len(starts)):
            regions[-1].append(group)
            known += starts
        else:
            regions.append([group])
            known = starts
    return regions


def _columns(lines: Sequence[str]) -> list[int]:
    """Return where columns begin: at places where at least a tenth of the lines with parts begin one."""
    starts = Counter(start for line in lines for start, _ in _segments(line))
    many = max(2, 0.1 * len(lines))
    found: list[int] = []
    for start in sorted(starts):
        if starts[start] >= many and not (found and start - found[-1] <= _NEAR + 1):
            found.append(start)
    return found


def _cells(lines: Sequence[str], columns: Sequence[int]) -> tuple[str, ...]:
    cells = [""] * max(len(columns), 1)
    for line in lines:
        least = 0
        for start, text in _segments(line):
            column = max(bisect_right(columns, start + _NEAR) - 1, least)
            cells[column] = _continued(cells[column], text)
            least = min(column + 1, len(cells) - 1)
    return tuple(cells)


def _continued(cell: str, text: str) -> str:
    if cell.endswith("-") and not cell.endswith(" -") and text[:1].islower():
        return cell[:-1] + text
    return f"{cell} {text}".strip()
