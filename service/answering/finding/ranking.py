"""How evidence for items is weighed: what each kind of it counts, and the scores that this gives.

Nothing here looks at a question or a document: finding gathers the evidence, training tries weights on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]
Flags = NDArray[np.bool_]
_ARCHIVED_BY_NAME = 0.6  # share of the topic that an archived title must hold to be found like any other


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each kind of evidence counts; the defaults are chosen by hand, each tried alone.

    Training learns those from `concepts` to `title` (`trained.ranking`), `lexical` is their scale. `archived`, `front`
    and `title_page` are factors on the score of items that are that: they keep from answering what must not be
    answered, which cases with right items do not show.

    The right item among the first three, over 644 cases: 0.891 as here; 0.789 without `concepts` and `concepts_found`.
    Within the interval of ±0.024: `dense` 0 0.884, 0.1 0.890, 0.3 0.893, 0.5 0.887; `concepts` 0.8 0.888, 1.6 0.891;
    `title` 0 0.888, 0.4 0.891.

    `questions` and `questions_found` were learned (before shared words counted); `questions_same` was chosen, so that a
    question asked as it was written leads to its item: 283 of 300 over the sample corpus, 251 without. Where a county
    decides on 30 questions that failed, 25 of them are right afterwards, 5 of 30 other wordings, and of 220 others none
    is lost; with 1.2 and 0.4 it is 6 of 30, one of 220 is lost, and more of what no paper says is answered.
    """

    lexical: float = 1.0
    concepts: float = 1.2
    concepts_found: float = 0.1
    dense: float = 0.2
    questions: float = 0.8
    questions_found: float = 0.2
    questions_same: float = 1.5
    title: float = 0.25
    archived: float = 0.2
    front: float = 0.95
    title_page: float = 0.5
    dense_limit: int = 60


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for the items of the searched documents, not weighed yet.

    Shape (their chunks,): `items` are the rows of the chunks' items, `said` and `added` the lexical scores of the
    question's own words and of what the topic vocabulary adds, on one scale, `dense` 0 to 1. Shape (all items,):
    `written`, how well the questions written for an item fit, and `same`, how surely one of them is the question, 0 to
    1. `coverage` is the share of the topic that the item holds which the own words find first, 0 to 1: the more, the
    less other words count. `terms` are those added, with their weights.
    """

    terms: Mapping[str, float]
    items: NDArray[np.intp]
    said: Scores
    added: Scores
    dense: Scores
    written: Scores
    same: Scores
    coverage: float


@dataclass(frozen=True, slots=True)
class Marks:
    """What items are, shape (items,)."""

    archived: Flags
    front: Flags
    title_page: Flags

    def of(self, rows: NDArray[np.intp]) -> Marks:
        """The marks of these items."""
        return Marks(self.archived[rows], self.front[rows], self.title_page[rows])


def weighed(evidence: Evidence, weights: Weights) -> NDArray[np.float64]:
    """The score of each item by its best passage and the questions written for it, shape (items,)."""
    coverage = evidence.coverage
    lexical = evidence.said + _between(weights.concepts, weights.concepts_found, coverage) * evidence.added
    fused = weights.lexical * scaled(lexical) + weights.dense * evidence.dense
    best = np.zeros(len(evidence.written), dtype=np.float32)
    found = np.flatnonzero(fused)
    np.maximum.at(best, evidence.items[found], fused[found])
    written = _between(weights.questions, weights.questions_found, coverage) * evidence.written
    scores: NDArray[np.float64] = best.astype(np.float64) + written + weights.questions_same * evidence.same
    return scores


def adjusted(
    scores: NDArray[np.float64], held: NDArray[np.float64], wanted: float, marks: Marks, weights: Weights
) -> NDArray[np.float64]:
    """The scores with what titles and marks of the same items add or take.

    `held` is how much of the topic the titles hold, weighted by rarity, `wanted` how much all of it is.
    """
    scores = scores + weights.title * (held / wanted if wanted else 0.0)
    hidden = marks.archived & (held < _ARCHIVED_BY_NAME * wanted)
    kinds = np.where(marks.title_page, weights.title_page, np.where(marks.front, weights.front, 1.0))
    return scores * np.where(hidden, weights.archived, 1.0) * kinds


def scaled(scores: Scores) -> Scores:
    """The scores divided by the best of them; zeros stay."""
    best = float(scores.max(initial=0.0))
    return scores / best if best > 0 else scores


def _between(unfound: float, found: float, coverage: float) -> float:
    """A weight for other words than the question's own: the less, the more of it one item holds (0 to 1)."""
    return found + (unfound - found) * (1.0 - coverage)
