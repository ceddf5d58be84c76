"""Training of the judgement: whether what was found answers.

A logistic regression (scikit-learn, L-BFGS) over answers to cases that were given whatever the judgement said: the
right ones against the others, those to questions without an answer among them. Beside them stand answers to strangers,
questions to other papers, which are right nowhere. Judged with whole documents left out; the threshold is the highest
that keeps the wanted share of right answers there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from evals.cases import Case, Expectation
from evals.metrics.judging import Asked, judge
from evals.targets import InProcess, request_of, said_of
from evals.train import NothingToLearn
from service.answering.context import Context
from service.answering.evidence.judgement import Judging
from service.answering.pipeline import STEPS
from service.answering.trained.judgement import CLAIMED, FEATURES, Judgement, packed
from service.models import AnswerMode, AnswerStatus

STRENGTH = 1.0  # C of the regression: of .03, .1, .3 and 1 the best calibrated, alike otherwise
ROUNDS = 3000
KEPT = 0.975  # share of the right answers that the threshold keeps
STRANGERS, STRANGERS_WEIGHT = 120, 0.5  # asked over each corpus, and what each counts beside a case
# types of cases that no other paper answers
OF_ONE_PAPER = ("single_fact", "responsibility", "status", "unanswerable", "english", "dutch", "turkish")
THRESHOLDS = tuple(round(0.01 * step, 2) for step in range(5, 96))
SHOWN = 5  # every so many of them is told
BINS = 10  # of probabilities, for the calibration error


@dataclass(frozen=True, slots=True)
class Example:
    """An answer made from found items: the features of the one cited first, and whether the answer is right.

    `document` is that item's; `answerable` says whether the papers hold an answer.
    """

    case: str
    document: str
    features: tuple[float, ...]
    right: bool
    answerable: bool
    weight: float = 1.0


class Open(Judgement):
    """Accepts whatever is found."""

    def accepts(self, features: object) -> bool:
        """Always true."""
        return True


def strangers(cases: Sequence[Case], own: Sequence[Case]) -> list[Case]:
    """Some of the cases over other corpora than one's own, as questions that nothing here answers; always the same."""
    theirs = {one.corpus for one in own}
    others = [one for one in cases if one.corpus not in theirs and one.type in OF_ONE_PAPER and not one.history]
    others.sort(key=lambda one: sha256(one.id.encode()).digest())
    nowhere = Expectation.model_validate({"behavior": "abstain"})
    return [one.model_copy(update={"expect": nowhere}) for one in others[:STRANGERS]]


def examples(cases: Iterable[Case], target: InProcess, weight: float = 1.0) -> Iterator[Example]:
    """The cases that found items answer, answered whatever the judgement says."""
    corpus = target.service.corpus
    kept, corpus.judgement = corpus.judgement, Open((0.0,) * len(FEATURES), 0.0, 0.0, 0.0)
    try:
        for case in cases:
            made = _example(case, target)
            if made is not None:
                yield replace(made, weight=weight)
    finally:
        corpus.judgement = kept


def _example(case: Case, target: InProcess) -> Example | None:
    """The answer to a case as an example; None where it was not made from found items."""
    answer = target.service.answer(request_of(case))
    if answer.status is not AnswerStatus.ANSWERED or answer.mode is not AnswerMode.EXTRACTIVE or not answer.citations:
        return None
    context, first = _context(case, target), answer.citations[0]
    found = [one for one in context.found if (one.item.document_id, one.item.key) == (first.document_id, first.key)]
    if not found:
        return None
    features = Judging(context).features(found[0])
    right = case.answerable and judge(Asked(case, said_of(answer), target.knowledge)).fully
    vector = tuple(round(features[name], 6) for name in FEATURES)
    return Example(case.id, first.document_id, vector, right, case.answerable)


def _context(case: Case, target: InProcess) -> Context:
    work = target.service.work(request_of(case))
    for step in STEPS:
        if work.draft is None:
            step(work)
    return work.context()


@dataclass(frozen=True, slots=True)
class Point:
    """What one threshold lets through: shares of 0 to 1 of the right answers, of those to questions without an answer,
    and of the other wrong ones.
    """

    threshold: float
    right: float
    unanswerable: float
    wrong: float


