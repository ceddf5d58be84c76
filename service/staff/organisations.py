"""/staff/organisations: names and public contacts of the units that papers print as codes, taken in as a table."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from service.composition import make_shelf, make_store
from service.deps import AuditDep, ServedDep, SettingsDep, in_thread
from service.edition_holder import Served
from service.http.responses import csv_response
from service.settings import Settings
from service.staff.addresses import ORGANISATIONS
from service.staff.rendering import staff_page
from service.staff.roles import PublisherDep, ReaderDep, Role
from vectorstore.amending.kept import KeptOrganisations
from vectorstore.amending.naming import unnamed_codes
from vectorstore.amending.publishing import publish_amended
from vectorstore.amending.tables import organisations_in, organisations_table
from vectorstore.errors import StoreError

router = APIRouter(include_in_schema=False)
MOST_BYTES = 1_000_000
NAME = "organisations.csv"
SECONDS = 600.0  # that publishing an edition with new names may take


def kept_organisations(settings: SettingsDep) -> KeptOrganisations:
    """The table of the units."""
    return KeptOrganisations(make_shelf(settings).texts)


KeptDep = Annotated[KeptOrganisations, Depends(kept_organisations)]


@router.get(ORGANISATIONS)
def organisations(served: ServedDep, kept: KeptDep, person: ReaderDep) -> HTMLResponse:
    """Show the units, codes without a name, and the table to change."""
    return _page(served, kept, person.role)


@router.get(f"{ORGANISATIONS}.csv")
def organisations_as_csv(kept: KeptDep, person: ReaderDep) -> Response:
    """Send the table of the units."""
    return csv_response(organisations_table(kept.load().organisations), "stellen")


@router.post(ORGANISATIONS, response_model=None)
async def take(
    request: Request,
    served: ServedDep,
    kept: KeptDep,
    settings: SettingsDep,
    audit: AuditDep,
    person: PublisherDep,
    table: Annotated[str, Form()] = "",
) -> HTMLResponse | RedirectResponse:
    """Take exactly the units of a table and publish an edition with their names."""
    wrong = await in_thread(request, partial(_taken, kept, table))
    if not wrong:
        await in_thread(request, partial(audit.note, person.name, person.role.word, "organisations imported", ""))
        published, wrong = await in_thread(request, partial(_published, settings))
        if published:
            await in_thread(request, partial(audit.note, person.name, person.role.word, "published", published))
            return RedirectResponse(ORGANISATIONS, 303)
    return _page(served, kept, person.role, table, wrong)


def _published(settings: Settings) -> tuple[str, list[str]]:
    """Publish an edition with the kept table; return its name, or what hinders it."""
    try:
        return publish_amended(make_store(settings)).name, []
    except StoreError as error:
        return "", [f"Die Tabelle ist übernommen, aber noch nicht veröffentlicht: {error}"]


def _taken(kept: KeptOrganisations, table: str) -> list[str]:
    """Keep the units of a table; return what is wrong with it, and nothing is kept."""
    try:
        rows, rejected = organisations_in(table.encode(), NAME)
        if not rejected:
            kept.replace(rows)
    except StoreError as error:
        return [str(error)]
    return [str(one) for one in rejected]


def _page(
    served: Served,
    kept: KeptOrganisations,
    role: Role,
    typed: str | None = None,
    wrong: Sequence[str] = (),
) -> HTMLResponse:
    known = kept.load().organisations
    return staff_page(
        "staff_organisations.html",
        served,
        "organisations",
        422 if wrong else 200,
        known=known,
        unnamed=unnamed_codes(served.edition.catalogue.as_read.items, known),
        published=known == served.edition.catalogue.amendments.organisations,
        may_publish=role >= Role.PUBLISHER,
        table=organisations_table(known).removeprefix("\ufeff") if typed is None else typed,
        wrong=wrong,
    )
