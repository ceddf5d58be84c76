"""Typing errors in a question: the term of the index that a word most likely means.

Damerau's distance (1964): letters added, left out, replaced or swapped. A typing error keeps the first letter mostly,
so that only terms with the same one are compared.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

SHORTEST = 5
SIMILAR = 0.8


class Speller:
    """Finds the nearest of these terms; numbers and short terms are never taken for another."""

    def __init__(self, terms: Iterable[str]) -> None:
        self._terms: dict[str, list[str]] = defaultdict(list)
        for term in terms:
            if len(term) >= SHORTEST - 1 and term.isalpha():
                self._terms[term[0]].append(term)

    def nearest(self, term: str) -> str | None:
        """The most similar term, at least 0.8 alike (one letter in five), or None; the term itself if it is known."""
        if len(term) < SHORTEST or not term.isalpha():
            return None
        scorer = DamerauLevenshtein.normalized_similarity
        found = process.extractOne(term, self._terms.get(term[0], ()), scorer=scorer, score_cutoff=SIMILAR)
        return found[0] if found else None
