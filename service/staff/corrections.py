"""Corrections on the staff page: made at an item with a preview, listed with what becomes of each, published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from service.amending.entering import as_kept, misread
from service.amending.hints import PARTS, SHOWN, Hint, Hints
from service.amending.previewing import Preview, previewed
from service.amending.publishing import Publisher
from service.audit import AuditLog
from service.composition import make_texts
from service.deps import AuditDep, DatabaseDep, RowNumber, ServedDep, SettingsDep, in_thread
from service.http.problems import ProblemError
from service.http.responses import csv_response
from service.staff.addresses import STAFF
from service.staff.rendering import staff_page
from service.staff.roles import EditorDep, PublisherDep, ReaderDep, Role
from vectorstore.amending.form import LONGEST, PART_WORDS, STATE_WORDS, Correction, Outcome, Part, wrong
from vectorstore.amending.kept import KeptAmendments, Loaded
from vectorstore.amending.tables import corrections_table
from vectorstore.catalogue import Catalogue
from vectorstore.database import Database
from vectorstore.errors import StoreError

router = APIRouter(prefix=STAFF, include_in_schema=False)
PAGE = f"{STAFF}/corrections"
OFFERED = (Part.TITLE, Part.STATUS, Part.UNIT, Part.DATE, Part.PERIOD, Part.COST, Part.TEXT)


def kept_amendments(settings: SettingsDep, database: DatabaseDep) -> KeptAmendments:
    """Return the kept tables of corrections and organisations."""
    return KeptAmendments(make_texts(settings, database))


AmendmentsDep = Annotated[KeptAmendments, Depends(kept_amendments)]
Words = Annotated[str, Form(max_length=2 * LONGEST)]


@dataclass(frozen=True, slots=True)
class Row:
    """A correction as the page lists it: what becomes of it, and whether the edition has it."""

    outcome: Outcome
    published: bool
    token: str


@router.get("/corrections")
def corrections(
    request: Request, served: ServedDep, kept: AmendmentsDep, database: DatabaseDep, person: ReaderDep
) -> HTMLResponse:
    """Show all corrections with what becomes of them, what people say is wrong, and how far publishing is."""
    catalogue, problem = served.edition.catalogue, ""
    try:
        loaded = kept.load()
    except StoreError as error:
        loaded, problem = Loaded(catalogue.amendments), str(error)
    rows = rows_of(catalogue, loaded.amendments.corrections)
    gone = set(catalogue.amendments.corrections) - set(loaded.amendments.corrections)
    named = loaded.amendments.organisations != catalogue.amendments.organisations
    return staff_page(
        "staff_corrections.html",
        served,
        "corrections",
        rows=rows,
        problem=problem,
        rejected=loaded.rejected,
        open=sum(not row.published for row in rows) + len(gone) + named,
        hints=_hints(database, catalogue) if person.role >= Role.EDITOR else [],
        hint_parts=PARTS,
        hints_waiting=Hints(database).count(),
        progress=publisher_of(request).progress,
        may_edit=person.role >= Role.EDITOR,
        may_publish=person.role >= Role.PUBLISHER,
        parts=PART_WORDS,
        states=STATE_WORDS,
    )


@router.get("/corrections.csv")
def corrections_csv(kept: AmendmentsDep, person: EditorDep) -> Response:
    """Send the table of corrections."""
    return csv_response(corrections_table(kept.load().amendments.corrections), "korrekturen")


@router.post("/items/{document_id}/{key}/correction", response_model=None)
async def correct(
    document_id: str,
    key: str,
    request: Request,
    served: ServedDep,
    kept: AmendmentsDep,
    audit: AuditDep,
    person: EditorDep,
    part: Annotated[Part, Form()],
    value: Words = "",
    instead_of: Words = "",
    reason: Words = "",
    confirmed: Annotated[bool, Form()] = False,
) -> HTMLResponse | RedirectResponse:
    """Show what a correction would do; write it into the table once that was confirmed."""
    catalogue = served.edition.catalogue
    if catalogue.item(document_id, key) is None:
        raise ProblemError("not-found")
    said, read = (as_kept(part, _lines(text)) for text in (value, instead_of))
    why = _lines(reason)
    new = Correction(document_id, key, part, said, read, why, person.name, date.today())
    preview, problem = await in_thread(request, partial(_tried, kept, catalogue, new))
    if confirmed and not problem:
        problem = await in_thread(request, partial(_written, kept, new))
        if not problem:
            await in_thread(request, partial(_noted, audit, person.name, person.role, "correction", new))
            return RedirectResponse(f"{PAGE}#{token_of(new)}", 303)
    return staff_page(
        "staff_correction.html",
        served,
        "corrections",
        422 if problem else 200,
        new=new,
        item=catalogue.item(document_id, key),
        document=catalogue.documents[document_id],
        preview=preview,
        problem=problem,
        **form_values(),
    )


@router.post("/corrections/remove")
async def remove(
    request: Request,
    kept: AmendmentsDep,
    audit: AuditDep,
    person: EditorDep,
    token: Annotated[str, Form(max_length=80)],
) -> RedirectResponse:
    """Take a correction out of the table."""
    known = (await in_thread(request, kept.load)).amendments.corrections
    mine = [one for one in known if token_of(one) == token]
    if not mine:
        raise ProblemError("not-found")
    await in_thread(request, partial(kept.remove, mine))
    await in_thread(request, partial(_noted, audit, person.name, person.role, "correction removed", mine[0]))
    return RedirectResponse(PAGE, 303)


@router.post("/corrections/publish")
async def publish(request: Request, audit: AuditDep, person: PublisherDep) -> RedirectResponse:
    """Begin to publish an edition with the corrections of the table; the page shows how far it is."""
    noted = partial(audit.note, person.name, person.role.word, "corrections published")
    await in_thread(request, partial(publisher_of(request).start, noted))
    return RedirectResponse(f"{PAGE}#veroeffentlichen", 303)


@router.post("/hints/done")
async def hints_done(
    request: Request,
    database: DatabaseDep,
    audit: AuditDep,
    person: EditorDep,
    numbers: Annotated[tuple[RowNumber, ...], Form(max_length=SHOWN)] = (),
) -> RedirectResponse:
    """Delete hints that were dealt with, all that were marked at once."""
    for gone in await in_thread(request, partial(Hints(database).done, numbers)):
        subject = f"{gone.document_id} {gone.key}"
        await in_thread(request, partial(audit.note, person.name, person.role.word, "hint done", subject))
    return RedirectResponse(f"{PAGE}#hinweise", 303)


def form_values() -> dict[str, Any]:
    """Return what the form of a correction offers."""
    return {"offered": {part: PART_WORDS[part] for part in OFFERED}, "longest": LONGEST}


def publisher_of(request: Request) -> Publisher:
    """Return what publishes the application's corrections."""
    publisher: Publisher = request.app.state.publisher
    return publisher


