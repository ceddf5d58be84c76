"""Feedback as it comes in, and as it is counted."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import ConfigDict, Field, JsonValue, StrictBool, StringConstraints, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from service.record_models import Shape
from service.service_key import ANSWER_ID

MAX_TEXT = 2000
_NO_HELP: dict[str, JsonValue] = {"properties": {"helpful": {"const": False}}}
_NO_REASON: dict[str, JsonValue] = {"properties": {"reason": {"type": "null"}}}


class FeedbackReason(StrEnum):
    """Why an answer did not help."""

    WRONG = "wrong"
    INCOMPLETE = "incomplete"
    NOT_UNDERSTOOD = "not_understood"
    OUTDATED = "outdated"
    OTHER = "other"


class FeedbackRequest(Shape):
    """A rating of one answer.

    `reason` only where it did not help, `text` only where the service can mail it (`feedback.text` of /config).
    """

    model_config = ConfigDict(json_schema_extra={"anyOf": [_NO_HELP, _NO_REASON]})

    answer_id: Annotated[str, StringConstraints(pattern=ANSWER_ID)]
    helpful: StrictBool
    reason: FeedbackReason | None = None
    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=MAX_TEXT)] | None = None

    @field_validator("reason")
    @classmethod
    def _belongs_to_no_help(cls, reason: FeedbackReason | None, info: ValidationInfo) -> FeedbackReason | None:
        if reason is not None and info.data.get("helpful"):
            raise PydanticCustomError("reason_of_helpful", "a reason belongs only to an answer that did not help")
        return reason


class DayCounts(Shape):
    """The ratings of one day; `reasons` maps a reason to the number of answers that did not help for it."""

    day: date
    helpful: int = 0
    not_helpful: int = 0
    reasons: dict[str, int] = Field(default_factory=dict)
