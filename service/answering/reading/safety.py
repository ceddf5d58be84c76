"""Detects danger to life: by strong words alone, by weak words together with a trained score."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache

import numpy as np

from service.answering import lexicon
from vectorstore.embeddings import Embedding, embedding_for
from vectorstore.errors import EmbeddingUnavailable
from vectorstore.vectors import Vectors

MODEL_FILE = "danger.json"


@dataclass(frozen=True, slots=True)
class DangerModel:
    """A linear model on the packaged encoder's question vectors: `weights` of shape (d,), and the
    least score that is accepted.
    """

    weights: Vectors
    intercept: float
    least: float

    def score(self, vector: Vectors) -> float:
        """The score (log-odds) of a question vector, shape (d,)."""
        return float(vector @ self.weights) + self.intercept


def is_danger(question: str) -> bool:
    """True if a question says that somebody is in danger; the score alone never does."""
    if has_strong_words(question):
        return True
    if not has_weak_words(question):
        return False
    model, score = load_danger_model(), score_danger(question)
    return score is not None and score >= model.least


def has_strong_words(question: str) -> bool:
    """True if the question has words that are danger by themselves."""
    return lexicon.matches("safety", "danger", question)


def has_weak_words(question: str) -> bool:
    """True if the question has words that are danger if the score says so, too."""
    return lexicon.matches("safety", "danger_sign", question)


def score_danger(question: str) -> float | None:
    """The score of a question; None where the packaged encoder is not available."""
    try:
        vector = _encoder().vector(question)
    except EmbeddingUnavailable:
        return None
    return load_danger_model().score(vector)


@cache
def load_danger_model() -> DangerModel:
    """The model that is shipped with the service."""
    fields = json.loads(lexicon.trained(MODEL_FILE))
    weights = np.array(fields["weights"], dtype=np.float32)
    return DangerModel(weights, fields["intercept"], fields["least"])


@cache
def _encoder() -> Embedding:
    """The packaged encoder, whatever embedding an edition has; raises EmbeddingUnavailable."""
    return embedding_for(None)
