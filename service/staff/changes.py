"""What changed between two papers of one series, on the staff page and as CSV."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from service.changes.matching import WORDS, Change, ChangeKind, Comparison, compare, pairs
from service.changes.table import changes_csv, corrected_lines, counted, row_of
from service.completeness import Completeness
from service.deps import ServedDep, in_thread
from service.http.problems import ProblemError
from service.http.responses import csv_response
from service.pages.labels import shown
from service.staff import sheets
from service.staff.access import require_staff
from service.staff.addresses import STAFF
from service.staff.rendering import staff_page
from service.staff.taking.files import attached
from vectorstore.catalogue import Catalogue
from vectorstore.records import Document, ItemKind

router = APIRouter(prefix=STAFF, dependencies=[Depends(require_staff)], include_in_schema=False)
SHOWN = tuple(kind for kind in ChangeKind if kind is not ChangeKind.UNCHANGED)
_SHEET = (
    ("Änderung", 18), ("Nr.", 11), ("Titel", 48), ("Status", 16), ("Nr. bisher", 11), ("Titel bisher", 48),
    ("Status bisher", 16), ("Korrigiert", 50),
)  # fmt: skip
KINDS = (ItemKind.PROJECT, ItemKind.MEASURE, ItemKind.GOAL)


@router.get("/changes")
async def changes(request: Request, served: ServedDep, old: str = "", new: str = "") -> HTMLResponse:
    """Show what changed from the paper `old` to the paper `new`; without them from the last but one to the last."""
    catalogue = served.edition.catalogue
    found = pairs(catalogue)
    fault = _fault(catalogue, old, new)
    comparison = None
    if not fault and (old or found):
        comparison = await in_thread(request, partial(_compared, catalogue, found, old, new))
    return staff_page(
        "staff_changes.html",
        served,
        "changes",
        422 if fault else 200,
        fault=fault,
        old=comparison.old.id if comparison else old,
        new=comparison.new.id if comparison else new,
        pairs=found,
        documents=list(catalogue.documents.values()),
        comparison=comparison,
        kinds=SHOWN,
        kind_words=WORDS,
        counted=counted(comparison) if comparison else "",
        notices=Completeness.of([comparison.old, comparison.new], KINDS).notices() if comparison else [],
    )


@router.get("/changes.csv")
async def changes_as_csv(request: Request, served: ServedDep, old: str = "", new: str = "") -> Response:
    """Send all records of both papers with what became of each."""
    catalogue = served.edition.catalogue
    comparison = await in_thread(request, partial(_compared, catalogue, pairs(catalogue), old, new))
    return csv_response(changes_csv(comparison), "aenderungen")


@router.get("/changes.xlsx")
async def changes_as_workbook(request: Request, served: ServedDep, old: str = "", new: str = "") -> Response:
    """Send the same as a workbook, with a sheet that says which papers are compared."""
    catalogue = served.edition.catalogue
    comparison = await in_thread(request, partial(_compared, catalogue, pairs(catalogue), old, new))
    about = (
        ("Früheres Papier", comparison.old.title),
        ("Späteres Papier", comparison.new.title),
        ("Einträge", counted(comparison) or "keine"),
        ("Datenstand", served.edition.name),
    )
    content = sheets.table_workbook("Änderungen", _SHEET, map(_cells, comparison.changes), about)
    return attached(content, sheets.MEDIA_TYPE, "aenderungen.xlsx")


def _cells(change: Change) -> list[str | None]:
    row, before = row_of(change), change.old
    now = (row["ref"], row["title"], shown(row["status"]) or None)
    was = (row["ref_before"], row["title_before"], shown(row["status_before"]) or None) if before else (None,) * 3
    return [row["change"], *now, *was, "\n".join(corrected_lines(change)) or None]


def _compared(catalogue: Catalogue, found: list[tuple[Document, Document]], old: str, new: str) -> Comparison:
    """Compare the papers that are named, else the last ones; raises ProblemError where there are none."""
    if not old and not new and found:
        return compare(catalogue, *found[0])
    first, second = catalogue.documents.get(old), catalogue.documents.get(new)
    if first is None or second is None or first is second:
        raise ProblemError("not-found")
    return compare(catalogue, first, second)


def _fault(catalogue: Catalogue, old: str, new: str) -> str:
    """What is wrong with the choice of two papers, in words; "" where nothing is, or nothing was chosen."""
    if not old and not new:
        return ""
    if not old or not new:
        return "Bitte wählen Sie beide Papiere."
    if old == new:
        return "Bitte wählen Sie zwei verschiedene Papiere."
    unknown = old not in catalogue.documents or new not in catalogue.documents
    return "Eines der Papiere steht nicht mehr in dieser Ausgabe. Bitte wählen Sie neu." if unknown else ""
