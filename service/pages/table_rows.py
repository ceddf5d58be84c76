"""A row of a project list as people read it: its cells, each under the head of its column where that is known."""

from __future__ import annotations

import re

from service.pages.highlight import Piece, pieces
from service.pages.labels import COLUMNS, STATUSES, TABLE_ROW
from vectorstore.records import Item

Cell = tuple[str, list[Piece]]
_CELL = re.compile(r"[^\t\n]+")
_MARK = re.compile(r"[xX✓✔•]")


def legible(quote: str) -> str:
    """Return a quote as people read it: a row of a table is introduced as one, its cells set apart by points."""
    cells = [cell.strip() for cell in _CELL.findall(quote) if cell.strip()] if "\t" in quote else []
    return f"{TABLE_ROW}: {' · '.join(cells)}" if cells else quote


def row_cells(item: Item, span: tuple[int, int] | None) -> list[Cell]:
    """Return the cells of an item's table row with the heads of their columns, "" where unknown.

    `span` in the row is marked. A mark stands under its status. Nothing where the row is not printed in cells.
    """
    row = item.table_row or ""
    matches = list(_CELL.finditer(row))
    if len(matches) < 3 or matches[0][0].strip() not in (item.ref, item.former_ref):
        return []
    return [(_head(item, place, match[0].strip()), _clipped(match, span)) for place, match in enumerate(matches)]


def _head(item: Item, place: int, cell: str) -> str:
    if place == 0:
        return COLUMNS["ref"]
    if place == 1 and cell == item.table_title:
        return COLUMNS["title"]
    if _MARK.fullmatch(cell):
        return _marked_status(item)
    if cell == ", ".join(item.responsible):
        return COLUMNS["responsible"]
    return COLUMNS["cooperation"] if cell == item.cooperation else ""


def _marked_status(item: Item) -> str:
    """The status of the column that holds the row's mark: the table's own where it contradicts the text."""
    told = next((one.table for one in item.conflicts if one.field == "status"), item.status)
    return STATUSES.get(told, "") if told else ""


def _clipped(match: re.Match[str], span: tuple[int, int] | None) -> list[Piece]:
    start, end = match.span()
    if span is None or span[1] <= start or span[0] >= end:
        return pieces(match[0], None)
    return pieces(match[0], (max(span[0], start) - start, min(span[1], end) - start))
