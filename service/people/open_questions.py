"""Open questions: badly answered ones, stored (if enabled) with masked text, day and reason; no
address or time of day.

Equal questions of a day are one row with a count. A row's key is random and rows are stored in its
order, so that neither shows the order of questions. The masked questions of the last answers stay
in memory for 15 minutes, so that one can still be stored if its answer is rated down.
"""

from __future__ import annotations

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
from service import Settings, log
from service.masking import mask_question
from service.people.tables import OPEN_QUESTIONS, TableStore
from service.records import Answer, AnswerStatus, ChatRequest
from vectorstore.storage import Database

# rows at most, so that a flood of questions cannot fill the disk; then so many of the oldest go
MOST = 20_000
OLDEST = 1000
# questions in memory at most, and for how long
REMEMBERED = 500
REMEMBERED_SECONDS = 900.0
_COLUMNS = OPEN_QUESTIONS.c


class OpenReason(StrEnum):
    """Why a question is open: no answer, only search results, or an answer rated as unhelpful or
    wrong.
    """

    UNANSWERED = "unanswered"
    FOUND = "found"
    UNHELPFUL = "unhelpful"
    WRONG = "wrong"

    @property
    def is_rating(self) -> bool:
        """True if the answer was rated down."""
        return self in (OpenReason.UNHELPFUL, OpenReason.WRONG)

    @property
    def rank(self) -> int:
        """What staff see first: answers rated down (0), none (1), only search results (2)."""
        return 0 if self.is_rating else 1 + (self is OpenReason.FOUND)


