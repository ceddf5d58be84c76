"""/staff/administration, /staff/contacts, /staff/ratings, /staff/audit: the running version, the
directory of contacts, the ratings of answers, the audit log.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from prompts import say
from service.language_models import model_name
from service.office.staff.paths import ADMINISTRATION, AUDIT, CONTACTS, RATINGS
from service.office.staff.people_pages import WhoDep
from service.office.staff.rendering import plain_page
from service.office.staff.roles import FOR_PUBLISHERS, FOR_READERS
from service.people import FeedbackReason, FeedbackStore, audit
from service.records import (
    CONTACT_COLUMNS,
    Contact,
    ContactStore,
    InvalidContacts,
    compare_contacts,
    contacts_csv,
    labels,
    parse_contacts,
    template_csv,
)
from service.web import AuditDep, ContactsDep, DatabaseDep, HolderDep, ServedDep, SettingsDep
from service.web.http import csv_response
from vectorstore import TableError
from vectorstore.storage import BEFORE_DAYS

router = APIRouter(include_in_schema=False)
REASONS = {reason: say(f"staff.rating_{reason.value}") for reason in FeedbackReason}
MOST_DAYS = 366


@router.get(ADMINISTRATION, dependencies=[FOR_READERS])
def show_administration(
    request: Request, settings: SettingsDep, holder: HolderDep, database: DatabaseDep
) -> HTMLResponse:
    """Show version, edition and language model, and to publishers what ends all sessions."""
    return plain_page(
        "staff_administration.html",
        "administration",
        version=request.app.version,
        current=holder.name,
        model=model_name(settings.answer_model) if settings.answer_model else None,
        copied=database.copy_day(),
        copy_days=BEFORE_DAYS,
    )


@router.post(f"{ADMINISTRATION}/copy", dependencies=[FOR_PUBLISHERS])
def delete_copy(database: DatabaseDep, who: WhoDep) -> RedirectResponse:
    """Delete the copy of the tables from before their migration, which has proved itself."""
    if database.delete_copy(days=0):
        who.note("copy deleted", "")
    return RedirectResponse(ADMINISTRATION, 303)


@router.get(RATINGS, dependencies=[FOR_READERS])
def show_ratings(database: DatabaseDep) -> HTMLResponse:
    """Show the counts of ratings for the last days that have any, newest first."""
    days = list(FeedbackStore(database).counts().items())
    return plain_page("staff_ratings.html", "ratings", days=days[::-1][:MOST_DAYS], reasons=REASONS)


@router.get(AUDIT, dependencies=[FOR_PUBLISHERS])
def show_audit(log: AuditDep) -> HTMLResponse:
    """Show the latest MOST entries of the audit log; if there are more, the page says so."""
    return plain_page(
        "staff_audit.html",
        "audit",
        action_word=audit.action_word,
        notes=log.latest(audit.MOST + 1),
        begin=log.begin(),
        most=audit.MOST,
        kept_for=audit.KEPT_FOR,
    )


@router.get(f"{AUDIT}.csv", dependencies=[FOR_PUBLISHERS])
def send_audit(log: AuditDep) -> Response:
    """Send the whole audit log as CSV."""
    return csv_response(audit.audit_csv(log.latest()), "protokoll")


@router.get(CONTACTS, dependencies=[FOR_READERS])
def show_contacts(contacts: ContactsDep, done: bool = False) -> HTMLResponse:
    """Show the directory, and to editors the form that replaces it; `done` follows an upload."""
    return _contacts_page(contacts, done=done)


@router.post(CONTACTS)
def replace_contacts(
    contacts: ContactsDep,
    who: WhoDep,
    file: UploadFile | None = None,
    table: Annotated[str, Form()] = "",
    agreed: Annotated[bool, Form()] = False,
) -> Response:
    """Show what an uploaded `file`, or the CSV text `table`, would change; if that was `agreed`,
    replace the directory.

    If anything in the table is wrong, the directory stays as it is, and the page lists what is
    wrong (422).
    """
    content, name = (file.file.read(), file.filename) if file else (table.encode(), "")
    try:
        proposed = parse_contacts(content, name)
    except (InvalidContacts, TableError) as error:
        return _contacts_page(contacts, str(error).splitlines())
    if not agreed:
        return _contacts_page(contacts, proposed=proposed)
    contacts.replace(proposed)
    who.note(
        "contacts imported",
        labels.format_with_noun(len(proposed), "Ansprechstelle", "Ansprechstellen"),
    )
    return RedirectResponse(f"{CONTACTS}?done=true", 303)


@router.get(f"{CONTACTS}.csv", dependencies=[FOR_READERS])
def send_contacts(contacts: ContactsDep) -> Response:
    """Send the directory as CSV, as it is uploaded."""
    return csv_response(contacts_csv(contacts.read().contacts), "ansprechstellen")


@router.get(f"{CONTACTS}/template.csv", dependencies=[FOR_READERS])
def send_template(served: ServedDep) -> Response:
    """Send a table to fill in, with the units of the published documents."""
    return csv_response(template_csv(served.edition.catalogue.items), "ansprechstellen-vorlage")


def _contacts_page(
    contacts: ContactStore,
    problems: Sequence[str] = (),
    proposed: Sequence[Contact] | None = None,
    *,
    done: bool = False,
) -> HTMLResponse:
    """Render the directory of contacts; `problems` are sentences on an uploaded table that was
    refused (422), `proposed` are the contacts of one that can be taken.
    """
    directory, before = contacts.read(), contacts.before()
    proposal = None
    if proposed is not None:
        lines = compare_contacts(directory.contacts, proposed).lines
        proposal = {"lines": lines, "table": contacts_csv(proposed)}
    return plain_page(
        "staff_contacts.html",
        "contacts",
        422 if problems else 200,
        directory=directory,
        before=contacts_csv(before) if before else "",
        proposal=proposal,
        columns=CONTACT_COLUMNS,
        problems=problems,
        done=done,
    )
