"""Items by the words of a text of theirs: whole, at the front of longer words and of compounds.

Rows are numbers in one array, those of a word one behind the other: a set for each word takes ten times the memory.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vectorstore.analysis import LEAST_ROOT, Word, of_same_root

Rows = NDArray[np.int32]
_INSIDE = 6  # letters from which a word inside a longer one is no chance
_NONE: Rows = np.zeros(0, dtype=np.int32)


class WordIndex:
    """The words of the texts of items, by row; `add` them row by row, then ask."""

    def __init__(self) -> None:
        self._rows: dict[str, list[int]] = defaultdict(list)
        self._front: dict[str, str] = {}

    def add(self, row: int, words: Iterable[Word]) -> None:
        """Add the words of a row's text; rows come in their order."""
        for word in words:
            known = self._rows[word.whole]
            if not known or known[-1] != row:
                known.append(row)
            if word.parts:
                self._front[word.whole] = word.parts[0]

    def done(self) -> WordIndex:
        """Itself, with its rows in one array; nothing is added any more."""
        self._words = {word: place for place, word in enumerate(self._rows)}
        self._starts = np.cumsum([0, *map(len, self._rows.values())]).tolist()
        self._all = np.fromiter((row for rows in self._rows.values() for row in rows), np.int32, self._starts[-1])
        self._rows = {}
        return self

    def rows(self, whole: str) -> Rows:
        """The rows of a word, in their order."""
        place = self._words.get(whole)
        return _NONE if place is None else self._all[self._starts[place] : self._starts[place + 1]]

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
        kept = found[0] if found else _NONE
        for other in found[1:]:
            if not len(kept):
                break
            places = np.minimum(np.searchsorted(other, kept), len(other) - 1)
            kept = kept[other[places] == kept]
        return kept

    def _of(self, words: Iterable[str]) -> Rows:
        found = [rows for word in words if len(rows := self.rows(word))]
        return np.concatenate(found) if len(found) > 1 else found[0] if found else _NONE

    def _beginning(self, start: str) -> Iterator[str]:
        """The longer words that begin so."""
        for place in range(bisect_right(self._forwards, start), len(self._forwards)):
            if not self._forwards[place].startswith(start):
                return
            yield self._forwards[place]

    @cached_property
    def _forwards(self) -> list[str]:
        return sorted(self._words)

    @cached_property
    def _by_front(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for word in self._words:
            found[self._front.get(word, word)].append(word)
        return dict(found)
