"""How alike questions are: by what they tell, in their own words or others for them, and by the edition's embedding."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from service.answering.corpus import Corpus
from service.answering.finding.item_questions import of_length_one
from service.answering.telling_terms import TellingTexts
from service.answering.understanding.language import DEFAULT

# Of the likeness; the embedding says the rest. Chosen with `grouping.ENOUGH` on one half of three sets of questions in
# several wordings; docs/learning.md tells the figures on the other.
BY_WORDS = 0.6
OTHERWISE = 0.6  # what a term counts that the topic vocabulary says for a question's own


def likeness(texts: Sequence[str], corpus: Corpus) -> NDArray[np.float32]:
    """A symmetric matrix of 0 to 1 for each two of the texts."""
    if not texts:
        return np.zeros((0, 0), dtype=np.float32)
    vectors = of_length_one(np.asarray(corpus.edition.embedding.vectors(texts), dtype=np.float32))
    both = BY_WORDS * _by_words(texts, corpus) + (1 - BY_WORDS) * np.clip(vectors @ vectors.T, 0.0, 1.0)
    return np.asarray((both + both.T) / 2, dtype=np.float32)


def _by_words(texts: Sequence[str], corpus: Corpus) -> NDArray[np.float32]:
    terms = [_told(text, corpus) for text in texts]
    told = TellingTexts(terms)
    return np.stack([told.alike(one) for one in terms])


def _told(text: str, corpus: Corpus) -> dict[str, float]:
    """What a text tells, with what the topic vocabulary says for it."""
    own = corpus.told(text)
    others = corpus.expansion.terms(text, DEFAULT)
    return {term: OTHERWISE * share * corpus.rarity(term) for term, share in others.items()} | own
