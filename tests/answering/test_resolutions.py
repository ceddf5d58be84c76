"""Chapters of a document that was resolved are no points of a resolution."""

from __future__ import annotations

from service.records import AnswerStatus, ChatRequest
from tests.answering.conftest import OverTexts

PLAN = """# Klimaplan Seetal

Landkreis Seetal

Beschlossen vom Kreistag am 12. Mai 2026

## 1 Einleitung

Der Kreis will klimaneutral werden.

## 2 Ausgangslage

Im Kreis fahren viele Busse.

## 3 Ausblick

Der Kreis prüft weitere Linien.
"""


def test_chapters_below_the_date_of_a_resolution_are_not_counted(over_texts: OverTexts) -> None:
    service = over_texts({"plan.md": PLAN})
    answer = service.answer(ChatRequest(question="Wie viele Beschlusspunkte gibt es?"))
    assert answer.status is AnswerStatus.NOT_IN_DOCUMENTS and answer.data is None