OPEN_REASON_WORDS = {reason: say(f"people.open_{reason}") for reason in OpenReason}
# None: open only if the answer is rated down; other statuses are never open, nor remembered
_REASON_OF = {
    AnswerStatus.FOUND: OpenReason.FOUND,
    AnswerStatus.NOT_IN_DOCUMENTS: OpenReason.UNANSWERED,
    AnswerStatus.OUT_OF_SCOPE: OpenReason.UNANSWERED,
    AnswerStatus.NEEDS_CLARIFICATION: OpenReason.UNANSWERED,
    AnswerStatus.ANSWERED: None,
}


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A masked question, asked `times` times on a day; `followup` if it was asked within a
    conversation.
    """

    id: str
    question: str
    day: date
    reason: OpenReason
    followup: bool = False
    times: int = 1


class OpenQuestions(TableStore):
    """The stored questions of one database."""

    def __init__(self, database: Database, today: Callable[[], date] = date.today) -> None:
        super().__init__(database)
        self.today = today

    def store(self, question: str, reason: OpenReason, *, followup: bool = False) -> str:
        """Store or count a masked question of today; returns the id of its row.

        It is counted if its text, reason and `followup` are those of a row of today. Where the
        table is full, the oldest questions that were asked once and not rated go first.
        """
        row = {
            "question": question,
            "day": self.today(),
            "reason": reason.value,
            "followup": followup,
        }
        with self._database.writing() as connection:
            is_same = [_COLUMNS[name] == value for name, value in row.items()]
            increment = sa.update(OPEN_QUESTIONS).where(*is_same).values(times=_COLUMNS.times + 1)
            same_id = connection.scalar(increment.returning(_COLUMNS.id))
            if same_id is not None:
                return str(same_id)
            total = connection.scalar(sa.select(sa.func.count()).select_from(OPEN_QUESTIONS))
            if (total or 0) >= MOST:
                _delete_oldest(connection)
            row_id = secrets.token_hex(4)
            connection.execute(sa.insert(OPEN_QUESTIONS), {**row, "id": row_id, "times": 1})
        return row_id

    def decrement(self, row: str) -> None:
        """Lower the count of a row by one, and delete the row at zero."""
        with self._database.writing() as connection:
            decrement = (
                sa.update(OPEN_QUESTIONS).where(_COLUMNS.id == row).values(times=_COLUMNS.times - 1)
            )
            connection.execute(decrement)
            connection.execute(sa.delete(OPEN_QUESTIONS).where(_COLUMNS.times < 1))

    def all(self) -> list[OpenQuestion]:
        """All stored questions, sorted by text."""
        query = sa.select(OPEN_QUESTIONS).order_by(_COLUMNS.question, _COLUMNS.id)
        return [
            OpenQuestion(**{**row, "reason": OpenReason(row["reason"])})
            for row in self._rows(query)
        ]

    def delete(self, ids: Collection[str]) -> int:
        """Delete questions, from the file too, and return how many there were."""
        return self._delete(OPEN_QUESTIONS, _COLUMNS.id.in_(ids))

    def delete_before(self, days: int) -> int:
        """Delete questions that are `days` days old or older, from the file too.

        Returns the number of rows; a row can stand for the same question asked several times.
        """
        return self._delete(OPEN_QUESTIONS, _COLUMNS.day <= self.today() - timedelta(days=days))


def _delete_oldest(connection: sa.Connection) -> None:
    """Delete OLDEST questions: first the oldest of those that were asked once and not rated."""
    rated = [reason.value for reason in OpenReason if reason.is_rating]
    is_noted = sa.case((_COLUMNS.reason.in_(rated) | (_COLUMNS.times > 1), 1), else_=0)
    last = sa.select(_COLUMNS.id).order_by(is_noted, _COLUMNS.day).limit(OLDEST)
    connection.execute(sa.delete(OPEN_QUESTIONS).where(_COLUMNS.id.in_(last)))


@dataclass(frozen=True, slots=True)
class _RememberedQuestion:
    """A masked question in memory until the time `until`; `row` is the id of its stored row, "" for
    none.
    """

    question: str
    followup: bool
    until: float
    row: str = ""


class QuestionKeeper:
    """Stores the open questions among those that are answered, and those whose answers are rated
    down; thread-safe.

    If the table cannot be written, the question is lost, but the answer is sent.
    """

    def __init__(
        self, store: OpenQuestions, settings: Settings, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._store, self._on, self._clock = store, settings.keep_questions, clock
        self._lock = threading.Lock()
        self._last: OrderedDict[str, _RememberedQuestion] = OrderedDict()

    def note_answer(
        self, request: ChatRequest, answer: Answer, is_private: Callable[[ChatRequest], bool]
    ) -> None:
        """Store the question of an answer if its status makes it an open one; remember it for a
        rating.

        Nothing is kept if the settings do not allow it, or for a status that is not in _REASON_OF.
        A question with earlier ones before it is not kept if the conversation has personal data
        (`is_private`): it may have a part of them that masking does not recognize.
        """
        if not self._on or answer.status not in _REASON_OF:
            return
        if request.history and is_private(request):
            return
        question = mask_question(request.question)
        until = self._clock() + REMEMBERED_SECONDS
        remembered = _RememberedQuestion(question, bool(request.history), until)
        reason = _REASON_OF[answer.status]
        if reason:
            remembered = self._store_question(remembered, reason)
        self._remember(answer.answer_id, remembered)

    def note_rating(self, answer_id: str, *, wrong: bool) -> None:
        """Store the question of an answer that was rated as unhelpful or, with `wrong`, as wrong.

        A question that is stored already then counts under this reason, no longer under the
        earlier one. A question that is no longer in memory is not stored.
        """
        with self._lock:
            self._forget()
            remembered = self._last.get(answer_id)
        if remembered is not None:
            reason = OpenReason.WRONG if wrong else OpenReason.UNHELPFUL
            self._remember(answer_id, self._store_question(remembered, reason))

    def _remember(self, answer_id: str, remembered: _RememberedQuestion) -> None:
        """Put the question of an answer into memory, in place of what is there of this answer.

        After a rating, the new one has the row in which the question is now stored.
        """
        with self._lock:
            self._last[answer_id] = remembered
            self._forget()

    def _forget(self) -> None:
        """Drop remembered questions that are too old or too many; the caller holds the lock.

        They are in the order in which they were answered, so the first is the oldest.
        """
        now = self._clock()
        while self._last and (
            len(self._last) > REMEMBERED or next(iter(self._last.values())).until <= now
        ):
            self._last.popitem(last=False)

    def _store_question(
        self, remembered: _RememberedQuestion, reason: OpenReason
    ) -> _RememberedQuestion:
        """Store a question under a reason, and return it with the row in which it is now.

        If it was stored before, that row counts one question fewer. If it cannot be stored, a
        warning is logged, and it has no row.
        """
        row = ""
        try:
            if remembered.row:
                self._store.decrement(remembered.row)
            row = self._store.store(remembered.question, reason, followup=remembered.followup)
        except SQLAlchemyError as error:
            log.warning(say("people.question_not_kept"), type(error).__name__)
        return replace(remembered, row=row)
