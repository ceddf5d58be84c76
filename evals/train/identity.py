"""Training of the score of questions to the service about itself ("Sind Sie ein Mensch?"), measured
on groups left out.

Learned from such questions and questions on topics that resemble them, in ten languages (`self/`),
and from the labelled questions of the reader.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sklearn.model_selection import GroupKFold

from evals.train.danger import FOLDS, Numbers, find_least, fit, format_score
from evals.train.questions import OF_CONTENT, load_questions, shipped_files
from vectorstore.embeddings import Embedding

SERVICES = ("identity", "abilities", "languages")
# small talk may be answered with who answers, so they teach nothing
_OPEN = ("smalltalk", "unclear")
# share of questions to the documents taken for one to the service; of those to it .88 are found
# with .0025, .92 with .005, .94 with .01
MAX_FALSE = 0.005


class IdentityQuestion(NamedTuple):
    """A question, whether it asks who answers, the group that is left out with it, and whether it
    is put to the documents.
    """

    text: str
    is_to_service: bool
    group: str
    is_content: bool


@dataclass(frozen=True, slots=True)
class TrainedIdentity:
    """The model as a file, and how the score decides on groups left out: of `asked` questions about
    the service `missed`, of `content` ones to the documents `false`.
    """

    content_of_file: str
    asked: int
    missed: int
    content: int
    false: int


def load_identity_questions() -> list[IdentityQuestion]:
    """Return the shipped questions to learn from; those of one language are left out together."""
    folder = Path(str(files("evals.train"))) / "self"
    questions = []
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            questions.append(
                IdentityQuestion(row["text"], row["self"], row["language"], not row["self"])
            )
    for item in load_questions(shipped_files()):
        is_undecided = item.scope in _OPEN or (item.scope == "service" and item.service is None)
        if item.writer != "items" and not is_undecided:
            is_to_service, is_content = item.service in SERVICES, item.scope in OF_CONTENT
            questions.append(IdentityQuestion(item.text, is_to_service, item.writer, is_content))
    return questions


def train(questions: Sequence[IdentityQuestion], embedding: Embedding) -> TrainedIdentity:
    """Train the score of questions about the service on all questions.

    The least score that counts is chosen by cross-validation: each question is scored by a model
    that has not seen its group.
    """
    vectors: Numbers = np.array([embedding.vector(item.text) for item in questions], np.float64)
    asked = np.array([item.is_to_service for item in questions])
    content = np.array([item.is_content for item in questions])
    scores = np.zeros(len(questions))
    groups = [item.group for item in questions]
    for training, left_out in GroupKFold(FOLDS).split(vectors, groups=groups):
        weights, intercept = fit(vectors[training], asked[training])
        scores[left_out] = vectors[left_out] @ weights + intercept
    least = find_least(scores[content], MAX_FALSE * content.sum())
    weights, intercept = fit(vectors, asked)
    return TrainedIdentity(
        format_score(weights, intercept, least),
        asked=int(asked.sum()),
        missed=int((asked & (scores < least)).sum()),
        content=int(content.sum()),
        false=int((content & (scores >= least)).sum()),
    )
