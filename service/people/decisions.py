"""The table of decisions: a row for each, with who and when, never deleted while it says something; taken back by name.

A change of a decision takes the old one back and makes a new one, so that every version stays.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Column, Date, Integer, MetaData, String, Table, Text, func, insert, select, update
from sqlalchemy.engine import Connection

from service.people.form import OF_QUESTIONS, Decision, Outcome
from vectorstore.database import Database

METADATA = MetaData()
DECISIONS = Table(
    "decision",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("changed", Integer, nullable=False),  # grows with every change of any
    Column("outcome", String(20), nullable=False),
    Column("wordings", Text, nullable=False),
    Column("items", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("owner", String(200), nullable=False),
    Column("valid_until", Date),
    Column("part", String(20), nullable=False),
    Column("instead_of", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("person", String(200), nullable=False),
    Column("day", Date),
    Column("undone_by", String(200), nullable=False),
    Column("undone_day", Date),
    Column("live", String(40), nullable=False),
)


class Decisions:
    """The decisions of one database; safe for threads and processes. Methods raise SQLAlchemyError."""

    def __init__(self, database: Database, today: Callable[[], date] = date.today) -> None:
        self._database = database
        self.today = today

    def all(self) -> list[Decision]:
        """Every decision, newest first."""
        with self._database.reading(METADATA) as connection:
            found = connection.execute(select(DECISIONS).order_by(DECISIONS.c.id.desc())) if connection else None
            return [_decision(row) for row in found.mappings()] if found else []

    def standing(self) -> list[Decision]:
        """Those that nobody took back, newest first."""
        return [one for one in self.all() if one.stands]

    def fields(self) -> list[Decision]:
        """The standing ones on fields of records."""
        return [one for one in self.standing() if not one.of_question]

    def one(self, number: int) -> Decision | None:
        """A decision by its number."""
        return next((one for one in self.all() if one.id == number), None)

    def newest(self) -> object:
        """The row that was changed last: while it is the same nothing changed, in whatever database."""
        with self._database.reading(METADATA) as connection:
            found = connection and connection.execute(select(DECISIONS).order_by(DECISIONS.c.changed.desc()).limit(1))
            return dict(row) if found and (row := found.mappings().first()) else None

    def put(self, decisions: Iterable[Decision]) -> list[Decision]:
        """Keep decisions, all or none, with their person and day, today where they have none."""
        with self._database.writing(METADATA) as connection:
            return [insert_one(connection, replace(one, day=one.day or self.today())) for one in decisions]

    def decide(self, one: Decision, person: str, instead_of: int = 0) -> Decision:
        """Keep a decision of today, in the place of another one, which is taken back."""
        with self._database.writing(METADATA) as connection:
            if instead_of:
                self._undo(connection, instead_of, person)
            return insert_one(connection, replace(one, person=person[:200], day=self.today()))

    def undo(self, number: int, person: str) -> bool:
        """Take a decision back; false where there is none that stands."""
        with self._database.writing(METADATA) as connection:
            return self._undo(connection, number, person)

    def set_live(self, numbers: Iterable[int], edition: str) -> None:
        """Note in which edition decisions took effect, "" where they have none any more."""
        with self._database.writing(METADATA) as connection:
            _set(connection, list(numbers), live=edition)

    def forget(self, days: int) -> int:
        """Delete the wordings of questions that were taken back `days` days ago; returns how many there are."""
        last = self.today() - timedelta(days=days)
        old = [one for one in self.all() if one.undone_day and one.undone_day <= last and one.wordings and not one.live]
        if old:
            with self._database.writing(METADATA) as connection:
                _set(connection, [one.id for one in old], wordings="")
            self._database.compact()
        return len(old)

    def _undo(self, connection: Connection, number: int, person: str) -> bool:
        stands = DECISIONS.c.undone_day.is_(None)
        found = connection.execute(select(DECISIONS.c.id).where(DECISIONS.c.id == number, stands)).first()
        if found is not None:
            _set(connection, [number], undone_by=person[:200], undone_day=self.today())
        return found is not None


def insert_one(connection: Connection, one: Decision) -> Decision:
    """Keep a decision by its number, the next one where it has none."""
    row = {name: getattr(one, name) for name in Decision.__dataclass_fields__ if name != "id" or one.id}
    row |= {"outcome": one.outcome.value, "wordings": "\n".join(one.wordings), "items": json.dumps(one.items)}
    made = connection.execute(insert(DECISIONS).values(**row, changed=_next(connection))).inserted_primary_key
    assert made is not None
    return replace(one, id=int(made[0]))


def _next(connection: Connection) -> int:
    return int(connection.execute(select(func.coalesce(func.max(DECISIONS.c.changed), 0))).scalar_one()) + 1


def _set(connection: Connection, numbers: list[int], **values: object) -> None:
    if numbers:
        values["changed"] = _next(connection)
        connection.execute(update(DECISIONS).where(DECISIONS.c.id.in_(numbers)).values(**values))


def _decision(row: Any) -> Decision:
    held = {name: value for name, value in row.items() if name != "changed"}
    outcome = Outcome(row["outcome"])
    held |= {
        "outcome": outcome,
        "wordings": tuple(row["wordings"].split("\n")) if row["wordings"] and outcome in OF_QUESTIONS else (),
        "items": tuple((document, key) for document, key in json.loads(row["items"])),
    }
    return Decision(**held)
