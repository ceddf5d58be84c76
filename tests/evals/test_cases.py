"""Case files: what is in form, what is not, and which line is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import evals
from evals.cases import Case, CaseError, load_cases

SHIPPED = sorted((Path(evals.__file__).parent / "cases").glob("*.jsonl"))
EXPECT = {"behavior": "answer", "citations_any": [["report", "5.1"]], "facts": [["12", "zwölf"]], "count": 3}
RAW: dict[str, Any] = {"id": "c-1", "type": "single_fact", "question": "Was?", "expect": EXPECT}


def written(folder: Path, *lines: str) -> Path:
    path = folder / "cases.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_full_line(tmp_path: Path) -> None:
    history = [{"role": "user", "content": "Wer?"}]
    raw = RAW | {"history": history, "note": "warum", "expect": EXPECT | {"forbidden": ["14"]}}
    (found,) = load_cases(written(tmp_path, json.dumps(raw)))
    assert found == Case(
        id="c-1",
        type="single_fact",
        question="Was?",
        answerable=True,
        history=({"role": "user", "content": "Wer?"},),
        any_of=(("report", "5.1"),),
        facts=(("12", "zwölf"),),
        forbidden=("14",),
        count=3,
        note="warum",
    )


def test_what_is_left_out_is_empty(tmp_path: Path) -> None:
    raw = RAW | {"expect": {"behavior": "abstain"}}
    (found,) = load_cases(written(tmp_path, json.dumps(raw)))
    assert not found.answerable
    assert (found.any_of, found.all_of, found.facts, found.count) == ((), (), (), None)


def test_empty_lines_are_skipped_and_counted(tmp_path: Path) -> None:
    good = json.dumps(RAW)
    assert len(load_cases(written(tmp_path, "", good, "   ", good, ""))) == 2
    with pytest.raises(CaseError, match="line 4"):
        load_cases(written(tmp_path, "", good, "", "{"))


WRONG = [
    "{",
    "[]",
    "null",
    '"text"',
    json.dumps({key: value for key, value in RAW.items() if key != "id"}),
    json.dumps({key: value for key, value in RAW.items() if key != "question"}),
    json.dumps({key: value for key, value in RAW.items() if key != "expect"}),
    json.dumps(RAW | {"expect": {}}),
    json.dumps(RAW | {"expect": {"behavior": "perhaps"}}),
    json.dumps(RAW | {"expect": EXPECT | {"facts": 3}}),
    json.dumps(RAW | {"expect": EXPECT | {"citations_any": [3]}}),
]


@pytest.mark.parametrize("line", WRONG)
def test_a_wrong_line_is_named(tmp_path: Path, line: str) -> None:
    with pytest.raises(CaseError, match=r"cases\.jsonl, line 2"):
        load_cases(written(tmp_path, json.dumps(RAW), line))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.stem))
def test_shipped_cases_are_in_form(path: Path) -> None:
    cases = load_cases(path)
    assert cases
    assert len({one.id for one in cases}) == len(cases), "ids are unique"
    for one in cases:
        assert 0 < len(one.question) <= 500
        assert not one.answerable or one.any_of or one.all_of or one.facts or one.count is not None


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.stem))
def test_histories_are_conversations(path: Path) -> None:
    for one in load_cases(path):
        assert all(turn["role"] in ("user", "assistant") and turn["content"] for turn in one.history)
