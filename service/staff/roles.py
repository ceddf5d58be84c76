"""Who somebody is on the staff page and what they may do: readers read, editors decide and correct, publishers publish.

Whoever signed in by a one-time link or by the secret is a publisher; a page that is open to all lets everybody read.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Annotated

from fastapi import Depends, Request

from service.deps import SettingsDep
from service.problems import ProblemError
from service.settings import Settings
from service.staff.access import require_staff


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
    """Return who sent a request that `require_staff` let in."""
    if settings.staff_access == "public":
        return StaffPerson("Alle", Role.READER)
    return StaffPerson("Zugangslink" if settings.staff_access == "link" else "Kennwort", Role.PUBLISHER)


def require(role: Role) -> Callable[[Request, Settings], Awaitable[StaffPerson]]:
    """Return what a route depends on: the person, or the problem staff-role where their role is not enough."""

    async def allowed(request: Request, settings: SettingsDep) -> StaffPerson:
        await require_staff(request, settings)
        person = person_of(request, settings)
        if person.role < role:
            raise ProblemError("staff-role")
        return person

    return allowed


ReaderDep = Annotated[StaffPerson, Depends(require(Role.READER))]
EditorDep = Annotated[StaffPerson, Depends(require(Role.EDITOR))]
PublisherDep = Annotated[StaffPerson, Depends(require(Role.PUBLISHER))]
