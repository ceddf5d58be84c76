"""The period that a question names."""

from __future__ import annotations

from service.answering.reading.stated_values import find_period
from tests.ingest.cases import cases


@cases("question", "since", "until")
def test_a_question_names_a_period(question: str, since: str, until: str) -> None:
    assert find_period(question)[0] == (since, until)
