"""Questions on what changed from one paper of a series to the next: that they are, for which changes, and of what.

A small trained reader of its own tells, beside that of all questions, which stays as it is. A word without which the
question would less surely ask for changes is a word of the asking; what it is about are the others.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from service.answering.query import Word
from service.answering.understanding.classifier import CHANGES, classifier
from service.answering.understanding.names import Names
from service.answering.understanding.slots import Slots
from service.changes.matching import ChangeKind

ASKS = "asks"  # heads: whether changes are asked for, and each kind of them
CHANGED = tuple(kind for kind in ChangeKind if kind is not ChangeKind.UNCHANGED)
KINDS = tuple(map(str, CHANGED))
_KIND = 0.5  # probability from which a question that asks for changes asks for those of a kind
_LESS = 0.4  # log odds that a word of the asking adds
_LOWEST = 1e-6  # probability from which log odds are told
_TELLING = 0.5  # weight from which a word may be a subject: "Sachen" is none


class Changing:
    """Reads what questions ask of changes between papers of an edition, whose names are placeholders to it.

    `folder` is where a county's own training lies; raises TrainedError where a file there is no good.
    """

    def __init__(self, names: Names, folder: Path | None = None) -> None:
        self._slots = Slots(names)
        self._classifier = classifier(folder, CHANGES)
        self._sure = lru_cache(maxsize=512)(self._read)

    def asked(self, question: str) -> tuple[ChangeKind, ...]:
        """The kinds of changes that a question asks for, all where it names none; none where it asks for no changes."""
        sure = self._sure(question)
        if sure[ASKS] < self._classifier.heads[ASKS].least["yes"]:
            return ()
        kinds = {kind for kind in CHANGED if sure[kind] >= _KIND}
        if ChangeKind.STATUS in kinds:
            kinds.add(ChangeKind.FINISHED)  # what is implemented by now has another status
        return tuple(kind for kind in CHANGED if kind in kinds) or CHANGED

    def subject(self, question: str, topic: Iterable[Word]) -> tuple[Word, ...]:
        """The words of a topic that say of what changes are asked for."""
        whole = self._log_odds(question)
        words = (word for word in topic if word.weight >= _TELLING)
        return tuple(one for one in words if whole - self._log_odds(_without(one.text, question)) <= _LESS)

    def _read(self, question: str) -> dict[str, float]:
        told = self._classifier.probabilities(self._slots.put_in(question))
        return {head: answers["yes"] for head, answers in told.items()}

    def _log_odds(self, question: str) -> float:
        sure = min(max(self._sure(question)[ASKS], _LOWEST), 1.0 - _LOWEST)
        return math.log(sure / (1.0 - sure))


def _without(word: str, question: str) -> str:
    """A question without a word, wherever it stands as a whole one."""
    return re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", " ", question)
