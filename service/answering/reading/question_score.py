"""Trained scores of questions: linear models on the packaged encoder's vectors, for all its
languages.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache

import numpy as np

from service.answering import lexicon
from vectorstore import Embedding, Vectors, embedding_for
from vectorstore.storage import EmbeddingUnavailable

# files of the shipped models
DANGER_FILE = "danger.json"
IDENTITY_FILE = "identity.json"


@dataclass(frozen=True, slots=True)
class QuestionScore:
    """A linear model: `weights` of shape (d,), and the least score that is accepted."""

    weights: Vectors
    intercept: float
    least: float


@cache
def load_score(file: str) -> QuestionScore:
    """A model that is shipped with the service; `file` is `DANGER_FILE` or `IDENTITY_FILE`."""
    fields = json.loads(lexicon.trained(file))
    weights = np.array(fields["weights"], dtype=np.float32)
    return QuestionScore(weights, fields["intercept"], fields["least"])


def score_question(file: str, question: str) -> float | None:
    """The score (log-odds) of a question; None where the packaged encoder is not available."""
    try:
        vector = _encoder().vector(question)
    except EmbeddingUnavailable:
        return None
    model = load_score(file)
    return float(vector @ model.weights) + model.intercept


def is_accepted(file: str, question: str) -> bool:
    """True if the score of a question reaches the least one; False without the encoder."""
    score = score_question(file, question)
    return score is not None and score >= load_score(file).least


@cache
def _encoder() -> Embedding:
    """The packaged encoder, whatever embedding an edition has; raises EmbeddingUnavailable."""
    return embedding_for(None)
