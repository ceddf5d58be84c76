"""Hints: anonymous reports of visitors that something about an item is wrong, listed for staff
until they settle them.

A hint changes no data, and nothing about its writer is stored.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import delete, func, insert, select

from prompts import say
from service.people.tables import HINTS, TableStore
from service.records import Shape

LONGEST_HINT = 1000  # characters
HINTS_PER_HOUR = 600  # of all clients together
HINTS_OF_CLIENT = 20  # in an hour, from one client
HINTS_SHOWN = 200  # at a time
HINT_PARTS = {
    part: say(f"people.hint_{part}")
    for part in ("title", "status", "unit", "date", "text", "other")
}


class Hint(Shape):
    """A visitor's report that something about an item is wrong; `part` is a key of HINT_PARTS,
    `moment` is in UTC.
    """

    id: int
    moment: datetime
    document_id: str
    key: str
    part: str
    text: str


class Hints(TableStore):
    """The hints of one database."""

    def store(self, document_id: str, key: str, part: str, text: str) -> None:
        """Store a hint, its text cut to LONGEST_HINT; a part that is not in HINT_PARTS becomes
        "other".
        """
        row = {
            "moment": datetime.now(UTC),
            "document_id": document_id[:200],
            "key": key[:200],
            "part": part if part in HINT_PARTS else "other",
            "text": text[:LONGEST_HINT],
        }
        self._change(insert(HINTS).values(row))

    def all(self, most: int | None = None) -> list[Hint]:
        """The open hints, newest first, at most `most`."""
        rows = self._rows(select(HINTS).order_by(HINTS.c.id.desc()).limit(most))
        return [Hint(**row) for row in rows]

    def count(self) -> int:
        """The number of open hints."""
        (row,) = self._rows(select(func.count(HINTS.c.id).label("hints")))
        return int(row["hints"])

    def settle(self, numbers: Collection[int]) -> list[Hint]:
        """Delete hints that were dealt with, by id, and return the deleted ones, for the audit log.

        Ids that are gone already are left out.
        """
        settled = delete(HINTS).where(HINTS.c.id.in_(numbers)).returning(HINTS)
        with self._database.writing() as connection:
            return [Hint(**row) for row in connection.execute(settled).mappings()]
