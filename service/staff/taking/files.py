"""What is taken away as a file to download, Word, Excel or CSV; no cell of a workbook can become a formula."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from fastapi.responses import Response

from prompts import say
from service.csv_export import FORMULA_STARTS, records_csv, table_csv
from service.http.responses import csv_response
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
from service.staff.taking.selection import Selection, Taken
from service.staff.words import places

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # what XML cannot say
MAX_CELL, MAX_LINKS = 32_767, 60_000  # characters of a cell, links of a sheet (the program's limit is 65,530)
LONG = 50  # a column as wide holds running text: it is not wrapped, only its beginning shows
Cell = str | int | date | None
Columns = Sequence[tuple[str, int]]  # names and widths in characters
RECORD_COLUMNS: Columns = tuple(
    (say(f"staff.column_{name}"), width)
    for name, width in (
        ("document", 34), ("binding", 22), ("as_of", 12), ("kind", 13), ("ref", 11), ("title", 48), ("status", 16),
        ("theme", 30), ("goal", 44), ("unit", 32), ("cooperation", 32), ("municipality", 30), ("description", 60),
        ("state", 60), ("dates", 16), ("amounts", 18), ("conflicts", 30), ("corrected", 40), ("page", 8),
        ("address", 44),
    )
)  # fmt: skip


class Form(StrEnum):
    """What a file is; the ending of its name."""

    DOCX = "docx"
    XLSX = "xlsx"
    CSV = "csv"


FORM_WORDS: dict[Form, str] = {Form.DOCX: "Word (DOCX)", Form.XLSX: "Excel (XLSX)", Form.CSV: "CSV"}


def file_of(selection: Selection, form: Form, name: str) -> Response:
    """Return a selection as the file `name` with its ending; as CSV in the columns of the API."""
    if form is Form.CSV:
        return csv_response(records_csv(one.record for one in selection.taken), name)
    if form is Form.XLSX:
        rows = (list(_row(one, selection.base)) for one in selection.taken)
        return workbook_response(say("staff.entries"), RECORD_COLUMNS, rows, selection.about(), name)
    from service.staff.taking.word import records_table  # a start need not wait for what writes Word files

    return word_response(selection, records_table(selection), name)


def word_response(selection: Selection, table: Any, name: str) -> Response:
    """Return a selection as the Word file `name`.docx with this `word.Table`."""
    from service.staff.taking import word

    return _attached(word.word_file(selection, table), word.MEDIA_TYPE, f"{name}.docx")


def table_response(
    form: Form,
    title: str,
    columns: Columns,
    rows: Iterable[Sequence[Cell]],
    about: Sequence[tuple[str, str]],
    name: str,
) -> Response:
    """Return any rows below `columns` as CSV, else as a workbook with a sheet that says what they are."""
    if form is not Form.CSV:
        return workbook_response(title, columns, rows, about, name)
    names = [one for one, _ in columns]
    return csv_response(table_csv(names, (dict(zip(names, row, strict=True)) for row in rows)), name)


def workbook_response(
    title: str, columns: Columns, rows: Iterable[Sequence[Cell]], about: Sequence[tuple[str, str]], name: str
) -> Response:
    """Return rows as the workbook `name`.xlsx: a header that stays in view, and a sheet that says what they are."""
    return _attached(workbook(title, columns, rows, about), XLSX_TYPE, f"{name}.xlsx")


def workbook(title: str, columns: Columns, rows: Iterable[Sequence[Cell]], about: Sequence[tuple[str, str]]) -> bytes:
    """Return rows as a workbook."""
    from openpyxl import Workbook  # a fifth of a second that no start should wait for
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    sheet.title = title
    for number, row in enumerate([[name for name, _ in columns], *rows], start=1):
        _write(sheet, number, row)
    for number, (_, width) in enumerate(columns, start=1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = width
        for cell in sheet[letter]:
            cell.alignment = Alignment(horizontal="left", vertical="top", wrap_text=width < LONG)
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor="0B5C55")
    sheet.freeze_panes, sheet.auto_filter.ref = "A2", sheet.dimensions
    _fit_to_paper(sheet)
    told = book.create_sheet(say("staff.about_sheet"))
    told.column_dimensions["A"].width, told.column_dimensions["B"].width = 24, 90
    for number, pair in enumerate(about, start=1):
        _write(told, number, pair)
        told.cell(row=number, column=1).font = Font(bold=True)
        told.cell(row=number, column=2).alignment = Alignment(wrap_text=True, vertical="top")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _attached(content: bytes, media_type: str, name: str) -> Response:
    return Response(content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _row(one: Taken, base: str) -> Iterator[Cell]:
    record, document = one.record, one.document
    yield marked(document.title, "title", document.unconfirmed)
    yield marked(document_status(document.status), "status", document.unconfirmed if document.status else ())
    yield document.as_of
    yield KINDS[record.kind]
    yield record.ref
    yield record.title
    yield STATUSES[record.status] if record.status else None
    yield from (f"{above.ref} {above.title}".strip() if above else None for above in (record.theme, record.goal))
    yield "\n".join(record.responsible)
    yield record.cooperation
    yield places(record)
    yield record.description
    yield record.state
    yield ", ".join(map(shown_moment, record.dates))
    yield ", ".join(record.amounts)
    yield "\n".join(
        say(
            "staff.conflict",
            field=FIELDS.get(each.field, each.field),
            text=shown(each.text),
            table=shown(each.table),
        )
        for each in record.conflicts
    )
    yield "\n".join(map(corrected_line, record.corrected))
    yield record.page
    yield base + record.url


def _write(sheet: Any, row: int, values: Iterable[Cell]) -> None:
    for column, value in enumerate(values, start=1):
        cell = sheet.cell(row=row, column=column)
        text = UNPRINTABLE.sub("", value)[:MAX_CELL] if isinstance(value, str) else ""
        cell.value = value if not isinstance(value, str) else text or None
        if isinstance(value, date):
            cell.number_format = "DD.MM.YYYY"
        elif text:
            cell.data_type = "s"  # openpyxl takes a text that begins with "=" for a formula
            cell.quotePrefix = text.lstrip().startswith(FORMULA_STARTS)
            if text.startswith(("http://", "https://")) and not re.search(r"\s", text) and row <= MAX_LINKS:
                cell.hyperlink = text


def _fit_to_paper(sheet: Any) -> None:
    """Print on landscape A3, two sheets beside each other at most, the header on each."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A3
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 2, 0
    sheet.print_title_rows = "1:1"
    sheet.oddFooter.right.text = say("staff.sheet_foot")
