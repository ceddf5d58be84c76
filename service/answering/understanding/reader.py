"""A question as the trained reader takes it: to whom it is put, what it wants, which fact it asks for, its language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from service.answering.understanding.classifier import classifier
from service.answering.understanding.names import Names
from service.answering.understanding.slots import Slots


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


class Reader:
    """Reads questions over an edition: its names are placeholders to what was learned.

    `folder` is where a county's own training lies; raises ValueError where a file there is none.
    """

    def __init__(self, names: Names, folder: Path | None = None) -> None:
        self._slots = Slots(names)
        self._classifier = classifier(folder)
        self.read = lru_cache(maxsize=512)(self._read)

    def _read(self, question: str) -> Reading:
        sure = self._classifier.probabilities(self._slots.put_in(question))
        told = self._classifier.chosen(sure)
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