def rows_of(catalogue: Catalogue, corrections: tuple[Correction, ...]) -> list[Row]:
    """Return corrections with what becomes of each over a catalogue, those that do not fit first."""
    from vectorstore.amending.applying import corrected

    _, outcomes = corrected(catalogue.parsed(), corrections)
    published = set(catalogue.amendments.corrections)
    found = [Row(one, one.correction in published, token_of(one.correction)) for one in outcomes]
    return sorted(found, key=lambda row: row.outcome.applies)


def token_of(one: Correction) -> str:
    """Return what names a correction in forms and addresses."""
    return f"k-{sha256(repr(one).encode()).hexdigest()[:16]}"


def _tried(kept: KeptAmendments, catalogue: Catalogue, new: Correction) -> tuple[Preview | None, str]:
    """What a correction would do, and why it cannot be made, as a sentence; "" where it can."""
    if reason := misread(new.part, new.value) or wrong(new):
        return None, reason
    try:
        preview = previewed(catalogue, kept.load().amendments.corrections, new)
    except StoreError as error:
        return None, str(error)
    if preview.outcome.applies:
        return preview, ""
    read = f" Gelesen ist „{preview.outcome.read}“." if preview.outcome.read else ""
    return preview, f"So lässt sich nichts berichtigen: {STATE_WORDS[preview.outcome.state]}.{read}"


def _written(kept: KeptAmendments, new: Correction) -> str:
    try:
        kept.add([new])
    except StoreError as error:
        return str(error)
    return ""


def _noted(audit: AuditLog, name: str, role: Role, action: str, one: Correction) -> None:
    audit.note(name, role.word, action, f"{one.document_id} {one.key} {one.part.value}")


def _hints(database: Database, catalogue: Catalogue) -> list[tuple[Hint, str | None]]:
    """The newest hints, each with its item's title, None where the item is gone."""
    found = [(one, catalogue.item(one.document_id, one.key)) for one in Hints(database).all(SHOWN)]
    return [(one, f"{item.ref} {item.title}" if item else None) for one, item in found]


def _lines(text: str) -> str:
    """A text of a form with the line ends of documents."""
    return text.replace("\r\n", "\n").strip()
