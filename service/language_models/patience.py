"""Asking a model that nobody waits for: what failed is tried again after a while, unless that is in vain."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from service.language_models.access import ModelAccess
from service.language_models.building import Reply
from service.language_models.errors import Failure, ModelUnavailable

T = TypeVar("T")
PAUSES = (3.0, 15.0)  # seconds before a request is tried again
_FOR_GOOD = (Failure.NOT_INSTALLED, Failure.MISCONFIGURED, Failure.NO_ACCESS)


def asked_patiently(access: ModelAccess, instruction: str, asked: str, pauses: Sequence[float] = PAUSES) -> Reply:
    """The model's reply, tried once more after each pause; raises ModelUnavailable where that fails too."""
    return patiently(lambda: access.ask(instruction, asked), pauses)


def patiently(ask: Callable[[], T], pauses: Sequence[float] = PAUSES) -> T:
    """What asking gives, tried once more after each pause; raises ModelUnavailable where that fails too."""
    for pause in pauses:
        try:
            return ask()
        except ModelUnavailable as error:
            if error.failure in _FOR_GOOD:
                raise
            time.sleep(pause)
    return ask()
