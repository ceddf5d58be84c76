"""Training of the choice of sentences: which sentence of a right item holds the fact that a case asks for.

A logistic regression over pairs of sentences of one item, the one with a fact and the one without (scikit-learn,
L-BFGS, no intercept): only what differs within an item is learned. Judged with whole documents left out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from evals.present.examples import Example
from evals.train import NothingToLearn
from service.answering.evidence.choice import Weighed, choose
from service.answering.trained.sentences import FEATURES, Teller, packed

STRENGTH = 0.3  # C of the regression: from .1 to 3 the same share of facts is told
ROUNDS = 500
CHARACTERS = 500  # of the first item's sentences in an answer


def trained(learned: Sequence[Example]) -> Teller:
    """Learn the weights; every item counts by its example's weight. Raises NothingToLearn where there is none."""
    if not learned:
        raise NothingToLearn("Ohne Beispiele lässt sich nichts lernen.")
    rows: list[NDArray[np.float64]] = []
    shares: list[float] = []
    for example in learned:
        vectors = np.array([one.features for one in example.sentences])
        right = np.array([bool(facts) for facts in example.facts])
        pairs = (vectors[right][:, None, :] - vectors[~right][None, :, :]).reshape(-1, len(FEATURES))
        rows.append(pairs)
        shares += [example.weight / len(pairs)] * len(pairs)
    differences = np.vstack(rows)
    # a pair and its mirror image are one thing: every other is mirrored, so that both classes occur
    signs = np.where(np.arange(len(differences)) % 2 == 0, 1, -1)
    model = LogisticRegression(C=STRENGTH, max_iter=ROUNDS, fit_intercept=False)
    model.fit(differences * signs[:, None], signs, sample_weight=shares)
    return Teller(tuple(round(float(one), 3) for one in model.coef_[0]))


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares of 0 to 1 over cases: the best sentence holds a fact; what is told holds all facts that any does."""

    cases: int
    first: float
    told: float
    characters: float

    @classmethod
    def of(cls, judged: Sequence[tuple[Example, Teller]]) -> Figures:
        """Return the figures of examples, each with the weights by which its sentences are chosen."""
        told = [_told(example, teller) for example, teller in judged]
        number = len(told)
        return cls(
            number,
            round(sum(first for first, _, _ in told) / number, 4),
            round(sum(everything for _, everything, _ in told) / number, 4),
            round(sum(characters for _, _, characters in told) / number, 1),
        )


def unseen(learned: Sequence[Example]) -> Figures:
    """How well the cases' sentences are chosen by weights that have seen nothing of their documents.

    Raises NothingToLearn where the cases are of fewer than two documents.
    """
    cases = [one for one in learned if one.is_case]
    documents = sorted({one.document for one in cases})
    if len(documents) < 2:
        raise NothingToLearn(
            "Das braucht Fälle zu mindestens zwei Dokumenten, deren Tatsachen (facts) in manchen Sätzen stehen und in "
            f"anderen nicht; hier sind es {len(cases)} zu {len(documents)}."
        )
    judged: list[tuple[Example, Teller]] = []
    for document in documents:
        teller = trained([one for one in learned if one.document != document])
        judged += [(one, teller) for one in cases if one.document == document]
    return Figures.of(judged)


def told_by(teller: Teller, learned: Sequence[Example]) -> Figures:
    """How well given weights choose the cases' sentences."""
    return Figures.of([(one, teller) for one in learned if one.is_case])


def _told(example: Example, teller: Teller) -> tuple[bool, bool, int]:
    """Whether the best sentence holds a fact, whether all are told, in how many characters."""
    scores = [teller.score(one.features) for one in example.sentences]
    best = max(scores)
    weighed = [
        Weighed(one.text, one.place, math.exp(score - best))
        for one, score in zip(example.sentences, scores, strict=True)
    ]
    chosen = choose(weighed, CHARACTERS)
    held = frozenset[int]().union(*(facts for one, facts in zip(weighed, example.facts, strict=True) if one in chosen))
    return bool(example.facts[scores.index(best)]), held >= example.sayable, sum(len(one.text) for one in chosen)


def as_file(learned: Sequence[Example], figures: Figures) -> str:
    """The trained weights with their figures on documents left out, the same text for the same examples."""
    cases = sum(one.is_case for one in learned)
    made = {"cases": cases, "drawn": len(learned) - cases, "documents": len({one.document for one in learned})}
    return packed(trained(learned), {**made, "documents left out": asdict(figures)})
