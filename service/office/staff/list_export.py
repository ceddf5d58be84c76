"""Lists of records as Excel or CSV files; no cell can become a formula."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

from fastapi.responses import Response

from prompts import say
from service import wording
from service.records import FORMULA_STARTS, Completeness, Record, format_number, labels, table_csv
from service.web.http import csv_response
from vectorstore.records import Document, RefTitle

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONG = 50  # a column at least this wide contains running text: it is cut off instead of wrapped
Cell = str | int | date | None
NAME = "eintraege"  # of the file, without its ending
WIDTHS = {  # of columns in characters
    "document": 34,
    "binding": 22,
    "as_of": 12,
    "kind": 13,
    "ref": 11,
    "title": 48,
    "status": 16,
    "theme": 30,
    "goal": 44,
    "unit": 32,
    "cooperation": 32,
    "municipality": 30,
    "description": 60,
    "state": 60,
    "dates": 16,
    "amounts": 18,
    "conflicts": 30,
    "corrected": 40,
    "page": 8,
    "address": 44,
    "publisher": 24,
}


class FileForm(StrEnum):
    """The format of an exported file, and the ending of its name."""

    XLSX = "xlsx"
    CSV = "csv"


@dataclass(frozen=True, kw_only=True)
class RecordTable:
    """The records of an exported list, in its order.

    `heading` says its filters, `address` is the path of its page below `base`, the public address
    without a slash. `complete` says whether these are all such records, `known` what is missing in
    the documents.
    """

    heading: str
    address: str
    records: Sequence[Record]
    documents: Mapping[str, Document]
    edition: str
    base: str
    known: Completeness
    complete: bool | None

    def about(self) -> list[tuple[str, str]]:
        """Labels and values that describe the list: filters, edition, number of records, gaps, day,
        address.
        """
        return [
            (say("staff.about_list"), self.heading),
            (say("staff.about_edition"), self.edition),
            (say("staff.about_entries"), format_number(len(self.records), self.complete, "de")),
            *((say("staff.about_incomplete"), notice.text) for notice in self.known.notices()),
            (say("staff.about_made"), labels.format_date(date.today())),
            (say("staff.about_address"), self.base + self.address),
        ]

    def row(self, record: Record) -> dict[str, Cell]:
        """The cells of a record by column name, as in WIDTHS.

        Title, status and publisher of the document are marked if nobody confirmed them. Each unit,
        conflict and correction has a line of its own within its cell.
        """
        document, shown = self.documents[record.document_id], labels.format_value
        binding, _ = labels.status_and_date(document.status, document.as_of, document.unconfirmed)
        conflicts = (
            say(
                "staff.conflict",
                field=labels.FIELDS.get(conflict.field, conflict.field),
                text=shown(conflict.text),
                table=shown(conflict.table),
            )
            for conflict in record.conflicts
        )
        return {
            "document": labels.mark_unconfirmed(document.title, "title", document.unconfirmed),
            "binding": binding,
            "as_of": document.as_of,
            "kind": labels.KINDS[record.kind],
            "ref": record.ref,
            "title": record.title,
            "status": shown(record.status),
            "theme": _heading_text(record.theme),
            "goal": _heading_text(record.goal),
            "unit": "\n".join(record.responsible),
            "cooperation": record.cooperation,
            "municipality": labels.format_municipalities(record),
            "description": record.description,
            "state": record.state,
            "dates": ", ".join(map(wording.format_moment, record.dates)),
            "amounts": ", ".join(record.amounts),
            "conflicts": "\n".join(conflicts),
            "corrected": "\n".join(map(labels.format_correction, record.corrected)),
            "page": record.page,
            "address": self.base + record.url,
            "publisher": labels.mark_unconfirmed(
                document.publisher, "publisher", document.unconfirmed
            ),
        }


def _heading_text(heading: RefTitle | None) -> str | None:
    if heading is None:
        return None
    return labels.name_of(heading)


def send_file(table: RecordTable, form: FileForm) -> Response:
    """Return a table as a file to save."""
    heads = [say(f"staff.column_{column}") for column in WIDTHS]
    if form is FileForm.CSV:
        return csv_response(table_csv([*WIDTHS], map(table.row, table.records), heads), NAME)
    attached = {"Content-Disposition": f'attachment; filename="{NAME}.xlsx"'}
    return Response(_workbook(heads, table), media_type=XLSX_TYPE, headers=attached)


def _workbook(heads: Sequence[str], table: RecordTable) -> bytes:
    """Return a table as the bytes of an Excel workbook.

    The first sheet has the records; its header stays in view and is repeated on each printed page.
    The second sheet describes the list.
    """
    from xlsxwriter import Workbook  # imported here: no start should wait for it

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(out, options) as book:
        sheet = book.add_worksheet(say("staff.entries"))
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(table.records), len(heads) - 1)
        sheet.set_landscape()
        sheet.repeat_rows(0)
        rows = [[*table.row(record).values()] for record in table.records]
        _fill_sheet(book, sheet, [heads, *rows], [*WIDTHS.values()])
        sheet.write_row(0, 0, heads, book.add_format({"bold": True}))
        about = book.add_worksheet(say("staff.about_sheet"))
        _fill_sheet(book, about, table.about(), [24, LONG - 1])  # values are wrapped
    return out.getvalue()


def _fill_sheet(
    book: Any, sheet: Any, rows: Iterable[Sequence[Cell]], widths: Sequence[int]
) -> None:
    """Write rows and column widths into a sheet.

    A text that begins like a formula gets Excel's mark of a text, so that it never becomes one.
    Addresses become links, unless there are more of them than Excel allows. A cell without a value
    is written too, for its format.
    """

    @cache
    def style(column: int, is_date: bool, has_prefix: bool) -> Any:
        """Return the format of a cell; the cache gives cells of equal format the same one.

        Columns of running text (LONG) are not wrapped, or their rows would be very high.
        """
        return book.add_format(
            {
                "align": "left",
                "valign": "top",
                "text_wrap": widths[column] < LONG,
                "num_format": "DD.MM.YYYY" if is_date else "General",
                "quote_prefix": has_prefix,
            }
        )

    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            text = value if isinstance(value, str) else ""
            # Excel's mark that keeps a text from being a formula
            has_prefix = text.lstrip().startswith(FORMULA_STARTS)
            form = style(column, isinstance(value, date), has_prefix)
            sheet.write(number, column, value, form)
            if re.fullmatch(r"https?://[^\s\"<>]{1,2000}", text):
                sheet.write_url(number, column, text, form)
