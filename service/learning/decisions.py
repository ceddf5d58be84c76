"""What staff decided on groups of kept questions: each with a name and a day, each can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Boolean, Column, Date, Integer, MetaData, String, Table, delete, insert, select, update
from sqlalchemy.engine import Connection, RowMapping

from service.learning import wordings
from service.learning.kinds import Kind
from service.learning.wordings import WORDINGS, Wording, add_wordings, set_wordings, wordings_by_decision
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
    Column("scope", String(20), nullable=False, default=""),
    Column("want", String(20), nullable=False, default=""),
    Column("note", String(500), nullable=False),
    Column("times", Integer, nullable=False),
    Column("as_case", Boolean, nullable=False),
    Column("person", String(200), nullable=False),
    Column("day", Date, nullable=False),
    Column("undone_by", String(200)),
    Column("undone_day", Date),
    Column("live", String(40)),
)
_KINDS = tuple(one.value for one in Kind)
_OLD = ("scope", "want")  # of decisions on how a question is to be read, which an earlier version had
_WRITTEN = MetaData()  # what a decision is written to; tables of earlier versions lack that of wordings
for _table in (DECISIONS, WORDINGS):
    _table.to_metadata(_WRITTEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What somebody chose for a group of questions that were asked `times` times.

    `document_id` and `key` name the item of kinds in `WITH_ITEM`. `also` are further wordings of the same.
    """

    kind: Kind
    wording: str
    document_id: str = ""
    key: str = ""
    note: str = ""
    times: int = 0
    as_case: bool = False
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Saying:
    """One wording of a decision, its own (`number` 0) or a further one; `live` is the edition in which it took effect.

    It stands while neither the decision was taken back nor the wording removed.
    """

    decision: int
    number: int
    question: str
    stands: bool
    live: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Choice):
    """A choice that was made. `live` is the edition in which it took effect, None while it has none.

    `wording` is "" where it was of no more use and is deleted. `further` are all wordings that came to it, `also` the
    texts of those that were not removed.
    """

    id: int
    person: str
    day: date
    undone_by: str | None = None
    undone_day: date | None = None
    live: str | None = None
    further: tuple[Wording, ...] = ()

    @property
    def stands(self) -> bool:
        """True while nobody took it back."""
        return self.undone_day is None

    @property
    def sayings(self) -> tuple[Saying, ...]:
        """Its own wording and the further ones, as far as their words are still kept."""
        own = Saying(self.id, 0, self.wording, self.stands, self.live)
        more = (Saying(self.id, one.id, one.question, self.stands and one.stands, one.live) for one in self.further)
        return tuple(one for one in (own, *more) if one.question)


