"""What is taken away as a file to download, Word, Excel or CSV; no cell can become a formula."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

from fastapi.responses import Response

from prompts import say
from service.csv_export import FORMULA_STARTS, table_csv
from service.http.problems import ProblemError
from service.http.responses import csv_response
from service.pages.labels import FIELDS, KINDS, corrected_line, marked, places, shown, shown_moment, standing
from service.staff.taking.selection import Selection, Taken

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # what XML cannot say
MAX_CELL, MAX_LINKS = 32_767, 60_000  # characters of a cell, links of a sheet (the program's limit is 65,530)
MOST_IN_WORD = 500  # records: Word itself is slow with longer tables
LONG = 50  # a column as wide holds running text: it is not wrapped, only its beginning shows
Cell = str | int | date | None
WIDTHS = {  # of columns in characters
    "document": 34, "binding": 22, "as_of": 12, "kind": 13, "ref": 11, "title": 48, "status": 16,
    "theme": 30, "goal": 44, "unit": 32, "cooperation": 32, "municipality": 30, "description": 60, "state": 60,
    "dates": 16, "amounts": 18, "conflicts": 30, "corrected": 40, "page": 8, "address": 44, "publisher": 24,
}  # fmt: skip


class Form(StrEnum):
    """What a file is; the ending of its name."""

    DOCX = "docx"
    XLSX = "xlsx"
    CSV = "csv"


FORM_WORDS: dict[Form, str] = {Form.DOCX: "Word (DOCX)", Form.XLSX: "Excel (XLSX)", Form.CSV: "CSV"}


def file_of(selection: Selection, form: Form, name: str) -> Response:
    """Return a selection as the file `name` with its ending."""
    if form is Form.DOCX:
        if len(selection.taken) > MOST_IN_WORD:
            raise ProblemError("too-many-for-word", values={"most": str(MOST_IN_WORD)})
        from service.staff.taking.word import word_file  # a start need not wait for what writes Word files

        return _attached(word_file(selection), DOCX_TYPE, f"{name}.docx")
    heads = {one: say(f"staff.column_{one}") for one in WIDTHS}
    rows = (_row(selection, one) for one in selection.taken)
    if form is Form.CSV:
        return csv_response(table_csv([*heads.values()], ({heads[one]: row[one] for one in row} for row in rows)), name)
    return _attached(
        _workbook([*heads.values()], ([*row.values()] for row in rows), selection), XLSX_TYPE, f"{name}.xlsx"
    )


def _attached(content: bytes, media_type: str, name: str) -> Response:
    return Response(content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _row(selection: Selection, one: Taken) -> dict[str, Cell]:
    record, document = one.record, one.document
    unsure = document.unconfirmed
    conflicts = (
        say("staff.conflict", field=FIELDS.get(each.field, each.field), text=shown(each.text), table=shown(each.table))
        for each in record.conflicts
    )
    return {
        "document": marked(document.title, "title", unsure),
        "binding": standing(document.status, document.as_of, unsure)[0],
        "as_of": document.as_of,
        "kind": KINDS[record.kind],
        "ref": record.ref,
        "title": record.title,
        "status": shown(record.status),
        "theme": f"{record.theme.ref} {record.theme.title}".strip() if record.theme else None,
        "goal": f"{record.goal.ref} {record.goal.title}".strip() if record.goal else None,
        "unit": "\n".join(record.responsible),
        "cooperation": record.cooperation,
        "municipality": places(record),
        "description": record.description,
        "state": record.state,
        "dates": ", ".join(map(shown_moment, record.dates)),
        "amounts": ", ".join(record.amounts),
        "conflicts": "\n".join(conflicts),
        "corrected": "\n".join(map(corrected_line, record.corrected)),
        "page": record.page,
        "address": selection.url(one),
        "publisher": marked(document.publisher, "publisher", unsure),
    }


def _workbook(heads: list[Cell], rows: Iterable[list[Cell]], selection: Selection) -> bytes:
    """Rows as a workbook: a header in view and on each landscape page, a sheet that says what they are.

    It is written row by row, so that thousands of records take seconds and little memory.
    """
    from openpyxl import Workbook  # a fifth of a second that no start should wait for
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet, about = book.create_sheet(say("staff.entries")), book.create_sheet(say("staff.about_sheet"))
    sheet.freeze_panes, last = "A2", get_column_letter(len(heads))
    sheet.auto_filter.ref = f"A1:{last}{len(selection.taken) + 1}"
    sheet.page_setup.orientation, sheet.print_title_rows = "landscape", "1:1"
    _fill(sheet, [heads], rows, [*WIDTHS.values()])
    _fill(about, (), selection.about(), [24, LONG - 1], bold_column=0)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(
    sheet: Any,
    heads: Iterable[Sequence[Cell]],
    rows: Iterable[Sequence[Cell]],
    widths: Sequence[int],
    bold_column: int | None = None,
) -> None:
    """Write bold rows and others; cells of one kind share a style, which is made once."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width

    @cache
    def style(column: int, bold: bool, dated: bool, quoted: bool) -> Any:
        cell = WriteOnlyCell(sheet)
        cell.alignment = Alignment(horizontal="left", vertical="top", wrap_text=widths[column] < LONG)
        cell.font, cell.number_format = Font(bold=bold), "DD.MM.YYYY" if dated else "General"
        cell.quotePrefix = quoted
        return cell._style

    def made(number: int, column: int, value: Cell, bold: bool) -> Any:
        text = UNPRINTABLE.sub("", value)[:MAX_CELL] if isinstance(value, str) else ""
        cell = WriteOnlyCell(sheet, text or None if isinstance(value, str) else value)
        if text:
            cell.data_type = "s"  # openpyxl takes a text that begins with "=" for a formula
        cell._style = style(column, bold, isinstance(value, date), text.lstrip().startswith(FORMULA_STARTS))
        if number < MAX_LINKS and re.fullmatch(r"https?://[^\s\"<>]{1,2000}", text):
            cell.hyperlink = text
        return cell

    for row in heads:
        sheet.append([made(0, column, value, True) for column, value in enumerate(row)])
    for number, row in enumerate(rows):
        sheet.append([made(number, column, value, column == bold_column) for column, value in enumerate(row)])
