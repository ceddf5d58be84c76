"""Items by the words of a text of theirs: whole, at the front of longer words and of compounds."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from vectorstore.analysis import LEAST_ROOT, Word, of_same_root

Rows = NDArray[np.int32]
_INSIDE = 6  # letters from which a word at the front of a longer one is no chance
_NONE: Rows = np.zeros(0, dtype=np.int32)


class WordIndex:
    """The rows of texts by their words, given as the words of each text in the order of the rows."""

    def __init__(self, texts: Iterable[Iterable[Word]]) -> None:
        rows: dict[str, list[int]] = defaultdict(list)
        self._by_front: dict[str, set[str]] = defaultdict(set)
        for row, words in enumerate(texts):
            for word in set(words):
                rows[word.whole].append(row)
                self._by_front[(*word.parts, word.whole)[0]].add(word.whole)
        self._rows: dict[str, Rows] = {word: np.array(found, dtype=np.int32) for word, found in rows.items()}
        self._sorted = sorted(rows)

    def rows(self, whole: str) -> Rows:
        """The rows of a word, in their order."""
        return self._rows.get(whole, _NONE)

    def with_front(self, part: str) -> Rows:
        """The rows of the words with a front; one of several of them may come twice."""
        return self._of(self._by_front.get(part, ()))

    def longer(self, whole: str) -> Rows:
        """The rows of words that begin with this one, where it is long enough."""
        return self._of(self._beginning(whole)) if len(whole) >= _INSIDE else _NONE

    def of_root(self, whole: str) -> Rows:
        """The rows of words that differ by an ending: "digital" for "Digitalisierung"."""
        begins = whole[:LEAST_ROOT]
        return self._of(word for word in of_same_root(whole) if word != begins and word.startswith(begins))

    def all(self, terms: Sequence[str]) -> Rows:
        """The rows that hold all of the words."""
        found = sorted((self.rows(term) for term in dict.fromkeys(terms)), key=len)
        return reduce(lambda one, other: np.intersect1d(one, other, assume_unique=True), found) if found else _NONE

    def _of(self, words: Iterable[str]) -> Rows:
        found = [self.rows(word) for word in words]
        return np.concatenate(found) if found else _NONE

    def _beginning(self, start: str) -> Iterator[str]:
        """The longer words that begin so."""
        for place in range(bisect_right(self._sorted, start), len(self._sorted)):
            if not self._sorted[place].startswith(start):
                return
            yield self._sorted[place]
