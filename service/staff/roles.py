"""Who may open the staff page, and what they may do: readers read, editors decide and correct, publishers publish.

Somebody gets in by a one-time link, which says their role, or by an account, whose groups say it; where the page is
open to all, everybody reads. No address and no header of a connection opens anything: a proxy's requests look like
those of this machine.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from enum import IntEnum
from typing import Annotated

from anyio import to_thread
from fastapi import Depends, HTTPException, Request

from prompts import say
from service.deps import SettingsDep
from service.http.clients import SAFE_METHODS, from_own_page
from service.http.problems import ProblemError
from service.settings import Settings
from service.staff.addresses import sign_in_for
from service.staff.tickets import Ticket, session_in

BY_LINK = say("staff.by_link")  # who did not say their name


class Role(IntEnum):
    """What somebody may do; each may do what those before may."""

    READER = 1
    EDITOR = 2
    PUBLISHER = 3

    @property
    def word(self) -> str:
        """Its name in settings and in the audit log."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class StaffPerson:
    """Somebody on the staff page; `name` stands beside what they decide. Without a session all may read."""

    name: str
    role: Role
    session: Ticket | None = None


_present: ContextVar[StaffPerson | None] = ContextVar("staff_person", default=None)


def present() -> StaffPerson | None:
    """Return for whom this request is answered, as templates name them; None before anybody was let in."""
    return _present.get()


async def require_staff(request: Request, settings: SettingsDep) -> StaffPerson:
    """Return who sent a request, known once for all that asks; raises the problem staff-only or staff-account.

    A browser without a session is led to the sign-in, where there is a page for it. What changes something has to come
    from a page of ours: else the problem foreign-form is raised. Of a body nothing is read before that.
    """
    person = await _person(request, settings)
    if request.method not in SAFE_METHODS and person.session and not from_own_page(request.scope):
        raise ProblemError("foreign-form")
    _present.set(person)
    return person


def require(role: Role) -> Callable[[Request, StaffPerson], Awaitable[StaffPerson]]:
    """Return what a route depends on: the person, or the problem staff-role where their role is not enough.

    What changes something also needs a name, else the problem staff-name is raised: a decision is somebody's.
    """

    async def allowed(request: Request, person: Annotated[StaffPerson, Depends(require_staff)]) -> StaffPerson:
        if person.role < role:
            raise ProblemError("staff-role")
        nameless = person.session is not None and not person.session.name
        if role > Role.READER and request.method not in SAFE_METHODS and nameless:
            raise ProblemError("staff-name")
        return person

    return allowed


ReaderDep = Annotated[StaffPerson, Depends(require(Role.READER))]
EditorDep = Annotated[StaffPerson, Depends(require(Role.EDITOR))]
PublisherDep = Annotated[StaffPerson, Depends(require(Role.PUBLISHER))]


async def session_of(request: Request) -> Ticket | None:
    """Return the session that a request carries; raises SQLAlchemyError."""
    return await to_thread.run_sync(session_in, request)


async def _person(request: Request, settings: Settings) -> StaffPerson:
    if settings.staff_access == "public":
        return StaffPerson(say("staff.everybody"), Role.READER)
    if session := await session_of(request):
        return StaffPerson(session.name or BY_LINK, Role(session.role), session)
    if settings.staff_access == "link":
        raise ProblemError("staff-only")
    if request.method in SAFE_METHODS and "text/html" in request.headers.get("accept", ""):
        raise HTTPException(303, headers={"Location": sign_in_for(request.url.path, request.url.query)})
    raise ProblemError("staff-account")
