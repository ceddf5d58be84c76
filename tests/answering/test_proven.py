"""What holds for every answer to every development question, whether it is right or wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from service.answering.service import AnswerService
from tests.answering.conftest import Ask
from tests.answering.invariants import check, unproven_numbers

CASES = Path(__file__).parents[2] / "evals/cases/sample-dev.jsonl"
READ = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("case", READ, ids=lambda one: str(one["id"]))
def test_quotes_stand_markers_belong_and_numbers_are_proven(
    case: dict[str, Any], ask: Ask, service: AnswerService
) -> None:
    answer = ask(case["question"], *(turn["content"] for turn in case.get("history", ())))
    check(answer, service.corpus)
    assert unproven_numbers(answer, case["question"], service.corpus) == []
