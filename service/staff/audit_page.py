"""/staff/audit: who did what, filtered, and as CSV; for publishers."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse, Response
from pydantic import BeforeValidator

from service.audit import MOST, AuditFilter
from service.audit_csv import audit_csv
from service.audit_words import action_word, kept_for, role_word
from service.deps import AuditDep, SettingsDep
from service.http.responses import csv_response
from service.staff.addresses import AUDIT
from service.staff.rendering import plain_page
from service.staff.roles import PublisherDep

router = APIRouter(include_in_schema=False)
FILE_NAME = "protokoll"


def _none_if_empty(value: Any) -> Any:
    return value or None


Day = Annotated[date | None, BeforeValidator(_none_if_empty), Query()]


def wanted(
    person: Annotated[str, Query(max_length=200)] = "",
    action: Annotated[str, Query(max_length=40)] = "",
    since: Day = None,
    until: Day = None,
) -> AuditFilter:
    """Read the filter from the address."""
    return AuditFilter(" ".join(person.replace("\0", " ").split()), action.replace("\0", ""), since, until)


Wanted = Annotated[AuditFilter, Depends(wanted)]


@router.get(AUDIT)
async def audit(somebody: PublisherDep, log: AuditDep, settings: SettingsDep, shown: Wanted) -> HTMLResponse:
    """Show the latest notes that pass the filter."""
    notes = await to_thread.run_sync(partial(log.latest, MOST + 1, shown))
    actions = await to_thread.run_sync(log.actions)
    return plain_page(
        "staff_audit.html",
        200,
        here="audit",
        notes=notes[:MOST],
        begin=await to_thread.run_sync(log.begin),
        kept_for=kept_for(settings.audit_days),
        more=len(notes) > MOST,
        most=MOST,
        actions={one: action_word(one) for one in actions},
        wanted=shown,
        action_word=action_word,
        role_word=role_word,
    )


@router.get(f"{AUDIT}.csv")
async def audit_table(somebody: PublisherDep, log: AuditDep, settings: SettingsDep, shown: Wanted) -> Response:
    """Send all notes that pass the filter as CSV."""
    notes = await to_thread.run_sync(partial(log.latest, None, shown))
    begin = await to_thread.run_sync(log.begin)
    return csv_response(audit_csv(notes, begin, settings.audit_days), FILE_NAME)
