"""What staff decided on groups of kept questions: each with a name and a day, each can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Boolean, Column, Date, Integer, MetaData, String, Table, insert, select, update
from sqlalchemy.engine import RowMapping

from service.learning.kinds import LEARNED, Kind
from vectorstore.database import Database

METADATA = MetaData()
DECISIONS = Table(
    "learning_decision",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("kind", String(20), nullable=False),
    Column("wording", String(1000), nullable=False),
    Column("document_id", String(200), nullable=False),
    Column("key", String(200), nullable=False),
    Column("scope", String(20), nullable=False),
    Column("want", String(20), nullable=False),
    Column("note", String(500), nullable=False),
    Column("times", Integer, nullable=False),
    Column("as_case", Boolean, nullable=False),
    Column("person", String(200), nullable=False),
    Column("day", Date, nullable=False),
    Column("undone_by", String(200)),
    Column("undone_day", Date),
    Column("live", String(40)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What somebody chose for a group of questions that were asked `times` times.

    `document_id` and `key` name the item of kinds in `WITH_ITEM`; `scope` and `want` are labels of an example.
    """

    kind: Kind
    wording: str
    document_id: str = ""
    key: str = ""
    scope: str = ""
    want: str = ""
    note: str = ""
    times: int = 0
    as_case: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Choice):
    """A choice that was made. `live` is the edition in which it took effect, None while it has none.

    `wording` is "" where it was of no more use and is deleted.
    """

    id: int
    person: str
    day: date
    undone_by: str | None = None
    undone_day: date | None = None
    live: str | None = None

    @property
    def stands(self) -> bool:
        """True while nobody took it back."""
        return self.undone_day is None

    @property
    def is_due(self) -> bool:
        """True where answers do not follow it yet: it is not live, or taken back and still live."""
        return self.kind in LEARNED and self.stands is (self.live is None)


class Decisions:
    """The decisions of one database. Methods raise SQLAlchemyError."""

    def __init__(self, database: Database, today: Callable[[], date] = date.today) -> None:
        self._database = database
        self._today = today

    def decide(self, choice: Choice, person: str) -> Decision:
        """Keep a decision of today."""
        row = {name: getattr(choice, name) for name in Choice.__dataclass_fields__}
        row |= {"kind": choice.kind.value, "person": person[:200], "day": self._today()}
        with self._database.writing(METADATA) as connection:
            made = connection.execute(insert(DECISIONS).values(**row)).inserted_primary_key
        found = self.one(int(made[0])) if made else None
        assert found is not None
        return found

    def all(self) -> list[Decision]:
        """Return every decision, newest first."""
        with self._database.reading(METADATA) as connection:
            if connection is None:
                return []
            rows = connection.execute(select(DECISIONS).order_by(DECISIONS.c.id.desc())).mappings().all()
        return [_decision(row) for row in rows]

    def one(self, number: int) -> Decision | None:
        """Return a decision by its number."""
        return next((one for one in self.all() if one.id == number), None)

    def undo(self, number: int, person: str) -> None:
        """Take a decision back."""
        self._set([number], undone_by=person[:200], undone_day=self._today(), as_case=False)

    def set_case(self, number: int, *, as_case: bool) -> None:
        """Make a case of a decision, or no more."""
        self._set([number], as_case=as_case)

    def set_live(self, numbers: Iterable[int], edition: str | None) -> None:
        """Note in which edition decisions took effect, None where they have no more."""
        self._set(list(numbers), live=edition)

    def forget_wordings(self, days: int) -> int:
        """Delete wordings that are `days` days old and of no more use; returns how many.

        Of use are those that stand among the questions for items, the examples or the cases.
        """
        last = self._today() - timedelta(days=days)
        due = [one.id for one in self.all() if one.wording and (one.undone_day or one.day) <= last and not _used(one)]
        if due:
            self._set(due, wording="")
            self._database.compact()
        return len(due)

    def _set(self, numbers: Collection[int], **values: object) -> None:
        if numbers:
            with self._database.writing(METADATA) as connection:
                connection.execute(update(DECISIONS).where(DECISIONS.c.id.in_(numbers)).values(**values))


def _used(decision: Decision) -> bool:
    return decision.as_case or decision.live is not None or (decision.stands and decision.kind in LEARNED)


def _decision(row: RowMapping) -> Decision:
    return Decision(**{**row, "kind": Kind(row["kind"])})
