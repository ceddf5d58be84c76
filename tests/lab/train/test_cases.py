"""Training from cases: whether an entry answers; papers left out."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from evals import Ingestion
from evals.case_files import Case
from lab.__main__ import make_app
from lab.train import relevance
from lab.train.cases import Example, TrainingCandidate, is_usable
from service.answering import ANSWERING_FEATURES, Hit
from service.cli.ingestion.reading import documents_in
from tests.ingest.cases import cases
from tests.vectorstore.samples import parsed_document
from vectorstore import Vectors

ITEM = next(iter(parsed_document().items))
NOTHING = dict.fromkeys(ANSWERING_FEATURES, 0.0)


def _example(number: int, *, good: bool) -> Example:
    """A question over one of four corpora: right items are far ahead."""
    features = NOTHING | {"ahead": 0.9 if good else 0.1, "sentence": 0.1 * (number % 7)}
    first = Hit(ITEM, 2.0, 0.9, 0.5, similarity=0.88)
    candidates = (
        TrainingCandidate(first, features, good, good),
        TrainingCandidate(Hit(ITEM, 0.5, similarity=0.8), NOTHING, False, False),
    )
    case = f"c{number}"
    vector = _vector(number, 1.0)
    return Example(case, f"p{number % 4}", "de", True, False, candidates, case, vector)


def _vector(number: int, side: float) -> Vectors:
    """The vector of a question: what is treated is on one side of the first axis."""
    return np.array([0.1 * side, 0.01 * (number % 5)], dtype=np.float32)


def _untreated(number: int) -> Example:
    """A question that none of four corpora treats: what is found is far from it."""
    candidates = (TrainingCandidate(Hit(ITEM, 1.0, 0.1, similarity=0.79), NOTHING, False, False),)
    case = f"u{number}"
    vector = _vector(number, -1.0)
    return Example(case, f"p{number % 4}", "de", False, True, candidates, case, vector)


EXAMPLES = [_example(number, good=number % 3 != 0) for number in range(60)]
UNTREATED = [_untreated(number) for number in range(20)]


def test_what_is_treated_and_what_answers_is_told_apart_on_corpora_left_out() -> None:
    sides = np.array([True, False])
    labelled = relevance.LabelledVectors(
        np.array([_vector(0, 1.0), _vector(0, -1.0)], dtype=np.float64), sides
    )
    found = relevance.train([*EXAMPLES, *UNTREATED], labelled)
    assert (
        set(found.regressions)
        == {"vectors", "words", "questions", "answers"}
        == set(json.loads(found.content))
    )
    direction = json.loads(found.question)
    assert direction[0] > 0 and len(direction) == 3  # two axes and the intercept
    assert found.regressions["questions"].weights["question"] > 0
    assert all(
        row["area"] == 1.0 and row["refused"] == 1.0 and row["cases"] == 60 for row in found.treated
    )
    vectors, words, answers = (found.regressions[name] for name in ("vectors", "words", "answers"))
    assert vectors.weights["similarity"] > 0 and words.weights["words"] > 0
    assert 0 < vectors.least < 1 and vectors.share == 0.0
    assert found.area == 1.0 and answers.weights["ahead"] > 1
    points = {point.threshold: point for point in found.curve}
    assert points[0.0] == relevance.Point(0.0, 40 / 60, 20 / 80)
    assert points[1.0].direct == points[1.0].misled == 0
    assert (
        points[answers.least].misled <= relevance.MAX_MISLED
        and answers.least >= relevance.MIN_PROBABILITY
    )


@cases("kind", "expect", "learned")
def test_what_one_entry_answers_or_none_is_learned_from(
    kind: str, expect: dict[str, object], learned: bool
) -> None:
    case = Case.model_validate({"id": "x", "type": kind, "question": "Wann?", "expect": expect})
    assert is_usable(case) is learned


@cases("arguments", "said")
def test_what_cannot_be_learned_is_said(
    arguments: tuple[str, ...],
    said: str,
    sample_data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    line = {
        "id": "a",
        "type": "unanswerable",
        "question": "Wie wird das Wetter?",
        "expect": {"behavior": "abstain"},
    }
    Path("one.jsonl").write_text(json.dumps(line), encoding="utf-8")
    app = make_app(Ingestion(documents_in, lambda *_: None, lambda _: None))
    result = CliRunner().invoke(
        app, ["train", "--to", "out", "--data-dir", str(sample_data), *arguments]
    )
    assert result.exit_code == 2 and said in result.output
