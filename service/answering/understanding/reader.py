"""A question as the trained reader takes it: to whom it is put, what it wants, which fact it asks for, its language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from service.answering.understanding.classifier import classifier


@dataclass(frozen=True, slots=True)
class Reading:
    """What a question is, by the heads of the classifier; `sure` is the probability of each class of each head.

    `service` says what is asked of the service itself, where `scope` is "service".
    """

    scope: str
    service: str
    want: str
    fact: str
    yesno: bool
    followup: bool
    language: str
    sure: dict[str, dict[str, float]]


@lru_cache(maxsize=512)
def read(question: str) -> Reading:
    """Return the reading of a question as it was typed."""
    trained = classifier()
    sure = trained.probabilities(question)
    told = trained.chosen(sure)
    return Reading(
        scope=told["scope"],
        service=told["service"],
        want=told["want"],
        fact=told["fact"],
        yesno=told["yesno"] == "yes",
        followup=told["followup"] == "yes",
        language=told["language"],
        sure=sure,
    )
