"""Training of the weights of ranking: how much each kind of evidence counts, so that the right item comes first.

A bounded search, weight by weight from those chosen by hand, over the scores that finding computes; what counts is the
reciprocal place of the first right item. Judged with whole documents left out; what is learned is only taken where it
does not lose.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
from numpy.typing import NDArray

from evals.cases import Case
from evals.metrics.judging import is_part
from evals.targets import InProcess, request_of
from evals.train import NothingToLearn
from service.answering.finding.finder import FOUND, Finder
from service.answering.finding.ranking import Evidence, Flags, Marks, Weights, adjusted, weighed
from service.answering.pipeline import Work, check, find, understand_question
from service.answering.query import SINGLE, Intent
from service.answering.trained.ranking import LEARNED, packed
from service.records import record_of

FACTORS = (0.0, 0.5, 0.8, 1.25, 2.0)  # by which each weight is tried
ROUNDS = 3
LEAST = 0.002  # what a change must bring in mean reciprocal places; less may be chance
BY_HAND = Weights()
GROUPS = {"with questions for items": "mit Fragen zu Einträgen", "without": "ohne"}
_ANSWERED_BY_ITEMS = (*SINGLE, Intent.STATUS, Intent.RESPONSIBLE)


@dataclass(frozen=True, slots=True)
class Example:
    """A case with the evidence for the items of its edition and which of them are right, shape (items,).

    `document` is that of the right item which the case names first; `held` and `wanted` are what titles hold of it.
    """

    case: str
    document: str
    evidence: Evidence
    held: NDArray[np.float64]
    wanted: float
    marks: Marks
    right: Flags

    @property
    def written(self) -> bool:
        """Whether questions written for items speak for any."""
        return bool(self.evidence.written.any())

    def place(self, weights: Weights) -> int:
        """The place from 1 of the first right item, 0 where it is not among those that are answered from."""
        scores = adjusted(weighed(self.evidence, weights), self.held, self.wanted, self.marks, weights)
        best = int(np.where(self.right, scores, -1.0).argmax())
        ahead = int((scores > scores[best]).sum() + (scores[:best] == scores[best]).sum())
        return ahead + 1 if scores[best] > 0 and ahead < FOUND else 0


def examples(cases: Iterable[Case], target: InProcess) -> Iterator[Example]:
    """The cases that the found items answer; where questions are written for items, each with these and without."""
    finder = Finder(target.service.corpus, BY_HAND)
    for case in cases:
        work = _searched(case, target) if case.answerable and case.expect.citations_any else None
        example = _example(case, work, finder, target) if work else None
        if example is None:
            continue
        yield example
        if example.written:
            bare = np.zeros_like(example.evidence.written)
            yield replace(example, evidence=replace(example.evidence, written=bare, same=bare))


def _searched(case: Case, target: InProcess) -> Work | None:
    """The work on a case up to its items; None where others than those that are found answer it."""
    work = target.service.work(request_of(case))
    for step in (check, understand_question, find):
        if work.draft is None:
            step(work)
    found = work.query is not None and work.query.intent in _ANSWERED_BY_ITEMS and work.found and not work.focus
    return work if found else None


def _example(case: Case, work: Work, finder: Finder, target: InProcess) -> Example | None:
    """The evidence for a case; None where its edition holds no right item."""
    query, corpus = work.query, finder.corpus
    assert query is not None
    right = np.zeros(len(corpus.catalogue.items), dtype=np.bool_)
    for document in {document for document, _ in case.expect.citations_any}:
        for row in corpus.rows_of_document.get(document, ()):
            item = corpus.catalogue.items[row]
            record = record_of(item, corpus.document(item))
            right[row] = any(is_part(record, ref, target.knowledge) for ref in case.expect.citations_any)
    if not right.any():
        return None
    evidence = finder.evidence(query.topic, query.documents, query.searched, query.spoken)
    held, wanted = finder.in_titles(query.topic, np.arange(len(right)))
    return Example(case.id, case.expect.citations_any[0][0], evidence, held, wanted, finder.marks, right)


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares of 0 to 1 over cases: a right item comes first, or is among the first three."""

    cases: int
    first: float
    first_three: float

    @classmethod
    def of(cls, places: Sequence[int]) -> Figures:
        """Return the figures of the places from 1 of the first right items, 0 for none."""
        cases = len(places)
        shares = (sum(0 < one <= most for one in places) / cases if cases else 0.0 for most in (1, 3))
        return cls(cases, *(round(one, 4) for one in shares))