class Decisions:
    """The decisions of one database. Methods raise SQLAlchemyError."""

    def __init__(self, database: Database, today: Callable[[], date] = date.today) -> None:
        self._database = database
        self._today = today

    def decide(self, choice: Choice, person: str) -> Decision:
        """Keep a decision of today with its further wordings."""
        row = {name: getattr(choice, name) for name in Choice.__dataclass_fields__ if name != "also"}
        row |= {"kind": choice.kind.value, "person": person[:200], "day": self._today()}
        with self._database.writing(_WRITTEN) as connection:
            made = connection.execute(insert(DECISIONS).values(**row)).inserted_primary_key
            assert made is not None
            add_wordings(connection, int(made[0]), choice.also, person, self._today())
        found = self.one(int(made[0]))
        assert found is not None
        return found

    def extend(self, number: int, questions: Iterable[str], person: str, times: int = 0) -> None:
        """Put further wordings of today to a decision, and that it was asked `times` times more."""
        with self._database.writing(_WRITTEN) as connection:
            add_wordings(connection, number, questions, person, self._today())
            asked = DECISIONS.c.times + times
            connection.execute(update(DECISIONS).where(DECISIONS.c.id == number).values(times=asked))

    def all(self) -> list[Decision]:
        """Return every decision of a kind that there is, newest first."""
        with self._database.reading(METADATA) as connection:
            if connection is None:
                return []
            known = select(DECISIONS).where(DECISIONS.c.kind.in_(_KINDS)).order_by(DECISIONS.c.id.desc())
            rows = connection.execute(known).mappings().all()
        with self._database.reading(wordings.METADATA) as connection:
            further = wordings_by_decision(connection) if connection else {}
        return [_decision(row, further.get(row["id"], ())) for row in rows]

    def one(self, number: int) -> Decision | None:
        """Return a decision by its number."""
        return next((one for one in self.all() if one.id == number), None)

    def undo(self, number: int, person: str) -> None:
        """Take a decision back with all its wordings."""
        self._set([number], undone_by=person[:200], undone_day=self._today(), as_case=False)

    def remove_wording(self, number: int, person: str) -> None:
        """Remove one further wording, by its own number."""
        with self._database.writing(_WRITTEN) as connection:
            set_wordings(connection, [number], removed_by=person[:200], removed_day=self._today())

    def set_case(self, number: int, *, as_case: bool) -> None:
        """Make a case of a decision, or no more."""
        self._set([number], as_case=as_case)

    def set_live(self, sayings: Iterable[Saying], edition: str | None) -> None:
        """Note in which edition wordings took effect, None where they have no more."""
        taken = list(sayings)
        with self._database.writing(_WRITTEN) as connection:
            _update(connection, [one.decision for one in taken if not one.number], live=edition)
            set_wordings(connection, [one.number for one in taken if one.number], live=edition)

    def forget_wordings(self, days: int) -> int:
        """Delete wordings that are `days` days old and of no more use; returns how many.

        Of use are those that stand among the questions for items or the cases.
        """
        last, all_ = self._today() - timedelta(days=days), self.all()
        own = [one.id for one in all_ if one.wording and (one.undone_day or one.day) <= last and not _used(one)]
        more = [
            wording.id for one in all_ for wording in one.further
            if wording.question and (wording.removed_day or one.undone_day or wording.day) <= last
            and not _wording_used(one, wording)
        ]  # fmt: skip
        old = self._of_old_kinds(last)
        if own or more or old:
            with self._database.writing(_WRITTEN) as connection:
                _update(connection, own, wording="")
                set_wordings(connection, more, question="")
                connection.execute(delete(WORDINGS).where(WORDINGS.c.decision.in_(old)))
                connection.execute(delete(DECISIONS).where(DECISIONS.c.id.in_(old)))
            self._database.compact()
        return len(own) + len(more) + len(old)

    def _of_old_kinds(self, last: date) -> list[int]:
        """The decisions up to a day that an earlier version made and that nothing comes of any more."""
        with self._database.reading(METADATA) as connection:
            wanted = select(DECISIONS.c.id).where(DECISIONS.c.kind.not_in(_KINDS), DECISIONS.c.day <= last)
            return [] if connection is None else list(connection.scalars(wanted))

    def _set(self, numbers: list[int], **values: object) -> None:
        with self._database.writing(_WRITTEN) as connection:
            _update(connection, numbers, **values)


def _update(connection: Connection, numbers: list[int], **values: object) -> None:
    if numbers:
        connection.execute(update(DECISIONS).where(DECISIONS.c.id.in_(numbers)).values(**values))


def _used(decision: Decision) -> bool:
    return decision.as_case or decision.live is not None or (decision.stands and decision.kind is Kind.ITEM_QUESTION)


def _wording_used(decision: Decision, wording: Wording) -> bool:
    return wording.live is not None or (wording.stands and decision.stands and _used(decision))


def _decision(row: RowMapping, further: tuple[Wording, ...]) -> Decision:
    also = tuple(one.question for one in further if one.stands and one.question)
    held = {name: value for name, value in row.items() if name not in _OLD}
    return Decision(**{**held, "kind": Kind(row["kind"]), "also": also, "further": further})
