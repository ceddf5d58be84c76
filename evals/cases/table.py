"""Cases from a spreadsheet: one row per case, columns named as the fields of a case and of what is expected.

Items are `document:number`, entries are separated by `;`, spellings of one fact by `|`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evals.cases.errors import CaseError, LineError

_ITEMS = ("citations_any", "citations_all")
_EXPECTED = ("behavior", *_ITEMS, "facts", "forbidden", "count", "verdict")


def rows_of(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Row number from 2 with its case as plain data; raises CaseError where a table cannot be read or has no head."""
    try:
        rows = list(_csv(path) if path.suffix.lower() == ".csv" else _xlsx(path))
    except Exception as error:  # openpyxl and zipfile raise many kinds
        raise CaseError([LineError(path.name, f"keine lesbare Tabelle ({type(error).__name__})")]) from error
    head = [one.strip() for one in rows[0]] if rows else []
    if "question" not in head:
        raise CaseError([LineError(path.name, "die erste Zeile nennt keine Spalte „question“")])
    for number, row in enumerate(rows[1:], start=2):
        cells = {name: cell.strip() for name, cell in zip(head, row, strict=False) if cell.strip()}
        if cells:
            yield number, _case(cells)


def _case(cells: dict[str, str]) -> dict[str, Any]:
    expect: dict[str, Any] = {name: cells.pop(name) for name in _EXPECTED if name in cells}
    for name in _ITEMS:
        if name in expect:
            expect[name] = [[part.strip() for part in one.split(":", 1)] for one in _entries(expect[name])]
    if "facts" in expect:
        expect["facts"] = [[part.strip() for part in one.split("|")] for one in _entries(expect["facts"])]
    if "forbidden" in expect:
        expect["forbidden"] = _entries(expect["forbidden"])
    if expect.get("count", "").isdigit():
        expect["count"] = int(expect["count"])
    return {**cells, "expect": {"behavior": "answer", **expect}}


def _entries(cell: str) -> list[str]:
    return [one.strip() for one in cell.split(";") if one.strip()]


def _csv(path: Path) -> Iterator[list[str]]:
    text = path.read_text(encoding="utf-8-sig")
    separator = ";" if ";" in text.split("\n", 1)[0] else ","
    yield from csv.reader(io.StringIO(text), delimiter=separator)


def _xlsx(path: Path) -> Iterator[list[str]]:
    from openpyxl import load_workbook

    for row in load_workbook(path, read_only=True, data_only=True).worksheets[0].iter_rows(values_only=True):
        yield ["" if cell is None else str(cell) for cell in row]
