"""/staff/changes: the changes of records from one document to another, as a page and as CSV."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from prompts import say
from service.office.staff.paths import STAFF
from service.office.staff.rendering import staff_page
from service.office.staff.roles import require_staff
from service.records import (
    CHANGE_WORDS,
    Completeness,
    Notice,
    ProblemError,
    change_row,
    compare_records,
    document_pairs,
    group_by_kind,
    labels,
    table_csv,
)
from service.web import ServedDep
from service.web.http import csv_response
from vectorstore.records import Catalogue, Document, ItemKind, RecordChange, RecordState

router = APIRouter(prefix=STAFF, dependencies=[Depends(require_staff)], include_in_schema=False)
KINDS = (ItemKind.PROJECT, ItemKind.MEASURE, ItemKind.GOAL)
COLUMNS = (
    "change",
    "ref",
    "title",
    "status",
    "ref_before",
    "title_before",
    "status_before",
    "corrected",
)


def choose_pair(
    served: ServedDep, old: str = "", new: str = ""
) -> tuple[Document, Document] | None:
    """Return the documents with the ids `old` and `new`.

    Without both ids, these are the last document that has a predecessor, and this predecessor.
    Returns None if there is no such document, if an id is unknown, or if both ids are the same.
    """
    catalogue = served.edition.catalogue
    if not (old or new):
        return next(iter(document_pairs(catalogue)), None)
    old_document, new_document = catalogue.documents.get(old), catalogue.documents.get(new)
    if old_document is None or new_document is None or old == new:
        return None
    return old_document, new_document


PairDep = Annotated[tuple[Document, Document] | None, Depends(choose_pair)]


@router.get("/changes")
def show_changes(served: ServedDep, pair: PairDep, old: str = "", new: str = "") -> HTMLResponse:
    """Show what changed from one document to another.

    Without ids, the last document with a predecessor is compared with it, if there is one. If the
    ids that were given cannot be compared, the page says so below the form (422).
    """
    catalogue = served.edition.catalogue
    changes: Sequence[RecordChange] = ()
    notices: Sequence[Notice] = ()
    if pair:
        changes = compare_records(catalogue, *pair)
        notices = Completeness.of(pair, KINDS).notices()
    by_kind = group_by_kind(changes)
    return staff_page(
        "staff_changes.html",
        served,
        "changes",
        422 if (old or new) and not pair else 200,
        documents=list(catalogue.documents.values()),
        pair=pair,
        old=old,
        new=new,
        by_kind=by_kind,
        has_common=any(change.before and change.after for change in changes),
        kind_words=CHANGE_WORDS,
        counted=", ".join(f"{len(group)} {CHANGE_WORDS[kind]}" for kind, group in by_kind.items()),
        notices=notices,
    )


@router.get("/changes.csv")
def send_changes(served: ServedDep, pair: PairDep) -> Response:
    """Send all records of both documents as CSV, each with its change."""
    if pair is None:
        raise ProblemError("not-found")
    catalogue = served.edition.catalogue
    rows = [_change_row(catalogue, change) for change in compare_records(catalogue, *pair)]
    heads = [say(f"staff.column_{column}") for column in COLUMNS]
    return csv_response(table_csv(COLUMNS, rows, heads), "aenderungen")


def _change_row(catalogue: Catalogue, change: RecordChange) -> dict[str, Any]:
    """Return a change's cells by column, with statuses and corrections in words.

    Corrections of both records are in one cell, a line each; a line on the earlier record says so.
    """
    row = change_row(change)
    lines = _correction_lines(catalogue, change.after)
    lines += [
        say("staff.before", line=line) for line in _correction_lines(catalogue, change.before)
    ]
    statuses = {name: labels.format_value(row[name]) for name in ("status", "status_before")}
    return {**row, **statuses, "corrected": "\n".join(lines)}


def _correction_lines(catalogue: Catalogue, state: RecordState | None) -> list[str]:
    """Return a line for each correction of a record, none without one."""
    item = catalogue.item(*state.address) if state else None
    return [labels.format_correction(correction) for correction in item.corrected] if item else []
