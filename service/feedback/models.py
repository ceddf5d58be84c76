"""Feedback as it comes in, and as it is counted."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StrictBool, StringConstraints

from service.identifiers import ANSWER_ID
from service.record_models import Shape

MAX_TEXT = 2000


class FeedbackReason(StrEnum):
    """Why an answer did not help."""

    WRONG = "wrong"
    INCOMPLETE = "incomplete"
    NOT_UNDERSTOOD = "not_understood"
    OUTDATED = "outdated"
    OTHER = "other"


class FeedbackRequest(Shape):
    """A rating of one answer; `text` only where the service can mail it (`feedback.text` of /config)."""

    answer_id: Annotated[str, StringConstraints(pattern=ANSWER_ID)]
    helpful: StrictBool
    reason: FeedbackReason | None = None
    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=MAX_TEXT)] | None = None


class DayCounts(Shape):
    """The ratings of one day; `reasons` maps a reason to the number of answers that did not help for it."""

    day: date
    helpful: int = 0
    not_helpful: int = 0
    reasons: dict[str, int] = Field(default_factory=dict)
