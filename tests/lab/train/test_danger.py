"""Training of the score of danger: shipped questions in form, the least score on groups left out."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np

from lab.train.danger import MAX_FALSE, load_danger_questions, train
from lab.train.question_scores import ScoredQuestion
from service.answering import DANGER_FILE, has_weak_words
from service.answering.reading.question_score import load_score
from vectorstore import Embedding, Vectors, embedding_for

GROUPS = 8


class Alarmed(Embedding):
    """Vectors of two numbers: exclamation marks, and the length of the text."""

    identity = "alarmed"

    def vectors(self, texts: Sequence[str]) -> Vectors:
        return np.array([self.vector(text) for text in texts])

    def vector(self, text: str) -> Vectors:
        return np.array([text.count("!"), len(text) / 100], dtype=np.float32)


def make_questions(calm: int, alarmed: int) -> list[ScoredQuestion]:
    """Dangers with exclamation marks, and harmless questions of the same weak words: so many
    without and with the marks.
    """
    texts = [(f"Rauch im Flur {number}!!", True) for number in range(calm)]
    texts += [(f"Rauch im Flur {number}", False) for number in range(calm)]
    texts += [(f"Rauch im Haus {number}!!", False) for number in range(alarmed)]
    return [
        ScoredQuestion(text, is_danger, str(number % GROUPS), True)
        for number, (text, is_danger) in enumerate(texts)
    ]


def test_what_the_score_tells_apart_is_decided_rightly_on_groups_left_out() -> None:
    trained = train(make_questions(calm=80, alarmed=0), Alarmed())
    assert (trained.positive, trained.negative) == (80, 80)
    assert trained.missed == 0 and trained.false <= MAX_FALSE * trained.negative


def test_dangers_are_missed_before_more_harmless_questions_are_false() -> None:
    trained = train(make_questions(calm=80, alarmed=20), Alarmed())
    assert trained.missed > 0 and trained.false <= MAX_FALSE * trained.negative


def test_no_shipped_question_is_both_and_dangers_have_weak_words() -> None:
    written = [item for item in load_danger_questions() if item.is_measured]
    dangers = [item for item in written if item.is_positive]
    assert len(dangers) > 250 and len(written) > 3 * len(dangers)
    harmless = {item.text for item in written if not item.is_positive}
    assert not harmless & {item.text for item in dangers}
    # weak words are broad: without one a score is never asked for
    without = [item.text for item in dangers if not has_weak_words(item.text)]
    assert len(without) <= 0.01 * len(dangers), without


def test_the_shipped_model_fits_the_packaged_encoder() -> None:
    model = load_score(DANGER_FILE)
    vector = embedding_for(None).vector("Rauch im Flur")
    assert model.weights.shape == vector.shape
    content = train(make_questions(calm=80, alarmed=0), Alarmed()).content
    assert set(json.loads(content)) == {"weights", "intercept", "least"}
