"""What the pages of learning have in common: a group by one of its questions, answers and their templates."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from service.audit import AuditLog
from service.deps import in_thread
from service.edition_holder import Served
from service.http.problems import ProblemError
from service.learning import words
from service.learning.deciding import Deciding
from service.learning.forms import DecisionForm, entry_of, first_form, view_of
from service.learning.grouping import Group
from service.learning.learning import Learning
from service.staff.addresses import STAFF
from service.staff.rendering import staff_page
from service.staff.roles import StaffPerson

PATH = f"{STAFF}/learning"


def learning_of(request: Request) -> Learning:
    """Return all of learning of this application."""
    learning: Learning = request.app.state.learning
    return learning


LearningDep = Annotated[Learning, Depends(learning_of)]


def deciding(person: StaffPerson, audit: AuditLog) -> Deciding:
    """Return who decides on a page."""
    return Deciding(person.name, person.role.word, audit)


async def group_of(kept: str, request: Request, served: Served, learning: Learning) -> Group:
    """Return the group of an open question; raises ProblemError where it is not open."""
    found, _ = await in_thread(request, partial(learning.groups, served))
    for one in found:
        if any(row.id == kept for row in one.members):
            return one
    raise ProblemError("not-found")


async def group_page(
    request: Request,
    served: Served,
    learning: Learning,
    one: Group,
    form: DecisionForm | None = None,
    wrong: dict[str, str] | None = None,
) -> HTMLResponse:
    """Show one group with what was found, and the form of its decision with what is wrong in it."""
    made = await in_thread(request, learning.decisions.all)
    view = await in_thread(request, partial(view_of, one, served, made))
    filled = form or first_form(one)
    chosen = await in_thread(request, partial(entry_of, *filled.chosen, served, made))
    catalogue = served.edition.catalogue
    values = {"view": view, "form": filled, "wrong": wrong or {}, "entry": chosen}
    status = 422 if wrong else 200
    return shown("group", served, status, documents=catalogue.documents, catalogue=catalogue, **values)


async def decisions_page(
    request: Request, served: Served, learning: Learning, wrong: dict[int, str] | None = None, also: str = ""
) -> HTMLResponse:
    """Show what was decided, newest first; `wrong` says by number what is wrong with wordings `also` of a decision."""
    found = await in_thread(request, learning.decisions.all)
    status = 422 if wrong else 200
    catalogue = served.edition.catalogue
    return shown("decisions", served, status, decisions=found, catalogue=catalogue, wrong=wrong or {}, also=also)


def shown(name: str, served: Served, status: int = 200, **values: object) -> HTMLResponse:
    """Render a page of learning."""
    return staff_page(
        f"staff_learning_{name}.html", served, "learning", status, learning=words, here_now=name, **values
    )


def to(address: str) -> RedirectResponse:
    """Lead to another page after something changed."""
    return RedirectResponse(address, status_code=303)
