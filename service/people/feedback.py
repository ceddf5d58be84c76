"""Ratings of answers: helpful or not, reason, edition, day.

An answer's id contains the time of the answer in milliseconds, so only its digest is stored: each
answer counts once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
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
from sqlalchemy import Boolean, Column, Date, MetaData, String, Table, delete, func, insert, select

from service import ANSWER_ID
from service.records import Shape
from vectorstore.storage import Database

METADATA = MetaData()
RATINGS = Table(
    "rating",
    METADATA,
    Column("answer", String(64), primary_key=True),
    Column("helpful", Boolean, nullable=False),
    Column("reason", String(20)),
    Column("edition", String(40), nullable=False),
    Column("day", Date, nullable=False),
)
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


@dataclass(slots=True)
class DayCounts:
    """The ratings of one day; `reasons` maps a reason to the number of answers that did not help
    for it.
    """

    day: date
    helpful: int = 0
    not_helpful: int = 0
    reasons: dict[str, int] = field(default_factory=dict)


class FeedbackStore:
    """The ratings in one database; safe for threads and processes. Methods raise
    SQLAlchemyError.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

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

    def counts(self) -> list[DayCounts]:
        """Return the numbers of ratings and reasons of each day, oldest day first."""
        columns = (RATINGS.c.day, RATINGS.c.helpful, RATINGS.c.reason)
        with self._database.reading(METADATA) as connection:
            query = select(*columns, func.count()).group_by(*columns).order_by(*columns)
            rows = connection.execute(query).all()
        days: dict[date, DayCounts] = {}
        for day, helpful, reason, number in rows:
            counts = days.setdefault(day, DayCounts(day))
            if helpful:
                counts.helpful += number
            else:
                counts.not_helpful += number
                if reason:
                    counts.reasons[reason] = number
        return list(days.values())
