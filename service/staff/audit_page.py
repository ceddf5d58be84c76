"""/staff/audit: who did what, filtered, and as CSV; for publishers."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse, Response
from pydantic import BeforeValidator

from service.audit import KEPT_FOR, MOST, AuditFilter, action_word, audit_csv, role_word
from service.deps import AuditDep
from service.http.responses import csv_response
from service.staff.addresses import AUDIT
from service.staff.rendering import plain_page
from service.staff.roles import PublisherDep

router = APIRouter(include_in_schema=False)
Day = Annotated[date | None, BeforeValidator(lambda said: said or None), Query()]


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
def audit(somebody: PublisherDep, log: AuditDep, shown: Wanted) -> HTMLResponse:
    """Show the latest notes that pass the filter."""
    notes = log.latest(MOST + 1, shown)
    told: dict[str, Any] = {"notes": notes[:MOST], "more": len(notes) > MOST, "most": MOST, "wanted": shown}
    told |= {"begin": log.begin(), "kept_for": KEPT_FOR, "actions": log.actions()}
    return plain_page("staff_audit.html", 200, here="audit", action_word=action_word, role_word=role_word, **told)


@router.get(f"{AUDIT}.csv")
def audit_table(somebody: PublisherDep, log: AuditDep, shown: Wanted) -> Response:
    """Send all notes that pass the filter as CSV."""
    return csv_response(audit_csv(log.latest(None, shown), log.begin()), "protokoll")
