"""Training of the score of danger to life, measured on groups left out.

Learned from real dangers and harmless questions that resemble them (`dangers/`, a file for each
writer), the labelled questions of the reader, and the questions of shipped development cases.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from evals.cases import load_files
from evals.train.questions import load_questions, shipped_files
from service.answering.reading.safety import has_strong_words, has_weak_words
from vectorstore.embeddings import Embedding

FOLDS = 6
GROUP_SIZE = 40  # rows of a file of `dangers/` that are left out together
EVERYDAY_STEP = 10  # each tenth everyday question is learned: more change less than a fold does
REGULARIZATION = 0.1  # C: with .01 and 1 more is missed at every share of false ones
VECTOR_SCALE = 20.0  # makes the cosines of e5 vectors, which lie close together, comparable
# Writers who saw neither words nor score: by their questions it is measured. The others wrote
# look-alikes on purpose, which are harder than what people ask.
BLIND = ("questions-a", "questions-b")
# Share of their harmless questions that may be taken for danger. A missed danger weighs more than
# a false alarm: with .01, 41 of 289 dangers are missed, with .02 19, with .05 5.
MAX_FALSE = 0.02
Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]


class DangerQuestion(NamedTuple):
    """A question, whether it says danger, the group that is left out with it, and whether it is
    measured.
    """

    text: str
    is_danger: bool
    group: str
    is_measured: bool


@dataclass(frozen=True, slots=True)
class TrainedDanger:
    """The model as a file, and how words and score decide on groups left out: `dangers` and
    `harmless` questions of blind writers, of which `missed` and `false` are decided wrongly.
    """

    content: str
    dangers: int
    missed: int
    harmless: int
    false: int


def load_danger_questions() -> list[DangerQuestion]:
    """Return the shipped questions to learn from."""
    folder = Path(str(files("evals.train"))) / "dangers"
    questions = []
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
            row, group = json.loads(line), f"{path.stem} {number // GROUP_SIZE}"
            questions.append(DangerQuestion(row["text"], row["danger"], group, path.stem in BLIND))
    return questions + _load_everyday_questions()


def _load_everyday_questions() -> list[DangerQuestion]:
    """Return the dangers of the reader's questions, and a share of all everyday questions."""
    labelled = load_questions(shipped_files())
    dangers = [item for item in labelled if item.scope == "danger"]
    results = [DangerQuestion(item.text, True, item.writer, False) for item in dangers]
    everyday = [(item.text, item.writer) for item in labelled if item.scope != "danger"]
    case_files = sorted(Path(str(files("evals.cases"))).glob("*-dev*.jsonl"))
    for path, cases in load_files(case_files).items():
        everyday += [(case.question, str(path)) for case in cases]
    for text, group in sorted(set(everyday))[::EVERYDAY_STEP]:
        results.append(DangerQuestion(text, False, group, False))
    return results


def train(questions: Sequence[DangerQuestion], embedding: Embedding) -> TrainedDanger:
    """Train the score of danger on all questions.

    The least score that counts as a danger is chosen by cross-validation: each question is scored
    by a model that has not seen its group. Questions with strong words are dangers whatever their
    score is.
    """
    vectors = np.array([embedding.vector(item.text) for item in questions], dtype=np.float64)
    dangers = np.array([item.is_danger for item in questions])
    scores = np.zeros(len(questions))
    groups = [item.group for item in questions]
    for training, left_out in GroupKFold(FOLDS).split(vectors, groups=groups):
        weights, intercept = fit(vectors[training], dangers[training])
        scores[left_out] = vectors[left_out] @ weights + intercept
    strong = np.array([has_strong_words(item.text) for item in questions])
    weak = np.array([has_weak_words(item.text) for item in questions])
    measured = np.array([item.is_measured for item in questions])
    harmless, real = measured & ~dangers, measured & dangers
    allowed = MAX_FALSE * harmless.sum() - (harmless & strong).sum()
    least = find_least(scores[harmless & weak & ~strong], allowed)
    accepted = strong | (weak & (scores >= least))
    weights, intercept = fit(vectors, dangers)
    return TrainedDanger(
        format_score(weights, intercept, least),
        dangers=int(real.sum()),
        missed=int((real & ~accepted).sum()),
        harmless=int(harmless.sum()),
        false=int((harmless & accepted).sum()),
    )


def fit(vectors: Numbers, dangers: Flags) -> tuple[Numbers, float]:
    """Return weights, shape (d,), and intercept of a logistic regression; both classes weigh the
    same.
    """
    center = vectors.mean(axis=0)
    model = LogisticRegression(C=REGULARIZATION, class_weight="balanced", max_iter=3000)
    model.fit(VECTOR_SCALE * (vectors - center), dangers)
    weights = VECTOR_SCALE * model.coef_[0]
    return weights, float(model.intercept_[0] - center @ weights)


def find_least(scores: Numbers, false: float) -> float:
    """Return the least score that at most so many of these harmless questions reach."""
    descending = np.sort(scores)[::-1]
    return float(descending[int(false)]) + 1e-6


def format_score(weights: Numbers, intercept: float, least: float) -> str:
    """Return a score as the JSON of a model file."""
    fields = {
        "weights": [round(float(weight), 3) for weight in weights],
        "intercept": round(intercept, 3),
        "least": round(least, 3),
    }
    return json.dumps(fields, separators=(",", ":")) + "\n"
