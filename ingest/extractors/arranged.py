"""Brings the lines of sheets into reading order and tells their roles: heading first, every label before its text.

In boxes side by side the lines of a page follow one another as the file has them. A line belongs to the nearest label
above it in its column, or left of it on its row; columns begin where labels stand.
"""

from __future__ import annotations

from collections.abc import Sequence

from ingest.extractors.paper import Sheet, SheetLayout
from ingest.layout.lines import Line, RawDocument, Role
from ingest.plan.numbers import printed_number

_COLUMN = 40.0  # points between labels that stand in columns of their own
_BESIDE = 120.0  # points left of all labels where a column of text stands that none of them names
_LEADING = 1.6  # sizes between the lines of one heading
_LEFT = 15.0  # points that a text may begin left of its label


def arrange(raw: RawDocument, layout: SheetLayout) -> None:
    """Give the lines of a document their roles, and put those of each sheet into reading order."""
    for index in sorted(layout.headings):
        above = raw.lines[index - 1] if index - 1 in layout.headings else None
        goes_on = above is not None and _goes_on(above, raw.lines[index])
        raw.lines[index].role = Role.TITLE if goes_on else Role.HEADING
    ordered: list[Line] = []
    place = 0
    for number, sheet in enumerate(layout.sheets):
        ordered.extend(raw.lines[place : sheet.start])
        ordered.extend(_sheet_lines(raw, sheet, number))
        place = sheet.end
    ordered.extend(raw.lines[place:])
    raw.lines[:] = ordered


def _goes_on(above: Line, line: Line) -> bool:
    """Tell whether a heading goes on from the line above it: set alike, just below it, without a number of its own."""
    alike = (above.page, above.size, above.bold) == (line.page, line.size, line.bold) and line.size > 0
    return alike and 0 < above.y - line.y <= _LEADING * line.size and printed_number(line.text) is None


def _sheet_lines(raw: RawDocument, sheet: Sheet, number: int) -> list[Line]:
    """Return the lines of a sheet in order: heading, what stands before all labels, then label by label."""
    heading = [raw.lines[i] for i in sheet.heading]
    for place, line in enumerate(heading):
        line.role = Role.TITLE if place else Role.RECORD
    for index in sheet.labels:
        if index not in sheet.heading:
            raw.lines[index].role = Role.LABEL
    body = [raw.lines[i] for i in range(sheet.start, sheet.end) if i not in sheet.heading]
    for line in (*heading, *body):
        line.sheet = number
    return [*heading, *(_by_labels(body) if raw.positioned else body)]


def _by_labels(lines: Sequence[Line]) -> list[Line]:
    """Return lines in the order of the labels that they belong to; furniture and asides stay last."""
    labels = [line for line in lines if line.role is Role.LABEL]
    if not labels:
        return list(lines)
    order = {id(label): place for place, label in enumerate(labels)}
    columns = {page: _columns([one for one in labels if one.page == page]) for page in {one.page for one in labels}}
    owners: list[tuple[int, int]] = []
    carried = -1
    for place, line in enumerate(lines):
        if line.role is Role.LABEL:
            owner = order[id(line)]
        else:
            found = _owner(line, labels, columns.get(line.page, []))
            beside = bool(columns.get(line.page)) and line.x < min(columns[line.page]) - _BESIDE
            before = [] if beside else [order[id(one)] for one in labels if one.page < line.page]
            owner = order[id(found)] if found is not None else max(before, default=-1)
        carried = max(carried, owner)
        owners.append((owner, place))
    return [lines[place] for _, place in sorted(owners)]


def _columns(labels: Sequence[Line]) -> list[float]:
    """Return where columns of labels begin (points from the left)."""
    edges: list[float] = []
    for x in sorted(label.x for label in labels):
        if not edges or x - edges[-1] > _COLUMN:
            edges.append(x)
    return edges


def _owner(line: Line, labels: Sequence[Line], columns: Sequence[float]) -> Line | None:
    """Return the label that a line belongs to: the nearest one above in its column, else the nearest above at all."""
    above = [one for one in labels if one.page == line.page and one.y >= line.y - 0.4 * max(line.size, 1.0)]
    if not above:
        return None
    if columns and line.x < min(columns) - _BESIDE:
        return None
    edge = max((x for x in columns if x <= line.x + _LEFT), default=columns[0] if columns else 0.0)
    own = [one for one in above if edge - 1 <= one.x < edge + _COLUMN]
    return min(own or above, key=lambda one: (one.y - line.y, line.x - one.x))
