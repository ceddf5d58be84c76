"""The words of a large vocabulary that are nearly alike to one: few are compared, by which letters they have."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

_BITS = 64


class Alike:
    """Words in a fixed order, read-only; made once per edition, shared between threads."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = list(words)
        self._lengths = np.array([len(word) for word in self.words], dtype=np.int32)
        self._letters = np.array([_letters(word) for word in self.words], dtype=np.uint64)

    def nearest(self, word: str, least: float) -> str | None:
        """The word most alike, the first of those; None where none is `least` alike (0 to 100, as `fuzz.ratio`).

        Words of m and n letters are 1 - d / (m + n) alike, where d letters have to be put in or taken out: as many at
        least as their lengths differ by, and as there are letters that only one of them has.
        """
        sums = self._lengths + len(word)
        most = sums * (1.0 - least / 100.0) + 1e-6
        apart = np.bitwise_count(self._letters ^ np.uint64(_letters(word)))
        near: NDArray[np.intp] = np.flatnonzero((apart <= most) & (np.abs(self._lengths - len(word)) <= most))
        found = process.extractOne(
            word, [self.words[place] for place in near.tolist()], scorer=fuzz.ratio, score_cutoff=least
        )
        return found[0] if found else None


def _letters(word: str) -> int:
    """Which letters a word has, as bits; letters far apart in the alphabets may share one."""
    bits = 0
    for letter in set(word):
        bits |= 1 << ord(letter) % _BITS
    return bits
