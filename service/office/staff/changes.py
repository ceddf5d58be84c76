"""/staff/changes: the changes of records from one document to another."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from service.office.staff.paths import STAFF
from service.office.staff.rendering import staff_page
from service.office.staff.roles import require_staff
from service.records import (
    CHANGE_WORDS,
    Completeness,
    compare_records,
    document_pairs,
    group_by_kind,
)
from service.web import ServedDep
from vectorstore.records import Catalogue, Document, ItemKind

router = APIRouter(prefix=STAFF, dependencies=[Depends(require_staff)], include_in_schema=False)
KINDS = (ItemKind.PROJECT, ItemKind.MEASURE, ItemKind.GOAL)


def _choose_pair(catalogue: Catalogue, old: str, new: str) -> tuple[Document, Document] | None:
    """Return the documents with the ids `old` and `new`.

    Without both ids, these are the last document that has a predecessor, and this predecessor.
    Returns None if there is no such document, if an id is unknown, or if both ids are the same.
    """
    if not (old or new):
        return next(iter(document_pairs(catalogue)), None)
    old_document, new_document = catalogue.documents.get(old), catalogue.documents.get(new)
    if old_document is None or new_document is None or old == new:
        return None
    return old_document, new_document


@router.get("/changes")
def show_changes(served: ServedDep, old: str = "", new: str = "") -> HTMLResponse:
    """Show what changed from one document to another.

    Without ids, the last document with a predecessor is compared with it, if there is one. If the
    ids that were given cannot be compared, the page says so below the form (422).
    """
    catalogue = served.edition.catalogue
    pair = _choose_pair(catalogue, old, new)
    compared: dict[str, object] = {}
    if pair:
        compared["by_kind"] = group_by_kind(compare_records(catalogue, *pair))
        compared["notices"] = Completeness.of(pair, KINDS).notices()
    return staff_page(
        "staff_changes.html",
        served,
        "changes",
        422 if (old or new) and not pair else 200,
        documents=list(catalogue.documents.values()),
        pair=pair,
        old=old,
        new=new,
        kind_words=CHANGE_WORDS,
        **compared,
    )
