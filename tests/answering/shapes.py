"""Small readings of answers that many tests need."""

from __future__ import annotations

from typing import Any

from service.models import Answer, AnswerData


def data(answer: Answer) -> AnswerData:
    """The answer's data; fails where it has none."""
    assert answer.data is not None, answer.answer
    return answer.data


def refs(answer: Answer) -> list[str]:
    """The numbers of the listed records, in order."""
    return [row["ref"] for row in data(answer).rows]


def titles(answer: Answer) -> list[str]:
    """The titles of the listed records, in order."""
    return [row["title"] for row in data(answer).rows]


def cited(answer: Answer) -> set[str]:
    """The numbers of all cited items."""
    return {one.ref for one in answer.citations}


def row_of(answer: Answer, **fields: Any) -> dict[str, Any]:
    """The first row with these values."""
    return next(row for row in data(answer).rows if all(row.get(name) == value for name, value in fields.items()))
