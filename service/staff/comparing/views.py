"""The comparison's addresses: the page, the paragraph, the files."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response

from service.csv_export import table_csv
from service.deps import HolderDep, ServedDep, SettingsDep, in_thread
from service.edition_holder import EditionHolder
from service.http.problem_texts import FIELD_TEXTS
from service.http.problems import ProblemError
from service.http.responses import csv_response
from service.models import FieldError
from service.staff import sheets
from service.staff.access import require_staff
from service.staff.addresses import STAFF, public_url
from service.staff.comparing.comparison import (
    COLUMNS,
    SILENT,
    WIDTHS,
    By,
    Comparison,
    ComparisonQuery,
    compared,
    comparison_table,
    flat_rows,
    publishers,
    selection_of,
)
from service.staff.rendering import staff_page
from service.staff.taking.files import FORM_WORDS, Form, about, attached, word_response
from service.staff.words import most_binding_first

router = APIRouter(prefix=STAFF, dependencies=[Depends(require_staff)], include_in_schema=False)
ComparisonDep = Annotated[ComparisonQuery, Query()]
NAME = "vergleich"


@router.get("/comparison")
async def comparison(request: Request, query: ComparisonDep, served: ServedDep, holder: HolderDep) -> HTMLResponse:
    """Show what the chosen documents or publishers say on a topic, and the form to choose them."""
    catalogue = served.edition.catalogue
    made = await _compared(request, holder, query) if query.words else None
    return staff_page(
        "staff_comparison.html",
        served,
        "comparison",
        query=query,
        comparison=made,
        documents=most_binding_first(catalogue.in_force.documents.values()),
        publishers=publishers(catalogue),
        by=By,
        forms=FORM_WORDS,
        silent_words=SILENT,
    )


@router.get("/comparison.{form}")
async def comparison_file(
    form: Form, request: Request, query: ComparisonDep, served: ServedDep, holder: HolderDep, settings: SettingsDep
) -> Response:
    """Send the comparison as a file."""
    if not query.words:
        raise ProblemError("invalid-input", errors=[FieldError(field="topic", message=FIELD_TEXTS["missing"]["de"])])
    made = await _compared(request, holder, query)
    base = public_url(request, settings)
    selection = selection_of(served, settings, base, query, made)
    if form is Form.DOCX:
        return word_response(selection, comparison_table(selection, made), NAME)
    rows = flat_rows(made, base)
    if form is Form.CSV:
        return csv_response(table_csv(COLUMNS, (dict(zip(COLUMNS, row, strict=True)) for row in rows)), NAME)
    columns = list(zip(COLUMNS, WIDTHS, strict=True))
    content = sheets.table_workbook("Vergleich", columns, rows, about(selection))
    return attached(content, sheets.MEDIA_TYPE, f"{NAME}.xlsx")


async def _compared(request: Request, holder: EditionHolder, query: ComparisonQuery) -> Comparison:
    return await in_thread(request, partial(_compare, holder, query))


def _compare(holder: EditionHolder, query: ComparisonQuery) -> Comparison:
    with holder.lease() as served:
        return compared(served, query)
