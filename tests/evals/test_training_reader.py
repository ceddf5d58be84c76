"""Training of the reader of questions: repeatable, judged with writers left out, written as files."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from evals.training.cases import load_training
from evals.training.classifier import HEADS, calibration_error, figures, least_of, trained, unseen
from evals.training.questions import Question, load_questions, shipped
from evals.training.writing import FIGURES, write_reader
from service.answering.understanding.classifier import NAME, classifier, packed


@pytest.fixture(scope="module")
def few() -> list[Question]:
    """Return a seventh of the shipped questions, of all writers."""
    return load_questions()[::7]


def test_the_same_questions_give_the_same_file(few: list[Question]) -> None:
    assert packed(trained(few)) == packed(trained(few))


def test_writers_that_were_left_out_are_read_better_than_by_chance(few: list[Question]) -> None:
    found = unseen(few)
    told = figures(found, least_of(found))
    assert set(told) == set(HEADS)
    for head in told.values():
        assert head.questions and head.accuracy > 1.5 / len(head.recall)
    assert told["scope"].accuracy > 0.6 and told["language"].accuracy > 0.9


def test_what_is_shipped_is_what_its_questions_teach() -> None:
    folder = Path(str(classifier.__module__ and __import__("service.answering.trained", fromlist=["x"]).__path__[0]))
    noted = json.loads((folder / FIGURES).read_text(encoding="utf-8"))
    questions = load_training(shipped())
    assert noted["questions"] == len(questions)
    again = trained(questions, {"scope": dict(classifier().heads["scope"].least)})
    shipped_one = classifier()
    assert again.heads == shipped_one.heads and again.names == shipped_one.names
    assert np.abs(again.weights.astype(int) - shipped_one.weights.astype(int)).max() <= 2
    assert noted["heads"]["scope"]["calibration error"] <= 0.05 and noted["heads"]["want"]["accuracy"] > 0.8


def test_files_and_figures_are_written(few: list[Question], tmp_path: Path) -> None:
    steps: list[float] = []
    told = write_reader(few, tmp_path / "new", lambda _, done: steps.append(done))
    assert (tmp_path / "new" / NAME).is_file() and steps == sorted(steps) and steps[-1] == 1.0
    noted = json.loads((tmp_path / "new" / FIGURES).read_text(encoding="utf-8"))
    assert noted["heads"]["want"]["accuracy"] == round(told["want"].accuracy, 4)


def test_one_writer_alone_cannot_be_judged(few: list[Question], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="two writers"):
        write_reader([one for one in few if one.writer == "a"], tmp_path, lambda *_: None)


def test_cases_train_what_they_say(tmp_path: Path) -> None:
    path = tmp_path / "faelle.jsonl"
    lines = [
        {
            "id": "a",
            "type": "count",
            "question": "Wie viele Ziele gibt es?",
            "expect": {"behavior": "answer", "count": 3},
        },
        {"id": "b", "type": "unanswerable", "question": "Wer gewinnt?", "expect": {"behavior": "abstain"}},
    ]
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    (made,) = load_training([path])
    assert (made.scope, made.want, made.known, made.writer) == ("documents", "count", {"scope", "want"}, "faelle")


def test_what_is_neither_question_nor_case_is_told(tmp_path: Path) -> None:
    path = tmp_path / "broken.jsonl"
    path.write_text("no json", encoding="utf-8")
    with pytest.raises(ValueError, match=r"broken\.jsonl, line 1"):
        load_training([path])


def test_calibration_is_perfect_where_sureness_is_the_share_of_right_answers() -> None:
    assert calibration_error([(0.75, True), (0.75, True), (0.75, True), (0.75, False)]) == pytest.approx(0.0)
    assert calibration_error([(1.0, False)] * 5) == pytest.approx(1.0)
