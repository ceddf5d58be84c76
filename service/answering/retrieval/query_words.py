"""A word of a question, and how much of it a synonym or its parts cover."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain

SYNONYM_COVERAGE = 0.55  # share of a word that a synonym or translation covers
PARTS_COVERAGE = 0.8  # share of a compound that all its parts cover


@dataclass(frozen=True, slots=True)
class QueryWord:
    """A word of a text: its index `terms`, the whole first, and `synonyms` that documents use
    (synonyms, translations).

    `frame` is the probability, 0 to 1, that it frames a question and is not its topic.
    """

    text: str
    terms: tuple[str, ...]
    weight: float = 1.0
    synonyms: tuple[tuple[str, ...], ...] = ()  # each as its terms
    frame: float = 0.0

    @property
    def all_terms(self) -> Iterator[str]:
        """Its index terms and those of its synonyms."""
        return chain(self.terms, *self.synonyms)

    def covered_by(self, terms: frozenset[str], rarity: Callable[[str], float]) -> float:
        """How much of it some terms cover, 0 to 1: 1 if they have the whole word.

        If they have all parts of a compound, it is 0.8: "Klima" and "Schutz" need not mean
        "Klimaschutz". Some of the parts give their share of it, by rarity. A synonym of which they
        have all terms gives at least 0.55. `rarity` rates a term: higher is rarer.
        """
        whole, *parts = self.terms
        if whole in terms:
            return 1.0
        rarities = {part: rarity(part) for part in parts}
        total = sum(rarities.values())
        covered = sum(value for part, value in rarities.items() if part in terms)
        # the quotient first: that of equal sums is exactly 1
        by_parts = PARTS_COVERAGE * (covered / total) if total else 0.0
        has_synonym = any(terms.issuperset(synonym) for synonym in self.synonyms)
        return max(by_parts, SYNONYM_COVERAGE if has_synonym else 0.0)
