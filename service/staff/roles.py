"""Who somebody is on the staff page and what they may do: readers read, editors decide and correct, publishers publish.

A one-time link says the role, an account's groups say it; where the page is open to all,
everybody reads.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Annotated

from fastapi import Depends, Request

from service.deps import SettingsDep
from service.http.clients import SAFE_METHODS
from service.http.problems import ProblemError
from service.settings import Settings
from service.staff.access import BY_LINK, let_in
from service.staff.presence import Presence


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
    """Somebody on the staff page; `name` stands beside what they decide."""

    name: str
    role: Role


def person_of(request: Request, settings: Settings) -> StaffPerson:
    """Return who sent a request that was let in."""
    presence: Presence = request.state.staff
    name = presence.name or BY_LINK
    return StaffPerson(name, Role(presence.role))


def require(role: Role) -> Callable[[Request, Settings], Awaitable[StaffPerson]]:
    """Return what a route depends on: the person, or the problem staff-role where their role is not enough.

    What changes something also needs a name, else the problem staff-name is raised: a decision is somebody's.
    """

    async def allowed(request: Request, settings: SettingsDep) -> StaffPerson:
        await let_in(request, settings, role)
        person = person_of(request, settings)
        if role > Role.READER and request.method not in SAFE_METHODS and not request.state.staff.name:
            raise ProblemError("staff-name")
        return person

    return allowed


ReaderDep = Annotated[StaffPerson, Depends(require(Role.READER))]
EditorDep = Annotated[StaffPerson, Depends(require(Role.EDITOR))]
PublisherDep = Annotated[StaffPerson, Depends(require(Role.PUBLISHER))]
