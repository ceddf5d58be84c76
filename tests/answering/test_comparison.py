"""Comparisons: a passage per document, and the silence of those that say nothing."""

from __future__ import annotations

import pytest

from service.models import AnswerMode, AnswerStatus, DataKind
from tests.answering.conftest import Ask
from tests.answering.shapes import cited, data, row_of
from tests.answering.truth import DRAFT, GOALS, MOTION, PROGRAMME, REPORT

COMPARED = [
    ("Vergleiche, was der Leitbild-Entwurf und die Strategischen Ziele zur Pflege sagen.", {DRAFT, GOALS}),
    ("Was sehen der Nachhaltigkeitsbericht und der Lärmschutzantrag jeweils für Hohenquelm vor?", {REPORT, MOTION}),
    ("Bis wann soll Glasfaser kommen – nach dem Bericht und nach den Strategischen Zielen?", {REPORT, GOALS}),
    ("Was sagen Leitbild und Strategische Ziele jeweils zur Wirtschaft?", {DRAFT, GOALS}),
]


@pytest.mark.parametrize(("question", "documents"), COMPARED)
def test_each_named_document_has_a_row_and_a_citation(ask: Ask, question: str, documents: set[str]) -> None:
    answer = ask(question)
    assert answer.status is AnswerStatus.ANSWERED and answer.mode is AnswerMode.EXTRACTIVE
    assert data(answer).kind is DataKind.COMPARISON
    assert {row["document_id"] for row in data(answer).rows} == documents
    assert {one.document_id for one in answer.citations} == documents
    assert not any(row["silent"] for row in data(answer).rows)


def test_the_right_items_are_compared(ask: Ask) -> None:
    answer = ask("Was sagen Leitbild und Strategische Ziele jeweils zur Wirtschaft?")
    assert {"6", "B.I"} <= cited(answer)


def test_rows_point_to_their_citations(ask: Ask) -> None:
    answer = ask(COMPARED[0][0])
    by_marker = {one.marker: one for one in answer.citations}
    for row in data(answer).rows:
        assert row["citations"]
        assert {by_marker[marker].document_id for marker in row["citations"]} == {row["document_id"]}


@pytest.mark.parametrize("topic", ["Obstwiesen", "Plauderbänken"])
def test_a_silent_document_is_named(ask: Ask, topic: str) -> None:
    answer = ask(f"Was sagen Steckbrief und Bericht jeweils zu {topic}?")
    row = row_of(answer, document_id=PROGRAMME)
    assert row["silent"] and row["citations"] == [] and row["ref"] is None
    assert not row_of(answer, document_id=REPORT)["silent"]
    assert "Lauterfeld verbindet – das Programm für smarte Dörfer und Städte: Dazu steht hier nichts." in answer.answer


def test_where_all_are_silent_there_is_no_answer(ask: Ask) -> None:
    answer = ask("Was sagen Steckbrief und Bericht jeweils zu Pinguinen?")
    assert answer.status is AnswerStatus.NOT_IN_DOCUMENTS
    assert answer.citations == [] and answer.data is None


def test_each_document_is_told_with_its_standing(ask: Ask) -> None:
    answer = ask(COMPARED[1][0]).answer
    assert "Antrag, nicht beschlossen" in answer
    assert "Stand 01.03.2026" in answer


ALL = {DRAFT, GOALS, MOTION, PROGRAMME, REPORT}
UNNAMED = [
    ("Vergleiche die Dokumente zum Thema Wohnen", ALL, {REPORT, GOALS}),
    ("Was sagt welches Dokument zu Digitalisierung?", ALL, {DRAFT, REPORT, GOALS}),
    ("Was sagen die Dokumente zum Radverkehr im Vergleich?", ALL, {REPORT, GOALS}),
    ("Welches Dokument sagt was zum Lärm?", ALL, {MOTION, REPORT}),
    ("Compare the documents on housing", ALL, {REPORT, GOALS}),
    ("Vergleich der Ziele und des Leitbilds zur Mobilität", {DRAFT, GOALS}, {GOALS}),
    ("Vergleiche Leitbild und Ziele zur Pflege", {DRAFT, GOALS}, {DRAFT, GOALS}),
]


@pytest.mark.parametrize(("question", "documents", "speaking"), UNNAMED)
def test_documents_are_compared_that_are_not_named_one_by_one(
    ask: Ask, question: str, documents: set[str], speaking: set[str]
) -> None:
    answer = ask(question)
    assert data(answer).kind is DataKind.COMPARISON
    assert {row["document_id"] for row in data(answer).rows} == documents
    assert speaking <= {one.document_id for one in answer.citations}
    for row in data(answer).rows:
        assert row["silent"] == (row["document_id"] not in {one.document_id for one in answer.citations})


@pytest.mark.parametrize("question", ["Vergleiche den Rufbus und den Nachtbus", "Welche Dokumente gibt es?"])
def test_what_compares_no_documents_is_no_comparison(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.data is None or answer.data.kind is not DataKind.COMPARISON
