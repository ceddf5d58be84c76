"""Learns when a question means a curated answer, from invented answers with questions that mean them and near misses.

The answers are over the sample corpus. Each is judged by weights that learned without it; what is written learned from
all.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from evals.corpora import SAMPLE, Corpora
from evals.train import NothingToLearn
from service.answering.pipeline import STEPS, Work
from service.answering.service import AnswerService
from service.answering.trained.matching import packed
from service.composition import make_store
from service.curated.matching import FEATURES, Asked, Weights
from service.curated.models import CuratedAnswer
from service.curated.served import Curated, Question
from service.curated.store import CuratedStore
from service.models import ChatRequest
from vectorstore.database import Database

EXAMPLES = Path(__file__).with_name("curated.toml")
DOCUMENT = "lauterfeld-nachhaltigkeitsbericht-2026"
LEAST = 0.8  # told from here: of answers left out 48 of 60, and 1 near miss; from .9 42 and 1, from .98 15 and none
_STRENGTH = 3.0  # inverse of the regularisation
_OF_OTHERS = 0.3  # what a question to another answer weighs beside a near miss
_ROUNDS = 4  # of choosing, for each question, the wording that it is nearest to
_NEARNESS = ("said", "meant", "embedded", "same kind")  # by which it is chosen first
Rows = list[dict[str, float]]


@dataclass(frozen=True, slots=True)
class Example:
    """A question compared with one answer: the features by wording, for which it was written, whether it means it."""

    answer: int
    written_for: int
    rows: Rows
    means: bool
    question: str


@dataclass(frozen=True, slots=True)
class Written:
    """An answer with questions that mean it, and near misses."""

    answer: CuratedAnswer
    same: tuple[str, ...]
    near: tuple[str, ...]


def written(path: Path = EXAMPLES) -> list[Written]:
    """The answers of a file with their questions."""
    with path.open("rb") as file:
        read = tomllib.load(file)["answer"]
    return [
        Written(
            CuratedAnswer(
                one["question"], one["text"], tuple((DOCUMENT, key) for key in one["cite"]), "Stabsstelle Beteiligung",
                date(2099, 12, 31), tuple(one["wordings"]),
            ),
            tuple(one["same"]),
            tuple(one["near"]),
        )
        for one in read
    ]  # fmt: skip


def examples(service: AnswerService, answers: Sequence[Written]) -> list[Example]:
    """Every question compared with every answer, over the edition of a service."""
    with TemporaryDirectory() as folder:
        store = CuratedStore(Database(Path(folder)))
        store.take(((str(place), one.answer) for place, one in enumerate(answers)), "")
        curated = Curated(service.corpus, service.verifier, store)
        standings = curated.all()
    found = []
    for place, one in enumerate(answers):
        for text in (*one.same, *one.near):
            question = asked_of(service, text)
            compared = Asked(text, question.query, service.corpus)
            found += [
                Example(
                    other, place, curated.compared(compared, question, standing),
                    other == place and text in one.same, text,
                )
                for other, standing in enumerate(standings)
            ]  # fmt: skip
    return found


def examples_over(corpora: Corpora) -> list[Example]:
    """Every question compared with every answer, over an edition of the sample corpus; raises StoreError."""
    settings = corpora.editions([SAMPLE])[SAMPLE]
    with closing(make_store(settings).open()) as edition:
        return examples(AnswerService(edition, settings), written())


def asked_of(service: AnswerService, text: str) -> Question:
    """A question with what the service finds and says without curated answers."""
    work: Work = service.work(ChatRequest(question=text))
    for step in STEPS:
        if work.draft is None or work.query is None:
            work.draft = None if work.query is None else work.draft
            step(work)
    assert work.query is not None and work.draft is not None
    return Question(text, work.query, work.found, work.draft)


def learned(rows: Sequence[Example]) -> Weights:
    """Weights by logistic regression; of each question the wording counts that it is nearest to."""
    from sklearn.linear_model import LogisticRegression

    kept = [one for one in rows if one.rows]
    means = np.array([one.means for one in kept])
    weight = np.array([1.0 if one.answer == one.written_for else _OF_OTHERS for one in kept])
    by = np.array([1.0 if name in _NEARNESS else 0.0 for name in FEATURES])
    model = LogisticRegression(C=_STRENGTH, max_iter=2000)
    for _ in range(_ROUNDS):
        vectors = [[_vector(row) for row in one.rows] for one in kept]
        nearest = np.array([rows[int(np.argmax([row @ by for row in rows]))] for rows in vectors])
        by = model.fit(nearest, means, sample_weight=weight).coef_[0]
    weights = {name: round(float(value), 4) for name, value in zip(FEATURES, model.coef_[0], strict=True)}
    return Weights(weights, round(float(model.intercept_[0]), 4), LEAST)


@dataclass(frozen=True, slots=True)
class Figures:
    """How many questions mean an answer, how many of them are told it, how many are told one that they do not mean."""

    meant: int
    told: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Result:
    """The weights that were learned, with the figures of answers that were left out."""

    weights: Weights
    answers: int
    told: Figures

    def as_file(self) -> str:
        """The weights with their figures, the same text for the same examples."""
        return packed(self.weights, {"answers": self.answers, "each answer left out": asdict(self.told)})


def result_of(rows: Sequence[Example]) -> Result:
    """Learn from all examples, and judge each answer by what the others teach.

    Raises NothingToLearn where the examples are of fewer than two answers.
    """
    answers = sorted({one.answer for one in rows})
    if len(answers) < 2:
        raise NothingToLearn("Das braucht Fragen zu mindestens zwei geprüften Antworten.")
    sure = [
        (one, max(map(weights.probability, one.rows), default=0.0))
        for answer in answers
        for weights in [learned([one for one in rows if answer not in (one.answer, one.written_for)])]
        for one in rows
        if one.answer == answer
    ]
    said = [one for one, found in sure if found >= LEAST]
    right = sum(one.means for one in said)
    figures = Figures(sum(one.means for one in rows), right, len(said) - right)
    return Result(learned(rows), len(answers), figures)


def _vector(row: dict[str, float]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.array([row[name] for name in FEATURES])
