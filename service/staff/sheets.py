"""Records as an XLSX workbook: every cell is text, number or date, and none can become a formula."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from service.csv_export import FORMULA_STARTS
from service.models import Record
from service.pages.labels import (
    FIELDS,
    KINDS,
    STATUSES,
    corrected_line,
    document_status,
    marked,
    shown,
    shown_moment,
)
from vectorstore.records import Document

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_CELL = 32_767  # characters, the format's limit
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # what XML cannot say
MAX_LINKS = 60_000  # of a sheet, the program's limit is 65,530
ADDRESS = re.compile(r"https?://[^\s\"<>]{1,2000}")
LONG = 50  # a column as wide holds running text: only its beginning shows
LINE_POINTS, MOST_LINES = 15, 8
Cell = str | int | date | None
COLUMNS: tuple[tuple[str, int], ...] = (
    ("Dokument", 34), ("Verbindlichkeit", 22), ("Stand", 12), ("Art", 13), ("Nr.", 11), ("Titel", 48), ("Status", 16),
    ("Thema", 30), ("Ziel", 44), ("Zuständig", 32), ("Mitwirkung", 32), ("Kommunen", 30), ("Beschreibung", 60),
    ("Sachstand", 60), ("Termine", 16), ("Beträge", 18), ("Widersprüche", 30), ("Korrigiert", 40),
    ("Seite", 8), ("Adresse", 44),
)  # fmt: skip


def workbook(
    records: Iterable[Record],
    documents: Mapping[str, Document],
    about: Sequence[tuple[str, str]],
    base: str,
) -> bytes:
    """Return a workbook: the records with a header that stays in view, and a sheet that says what they are.

    `about` are pairs of words and values, `base` is the service's address without a slash at its end.
    """
    rows = (_row(record, documents[record.document_id], base) for record in records)
    return table_workbook("Einträge", COLUMNS, rows, about)


def table_workbook(
    title: str,
    columns: Sequence[tuple[str, int]],
    rows: Iterable[Sequence[Cell]],
    about: Sequence[tuple[str, str]],
) -> bytes:
    """Return a workbook of any rows below `columns` (names and widths), with a sheet that says what they are."""
    from openpyxl import Workbook  # a fifth of a second that no start should wait for
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    sheet = book.active
    sheet.title = title
    _write(sheet, 1, [name for name, _ in columns])
    for number, row in enumerate(rows, start=2):
        _write(sheet, number, row)
    _dress(sheet, columns)
    _fit_to_paper(sheet)
    told = book.create_sheet("Über diese Liste")
    for number, pair in enumerate(about, start=1):
        _write(told, number, pair)
        told.cell(row=number, column=1).font = Font(bold=True)
        told.cell(row=number, column=2).alignment = Alignment(wrap_text=True, vertical="top")
    told.column_dimensions["A"].width, told.column_dimensions["B"].width = 24, 90
    told.sheet_properties.pageSetUpPr.fitToPage = True
    told.page_setup.fitToHeight = 0
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _row(record: Record, document: Document, base: str) -> list[Cell]:
    conflicts = [
        f"{FIELDS.get(one.field, one.field)}: Text „{shown(one.text)}“, Tabelle „{shown(one.table)}“"
        for one in record.conflicts
    ]
    return [
        marked(document.title, "title", document.unconfirmed),
        marked(document_status(document.status), "status", document.unconfirmed if document.status else ()),
        document.as_of,
        KINDS[record.kind],
        record.ref,
        record.title,
        STATUSES[record.status] if record.status else None,
        f"{record.theme.ref} {record.theme.title}".strip() if record.theme else None,
        f"{record.goal.ref} {record.goal.title}".strip() if record.goal else None,
        "\n".join(record.responsible),
        record.cooperation,
        places(record),
        record.description,
        record.state,
        ", ".join(map(shown_moment, record.dates)),
        ", ".join(record.amounts),
        "\n".join(conflicts),
        "\n".join(map(corrected_line, record.corrected)),
        record.page,
        base + record.url,
    ]


def places(record: Record) -> str:
    """Return the municipalities that a record concerns."""
    named = ", ".join(record.municipalities)
    return "alle Kommunen" if record.all_municipalities and not named else named


def _write(sheet: Any, row: int, values: Iterable[Cell]) -> None:
    for column, value in enumerate(values, start=1):
        cell = sheet.cell(row=row, column=column)
        if not isinstance(value, str):
            cell.value = value
            if isinstance(value, date):
                cell.number_format = "DD.MM.YYYY"
            continue
        text = UNPRINTABLE.sub("", value)[:MAX_CELL]
        cell.value = text or None
        if text:
            cell.data_type = "s"  # openpyxl takes a text that begins with "=" for a formula
            cell.quotePrefix = text.lstrip().startswith(FORMULA_STARTS)
            if ADDRESS.fullmatch(text) and row <= MAX_LINKS:
                cell.hyperlink = text


def _dress(sheet: Any, columns: Sequence[tuple[str, int]]) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    for column, (_, width) in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    for cell in sheet[1]:
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="0B5C55")
        cell.alignment = Alignment(vertical="center")
    within = Alignment(horizontal="left", vertical="top", wrap_text=True)
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = within
        shown = (_lines(cell.value, width) for cell, (_, width) in zip(row, columns, strict=True) if width < LONG)
        sheet.row_dimensions[row[0].row].height = LINE_POINTS * min(MOST_LINES, max(2, *shown))
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions


def _lines(value: object, width: int) -> int:
    """How many lines a text takes in a column of this many characters."""
    return sum(1 + len(line) // width for line in str(value or "").split("\n"))


def _fit_to_paper(sheet: Any) -> None:
    """Print on landscape A3, two sheets beside each other at most, the header on each."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A3
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 2, 0
    sheet.print_title_rows = "1:1"
    sheet.oddFooter.right.text = "Seite &P von &N"
