"""Which questions are kept: none where that is switched off, else those that were not answered well, masked.

For a quarter of an hour the masked questions of the last answers are in memory, so that one that is marked unhelpful
can be kept; nothing of them is written before that.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.exc import SQLAlchemyError

from prompts import say
from service.models import Answer, AnswerStatus, ChatRequest
from service.people.masking import masked
from service.people.open_questions import KeptQuestions, Reason
from service.settings import Settings

REMEMBERED, REMEMBERED_SECONDS = 500, 900.0
UNSURE_BELOW = 0.4  # certainty, 0 to 1
_NO_ANSWER = (
    AnswerStatus.FOUND,
    AnswerStatus.NOT_IN_DOCUMENTS,
    AnswerStatus.OUT_OF_SCOPE,
    AnswerStatus.NEEDS_CLARIFICATION,
)
_RATED = (*_NO_ANSWER, AnswerStatus.ANSWERED)
log = logging.getLogger("strategielotse")


@dataclass(frozen=True, slots=True)
class _Asked:
    """A masked question with why it was kept by itself, and why it is kept now; None where it is not."""

    question: str
    followup: bool
    certainty: float | None
    day: date
    until: float
    by_itself: Reason | None
    now: Reason | None


class Keeper:
    """Keeps questions of answers, and on second thoughts those that people rate; safe for threads.

    A table that cannot be written costs the question, never the answer.
    """

    def __init__(self, store: KeptQuestions, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._on = settings.keep_questions
        self._clock = clock
        self._lock = threading.Lock()
        self._last: OrderedDict[str, _Asked] = OrderedDict()

    def answered(self, request: ChatRequest, answer: Answer) -> None:
        """Keep the question of an answer where it is one of those that are kept."""
        if not self._on or answer.status not in _RATED:
            return
        reason = self._reason(answer)
        asked = _Asked(
            masked(request.question),
            bool(request.history),
            answer.certainty,
            self._store.today(),
            self._clock() + REMEMBERED_SECONDS,
            reason,
            reason,
        )
        kept = reason is None or self._keep(asked, reason)
        with self._lock:
            self._forget()
            self._last[answer.answer_id] = asked if kept else replace(asked, by_itself=None, now=None)

    def rated(self, answer_id: str, *, helpful: bool) -> None:
        """Keep the question of an answer that did not help; the last rating counts."""
        with self._lock:
            self._forget()
            asked = self._last.get(answer_id)
            if asked is None:
                return
            wanted = asked.by_itself if helpful else Reason.UNHELPFUL
            if wanted is asked.now:
                return
            self._release(asked)
            kept = wanted is None or self._keep(asked, wanted)
            self._last[answer_id] = replace(asked, now=wanted if kept else None)

    def remembered(self) -> int:
        """How many questions are in memory."""
        with self._lock:
            self._forget()
            return len(self._last)

    def _reason(self, answer: Answer) -> Reason | None:
        if answer.status in _NO_ANSWER:
            return Reason.UNANSWERED
        unsure = answer.certainty is not None and answer.certainty < UNSURE_BELOW
        return Reason.UNSURE if unsure else None

    def _forget(self) -> None:
        """Drop what is too old or too much; the lock is held."""
        now = self._clock()
        while self._last and (len(self._last) > REMEMBERED or next(iter(self._last.values())).until <= now):
            self._last.popitem(last=False)

    def _keep(self, asked: _Asked, reason: Reason) -> bool:
        try:
            kept = self._store.keep(asked.question, reason, asked.certainty, followup=asked.followup)
        except SQLAlchemyError as error:
            log.warning(say("people.question_not_kept"), type(error).__name__)
            return False
        if not kept:
            log.warning(say("people.too_many_questions"))
        return kept

    def _release(self, asked: _Asked) -> None:
        if asked.now is None:
            return
        try:
            self._store.release(asked.question, asked.day, asked.now, followup=asked.followup)
        except SQLAlchemyError as error:
            log.warning(say("people.question_not_changed"), type(error).__name__)
