"""How a language model fails, as far as it matters to who runs the service, and what to do about that."""

from __future__ import annotations

from enum import StrEnum

from prompts import load_words


class Failure(StrEnum):
    """Why there is no reply."""

    NOT_INSTALLED = "not_installed"
    MISCONFIGURED = "misconfigured"
    UNREACHABLE = "unreachable"
    NO_ACCESS = "no_access"
    REFUSED_FOR_NOW = "refused_for_now"
    SLOW = "slow"
    BROKEN = "broken"
    BUSY = "busy"
    RESTING = "resting"
    BUDGET = "budget"


class ModelUnavailable(Exception):
    """There is no reply; the message is the kind of failure, without anything that was asked."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.value)
        self.failure = failure


def failed(failure: Failure, seconds: float) -> str:
    """What to do about a failure; `seconds` is how long was waited."""
    return load_words("de/model_check")[f"failed_{failure.value}"].format(seconds=seconds)
