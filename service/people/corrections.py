"""A decision on a field, made at its record's page: with a preview first, in the words that people write."""

from __future__ import annotations

import re
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from prompts import say
from service.deps import AuditDep, ServedDep, in_thread
from service.http.problems import ProblemError
from service.pages.labels import STATUSES, status_names
from service.people.form import of_correction
from service.people.pages import PATH, PeopleDep
from service.people.people import Preview, Who, previewed
from service.record_filters import fold
from service.staff.addresses import STAFF
from service.staff.rendering import staff_page
from service.staff.roles import EditorDep
from vectorstore.amending.form import LONGEST, PART_WORDS, Correction, Part, wrong
from vectorstore.records import ItemStatus

router = APIRouter(prefix=STAFF, include_in_schema=False)
OFFERED = (
    Part.TITLE, Part.STATUS, Part.UNIT, Part.DATE, Part.PERIOD, Part.COST, Part.TEXT, Part.RECORD, Part.SPLIT,
)  # fmt: skip
Words = Annotated[str, Form(max_length=2 * LONGEST)]
_DAY = re.compile(r"(?:(?:(?P<day>\d{1,2})\.\s?)?(?P<month>\d{1,2})[./]\s?)(?P<year>\d{4})")
_STATUSES = {fold(name): one.value for one in ItemStatus for name in status_names(one)}


@router.post("/items/{document_id}/{key}/correction", response_model=None)
async def correct(
    document_id: str,
    key: str,
    request: Request,
    served: ServedDep,
    people: PeopleDep,
    audit: AuditDep,
    person: EditorDep,
    part: Annotated[Part, Form()],
    value: Words = "",
    instead_of: Words = "",
    reason: Words = "",
    confirmed: Annotated[bool, Form()] = False,
) -> HTMLResponse | RedirectResponse:
    """Show what a correction would do; keep it once that was confirmed."""
    catalogue = served.edition.catalogue
    item = catalogue.item(document_id, key)
    if item is None:
        raise ProblemError("not-found")
    said, read = (as_kept(part, _lines(text)) for text in (value, instead_of))
    new = Correction(document_id, key, part, said, read or (item.title if part is Part.RECORD else ""), _lines(reason))
    preview = Preview(None, None, misread(part, said) or wrong(new) or "")
    if not preview.problem:
        preview = await in_thread(request, lambda: previewed(catalogue, people.fields(), new))
    if confirmed and not preview.problem:
        who = Who(person.name, person.role.word, audit)
        await in_thread(request, partial(people.correct, of_correction(new), who))
        return RedirectResponse(f"{PATH}#entschieden", 303)
    return staff_page(
        "staff_correction.html",
        served,
        "decisions",
        422 if preview.problem else 200,
        new=new,
        item=item,
        document=catalogue.documents[document_id],
        preview=preview,
        problem=preview.problem,
        **form_values(),
    )


def form_values() -> dict[str, Any]:
    """Return what the form of a correction offers."""
    return {"offered": {part: PART_WORDS[part] for part in OFFERED}, "longest": LONGEST}


def as_kept(part: Part, text: str) -> str:
    """Return a value as it is kept: "in Bearbeitung" is "in_progress", "1.5.2026" "2026-05-01", others stay."""
    if part is Part.STATUS:
        return _STATUSES.get(fold(text), text)
    if part is Part.DATE and (found := _DAY.fullmatch(text)):
        return "-".join(filter(None, (found["year"], found["month"].zfill(2), found["day"] and found["day"].zfill(2))))
    return text


def misread(part: Part, value: str) -> str:
    """Say in German what a status may be where `value` is none; "" elsewhere."""
    if part is Part.STATUS and value and value not in STATUSES:
        return say("people.no_status", value=value, values=", ".join(STATUSES.values()))
    return ""


def _lines(text: str) -> str:
    """A text of a form with the line ends of documents."""
    return text.replace("\r\n", "\n").strip()
