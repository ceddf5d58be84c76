"""What to do where a language model fails."""

from __future__ import annotations

from prompts import reworded
from service.language_models.errors import Failure


def failed(failure: Failure, seconds: float) -> str:
    """What to do about a failure; `seconds` is how long was waited."""
    return reworded("de/model_check")[f"failed_{failure.value}"].format(seconds=seconds)
