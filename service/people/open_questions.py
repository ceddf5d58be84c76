"""Open questions: which are stored, if any: masked text, day, why; no address, time of day or conversation.

Equal questions of a day are one row with a number. A row's key is drawn by chance and rows lie in its order, so that
neither tells which question came after which. For a quarter of an hour the masked questions of the last answers are in
memory, so that one that is rated down can be stored; nothing of them is written before that.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
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
OPEN_QUESTIONS = sa.Table(
    "open_question", METADATA,
    sa.Column("id", sa.String(16), primary_key=True), sa.Column("question", sa.String(1000), nullable=False),
    sa.Column("day", sa.Date, nullable=False), sa.Column("reason", sa.String(20), nullable=False),
    sa.Column("followup", sa.Boolean, nullable=False), sa.Column("times", sa.Integer, nullable=False),
    sqlite_with_rowid=False,
)  # fmt: skip
_COLUMNS = OPEN_QUESTIONS.c
log = logging.getLogger("strategielotse")


class OpenReason(StrEnum):
    """Why a question is open."""

    UNANSWERED = "unanswered"
    FOUND = "found"
    UNHELPFUL = "unhelpful"
    WRONG = "wrong"

    @property
    def is_rating(self) -> bool:
        """True where somebody rated the answer down."""
        return self in (OpenReason.UNHELPFUL, OpenReason.WRONG)


REASON_WORDS = {reason: say(f"people.open_{reason}") for reason in OpenReason}
_REASON_OF = {
    AnswerStatus.FOUND: OpenReason.FOUND, AnswerStatus.NOT_IN_DOCUMENTS: OpenReason.UNANSWERED,
    AnswerStatus.OUT_OF_SCOPE: OpenReason.UNANSWERED, AnswerStatus.NEEDS_CLARIFICATION: OpenReason.UNANSWERED,
    AnswerStatus.ANSWERED: None,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A masked question, asked `times` times on a day; `followup` where it was none by itself."""

    id: str
    question: str
    day: date
    reason: OpenReason
    followup: bool = False
    times: int = 1


class OpenQuestions:
    """The stored questions of one database. Methods raise SQLAlchemyError."""

    def __init__(self, database: Database, today: Callable[[], date] = date.today) -> None:
        self._database, self.today = database, today

    def store(self, question: str, reason: OpenReason, *, followup: bool = False) -> str:
        """Store a masked question of today; returns the id of its row, "" where there are as many as may be stored."""
        row = {"question": question, "day": self.today(), "reason": reason.value, "followup": followup}
        with self._database.writing(METADATA) as connection:
            same = sa.select(_COLUMNS.id).where(*(_COLUMNS[name] == value for name, value in row.items()))
            if (known := connection.scalar(same)) is not None:
                more = sa.update(OPEN_QUESTIONS).where(_COLUMNS.id == known).values(times=_COLUMNS.times + 1)
                connection.execute(more)
                return str(known)
            if (connection.scalar(sa.select(sa.func.count()).select_from(OPEN_QUESTIONS)) or 0) >= MOST:
                return ""
            drawn = secrets.token_hex(4)
            connection.execute(sa.insert(OPEN_QUESTIONS), {**row, "id": drawn, "times": 1})
        return drawn

    def release(self, row: str) -> None:
        """Count the question of a row once less."""
        with self._database.writing(METADATA) as connection:
            fewer = sa.update(OPEN_QUESTIONS).where(_COLUMNS.id == row).values(times=_COLUMNS.times - 1)
            connection.execute(fewer)
            connection.execute(sa.delete(OPEN_QUESTIONS).where(_COLUMNS.times < 1))

    def all(self) -> list[OpenQuestion]:
        """Every stored question, by its words."""
        with self._database.reading(METADATA) as connection:
            query = sa.select(OPEN_QUESTIONS).order_by(_COLUMNS.question, _COLUMNS.id)
            rows = connection.execute(query).mappings()
            return [OpenQuestion(**{**row, "reason": OpenReason(row["reason"])}) for row in rows]

    def delete(self, ids: Collection[str]) -> int:
        """Delete questions for good; returns how many there were."""
        if not ids or not self.all():
            return 0
        with self._database.writing(METADATA) as connection:
            gone = connection.execute(sa.delete(OPEN_QUESTIONS).where(_COLUMNS.id.in_(ids))).rowcount
        self._database.compact()
        return int(gone)

    def delete_before(self, days: int) -> int:
        """Delete for good what was stored for `days` days; returns how many rows that were."""
        last = self.today() - timedelta(days=days)
        return self.delete([question.id for question in self.all() if question.day <= last])


@dataclass(frozen=True, slots=True)
class _Asked:
    """A masked question, until when it is remembered, and its row; "" where it is not stored."""

    question: str
    followup: bool
    until: float
    row: str = ""


class QuestionKeeper:
    """Stores questions of answers, and on second thoughts those that people rate down; safe for threads.

    A table that cannot be written costs the question, never the answer.
    """

    def __init__(self, store: OpenQuestions, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._store, self._on, self._clock = store, settings.keep_questions, clock
        self._lock = threading.Lock()
        self._last: OrderedDict[str, _Asked] = OrderedDict()

    def note_answer(self, request: ChatRequest, answer: Answer) -> None:
        """Store the question of an answer where it is one of those that are stored."""
        if not self._on or answer.status not in _REASON_OF:
            return
        asked = _Asked(mask_question(request.question), bool(request.history), self._clock() + REMEMBERED_SECONDS)
        if reason := _REASON_OF[answer.status]:
            asked = replace(asked, row=self._store_question(asked, reason))
        with self._lock:
            self._last[answer.answer_id] = asked
            self._forget()

    def note_rating(self, answer_id: str, *, wrong: bool) -> None:
        """Store the question of an answer that did not help, once and for the last reason alone."""
        with self._lock:
            self._forget()
            asked = self._last.get(answer_id)
        if asked is not None:
            row = self._store_question(asked, OpenReason.WRONG if wrong else OpenReason.UNHELPFUL)
            with self._lock:
                self._last[answer_id] = replace(asked, row=row)

    def _forget(self) -> None:
        """Drop what is too old or too much; the lock is held."""
        now = self._clock()
        while self._last and (len(self._last) > REMEMBERED or next(iter(self._last.values())).until <= now):
            self._last.popitem(last=False)

    def _store_question(self, asked: _Asked, reason: OpenReason) -> str:
        """Store a question in the place of its row; returns the new one, "" where it cannot be stored."""
        row = ""
        try:
            if asked.row:
                self._store.release(asked.row)
            if not (row := self._store.store(asked.question, reason, followup=asked.followup)):
                log.warning(say("people.too_many_questions"))
        except SQLAlchemyError as error:
            log.warning(say("people.question_not_kept"), type(error).__name__)
        return row
