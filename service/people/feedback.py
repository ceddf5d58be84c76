"""Ratings of answers: helpful or not, reason, edition, day.

An answer's id contains the time of the answer in milliseconds, so only its digest is stored: each
answer counts once.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Annotated

from pydantic import (
    ConfigDict,
    JsonValue,
    StrictBool,
    StringConstraints,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError
from sqlalchemy import delete, func, insert, select

from service import ANSWER_ID
from service.people.tables import RATINGS, TableStore
from service.records import Shape

MAX_TEXT = 2000
_NOT_HELPFUL: dict[str, JsonValue] = {"properties": {"helpful": {"const": False}}}
_WITHOUT_REASON: dict[str, JsonValue] = {"properties": {"reason": {"type": "null"}}}


class FeedbackReason(StrEnum):
    """Why an answer did not help."""

    WRONG = "wrong"
    INCOMPLETE = "incomplete"
    NOT_UNDERSTOOD = "not_understood"
    OUTDATED = "outdated"
    OTHER = "other"


class FeedbackRequest(Shape):
    """A rating of one answer.

    `reason` only where it did not help, `text` only where the service can mail it (`feedback.text`
    of /config).
    """

    model_config = ConfigDict(json_schema_extra={"anyOf": [_NOT_HELPFUL, _WITHOUT_REASON]})

    answer_id: Annotated[str, StringConstraints(pattern=ANSWER_ID)]
    helpful: StrictBool
    reason: FeedbackReason | None = None
    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=MAX_TEXT)] | None = (
        None
    )

    @field_validator("reason")
    @classmethod
    def _check_reason(
        cls, reason: FeedbackReason | None, info: ValidationInfo
    ) -> FeedbackReason | None:
        """Refuse a reason with a helpful answer; `info.data` has the fields before `reason`."""
        if reason is not None and info.data.get("helpful"):
            raise PydanticCustomError(
                "reason_of_helpful", "a reason belongs only to an answer that did not help"
            )
        return reason


class FeedbackStore(TableStore):
    """The ratings in one database."""

    def store_rating(self, rating: FeedbackRequest, edition: str, day: date) -> None:
        """Store a rating; it replaces an earlier one of the same answer."""
        answer = sha256(rating.answer_id.encode()).hexdigest()
        row = {
            "answer": answer,
            "helpful": rating.helpful,
            "reason": rating.reason,
            "edition": edition,
            "day": day,
        }
        with self._database.writing() as connection:
            connection.execute(delete(RATINGS).where(RATINGS.c.answer == answer))
            connection.execute(insert(RATINGS), row)

    def counts(self) -> dict[date, Counter[str]]:
        """Return the numbers of ratings by day, oldest first: "helpful", "not_helpful", and each
        reason.
        """
        columns = (RATINGS.c.day, RATINGS.c.helpful, RATINGS.c.reason)
        number = func.count().label("number")
        days = defaultdict[date, Counter[str]](Counter)
        for row in self._rows(select(*columns, number).group_by(*columns).order_by(*columns)):
            days[row["day"]]["helpful" if row["helpful"] else "not_helpful"] += row["number"]
            if row["reason"]:
                days[row["day"]][row["reason"]] += row["number"]
        return days
