"""Training of the reader of questions: labelled questions in form, judged with writers left out,
repeatable.
"""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from lab.train.question_reader import (
    calibration_error,
    make_versions,
    temperature,
    train,
)
from lab.train.questions import (
    FRAME,
    HEADS,
    TrainingQuestion,
    find_frame_words,
    format_frame_words,
    load_questions,
    shipped_files,
    strip_marks,
)
from service.answering import Intent, lexicon
from service.answering.reading.classifier import deserialize_classifier, load_classifier
from tests.ingest.cases import cases


@pytest.fixture(scope="module")
def questions() -> list[TrainingQuestion]:
    return load_questions(shipped_files())


def test_marks_are_taken_off_and_told_where_they_stand() -> None:
    assert strip_marks("Wo ist [[M 12|ref]] in [[Auental|place]]?") == (
        "Wo ist M 12 in Auental?", ((7, 11, "ref"), (15, 22, "place")),
    )  # fmt: skip
    with pytest.raises(ValueError, match="mark"):
        strip_marks("Wo ist [[M 12]]?")


@cases("line", "said")
def test_a_wrong_line_is_told_with_its_file_and_number(
    line: dict[str, str], said: str, tmp_path: Path
) -> None:
    path = tmp_path / "own.jsonl"
    path.write_text(
        '{"q": "Moin", "scope": "service", "service": "greeting"}\n' + json.dumps(line),
        encoding="utf-8",
    )
    with pytest.raises(ValueError, match=f"own.jsonl, line 2: .*{said}"):
        load_questions([path])


def test_the_shipped_questions_label_every_class_by_at_least_two_writers(
    questions: list[TrainingQuestion],
) -> None:
    assert len(questions) > 6000
    for intent in Intent:
        assert (
            len({question.writer for question in questions if question.label("want") == intent})
            >= 2
        ), intent
    for head in HEADS:
        assert len({question.writer for question in questions if question.label(head)}) >= 2, head
    assert not any(
        question.label("asked") for question in questions if question.scope == "smalltalk"
    )


def test_places_become_placeholders_and_numbers_too(tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    line = {
        "q": "Was steht in [[M 12|ref]] in [[Auental|place]]?",
        "scope": "documents",
        "want": "search",
    }
    path.write_text(json.dumps(line), encoding="utf-8")
    typed, asked, bare = make_versions(load_questions([path])[0])
    assert typed == "Was steht in M 12 in Auental?"
    assert "zzplace" in asked and "M 12" in asked and "zzref" in bare


def test_a_head_that_is_too_sure_is_made_less_so() -> None:
    rows = [("a", {"a": 0.99, "b": 0.01})] * 6 + [("b", {"a": 0.99, "b": 0.01})] * 4
    assert temperature(rows) > 2
    assert calibration_error([(0.99, right == "a") for right, _ in rows]) == pytest.approx(0.39)


def test_what_is_shipped_is_what_it_says_of_itself() -> None:
    noted = json.loads(lexicon.trained("reader.json"))
    reader = load_classifier()
    assert tuple(reader.heads) == HEADS == tuple(noted["heads"])
    assert noted["writers"] == sorted(
        {question.writer for question in load_questions(shipped_files())}
    )
    assert (
        noted["heads"]["want"]["accuracy"] > 0.8
        and noted["heads"]["scope"]["calibration error"] < 0.05
    )


def test_hard_words_do_not_make_a_question_none_to_the_documents() -> None:
    lines = (
        files("lab.train")
        .joinpath("held/hard-words.jsonl")
        .read_text(encoding="utf-8")
        .splitlines()
    )
    scopes = [
        load_classifier().probabilities(json.loads(line)["question"])["scope"] for line in lines
    ]
    ended = [
        scope
        for scope in scopes
        if max(scope, key=scope.__getitem__) != "documents"
        and max(scope.values()) >= 0.7  # from there on questions are refused
    ]
    assert len(lines) == 200 and len(ended) <= 2


def test_words_beside_what_is_asked_about_frame_a_question(
    questions: list[TrainingQuestion],
) -> None:
    shares = find_frame_words(questions)
    assert shares["uberblick"] > 0.5 and shares["stand"] > 0.3
    assert "radweg" not in shares
    assert lexicon.trained(FRAME).decode() == format_frame_words(shares)


@pytest.mark.long
def test_few_questions_teach_more_than_chance_and_the_same_again(
    questions: list[TrainingQuestion],
) -> None:
    small = [
        question
        for question in questions
        if question.writer in ("questions-a", "questions-b", "questions-n")
    ][::4]
    trained = train(small, lambda *_: None)
    assert trained.content == train(small, lambda *_: None).content
    heads = json.loads(trained.figures)["heads"]
    assert heads["language"]["accuracy"] > 0.8 and heads["want"]["accuracy"] > 0.4
    again = deserialize_classifier(trained.content)
    assert np.array_equal(again.weights, trained.reader.weights)
