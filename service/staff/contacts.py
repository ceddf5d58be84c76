"""/staff/contacts: the directory of contacts as a page and as CSV, a template, an upload."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from prompts import say
from service.contacts.store import ContactStore
from service.contacts.table import (
    COLUMNS,
    InvalidContacts,
    contacts_csv,
    parse_contacts,
    template_csv,
)
from service.deps import ContactsDep, ServedDep
from service.http.responses import csv_response
from service.labels import format_with_noun
from service.people.pages import WhoDep
from service.settings import Role
from service.staff.paths import CONTACTS
from service.staff.rendering import plain_page
from service.staff.roles import ReaderDep, StaffPerson
from vectorstore.csv_tables import TableError

router = APIRouter(include_in_schema=False)


@router.get(CONTACTS)
def show_contacts(contacts: ContactsDep, person: ReaderDep, done: bool = False) -> HTMLResponse:
    """Show the directory, and to editors the form that replaces it; `done` follows an upload."""
    return _contacts_page(contacts, person, done=done)


@router.post(CONTACTS, response_model=None)
def replace_contacts(
    contacts: ContactsDep, person: ReaderDep, who: WhoDep, file: UploadFile
) -> HTMLResponse | RedirectResponse:
    """Replace the directory by an uploaded table; the page lists all problems of another one
    (422).
    """
    try:
        table = parse_contacts(file.file.read(), file.filename or "")
    except (InvalidContacts, TableError) as error:
        return _contacts_page(contacts, person, problems=str(error).splitlines())
    contacts.replace(table)
    who.note("contacts imported", format_with_noun(len(table), "Ansprechstelle", "Ansprechstellen"))
    return RedirectResponse(f"{CONTACTS}?done=true", 303)


@router.get(f"{CONTACTS}.csv")
def send_contacts(contacts: ContactsDep, person: ReaderDep) -> Response:
    """Send the directory as CSV, as it is uploaded."""
    return csv_response(contacts_csv(contacts.read().contacts), "ansprechstellen")


@router.get(f"{CONTACTS}/template.csv")
def send_template(served: ServedDep, person: ReaderDep) -> Response:
    """Send a table to fill in, with the units of the published documents."""
    return csv_response(template_csv(served.edition.catalogue.items), "ansprechstellen-vorlage")


def _contacts_page(
    contacts: ContactStore, person: StaffPerson, problems: Sequence[str] = (), *, done: bool = False
) -> HTMLResponse:
    return plain_page(
        "staff_contacts.html",
        422 if problems else 200,
        "contacts",
        directory=contacts.read(),
        heads={column: say(f"contacts.column_{column}") for column in COLUMNS},
        problems=problems,
        texts={name: say(f"contacts.{name}") for name in ("nothing_taken", "no_general", "none")},
        done=done,
        may_edit=person.role >= Role.EDITOR,
    )
