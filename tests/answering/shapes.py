"""Small readings of answers that many tests need."""

from __future__ import annotations

from service.records import Answer, AnswerData


def data(answer: Answer) -> AnswerData:
    """The answer's data; fails where it has none."""
    assert answer.data is not None, answer.answer
    return answer.data


def refs(answer: Answer) -> list[str]:
    """The numbers of the listed records, in order."""
    return [row["ref"] for row in data(answer).rows]


def cited(answer: Answer) -> set[str]:
    """The numbers of all cited items."""
    return {citation.ref for citation in answer.citations}
