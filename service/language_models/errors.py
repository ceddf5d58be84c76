"""Kinds of failure of a language model, and the German texts on what operators can do about
them.
"""

from __future__ import annotations

from enum import StrEnum

from prompts import load_words


class Failure(StrEnum):
    """Why a language model gave no reply."""

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
    """A language model gave no reply; the message is the kind of failure, without any part of the
    request.
    """

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.value)
        self.failure = failure


def failure_text(failure: Failure, seconds: float) -> str:
    """The German text on a failure and what to do about it; `seconds` is the time limit of the
    request.
    """
    return load_words("de/model_check")[f"failed_{failure.value}"].format(seconds=seconds)
