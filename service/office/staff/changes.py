"""/staff/changes: the changes of records from one document to another, as a page and as CSV."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from prompts import say
from service.office.staff.paths import STAFF
from service.office.staff.rendering import staff_page
from service.office.staff.roles import require_staff
from service.records import (
    CHANGE_WORDS,
    Comparison,
    Completeness,
    Notice,
    ProblemError,
    change_row,
    compare_records,
    document_pairs,
    labels,
    table_csv,
)
from service.web import ServedDep
from service.web.http import csv_response
from vectorstore.records import Change, ChangeKind, ItemKind

router = APIRouter(prefix=STAFF, dependencies=[Depends(require_staff)], include_in_schema=False)
SHOWN = tuple(kind for kind in ChangeKind if kind is not ChangeKind.UNCHANGED)
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


def compare_chosen(served: ServedDep, old: str = "", new: str = "") -> Comparison | None:
    """Return the changes from document `old` to document `new`.

    Without both ids, the last document that has a predecessor is compared with it. Returns None if
    there is no such document, if an id is unknown, or if both ids are the same.
    """
    catalogue = served.edition.catalogue
    if not (old or new):
        latest_pairs = document_pairs(catalogue)
        if not latest_pairs:
            return None
        return compare_records(catalogue, *latest_pairs[0])
    old_document, new_document = catalogue.documents.get(old), catalogue.documents.get(new)
    if old_document is None or new_document is None or old == new:
        return None
    return compare_records(catalogue, old_document, new_document)


ComparisonDep = Annotated[Comparison | None, Depends(compare_chosen)]


@router.get("/changes")
def show_changes(
    served: ServedDep, comparison: ComparisonDep, old: str = "", new: str = ""
) -> HTMLResponse:
    """Show what changed from one document to another.

    Without ids, the last document with a predecessor is compared with it, if there is one. If the
    ids that were given cannot be compared, the page says so below the form (422).
    """
    counts: Mapping[ChangeKind, int] = {}
    notices: Sequence[Notice] = ()
    if comparison:
        old, new = comparison.old.id, comparison.new.id
        counts = comparison.counts
        notices = Completeness.of([comparison.old, comparison.new], KINDS).notices()
    return staff_page(
        "staff_changes.html",
        served,
        "changes",
        422 if (old or new) and not comparison else 200,
        documents=list(served.edition.catalogue.documents.values()),
        comparison=comparison,
        kinds=SHOWN,
        old=old,
        new=new,
        kind_words=CHANGE_WORDS,
        counted=", ".join(
            f"{number} {CHANGE_WORDS[kind]}" for kind, number in counts.items() if number
        ),
        notices=notices,
    )


@router.get("/changes.csv")
def send_changes(comparison: ComparisonDep) -> Response:
    """Send all records of both documents as CSV, each with its change."""
    if comparison is None:
        raise ProblemError("not-found")
    heads = [say(f"staff.column_{column}") for column in COLUMNS]
    return csv_response(
        table_csv(COLUMNS, map(_change_row, comparison.changes), heads), "aenderungen"
    )


def _change_row(change: Change) -> dict[str, Any]:
    """Return a change's cells by column, with statuses and corrections in words.

    Corrections of both records are in one cell, a line each; a line on the earlier record says so.
    """
    row = change_row(change)
    lines: list[str] = []
    if change.after:
        lines += map(labels.format_correction, change.after.corrected)
    if change.before:
        before = map(labels.format_correction, change.before.corrected)
        lines += [say("staff.before", line=line) for line in before]
    statuses = {name: labels.format_value(row[name]) for name in ("status", "status_before")}
    return {**row, **statuses, "corrected": "\n".join(lines)}
