"""Kept questions in the tables beside the editions: masked text, day, why; no address, time of day or conversation.

Equal questions of a day are one row with a number. A row's key is drawn by chance and rows lie in its order, so that
neither tells which question came after which.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.engine import Connection, RowMapping

from prompts import say
from vectorstore.database import Database

MOST = 20_000  # rows; a flood of questions fills no disk
METADATA = MetaData()
KEPT = Table(
    "kept_question",
    METADATA,
    Column("id", String(16), primary_key=True),
    Column("question", String(1000), nullable=False),
    Column("day", Date, nullable=False),
    Column("reason", String(20), nullable=False),
    Column("certainty", Float),
    Column("followup", Boolean, nullable=False),
    Column("times", Integer, nullable=False),
    Column("decision", Integer),
    sqlite_with_rowid=False,
)


class Reason(StrEnum):
    """Why a question is kept."""

    UNANSWERED = "unanswered"
    UNHELPFUL = "unhelpful"
    UNSURE = "unsure"


REASONS = {
    Reason.UNANSWERED: "ohne Antwort",
    Reason.UNHELPFUL: say("people.unhelpful"),
    Reason.UNSURE: "unsicher beantwortet",
}


@dataclass(frozen=True, slots=True)
class Kept:
    """A masked question, asked `times` times on a day; `followup` where it was none by itself.

    `certainty` is the probability that its answer was right, 0 to 1, the least of that day; None where it had none.
    `decision` is the number of the decision that it belongs to.
    """

    id: str
    question: str
    day: date
    reason: Reason
    certainty: float | None = None
    followup: bool = False
    times: int = 1
    decision: int | None = None


class KeptQuestions:
    """The kept questions of one database. Methods raise SQLAlchemyError."""

    def __init__(self, database: Database, today: Callable[[], date] = date.today) -> None:
        self._database = database
        self.today = today

    def keep(self, question: str, reason: Reason, certainty: float | None = None, *, followup: bool = False) -> bool:
        """Keep a masked question of today; false where there are as many as may be kept."""
        row = {"question": question, "day": self.today(), "reason": reason.value, "followup": followup}
        with self._database.writing(METADATA) as connection:
            if known := _same(connection, row):
                sure = [one for one in (known["certainty"], certainty) if one is not None]
                values = {"times": known["times"] + 1, "certainty": min(sure, default=None)}
                connection.execute(update(KEPT).where(KEPT.c.id == known["id"]).values(**values))
                return True
            if (connection.scalar(select(func.count()).select_from(KEPT)) or 0) >= MOST:
                return False
            connection.execute(insert(KEPT), {**row, "id": secrets.token_hex(4), "certainty": certainty, "times": 1})
        return True

    def release(self, question: str, day: date, reason: Reason, *, followup: bool = False) -> None:
        """Keep a question once less."""
        row = {"question": question, "day": day, "reason": reason.value, "followup": followup}
        with self._database.writing(METADATA) as connection:
            known = _same(connection, row)
            if known and known["times"] > 1:
                connection.execute(update(KEPT).where(KEPT.c.id == known["id"]).values(times=known["times"] - 1))
            elif known:
                connection.execute(delete(KEPT).where(KEPT.c.id == known["id"]))

    def all(self) -> list[Kept]:
        """Return every kept question, by its words."""
        with self._database.reading(METADATA) as connection:
            if connection is None:
                return []
            rows = connection.execute(select(KEPT).order_by(KEPT.c.question, KEPT.c.id)).mappings().all()
        return [_kept(row) for row in rows]

    def open(self) -> list[Kept]:
        """Return those that nothing was decided on."""
        return [one for one in self.all() if one.decision is None]

    def assign(self, ids: Collection[str], decision: int) -> None:
        """Put questions to a decision."""
        with self._database.writing(METADATA) as connection:
            connection.execute(update(KEPT).where(KEPT.c.id.in_(ids)).values(decision=decision))

    def free(self, decision: int) -> None:
        """Make the questions of a decision open again."""
        with self._database.writing(METADATA) as connection:
            connection.execute(update(KEPT).where(KEPT.c.decision == decision).values(decision=None))

    def delete(self, ids: Collection[str]) -> int:
        """Delete questions for good; returns how many there were."""
        if not self.all():
            return 0
        with self._database.writing(METADATA) as connection:
            gone = connection.execute(delete(KEPT).where(KEPT.c.id.in_(ids))).rowcount
        self._database.compact()
        return int(gone)

    def delete_before(self, days: int) -> int:
        """Delete for good what was kept for `days` days; returns how many rows that were."""
        last = self.today() - timedelta(days=days)
        due = [one.id for one in self.all() if one.day <= last]
        return self.delete(due) if due else 0


def _same(connection: Connection, row: dict[str, object]) -> RowMapping | None:
    """The open row of the same question of the same day, kept for the same reason."""
    same = (KEPT.c[name] == value for name, value in row.items())
    found = connection.execute(select(KEPT).where(KEPT.c.decision.is_(None), *same).limit(1))
    return found.mappings().first()


def _kept(row: RowMapping) -> Kept:
    return Kept(**{**row, "reason": Reason(row["reason"])})


def kept_lines(rows: Iterable[Kept]) -> str:
    """Kept questions as JSON lines."""
    said = ({**asdict(one), "day": one.day.isoformat()} for one in rows)
    return "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in said)