class Tried:
    """Examples with the places that tried weights give them, each worked out once; the search begins with `start`."""

    def __init__(self, examples: Sequence[Example], start: Weights = BY_HAND) -> None:
        self.examples = examples
        self.start = start
        self._places: dict[Weights, NDArray[np.intp]] = {}

    def places(self, weights: Weights) -> NDArray[np.intp]:
        """The place of the first right item of each example, shape (examples,)."""
        if weights not in self._places:
            self._places[weights] = np.array([one.place(weights) for one in self.examples], dtype=np.intp)
        return self._places[weights]

    def worth(self, weights: Weights, of: Flags) -> float:
        """The mean reciprocal place over some of the examples, 0 to 1."""
        places = self.places(weights)[of]
        return float(np.divide(1.0, places, where=places > 0, out=np.zeros(len(places))).mean())

    def trained(self, of: Flags) -> Weights:
        """The weights that are worth most over some of the examples, changed one by one."""
        best = self.start
        for _ in range(ROUNDS):
            before = best
            for name in LEARNED:
                best = self._better(best, name, of)
            if best == before:
                break
        return best

    def _better(self, weights: Weights, name: str, of: Flags) -> Weights:
        """The weights with one of them changed where that brings enough."""
        kept = getattr(weights, name)
        others = [replace(weights, **{name: round(kept * factor, 4)}) for factor in FACTORS]
        found = max(others, key=lambda one: self.worth(one, of))
        return found if self.worth(found, of) >= self.worth(weights, of) + LEAST else weights

    def unseen(self) -> NDArray[np.intp]:
        """The place of each example's first right item by weights that have seen nothing of its document.

        Raises NothingToLearn where the examples are of fewer than two documents.
        """
        documents = np.array([one.document for one in self.examples], dtype=np.str_)
        if len(set(documents)) < 2:
            raise NothingToLearn(
                "Das braucht Fälle zu mindestens zwei Dokumenten, die richtige Einträge nennen (citations_any) und die "
                f"gefundene Einträge beantworten; hier sind es {len(self.examples)} zu {len(set(documents))}."
            )
        places = np.zeros(len(documents), dtype=np.intp)
        for document in sorted(set(documents)):
            of = documents == document
            places[of] = self.places(self.trained(~of))[of]
        return places


@dataclass(frozen=True, slots=True)
class Result:
    """The weights that were learned and those chosen by hand, with the figures of both: `told` of documents left out.

    `is_learned` says that the learned ones put right items first and among the first three at least as often.
    """

    learned: Weights
    by_hand: Weights
    is_learned: bool
    cases: int
    documents: int
    told: dict[str, Figures]
    told_by_hand: dict[str, Figures]

    @property
    def weights(self) -> Weights:
        """Those that are taken."""
        return self.learned if self.is_learned else self.by_hand

    def as_file(self) -> str:
        """The weights with the figures of both, the same text for the same examples."""
        figures = {
            "cases": self.cases,
            "documents": self.documents,
            "weights are": "learned" if self.is_learned else "chosen by hand",
            "learned weights": {name: getattr(self.learned, name) for name in LEARNED},
            "learned, documents left out": {name: asdict(one) for name, one in self.told.items()},
            "chosen by hand": {name: asdict(one) for name, one in self.told_by_hand.items()},
        }
        return packed(self.weights, figures)


def learned(examples: Sequence[Example], start: Weights = BY_HAND) -> Result:
    """Learn the weights from those to `start` with, and judge both.

    Raises NothingToLearn where the examples are of fewer than two documents.
    """
    tried = Tried(examples, start)
    unseen, by_hand = tried.unseen(), tried.places(start)
    return Result(
        learned=tried.trained(np.ones(len(examples), dtype=np.bool_)),
        by_hand=start,
        is_learned=_ahead(unseen) >= _ahead(by_hand),
        cases=len({one.case for one in examples}),
        documents=len({one.document for one in examples}),
        told=_figures(examples, unseen),
        told_by_hand=_figures(examples, by_hand),
    )


def _ahead(places: NDArray[np.intp]) -> int:
    """How often a right item comes first, and how often among the first three, together."""
    return int((places == 1).sum() + ((places > 0) & (places <= 3)).sum())


def _figures(examples: Sequence[Example], places: NDArray[np.intp]) -> dict[str, Figures]:
    written = np.array([one.written for one in examples], dtype=np.bool_)
    groups = zip(GROUPS, (written, ~written), strict=True)
    return {name: Figures.of(places[of].tolist()) for name, of in groups if of.any()}
