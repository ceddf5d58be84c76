"""What a text tells: its index terms, weighed by how rare they are in the papers and in everyday German.

That two questions share "kann" or "Stadt" says little of what they mean, that they share "Trinkbrunnen" much.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from vectorstore.analysis import Analyzer, fold, printed_words
from vectorstore.language.commonness import telling

Shares = NDArray[np.float32]
PART = 0.6  # what a part of a compound counts beside the whole, as in finding


def telling_terms(text: str, analyzer: Analyzer, rarity: Callable[[str], float]) -> dict[str, float]:
    """The index terms of a text with how much each tells, from 0; a term that comes twice counts once."""
    found: dict[str, float] = {}
    for printed in printed_words(text):
        told = telling(fold(printed))
        for word in analyzer.words(printed):
            for term in word.terms:
                share = told * rarity(term) * (1.0 if term == word.whole else PART)
                found[term] = max(found.get(term, 0.0), share)
    return found


class TellingTexts:
    """Texts by what they tell, for comparing one with all of them: cosines, kept by terms."""

    def __init__(self, texts: Sequence[Mapping[str, float]]) -> None:
        places: dict[str, list[int]] = defaultdict(list)
        shares: dict[str, list[float]] = defaultdict(list)
        for place, terms in enumerate(texts):
            for term, share in _of_length_one(terms).items():
                places[term].append(place)
                shares[term].append(share)
        self._columns = {
            term: (np.array(rows, dtype=np.intp), np.array(shares[term], dtype=np.float32))
            for term, rows in places.items()
        }
        self.size = len(texts)

    def alike(self, terms: Mapping[str, float]) -> Shares:
        """How alike a text with these terms and each of the texts are, 0 to 1, shape (size,)."""
        found = np.zeros(self.size, dtype=np.float32)
        for term, share in _of_length_one(terms).items():
            if term in self._columns:
                rows, shares = self._columns[term]
                found[rows] += np.float32(share) * shares
        return np.minimum(found, np.float32(1.0))


def _of_length_one(terms: Mapping[str, float]) -> dict[str, float]:
    length = sum(share**2 for share in terms.values()) ** 0.5
    return {term: share / length for term, share in terms.items()} if length else {}
