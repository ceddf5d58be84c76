"""Access to the staff page by role: readers read, editors decide and correct, publishers publish.

A session is opened by a one-time link, which has a role, or by an account, whose groups give one;
with the setting "public" everybody may read. A client's IP address or headers never give access:
behind a proxy all requests seem to come from this machine.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Annotated

from anyio import to_thread
from fastapi import Depends, HTTPException, Request

from prompts import say
from service import Role, Settings
from service.office.staff.paths import sign_in_path
from service.office.staff.sessions import Ticket, session_in
from service.records import ProblemError
from service.web import SettingsDep
from service.web.http import SAFE_METHODS, from_own_page

BY_LINK = say("staff.by_link")  # name of a person who came by a link and gave none


@dataclass(frozen=True, slots=True)
class StaffPerson:
    """A person on the staff page; `name` is stored with their decisions. `session` is None where
    access is public.
    """

    name: str
    role: Role
    session: Ticket | None = None


# the person who sent the current request, for templates; None before access was checked
current_person: ContextVar[StaffPerson | None] = ContextVar("staff_person", default=None)


async def require_staff(request: Request, settings: SettingsDep) -> StaffPerson:
    """Return the person who sent a request.

    Without access it raises the problem staff-only or staff-account; where accounts are used, a
    browser without a session is redirected to the sign-in page. A request that changes something
    must come from our own pages: else the problem foreign-form is raised. The check comes
    before an upload is received, since that route reads the body itself; for other forms FastAPI
    has read the body by then. Where access is public there is no session that a foreign page could
    misuse.
    """
    person = await _identify_person(request, settings)
    if request.method not in SAFE_METHODS and person.session and not from_own_page(request.scope):
        raise ProblemError("foreign-form")
    current_person.set(person)
    return person


def require_role(role: Role) -> Callable[[Request, StaffPerson], Awaitable[StaffPerson]]:
    """Return a FastAPI dependency that returns the person of a request, if the person has this role
    or a higher one.

    Else the dependency raises the problem staff-role. A request that changes something also needs
    the name of the person, which is stored with the change: without a name the dependency raises
    staff-name.
    """

    async def check_role(
        request: Request, person: Annotated[StaffPerson, Depends(require_staff)]
    ) -> StaffPerson:
        """Return the person of a request who has the role, and a name if the request needs one."""
        if person.role < role:
            raise ProblemError("staff-role")
        is_nameless = person.session is not None and not person.session.name
        if role > Role.READER and request.method not in SAFE_METHODS and is_nameless:
            raise ProblemError("staff-name")
        return person

    return check_role


FOR_READERS = Depends(require_role(Role.READER))
FOR_EDITORS = Depends(require_role(Role.EDITOR))
FOR_PUBLISHERS = Depends(require_role(Role.PUBLISHER))
ReaderDep = Annotated[StaffPerson, FOR_READERS]
EditorDep = Annotated[StaffPerson, FOR_EDITORS]
PublisherDep = Annotated[StaffPerson, FOR_PUBLISHERS]


async def _identify_person(request: Request, settings: Settings) -> StaffPerson:
    """Return the person of a request; the setting `staff_access` says how people are known.

    Without access it raises ProblemError. Where accounts are used, a browser that asks for a page
    is redirected to the sign-in instead; a program, which does not ask for HTML, gets the problem.
    """
    if settings.staff_access == "public":
        return StaffPerson(say("staff.everybody"), Role.READER)
    session = await to_thread.run_sync(session_in, request)
    if session:
        return StaffPerson(session.name or BY_LINK, Role(session.role), session)
    if settings.staff_access == "link":
        raise ProblemError("staff-only")
    if request.method in SAFE_METHODS and "text/html" in request.headers.get("accept", ""):
        raise HTTPException(
            303, headers={"Location": sign_in_path(request.url.path, request.url.query)}
        )
    raise ProblemError("staff-account")
