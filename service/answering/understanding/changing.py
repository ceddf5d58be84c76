"""Which changes between papers of a series a question asks for, and of what: as the trained reader takes it.

A word without which the question would less surely be read as one on changes is a word of the asking; what it is about
are the others.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from service.answering.query import Word
from service.answering.understanding.reader import CHANGES, Reader, Reading
from service.changes.matching import ChangeKind

HEAD = "change"  # of the classifier: which changes
ALL = "all"
_BESIDE = 0.35  # share of the likeliest kind's probability from which another is asked for too: rather one too many
_LESS = 0.4  # log odds that a word of the asking adds: of the training's names 10 % do, of its other nouns 75 %
_LOWEST = 1e-6  # probability from which log odds are told
_TELLING = 0.5  # weight from which a word may be a subject: "Sachen" is none
_CHANGED = tuple(kind for kind in ChangeKind if kind is not ChangeKind.UNCHANGED)


def changes_asked(reading: Reading) -> tuple[ChangeKind, ...]:
    """The kinds of changes that a question asks for, all where it names none; none where it asks for no changes."""
    if reading.want != CHANGES:
        return ()
    told = reading.sure[HEAD]
    likeliest = max(told, key=lambda one: told[one])
    if likeliest == ALL:
        return _CHANGED
    asked = {kind for kind in _CHANGED if told[kind] >= _BESIDE * told[likeliest]}
    if ChangeKind.STATUS in asked:
        asked.add(ChangeKind.FINISHED)  # who is implemented by now has another status
    return tuple(kind for kind in _CHANGED if kind in asked)


def subject_of(question: str, topic: Iterable[Word], reader: Reader) -> tuple[Word, ...]:
    """The words of a topic that say of what changes are asked for."""
    whole = _log_odds(reader.read(question))
    words = (word for word in topic if word.weight >= _TELLING)
    return tuple(word for word in words if whole - _log_odds(reader.read(question.replace(word.text, " "))) <= _LESS)


def _log_odds(reading: Reading) -> float:
    sure = min(max(reading.sure["want"][CHANGES], _LOWEST), 1.0 - _LOWEST)
    return math.log(sure / (1.0 - sure))
