"""Further wordings of a decision: the same asked in other words, with a name and a day; each can be removed alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Column, Date, Integer, MetaData, String, Table, insert, select, update
from sqlalchemy.engine import Connection

METADATA = MetaData()
WORDINGS = Table(
    "learning_wording",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("decision", Integer, nullable=False, index=True),
    Column("question", String(1000), nullable=False),
    Column("person", String(200), nullable=False),
    Column("day", Date, nullable=False),
    Column("removed_by", String(200)),
    Column("removed_day", Date),
    Column("live", String(40)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Another way to ask what a decision is about; `question` is "" where it was of no more use and is deleted.

    `live` is the edition in which it took effect, None while it has none.
    """

    id: int
    decision: int
    question: str
    person: str
    day: date
    removed_by: str | None = None
    removed_day: date | None = None
    live: str | None = None

    @property
    def stands(self) -> bool:
        """True while nobody removed it alone."""
        return self.removed_day is None


def wordings_by_decision(connection: Connection) -> dict[int, tuple[Wording, ...]]:
    """Every further wording, oldest first, by the number of its decision."""
    found: dict[int, tuple[Wording, ...]] = {}
    for row in connection.execute(select(WORDINGS).order_by(WORDINGS.c.id)).mappings():
        one = Wording(**row)
        found[one.decision] = (*found.get(one.decision, ()), one)
    return found


def add_wordings(connection: Connection, decision: int, questions: Iterable[str], person: str, day: date) -> None:
    """Keep further wordings of a decision."""
    rows = [{"decision": decision, "question": one, "person": person[:200], "day": day} for one in questions]
    if rows:
        connection.execute(insert(WORDINGS), rows)


def set_wordings(connection: Connection, numbers: Collection[int], **values: object) -> None:
    """Change wordings by their numbers."""
    if numbers:
        connection.execute(update(WORDINGS).where(WORDINGS.c.id.in_(numbers)).values(**values))
