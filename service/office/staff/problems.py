"""Problems as staff pages, with the invalid fields and their allowed values."""

from __future__ import annotations

import re

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from prompts import say
from service.office.staff.paths import STAFF
from service.office.staff.rendering import plain_page
from service.office.staff.roles import require_staff
from service.office.staff.search import FILTERS
from service.records import Problem, ProblemError
from service.web.pages import problem_page

router = APIRouter(prefix=STAFF, dependencies=[Depends(require_staff)], include_in_schema=False)
WITHOUT_MENU = re.compile(
    r"staff-(only|role|link-spent|account|no-role|sign-in-failed|provider-away)"
)
FIELDS = FILTERS | {
    name: say(f"staff.field_{name}") for name in ("sort", "page", "page_size", "quote", "publisher")
}


@router.get("/{rest:path}", response_model=None)
def refuse_unknown() -> None:
    """Raise the problem not-found for any other path below /staff; without access `require_staff`
    refuses first.
    """
    raise ProblemError("not-found")


def page_of(problem: Problem, path: str) -> HTMLResponse:
    """Return the HTML page of a problem that occurred at `path`.

    Below /staff the page has the staff menu, except for problems of access and sign-in
    (WITHOUT_MENU). With the menu it also has a message for each invalid field.
    """
    is_staff_path = path == STAFF or path.startswith(f"{STAFF}/")
    if not is_staff_path or WITHOUT_MENU.fullmatch(problem.type.rpartition(":")[2]):
        return problem_page(problem)
    # "names.0", the first value of "names", is shown as "names"
    fields = {
        FIELDS.get(error.field.partition(".")[0], error.field): error.message
        for error in problem.errors or ()
    }
    return plain_page("staff_problem.html", status=problem.status, problem=problem, fields=fields)
