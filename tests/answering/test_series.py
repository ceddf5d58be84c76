"""Of a series a year chooses a document, and the newest is told."""

from __future__ import annotations

import pytest

from tests.answering.conftest import Over
from tests.answering.shapes import data


@pytest.mark.parametrize(
    "question", ["Wie viele Maßnahmen gab es 2023?", "Wie viele Maßnahmen hat der Bericht 2023?"]
)
def test_a_year_chooses_its_document(over: Over, question: str) -> None:
    answer = over("series").ask(question)
    assert data(answer).total == 3
    assert {citation.document_id for citation in answer.citations} == {"alt"}
    assert [
        "Klimabericht 2025" in notice.text
        for notice in answer.notices
        if notice.code == "superseded"
    ] == [True]