@dataclass(frozen=True, slots=True)
class Result:
    """The learned judgement, and how those fared that had seen nothing of a document.

    `calibration` is the expected calibration error over ten bins; `area` that under the curve of right answers against
    all others.
    """

    judgement: Judgement
    cases: int
    documents: int
    calibration: float
    area: float
    curve: tuple[Point, ...]

    @property
    def shown(self) -> list[Point]:
        """The points to tell, that of the threshold among them."""
        return [one for place, one in enumerate(self.curve) if place % SHOWN == 0 or one == self.chosen]

    @property
    def chosen(self) -> Point:
        """The point of the threshold."""
        return next(one for one in self.curve if one.threshold == self.judgement.least)

    def as_file(self) -> str:
        """The judgement with its figures, the same text for the same examples."""
        return packed(
            self.judgement,
            {
                "cases": self.cases,
                "documents": self.documents,
                "calibration error": self.calibration,
                "area under the curve": self.area,
                "documents left out": [asdict(one) for one in self.shown],
            },
        )


def examples_over(cases: Sequence[Case], target: InProcess, own: Sequence[Case]) -> Iterator[Example]:
    """The answers to a corpus' own cases, and to strangers among all cases."""
    yield from examples(own, target)
    yield from examples(strangers(cases, own), target, STRANGERS_WEIGHT)


def learned(examples: Sequence[Example]) -> Result:
    """Learn the judgement and measure it; raises NothingToLearn where the examples are too few to leave any out."""
    documents = sorted({one.document for one in examples})
    right = _right(examples)
    if len(documents) < 2 or right.all() or not right.any():
        raise NothingToLearn(
            "Das braucht Fälle zu mindestens zwei Dokumenten, von denen gefundene Einträge manche richtig beantworten "
            f"und andere nicht; hier sind es {len(examples)} zu {len(documents)}."
        )
    unseen = _unseen(examples, documents)
    curve = tuple(_point(one, unseen, examples) for one in THRESHOLDS)
    least = max((one.threshold for one in curve if one.right >= KEPT), default=THRESHOLDS[0])
    return Result(
        replace(_trained(examples), least=least),
        cases=len(examples),
        documents=len(documents),
        calibration=round(_calibration(unseen, right), 4),
        area=round(float(roc_auc_score(right, unseen)), 4),
        curve=curve,
    )


def _trained(examples: Sequence[Example]) -> Judgement:
    model = LogisticRegression(C=STRENGTH, max_iter=ROUNDS)
    counted = [one.weight for one in examples]
    model.fit(np.array([one.features for one in examples]), _right(examples), sample_weight=counted)
    weights = tuple(round(float(one), 3) for one in model.coef_[0])
    return Judgement(weights, round(float(model.intercept_[0]), 3), THRESHOLDS[0], CLAIMED)


def _right(examples: Sequence[Example]) -> NDArray[np.bool_]:
    """Which answers are right, shape (examples,)."""
    return np.array([one.right for one in examples], dtype=np.bool_)


def _unseen(examples: Sequence[Example], documents: Sequence[str]) -> NDArray[np.float64]:
    """The probability of each example by a judgement that has seen nothing of its document, shape (examples,)."""
    found = np.zeros(len(examples))
    for document in documents:
        others = [one for one in examples if one.document != document]
        if _right(others).all() or not _right(others).any():
            raise NothingToLearn("Ohne die Fälle eines der Dokumente bleiben nur richtige oder nur falsche Antworten.")
        judgement = _trained(others)
        for place, one in enumerate(examples):
            if one.document == document:
                found[place] = judgement.probability(dict(zip(FEATURES, one.features, strict=True)))
    return found


def _point(threshold: float, unseen: NDArray[np.float64], examples: Sequence[Example]) -> Point:
    through = unseen >= threshold
    right = _right(examples)
    answerable = np.array([one.answerable for one in examples], dtype=np.bool_)
    groups = (right, ~answerable, answerable & ~right)
    shares = (round(float(through[of].mean()), 4) if of.any() else 0.0 for of in groups)
    return Point(threshold, *shares)


def _calibration(probabilities: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """The expected calibration error: how far probability and share of right answers are apart, bin by bin."""
    bins = np.minimum((probabilities * BINS).astype(np.intp), BINS - 1)
    apart = [abs(float(probabilities[bins == one].sum() - right[bins == one].sum())) for one in range(BINS)]
    return sum(apart) / len(right)
