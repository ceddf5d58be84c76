"""A question as the trained reader takes it: to whom it is put, what it wants, which fact it asks for, its language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from service.answering.understanding.classifier import classifier
from service.answering.understanding.names import Names
from service.answering.understanding.slots import Slots

CHANGES = "changes"  # what is wanted of papers that follow one another


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

    `followed` says that papers of the edition follow one another: nobody can want changes between them otherwise.
    `folder` is where a county's own training lies; raises ValueError where a file there is none.
    """

    def __init__(self, names: Names, folder: Path | None = None, *, followed: bool = False) -> None:
        self._slots = Slots(names)
        self._classifier = classifier(folder)
        self._followed = followed
        self.read = lru_cache(maxsize=512)(self._read)

    def _read(self, question: str) -> Reading:
        sure = self._classifier.probabilities(self._slots.put_in(question))
        if not self._followed:
            sure["want"] = _without(CHANGES, sure["want"])
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


def _without(wanted: str, sure: dict[str, float]) -> dict[str, float]:
    """The probabilities of what else may be wanted, which sum to 1 again."""
    rest = sum(found for one, found in sure.items() if one != wanted)
    return {one: found / rest if one != wanted else 0.0 for one, found in sure.items()}
