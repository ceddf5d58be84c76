"""Whether a question means a curated answer: compared with its wordings as the reader of questions sees both.

How near two questions are is the cosine of their stems and runs of letters, every word counted, as "seit wann" and "bis
wann" are not the same; times the root of how alike the reader takes what they ask for.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from service.answering.finding.telling_terms import TellingTexts
from service.answering.reading.features import counts
from service.answering.reading.reader import Reader
from service.answering.verifying.evidence import lowered, says
from vectorstore.figures import figures

LEAST = 0.33  # nearness from which a wording is meant; docs/curated.md tells what that costs
_BLOCKS = ("s", "c")
Scores = NDArray[np.float32]


class Wordings:
    """The wordings of several answers, each with the place of its answer."""

    def __init__(self, wordings: Sequence[tuple[int, str]], reader: Reader) -> None:
        self._reader = reader
        self._wordings = wordings
        self._texts = TellingTexts([_seen(text) for _, text in wordings])
        self._asked = np.array([self._asks(text) for _, text in wordings], dtype=np.float32)

    def near(self, question: str) -> list[tuple[float, int]]:
        """How near the nearest wording of each answer is, from `LEAST` to 1, the nearest first."""
        if not self._wordings:
            return []
        alike = np.minimum(self._asked, self._asks(question)).sum(axis=1)
        scores = self._texts.alike(_seen(question)) * np.sqrt(alike)
        found: dict[int, float] = {}
        for (place, text), score in zip(self._wordings, scores.tolist(), strict=True):
            if score >= LEAST and _denies(question) == _denies(text):
                found[place] = max(found.get(place, 0.0), score)
        return sorted(((score, place) for place, score in found.items()), key=lambda one: (-one[0], one[1]))

    def _asks(self, text: str) -> Scores:
        return np.array(list(self._reader.probabilities(text)["asked"].values()), dtype=np.float32)


def figures_held(question: str, told: str) -> bool:
    """Whether every number and date of a question is in a text."""
    return figures(told).prove(figures(question))


def _seen(text: str) -> dict[str, float]:
    """The stems and runs of letters of a text, each kind of the same weight."""
    found: dict[str, float] = {}
    for block, of_block in counts(text).items():
        if block in _BLOCKS:
            length = sum(number**2 for number in of_block.values()) ** 0.5
            found |= {f"{block}:{name}": number / length for name, number in of_block.items()}
    return found


def _denies(text: str) -> bool:
    return says(lowered(text), "denied")
