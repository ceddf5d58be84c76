"""Errors as pages, in the frame of the staff page, with the field and what it may hold; and addresses that moved on."""

from __future__ import annotations

import re
from collections.abc import Mapping

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from prompts import say
from service.http.problems import ProblemError
from service.models import FieldError, Problem
from service.pages.labels import KINDS, STATUSES_LONG
from service.pages.rendering import problem_page
from service.staff.addresses import ADMINISTRATION, CATALOGUE, STAFF
from service.staff.catalogue import FILTERS, SORTS
from service.staff.rendering import plain_page
from service.staff.roles import require_staff

router = APIRouter(prefix=STAFF, dependencies=[Depends(require_staff)], include_in_schema=False)
CLOSED = re.compile(r"staff-(only|role|link-spent|account|no-role|sign-in-failed|provider-away)")  # shows no frame
FIELDS = FILTERS | {name: say(f"staff.field_{name}") for name in ("sort", "page", "page_size", "quote", "publisher")}
ALLOWED: dict[str, Mapping[str, str]] = {"status": STATUSES_LONG, "kind": KINDS, "sort": SORTS}
FORMER = (
    (r"sessions", STAFF),
    (r"learning/(cases|questions)\.jsonl", rf"{STAFF}/decisions/\1.jsonl"),
    (r"(curated|corrections)\.csv", f"{STAFF}/decisions.csv"),
    (r"curated/new", f"{STAFF}/decisions/new"),
    (r"(learning|curated)(/.*)?|corrections", f"{STAFF}/decisions"),
    (r"basket", CATALOGUE),
    (r"organisations(\.csv)?", ADMINISTRATION),
    (r"changes\.xlsx", f"{STAFF}/changes.csv"),
    (r"uploads/drafts/([^/]+)/diff\.csv", rf"{STAFF}/uploads/drafts/\1"),
    (r"open-data", f"{STAFF}/documents"),
    (r"open-data/catalog\.jsonld", "/api/v1/documents"),
    (r"open-data/([^/]+)\.csv", r"/api/v1/items?document=\1&format=csv"),
    (r"open-data/([^/]+)\.json", r"/api/v1/items?document=\1&page_size=500"),
)  # pages of before, below /staff, and what took their place


@router.get("/{rest:path}", response_model=None)
def nowhere(rest: str, request: Request) -> RedirectResponse:
    """Lead on from a page of before; say of others that they lead nowhere, to strangers that the page is closed."""
    for pattern, address in FORMER:
        if found := re.fullmatch(pattern, rest):
            led, query = found.expand(address), request.url.query
            return RedirectResponse(f"{led}{'&' if '?' in led else '?'}{query}" if query else led, 308)
    raise ProblemError("not-found")


def page_of(problem: Problem, path: str) -> HTMLResponse:
    """Return the page of a problem that arose at `path`."""
    inside = path == STAFF or path.startswith(f"{STAFF}/")
    if not inside or CLOSED.fullmatch(problem.type.rpartition(":")[2]):
        return problem_page(problem)
    fields = {_label(one): (one, _links(one)) for one in problem.errors or []}
    return plain_page("staff_problem.html", problem.status, problem=problem, fields=fields)


def _label(error: FieldError) -> str:
    return FIELDS.get(error.field.partition(".")[0], error.field)  # one of a list is "note.0"


def _links(error: FieldError) -> dict[str, str]:
    """The addresses of the values that a field may have, with their words, where these are few."""
    return {f"{CATALOGUE}?{error.field}={value}": words for value, words in ALLOWED.get(error.field, {}).items()}
