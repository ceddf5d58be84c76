"""Records of other documents that say much the same: near by meaning, and borne out by words of the same topic.

Nearness alone is no proof: the embedding finds for every record another one. So a pair counts only where words of its
titles and texts, weighed by how rare they are, or concepts of the topic vocabulary, say so too.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from service.answering.corpus import Corpus
from vectorstore.records import Item, ItemKind, ItemStatus

KINDS = (ItemKind.GOAL, ItemKind.PROJECT, ItemKind.MEASURE, ItemKind.PRINCIPLE, ItemKind.THESIS, ItemKind.RESOLUTION)
MOST = 5
WEIGHTS = (0.35, 0.3, 0.2, 0.15)  # of vector, title, text, concepts
# Chosen on half of 88 pairs of real papers that were judged by hand (evals/present/similar.csv); on the other half
# 13 of the 15 pairs shown are right, and 13 of 21 right ones are shown.
LEAST = 0.368
NEAREST = 40  # records by vector that are looked at closely


@dataclass(frozen=True, slots=True)
class Similar:
    """A record of another document that says much the same, with how much so."""

    item: Item
    score: float


class Similarity:
    """Finds similar records over one edition; its vectors are fetched when first asked for."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._activated: dict[int, dict[str, float]] = {}

    def to(self, item: Item) -> list[Similar]:
        """Return the records of other documents that say much the same, most alike first; at most `MOST`."""
        row = self._corpus.row_of_item.get((item.document_id, item.key))
        if row is None or item.kind not in KINDS:
            return []
        items, rows = self._corpus.catalogue.items, self._rows
        near = self._vectors[rows] @ self._vectors[row]
        others = [int(rows[place]) for place in np.argsort(-near, kind="stable")]
        others = [one for one in others if items[one].document_id != item.document_id][:NEAREST]
        scored = [Similar(items[one], weighed(self.features(row, one))) for one in others]
        return sorted((one for one in scored if one.score >= LEAST), key=lambda one: -one.score)[:MOST]

    def features(self, one: int, other: int) -> tuple[float, float, float, float]:
        """How near two rows are: by vector, by title, by text, by concepts; each 0 to 1."""
        corpus = self._corpus
        return (
            float(max(0.0, self._vectors[one] @ self._vectors[other])),
            self._shared(corpus.title_terms[one], corpus.title_terms[other]),
            self._shared(corpus.terms[one], corpus.terms[other]),
            _overlap(self._concepts(one), self._concepts(other)),
        )

    def _shared(self, one: frozenset[str], other: frozenset[str]) -> float:
        """The cosine of two sets of terms, each weighed by its rarity."""
        weight = self._corpus.rarity
        both = sum(weight(term) ** 2 for term in one & other)
        whole = sum(weight(term) ** 2 for term in one) * sum(weight(term) ** 2 for term in other)
        return float(both / whole**0.5) if whole else 0.0

    def _concepts(self, row: int) -> dict[str, float]:
        """The concepts of the topic vocabulary that the title is about, with their weights."""
        if row not in self._activated:
            item = self._corpus.catalogue.items[row]
            found = self._corpus.edition.vocabulary.activate(f"{item.title} {item.table_title or ''}")
            self._activated[row] = {concept.id: weight for concept, weight in found}
        return self._activated[row]

    @cached_property
    def _rows(self) -> NDArray[np.intp]:
        items = self._corpus.catalogue.items
        told = [item.kind in KINDS and item.status is not ItemStatus.ARCHIVED for item in items]
        return np.flatnonzero(np.array(told, dtype=np.bool_))

    @cached_property
    def _vectors(self) -> NDArray[np.float32]:
        """Of each item the mean of its passages' vectors, of length one; zero for an item without passages."""
        chunks, vectors = self._corpus.edition.store.contents()
        of_item: dict[int, list[int]] = defaultdict(list)
        for place, chunk in enumerate(chunks):
            row = self._corpus.row_of_item.get((chunk.document_id, chunk.key))
            if row is not None:
                of_item[row].append(place)
        means = np.zeros((len(self._corpus.catalogue.items), vectors.shape[1]), dtype=np.float32)
        for row, places in of_item.items():
            means[row] = vectors[places].mean(axis=0)
        lengths = np.linalg.norm(means, axis=1, keepdims=True)
        return (means / np.where(lengths > 0, lengths, 1.0)).astype(np.float32)


def weighed(features: tuple[float, float, float, float]) -> float:
    """Return how similar two records are, 0 to 1."""
    return sum(weight * value for weight, value in zip(WEIGHTS, features, strict=True))


def _overlap(one: dict[str, float], other: dict[str, float]) -> float:
    """The cosine of two sets of concepts by their weights."""
    both = sum(weight * other[name] for name, weight in one.items() if name in other)
    whole = sum(weight**2 for weight in one.values()) * sum(weight**2 for weight in other.values())
    return float(both / whole**0.5) if whole else 0.0
