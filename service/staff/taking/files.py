"""A selection as a file to download: Word, Excel or CSV."""

from __future__ import annotations

from enum import StrEnum

from fastapi.responses import Response

from service.completeness import figure
from service.csv_export import records_csv
from service.http.responses import csv_response
from service.pages.labels import shown_date
from service.staff import sheets
from service.staff.taking.selection import Selection
from service.staff.taking.table import Table, records_table


class Form(StrEnum):
    """What a file is; the ending of its name."""

    DOCX = "docx"
    XLSX = "xlsx"
    CSV = "csv"


FORM_WORDS: dict[Form, str] = {Form.DOCX: "Word (DOCX)", Form.XLSX: "Excel (XLSX)", Form.CSV: "CSV"}


def file_of(selection: Selection, form: Form, name: str) -> Response:
    """Return a selection as the file `name` with its ending; the records in the columns that catalogue files have."""
    if form is Form.DOCX:
        return word_response(selection, records_table(selection), name)
    records = [one.record for one in selection.taken]
    if form is Form.CSV:
        return csv_response(records_csv(records), name)
    documents = {one.id: one for one in selection.documents}
    content = sheets.workbook(records, documents, about(selection), selection.base)
    return attached(content, sheets.MEDIA_TYPE, f"{name}.xlsx")


def word_response(selection: Selection, table: Table, name: str) -> Response:
    """Return a selection as the Word file `name`.docx with this table."""
    from service.staff.taking import word  # a start need not wait for what writes Word files

    return attached(word.word_file(selection, table), word.MEDIA_TYPE, f"{name}.docx")


def attached(content: bytes, media_type: str, name: str) -> Response:
    """Return content as a file to download."""
    return Response(content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def about(selection: Selection) -> list[tuple[str, str]]:
    """Return words and values that say where a selection comes from."""
    return [
        ("Liste", selection.heading),
        ("Herkunft", selection.origin.words),
        ("Ausgabe", selection.edition),
        ("Einträge", figure(len(selection.taken), selection.complete, "de")),
        *(("Unvollständig", notice.text) for notice in selection.known.notices()),
        ("Erstellt am", shown_date(selection.made)),
        ("Lizenz", selection.license.title if selection.license else "keine festgelegt"),
        ("Adresse", selection.base + selection.origin.address),
    ]
