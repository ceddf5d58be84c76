"""Training of the reader of questions: repeatable, judged with writers left out, written as files."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from evals.present.classifier import HEADS, calibration_error, figures, least_of, trained, unseen
from evals.present.material import load_material
from evals.present.questions import Question, load_questions, shipped
from evals.present.writing import FIGURES, write_reader
from service.answering.understanding.classifier import NAME, classifier


@pytest.fixture(scope="module")
def few() -> list[Question]:
    """Return a seventh of the shipped questions, of all writers."""
    return load_questions()[::7]


@pytest.mark.long
def test_writers_that_were_left_out_are_read_better_than_by_chance(few: list[Question]) -> None:
    found = unseen(few)
    told = figures(found, least_of(found))
    assert set(told) == set(HEADS)
    for head in told.values():
        assert head.questions and head.accuracy > 1.5 / len(head.recall)
    assert told["scope"].accuracy > 0.6 and told["language"].accuracy > 0.9


@pytest.mark.long
def test_what_is_shipped_is_what_its_questions_teach() -> None:
    noted = json.loads(files("service.answering.trained").joinpath(FIGURES).read_text(encoding="utf-8"))
    questions = load_material(shipped()).questions
    assert noted["questions"] == len(questions)
    again = trained(questions, {"scope": dict(classifier().heads["scope"].least)})
    shipped_one = classifier()
    assert again.heads == shipped_one.heads and again.names == shipped_one.names
    assert np.abs(again.weights.astype(int) - shipped_one.weights.astype(int)).max() <= 2
    assert noted["heads"]["scope"]["calibration error"] <= 0.05 and noted["heads"]["want"]["accuracy"] > 0.8


@pytest.mark.long
def test_files_and_figures_are_written_and_repeat_byte_for_byte(tmp_path: Path) -> None:
    steps: list[float] = []
    two = [one for one in load_questions() if one.writer in "ab"][::2]
    told = write_reader(two, tmp_path / "new", lambda _, done: steps.append(done))
    assert steps == sorted(steps) and steps[-1] == 1.0
    noted = json.loads((tmp_path / "new" / FIGURES).read_text(encoding="utf-8"))
    assert noted["heads"]["want"]["accuracy"] == round(told["want"].accuracy, 4)
    write_reader(two, tmp_path / "again", lambda *_: None)
    for name in (NAME, FIGURES):
        assert (tmp_path / "again" / name).read_bytes() == (tmp_path / "new" / name).read_bytes()


def test_one_writer_alone_cannot_be_judged(few: list[Question], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="zwei Urhebern"):
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
    found = load_material([path])
    (made,) = found.questions
    assert [one.id for one in found.cases] == ["a", "b"]
    assert (made.scope, made.want, made.known, made.writer) == ("documents", "count", {"scope", "want"}, "faelle")


def test_what_is_neither_question_nor_case_is_told(tmp_path: Path) -> None:
    path = tmp_path / "broken.jsonl"
    path.write_text("no json", encoding="utf-8")
    with pytest.raises(ValueError, match=r"broken\.jsonl, line 1"):
        load_material([path])


def test_calibration_is_perfect_where_sureness_is_the_share_of_right_answers() -> None:
    assert calibration_error([(0.75, True), (0.75, True), (0.75, True), (0.75, False)]) == pytest.approx(0.0)
    assert calibration_error([(1.0, False)] * 5) == pytest.approx(1.0)
