"""Case files: what is in form, what is not, and which line is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import evals
from evals.case_files import Case, CaseError, Expectation, load_cases
from tests.test_docs import rows

SHIPPED = sorted((Path(evals.__file__).parent / "cases").glob("*.jsonl"))
EXPECT = {"behavior": "answer", "count": 3}
RAW: dict[str, Any] = {"id": "c-1", "type": "single_fact", "question": "Was?", "expect": EXPECT}


def written(folder: Path, *lines: str) -> Path:
    path = folder / "cases.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_empty_lines_are_skipped_and_counted(tmp_path: Path) -> None:
    good, other = json.dumps(RAW), json.dumps(RAW | {"id": "c-2"})
    assert len(load_cases(written(tmp_path, "", good, "   ", other, ""))) == 2
    with pytest.raises(CaseError, match="Zeile 4"):
        load_cases(written(tmp_path, "", good, "", "{"))


def test_all_wrong_lines_are_told_with_their_fields() -> None:
    """What is told of each stands in the text beside them."""
    path = Path(__file__).with_name("wrong_cases.jsonl")
    with pytest.raises(CaseError) as text:
        load_cases(path)
    assert f"{text.value}\n" == path.with_suffix(".txt").read_text(encoding="utf-8")


def test_a_file_that_is_no_text_or_not_there_is_told(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    with pytest.raises(CaseError, match=r"cases\.jsonl: nicht lesbar"):
        load_cases(path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(CaseError, match=r"cases\.jsonl: kein UTF-8"):
        load_cases(path)


@settings(deadline=None)  # no test measures seconds
@given(st.text(max_size=200))
def test_no_line_brings_the_reader_down(line: str) -> None:
    with TemporaryDirectory() as folder:
        try:
            assert load_cases(written(Path(folder), line)) == []
        except CaseError as error:
            assert error.problems


def test_every_field_is_documented_and_the_examples_are_shipped_cases(tmp_path: Path) -> None:
    text = (Path(evals.__file__).parents[1] / "docs/evaluation.md").read_text(encoding="utf-8")
    documented = [cells[0].strip("`") for cells in rows(text, "field")]
    fields = [*Case.model_fields, *(f"expect.{field}" for field in Expectation.model_fields)]
    assert sorted(documented) == sorted(fields)
    (tmp_path / "a.jsonl").write_text(text.split("```json\n")[1].split("```")[0], encoding="utf-8")
    shipped = {
        case.id: case.question
        for path in SHIPPED
        if "held" not in path.stem
        for case in load_cases(path)
    }
    assert [shipped[case.id] == case.question for case in load_cases(tmp_path / "a.jsonl")] == [
        True
    ] * 2


def test_development_and_held_cases_share_no_question() -> None:
    content = [case for path in SHIPPED if "held" in path.stem for case in load_cases(path)]
    remaining = {
        case.question for path in SHIPPED if "held" not in path.stem for case in load_cases(path)
    }
    shared = [item.id for item in content if not item.history and item.question in remaining]
    assert content and not shared  # their ids alone: whoever reads this has not seen them
