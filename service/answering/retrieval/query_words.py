"""A word of a question, and how much of it a synonym or its parts cover."""

from __future__ import annotations

from dataclasses import dataclass

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
