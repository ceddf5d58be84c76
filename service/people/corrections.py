"""A decision on a field, made at its record's page: with a preview first, in the words that people write."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, Field

from prompts import reworded, say
from service.deps import ServedDep
from service.http.problems import ProblemError
from service.pages.labels import STATUSES, status_names
from service.people.form import LONGEST, of_correction, wrong_in
from service.people.pages import PATH, PeopleDep, WhoDep
from service.people.people import Preview, previewed
from service.record_filters import fold
from service.staff.addresses import STAFF
from service.staff.rendering import staff_page
from vectorstore.amending.form import Correction, Part
from vectorstore.records import ItemStatus

router = APIRouter(prefix=STAFF, include_in_schema=False)
OFFERED = (
    Part.TITLE, Part.STATUS, Part.UNIT, Part.DATE, Part.PERIOD, Part.COST, Part.TEXT, Part.RECORD, Part.SPLIT,
)  # fmt: skip
Words = Annotated[str, Field(max_length=2 * LONGEST)]
_DAY = re.compile(r"(?:(?:(?P<day>\d{1,2})\.\s?)?(?P<month>\d{1,2})[./]\s?)(?P<year>\d{4})")
_STATUSES = {fold(name): one.value for one in ItemStatus for name in status_names(one)}


class Typed(BaseModel):
    """A correction as it is typed; kept once it was looked at and `confirmed`."""

    part: Part
    value: Words = ""
    instead_of: Words = ""
    reason: Words = ""
    confirmed: bool = False


@router.post("/items/{document_id}/{key}/correction", response_model=None)
def correct(
    document_id: str, key: str, served: ServedDep, people: PeopleDep, who: WhoDep, typed: Annotated[Typed, Form()]
) -> HTMLResponse | RedirectResponse:
    """Show what a correction would do; keep it once that was confirmed."""
    catalogue = served.edition.catalogue
    item = catalogue.item(document_id, key)
    if item is None:
        raise ProblemError("not-found")
    said, read, reason = (_lines(text) for text in (typed.value, typed.instead_of, typed.reason))
    new = Correction(document_id, key, typed.part, as_kept(typed.part, said), as_kept(typed.part, read), reason)
    if typed.part is Part.RECORD and not read:
        new = replace(new, instead_of=item.title)
    preview = Preview(None, None, misread(new) or " ".join(wrong_in(of_correction(new))))
    if not preview.problem:
        preview = previewed(catalogue, people.decisions.fields(), new)
    if typed.confirmed and not preview.problem:
        people.correct(of_correction(new), who)
        return RedirectResponse(f"{PATH}#entschieden", 303)
    return staff_page(
        "staff_correction.html", served, "decisions", 422 if preview.problem else 200,
        new=new, item=item, preview=preview, problem=preview.problem, **form_values(),
    )  # fmt: skip


def form_values() -> dict[str, Any]:
    """Return what the form of a correction offers."""
    return {"offered": {part: reworded("de/corrections")[part] for part in OFFERED}, "longest": LONGEST}


def as_kept(part: Part, text: str) -> str:
    """Return a value as it is kept: "in Bearbeitung" is "in_progress", "1.5.2026" "2026-05-01", others stay."""
    if part is Part.STATUS:
        return _STATUSES.get(fold(text), text)
    if part is Part.DATE and (found := _DAY.fullmatch(text)):
        return "-".join(filter(None, (found["year"], found["month"].zfill(2), found["day"] and found["day"].zfill(2))))
    return text


def misread(new: Correction) -> str:
    """Say in German what a status may be where the new one is none; "" elsewhere."""
    if new.part is Part.STATUS and new.value and new.value not in STATUSES:
        return say("people.no_status", value=new.value, values=", ".join(STATUSES.values()))
    return ""


def _lines(text: str) -> str:
    """A text of a form with the line ends of documents."""
    return text.replace("\r\n", "\n").strip()
