"""/staff/organisations: names and public contacts of the units that papers print as codes, taken in as a table."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from service.deps import AuditDep, ServedDep, in_thread
from service.edition_holder import Served
from service.responses import csv_response
from service.staff.addresses import ORGANISATIONS
from service.staff.corrections import AmendmentsDep, publisher_of
from service.staff.rendering import staff_page
from service.staff.roles import PublisherDep, ReaderDep, Role
from vectorstore.amending.kept import KeptAmendments
from vectorstore.amending.naming import unnamed_codes
from vectorstore.amending.tables import organisations_in, organisations_table
from vectorstore.errors import StoreError

router = APIRouter(include_in_schema=False)
MOST_BYTES = 1_000_000
NAME = "organisations.csv"


@router.get(ORGANISATIONS)
def organisations(request: Request, served: ServedDep, kept: AmendmentsDep, person: ReaderDep) -> HTMLResponse:
    """Show the units, codes without a name, and the table to change."""
    return _page(request, served, kept, person.role)


@router.get(f"{ORGANISATIONS}.csv")
def organisations_as_csv(kept: AmendmentsDep, person: ReaderDep) -> Response:
    """Send the table of the units."""
    return csv_response(organisations_table(kept.load().amendments.organisations), "stellen")


@router.post(ORGANISATIONS, response_model=None)
async def take(
    request: Request,
    served: ServedDep,
    kept: AmendmentsDep,
    audit: AuditDep,
    person: PublisherDep,
    table: Annotated[str, Form()] = "",
) -> HTMLResponse | RedirectResponse:
    """Take exactly the units of a table and begin to publish an edition with their names."""
    wrong = await in_thread(request, partial(_taken, kept, table))
    if wrong:
        return _page(request, served, kept, person.role, table, wrong)
    await in_thread(request, partial(audit.note, person.name, person.role.word, "organisations imported", ""))
    noted = partial(audit.note, person.name, person.role.word, "published")
    await in_thread(request, partial(publisher_of(request).start, noted))
    return RedirectResponse(ORGANISATIONS, 303)


def _taken(kept: KeptAmendments, table: str) -> list[str]:
    """Keep the units of a table; return what is wrong with it, and nothing is kept."""
    try:
        rows, rejected = organisations_in(table.encode(), NAME)
        if not rejected:
            kept.replace_organisations(rows)
    except StoreError as error:
        return [str(error)]
    return [str(one) for one in rejected]


def _page(
    request: Request,
    served: Served,
    kept: KeptAmendments,
    role: Role,
    typed: str | None = None,
    wrong: Sequence[str] = (),
) -> HTMLResponse:
    known = kept.load().amendments.organisations
    return staff_page(
        "staff_organisations.html",
        served,
        "organisations",
        422 if wrong else 200,
        known=known,
        unnamed=unnamed_codes(served.edition.catalogue.as_read.items, known),
        published=known == served.edition.catalogue.amendments.organisations,
        progress=publisher_of(request).progress,
        may_publish=role >= Role.PUBLISHER,
        table=organisations_table(known).removeprefix("\ufeff") if typed is None else typed,
        wrong=wrong,
    )
