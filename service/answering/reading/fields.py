"""Conditions on labelled fields that a question names: a priority, a least or a most amount of euros."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from service.answering import lexicon
from vectorstore.analysis import fold
from vectorstore.figures import Number, located

_LEVELS = ("high", "middle", "low")
_EUROS = "EUR"
PRIORITIES = lexicon.folded("records", "priority", "names")


def priority_level(text: str) -> str:
    """The level that a printed priority means ("hoch", "+++" are "high"), else the text itself, folded."""
    folded = fold(text).strip(" .")
    return next((level for level in _LEVELS if folded in _words(level)), folded)


def priority_in(words: Sequence[str]) -> tuple[str, set[str]]:
    """The level of priority that folded words name, "" for none, and the words that name it."""
    named = {word for word in words if word in PRIORITIES}
    if not named:
        return "", set()
    levels = ((level, word) for word in words for level in _LEVELS if word in _words(level))
    level, word = next(levels, ("", ""))
    return level, {*named, word} if level else set()


def euros_in(question: str, words: Sequence[str]) -> tuple[str, str, set[str]]:
    """The least and the most euros that records shall cost, "" for open ends, and the words that say it."""
    sums = [one for one in located(question) if isinstance(one.figure, Number) and one.figure.unit == _EUROS]
    if not sums:
        return "", "", set()
    amounts = sorted(min(one.figure.values) for one in sums if isinstance(one.figure, Number))
    before, said = fold(question[: sums[0].start]).split(), question[sums[0].start : sums[-1].end]
    taken = {word for word in words if word in fold(said)}
    if len(sums) > 1:
        return str(amounts[0]), str(amounts[-1]), taken
    for bound, place in (("least", 0), ("most", 1)):
        for phrase in sorted(lexicon.folded("records", "cost", bound), key=len, reverse=True):
            if before[-len(phrase.split()) :] == phrase.split():
                least, most = ("", str(amounts[0])) if place else (str(amounts[0]), "")
                return least, most, taken | set(phrase.split())
    return "", "", set()


@cache
def _words(name: str) -> frozenset[str]:
    return lexicon.folded("records", "priority", name)
