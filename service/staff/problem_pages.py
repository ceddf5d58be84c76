"""Errors as pages: those of the staff page stay in its frame and name the field and what it may hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from service.http.problems import ProblemError
from service.models import FieldError, Problem
from service.pages.labels import KINDS, STATUSES_LONG
from service.pages.rendering import problem_page
from service.staff.access import require_staff
from service.staff.addresses import STAFF
from service.staff.queries import FILTERS, SORTS
from service.staff.rendering import environment

router = APIRouter(prefix=STAFF, dependencies=[Depends(require_staff)], include_in_schema=False)
CLOSED = (
    "staff-only",
    "staff-role",
    "staff-sign-in",
    "staff-link-spent",
    "staff-account",
    "staff-no-role",
    "staff-sign-in-failed",
    "staff-provider-away",
    "too-many-sign-ins",
)  # whoever may not see the staff page sees nothing of it
FIELDS: dict[str, str] = {**FILTERS, "sort": "Sortieren nach", "page": "Seite", "page_size": "Einträge je Seite",
                          "quote": "Zitat"}  # fmt: skip
FIELDS |= {
    "by": "Vergleichen",
    "publisher": "Herausgeber",
}
ALLOWED: dict[str, Mapping[str, str]] = {"status": STATUSES_LONG, "kind": KINDS, "sort": SORTS}


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """A wrong field in words; `allowed` are addresses and words of the values that it may have, where they are few."""

    label: str
    message: str
    allowed: dict[str, str]


@router.get("/{rest:path}")
def nowhere(rest: str) -> HTMLResponse:
    """Say of every other address that it leads nowhere; strangers are told that the page is closed."""
    raise ProblemError("not-found")


def page_of(problem: Problem, path: str) -> HTMLResponse:
    """Return the page of a problem that arose at `path`."""
    inside = path == STAFF or path.startswith(f"{STAFF}/")
    if not inside or problem.type.rpartition(":")[2] in CLOSED:
        return problem_page(problem)
    text = (
        environment()
        .get_template("staff_problem.html")
        .render(here="", edition="", sample=False, problem=problem, fields=list(map(_field, problem.errors or [])))
    )
    return HTMLResponse(text, status_code=problem.status)


def _field(error: FieldError) -> FieldProblem:
    allowed = ALLOWED.get(error.field, {})
    links = {f"{STAFF}/catalogue?{error.field}={value}": words for value, words in allowed.items()}
    name = error.field.partition(".")[0]  # one of a list is "note.0"
    return FieldProblem(FIELDS.get(name, error.field), "" if links else error.message, links)
