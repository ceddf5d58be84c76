"""Tables that a text file sets as columns of blanks."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence

_SEGMENT = re.compile(r"\S+(?: \S+)*")
_LEAST = 3  # columns of a table
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
        if len(columns) >= _LEAST and sum(sum(map(bool, cells)) >= _LEAST for _, cells in made) >= 2:
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
