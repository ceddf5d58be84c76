"""Learns when a question means a curated answer, from invented answers with questions that mean them and near misses.

`python -m evals.training.curated DATA`, over a data folder that holds the sample corpus, trains on the first half of
the answers, measures on the other, and writes the file.
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from service.answering.pipeline import STEPS, Work
from service.answering.service import AnswerService
from service.curated import matching
from service.curated.matching import FEATURES, Asked, Weights
from service.curated.models import CuratedAnswer
from service.curated.served import Curated, Question
from service.curated.store import CuratedStore
from service.models import ChatRequest
from vectorstore.database import Database

EXAMPLES = Path(__file__).with_name("curated.toml")
DOCUMENT = "lauterfeld-nachhaltigkeitsbericht-2026"
CHOSEN_ON = 8  # answers, the first of the file; the others are only measured on
LEAST = 0.8  # told from here: the likeliest near miss of the first half has .58, without its own answer's weights .76
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


def told(rows: Sequence[Example], weights: Weights) -> list[Example]:
    """The examples whose answer would be told."""
    return [one for one in rows if max(map(weights.probability, one.rows), default=0.0) >= weights.least]


def figures_of(rows: Sequence[Example], weights: Weights) -> dict[str, int]:
    """How many questions mean an answer, how many of them are told it, how many are told one that they do not mean."""
    said = told(rows, weights)
    right = sum(one.means for one in said)
    return {"meant": sum(one.means for one in rows), "told": right, "wrong": len(said) - right}


def _vector(row: dict[str, float]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.array([row[name] for name in FEATURES])


def train(service: AnswerService, path: Path) -> dict[str, dict[str, int]]:
    """Learn on the first answers, measure on the others, write the weights; returns the figures."""
    rows = examples(service, written())
    first = [one for one in rows if max(one.answer, one.written_for) < CHOSEN_ON]
    other = [one for one in rows if one.answer >= CHOSEN_ON]
    weights = learned(first)
    figures = {"chosen on": figures_of(first, weights), "measured on": figures_of(other, weights)}
    content = {
        "least": weights.least,
        "intercept": weights.intercept,
        "weights": dict(weights.weights),
        "figures": figures,
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return figures


def _main() -> None:
    from service.cli_output import print_raw
    from service.composition import make_store
    from service.settings import load_settings

    settings = load_settings(data_dir=Path(sys.argv[1]))
    edition = make_store(settings).open()
    path = Path(matching.__file__).with_name(matching.FILE)
    print_raw(json.dumps(train(AnswerService(edition, settings), path), indent=1))
    edition.close()


if __name__ == "__main__":
    _main()
