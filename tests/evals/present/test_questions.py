"""Labelled questions for training: their form, and what is shipped: enough of each class, few near-duplicates."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from evals.present.questions import Question, load_questions, shipped

RAW: dict[str, Any] = {
    "q": "Wie weit ist der [[Radweg Nord|title]] in [[Lauven|place]]?",
    "scope": "documents",
    "service": None,
    "want": "status",
    "fact": "none",
    "yesno": False,
    "followup": False,
    "lang": "de",
}
NEAR = 0.8
LEAST = {"want": 100, "fact": 95, "scope": 70, "service": 30, "lang": 70}
MACHINE_PATH = re.compile(r"(?:^|\s)/(?:home|root|work|tmp|usr|var)\b|[A-Z]:\\|file://")


@pytest.fixture(scope="module")
def questions() -> list[Question]:
    return load_questions()


def written(folder: Path, *lines: str) -> Path:
    path = folder / "questions-x.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_marks_become_spans_of_the_text(tmp_path: Path) -> None:
    (found,) = load_questions(written(tmp_path, json.dumps(RAW), ""))
    assert (found.q, found.text) == (RAW["q"], "Wie weit ist der Radweg Nord in Lauven?")
    assert [(found.text[one.start : one.end], one.kind) for one in found.spans] == [
        ("Radweg Nord", "title"),
        ("Lauven", "place"),
    ]
    assert (found.scope, found.want, found.service, found.writer) == ("documents", "status", None, "x")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"want": "gossip"}, "want"),
        ({"yesno": "ja"}, "yesno"),
        ({"lang": None}, "lang"),
        ({"mood": "good"}, "mood"),
        ({"q": 7}, "no object with a question q"),
        ({"q": ""}, "text"),
        ({"q": "x" * 501}, "text"),
        ({"q": "der [[Radweg|road]]"}, "spans.0.2"),
        ({"q": "der [[Radweg]] Nord"}, "mark"),
        ({"q": "der [[[[Radweg|title]] Nord"}, "mark"),
        ({"service": "greeting"}, "service"),
        ({"scope": "service", "want": "none"}, "service"),
        ({"scope": "live"}, "want"),
        ({"want": "none"}, "want"),
        ({"scope": "live", "want": "none", "fact": "date"}, "fact"),
    ],
)
def test_what_is_not_in_form_is_told_with_its_line(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    path = written(tmp_path, json.dumps(RAW), json.dumps(RAW | change))
    with pytest.raises(ValueError, match=rf"questions-x\.jsonl, line 2: .*{re.escape(said)}"):
        load_questions(path)


@pytest.mark.parametrize("line", ["{", "[]", '"q"'])
def test_a_line_that_is_no_object(tmp_path: Path, line: str) -> None:
    with pytest.raises(ValueError, match=r"questions-x\.jsonl, line 1: "):
        load_questions(written(tmp_path, line))


def test_a_field_that_is_missing(tmp_path: Path) -> None:
    line = json.dumps({name: value for name, value in RAW.items() if name != "fact"})
    with pytest.raises(ValueError, match=r"line 1: fact"):
        load_questions(written(tmp_path, line))


def test_every_writer_is_a_file_of_hundreds(questions: list[Question]) -> None:
    writers = Counter(one.writer for one in questions)
    assert len(writers) == len(shipped()) - 1 >= 5  # and the questions for the sample's items
    assert min(writers.values()) >= 500


@pytest.mark.parametrize("head", LEAST)
def test_every_class_has_enough_questions(questions: list[Question], head: str) -> None:
    values = get_args(Question.model_fields[head].annotation)
    allowed = {one for value in values for one in (get_args(value) or (value,))} - {type(None), "none"}
    counted = Counter(getattr(one, head) for one in questions)
    assert {name: counted[name] for name in allowed if counted[name] < LEAST[head]} == {}


def test_near_duplicates_are_under_five_per_cent(questions: list[Question]) -> None:
    assert sum(near_duplicates([one.text for one in questions])) < 0.05 * len(questions)


def test_near_duplicates_are_seen() -> None:
    long = "wann wird der neue Radweg zwischen Lauven und Auental gebaut"
    assert near_duplicates([long, long.upper() + "?", "Wer baut ihn?", long.replace("wann", "wo")]) == [
        False,
        True,
        False,
        True,
    ]


def test_no_question_tells_of_a_machine() -> None:
    assert not [path.name for path in shipped() if MACHINE_PATH.search(path.read_text(encoding="utf-8"))]


def near_duplicates(texts: list[str]) -> list[bool]:
    """For each text whether an earlier one shares at least 80 % of the words that either has."""
    words = [sorted(set(re.findall(r"\w+", text.casefold()))) for text in texts]
    columns = {word: place for place, word in enumerate({word for one in words for word in one})}
    places = [columns[word] for one in words for word in one]
    ends = np.cumsum([0, *map(len, words)])
    held = csr_matrix((np.ones(len(places)), places, ends), shape=(len(texts), len(columns)))
    shared = (held @ held.T).tocoo()
    sizes = np.diff(ends)
    either = sizes[shared.row] + sizes[shared.col] - shared.data
    near = (shared.row > shared.col) & (shared.data >= NEAR * either)
    late = set(shared.row[near].tolist())
    return [place in late for place in range(len(texts))]
