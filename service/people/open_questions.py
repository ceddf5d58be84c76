"""Open questions: which are kept, if any: masked text, day, why; no address, time of day or conversation.

Equal questions of a day are one row with a number. A row's key is drawn by chance and rows lie in its order, so that
neither tells which question came after which. For a quarter of an hour the masked questions of the last answers are in
memory, so that one that is marked unhelpful can be kept; nothing of them is written before that.
"""

from __future__ import annotations

import json
import logging
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from prompts import say
from service.masking.names import mask_question
from service.models import Answer, AnswerStatus, ChatRequest
from service.settings import Settings
from vectorstore.database import Database

MOST = 20_000  # rows; a flood of questions fills no disk
REMEMBERED, REMEMBERED_SECONDS = 500, 900.0
METADATA = sa.MetaData()
KEPT = sa.Table(
    "kept_question",
    METADATA,
    sa.Column("id", sa.String(16), primary_key=True),
    sa.Column("question", sa.String(1000), nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("reason", sa.String(20), nullable=False),
    sa.Column("certainty", sa.Float),  # of earlier versions
    sa.Column("followup", sa.Boolean, nullable=False),
    sa.Column("times", sa.Integer, nullable=False),
    sa.Column("decision", sa.Integer),
    sqlite_with_rowid=False,
)
_NO_ANSWER = (
    AnswerStatus.FOUND,
    AnswerStatus.NOT_IN_DOCUMENTS,
    AnswerStatus.OUT_OF_SCOPE,
    AnswerStatus.NEEDS_CLARIFICATION,
)
log = logging.getLogger("strategielotse")


class Reason(StrEnum):
    """Why a question is kept."""

    UNANSWERED = "unanswered"
    UNHELPFUL = "unhelpful"
    UNSURE = "unsure"  # of earlier versions


REASONS = {one: say(f"people.{one}") for one in Reason}


@dataclass(frozen=True, slots=True)
class Kept:
    """A masked question, asked `times` times on a day; `followup` where it was none by itself.

    `decision` is the number of the decision that it belongs to.
    """

    id: str
    question: str
    day: date
    reason: Reason
    followup: bool = False
    times: int = 1
    decision: int | None = None


class KeptQuestions:
    """The kept questions of one database. Methods raise SQLAlchemyError."""

    def __init__(self, database: Database, today: Callable[[], date] = date.today) -> None:
        self._database = database
        self.today = today

    def keep(self, question: str, reason: Reason, *, followup: bool = False) -> str:
        """Keep a masked question of today; returns the id of its row, "" where there are as many as may be kept."""
        row = {"question": question, "day": self.today(), "reason": reason.value, "followup": followup}
        same = [KEPT.c[name] == value for name, value in row.items()]
        with self._database.writing(METADATA) as connection:
            known = connection.execute(sa.select(KEPT).where(KEPT.c.decision.is_(None), *same).limit(1)).first()
            if known is not None:
                connection.execute(sa.update(KEPT).where(KEPT.c.id == known.id).values(times=known.times + 1))
                return str(known.id)
            if (connection.scalar(sa.select(sa.func.count()).select_from(KEPT)) or 0) >= MOST:
                return ""
            drawn = secrets.token_hex(4)
            connection.execute(sa.insert(KEPT), {**row, "id": drawn, "times": 1})
        return drawn

    def release(self, row: str) -> None:
        """Keep the question of a row once less, unless somebody decided on it meanwhile."""
        open_ = KEPT.c.id == row, KEPT.c.decision.is_(None)
        with self._database.writing(METADATA) as connection:
            connection.execute(sa.update(KEPT).where(*open_).values(times=KEPT.c.times - 1))
            connection.execute(sa.delete(KEPT).where(*open_, KEPT.c.times < 1))

    def all(self) -> list[Kept]:
        """Return every kept question, by its words."""
        with self._database.reading(METADATA) as connection:
            columns = (one for one in KEPT.c if one is not KEPT.c.certainty)
            query = sa.select(*columns).order_by(KEPT.c.question, KEPT.c.id)
            rows = connection.execute(query).mappings() if connection else ()
            return [Kept(**{**row, "reason": Reason(row["reason"])}) for row in rows]

    def open(self) -> list[Kept]:
        """Return those that nothing was decided on."""
        return [one for one in self.all() if one.decision is None]

    def assign(self, ids: Collection[str], decision: int | None) -> None:
        """Put questions to a decision; with None they are open again."""
        with self._database.writing(METADATA) as connection:
            connection.execute(sa.update(KEPT).where(KEPT.c.id.in_(ids)).values(decision=decision))

    def of(self, decision: int) -> list[str]:
        """Return the ids of a decision's questions."""
        return [one.id for one in self.all() if one.decision == decision]

    def delete(self, ids: Collection[str]) -> int:
        """Delete questions for good; returns how many there were."""
        if not ids or not self.all():
            return 0
        with self._database.writing(METADATA) as connection:
            gone = connection.execute(sa.delete(KEPT).where(KEPT.c.id.in_(ids))).rowcount
        self._database.compact()
        return int(gone)

    def delete_before(self, days: int) -> int:
        """Delete for good what was kept for `days` days; returns how many rows that were."""
        last = self.today() - timedelta(days=days)
        return self.delete([one.id for one in self.all() if one.day <= last])


def kept_lines(rows: Iterable[Kept]) -> str:
    """Kept questions as JSON lines."""
    said = ({**asdict(one), "day": one.day.isoformat()} for one in rows)
    return "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in said)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A masked question, until when it is remembered, and its row; "" where it is not kept."""

    question: str
    followup: bool
    until: float
    row: str = ""


class Keeper:
    """Keeps questions of answers, and on second thoughts those that people find unhelpful; safe for threads.

    A table that cannot be written costs the question, never the answer.
    """

    def __init__(self, store: KeptQuestions, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._store, self._on, self._clock = store, settings.keep_questions, clock
        self._lock = threading.Lock()
        self._last: OrderedDict[str, _Asked] = OrderedDict()

    def answered(self, request: ChatRequest, answer: Answer) -> None:
        """Keep the question of an answer where it is one of those that are kept."""
        if not self._on or answer.status not in (*_NO_ANSWER, AnswerStatus.ANSWERED):
            return
        until = self._clock() + REMEMBERED_SECONDS
        asked = _Asked(mask_question(request.question), bool(request.history), until)
        if answer.status in _NO_ANSWER:
            asked = replace(asked, row=self._kept(asked, Reason.UNANSWERED))
        with self._lock:
            self._last[answer.answer_id] = asked
            self._forget()

    def rated(self, answer_id: str, *, helpful: bool) -> None:
        """Keep the question of an answer that did not help, once and for this reason alone."""
        with self._lock:
            self._forget()
            asked = None if helpful else self._last.pop(answer_id, None)
        if asked is not None:
            self._kept(asked, Reason.UNHELPFUL)

    def _forget(self) -> None:
        """Drop what is too old or too much; the lock is held."""
        now = self._clock()
        while self._last and (len(self._last) > REMEMBERED or next(iter(self._last.values())).until <= now):
            self._last.popitem(last=False)

    def _kept(self, asked: _Asked, reason: Reason) -> str:
        """Keep a question in the place of its row; returns the new one, "" where it cannot be kept."""
        row = ""
        try:
            if asked.row:
                self._store.release(asked.row)
            row = self._store.keep(asked.question, reason, followup=asked.followup)
            if not row:
                log.warning(say("people.too_many_questions"))
        except SQLAlchemyError as error:
            log.warning(say("people.question_not_kept"), type(error).__name__)
        return row
