"""How alike questions are: by their telling words, rare ones counting more, and by the edition's embedding."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from service.answering.corpus import Corpus

# of the likeness; the embedding says the rest. Of questions written for this, a dozen on the same nouns beside
# them, .56 of the pairs that are joined mean the same, and .48 of those that mean the same are joined
BY_WORDS = 0.4


def likeness(texts: Sequence[str], corpus: Corpus) -> NDArray[np.float32]:
    """A symmetric matrix of 0 to 1 for each two of the texts."""
    if not texts:
        return np.zeros((0, 0), dtype=np.float32)
    told = [_told(text, corpus) for text in texts]
    vectors = _unit(np.asarray(corpus.edition.embedding.vectors(told), dtype=np.float32))
    both = BY_WORDS * _by_words(told, corpus) + (1 - BY_WORDS) * np.clip(vectors @ vectors.T, 0.0, 1.0)
    return np.asarray((both + both.T) / 2, dtype=np.float32)


def _told(text: str, corpus: Corpus) -> str:
    """The words of a text that carry meaning; all of it where none does."""
    words = [word.whole for word in corpus.analyzer.words(text)]
    return " ".join(words) or text


def _by_words(texts: Sequence[str], corpus: Corpus) -> NDArray[np.float32]:
    terms = [dict.fromkeys(corpus.analyzer.terms(text)) for text in texts]
    places = {term: place for place, term in enumerate(dict.fromkeys(term for one in terms for term in one))}
    rows = np.zeros((len(texts), len(places)), dtype=np.float32)
    for row, one in enumerate(terms):
        for term in one:
            rows[row, places[term]] = corpus.rarity(term)
    rows = _unit(rows)
    return np.asarray(rows @ rows.T, dtype=np.float32)


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    found: NDArray[np.float32] = np.zeros_like(rows)
    np.divide(rows, lengths, out=found, where=lengths > 0)
    return found
