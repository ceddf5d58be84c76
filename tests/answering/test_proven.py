"""What holds for every answer to every development question, whether it is right or wrong."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

import evals
from evals.cases import Case, load_cases
from service.answering.corpus import Corpus
from service.answering.evidence.verbatim import squash
from service.models import Answer, AnswerStatus, DataKind
from tests.answering.conftest import Ask
from vectorstore.records import Item

CASES = load_cases(Path(evals.__file__).parent / "cases" / "sample-dev.jsonl")
MARKER = re.compile(r"\[(\d+)\]")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: str(case.id))


@pytest.fixture(scope="module")
def answers(ask: Ask) -> dict[str, Answer]:
    return {case.id: ask(case.question, *(turn.content for turn in case.history)) for case in CASES}


@cache
def squashed(text: str) -> str:
    return squash(text)


@each_case
def test_every_quote_stands_in_its_document(case: Case, answers: dict[str, Answer], corpus: Corpus) -> None:
    for one in answers[case.id].citations:
        assert one.quote.strip()
        assert squash(one.quote) in squashed(corpus.catalogue.documents[one.document_id].text)


@each_case
def test_markers_and_citations_belong_together(case: Case, answers: dict[str, Answer]) -> None:
    answer = answers[case.id]
    in_text = {int(number) for number in MARKER.findall(answer.answer)}
    in_rows = {marker for row in rows(answer) for marker in row["citations"]}
    assert [one.marker for one in answer.citations] == list(range(1, len(answer.citations) + 1))
    assert in_text | in_rows == {one.marker for one in answer.citations}


@each_case
def test_markers_appear_in_order(case: Case, answers: dict[str, Answer]) -> None:
    first = list(dict.fromkeys(int(number) for number in MARKER.findall(answers[case.id].answer)))
    assert first == sorted(first)
    assert not first or first[0] == 1


@each_case
def test_every_row_is_cited(case: Case, answers: dict[str, Answer]) -> None:
    markers = {one.marker for one in answers[case.id].citations}
    for row in rows(answers[case.id]):
        assert set(row["citations"]) <= markers
        assert row["citations"] or row.get("silent") or is_overview(answers[case.id])


@each_case
def test_every_number_is_proven(case: Case, answers: dict[str, Answer], corpus: Corpus) -> None:
    answer = answers[case.id]
    if answer.status is AnswerStatus.ANSWERED:
        known = squash(" ".join([*supports(answer, corpus), case.question]))
        told = NUMBER.findall(MARKER.sub(" ", answer.answer))
        assert [number for number in told if number not in known and number not in counted(answer)] == []


@each_case
def test_citations_agree_with_their_records(case: Case, answers: dict[str, Answer], corpus: Corpus) -> None:
    for one in answers[case.id].citations:
        item = corpus.catalogue.item(one.document_id, one.key)
        document = corpus.catalogue.documents[one.document_id]
        assert item is not None
        assert (one.ref, one.title, one.kind, one.item_status) == (item.ref, item.title, item.kind, item.status)
        assert (one.document_status, one.as_of) == (document.status, document.as_of)
        assert (one.page is None) == (not document.pages)


@each_case
def test_only_answers_have_mode_and_citations(case: Case, answers: dict[str, Answer]) -> None:
    answer = answers[case.id]
    is_answer = answer.status is AnswerStatus.ANSWERED
    assert (answer.mode is not None) is is_answer
    assert bool(answer.citations) is is_answer
    assert not is_answer or answer.nearest == []


def is_overview(answer: Answer) -> bool:
    """An overview cites what it tells of its rows."""
    return answer.data is not None and answer.data.kind is DataKind.OVERVIEW


def counted(answer: Answer) -> set[str]:
    """The numbers that an answer may count: its total; of an overview its rows by document, kind and status."""
    if answer.data is None:
        return set()
    found = [answer.data.total]
    if is_overview(answer):
        found += [len({row["document_id"] for row in answer.data.rows})]
        found += Counter(row["kind"] for row in answer.data.rows).values()
        found += Counter((row["kind"], row["status"]) for row in answer.data.rows).values()
    return set(map(str, found))


def rows(answer: Answer) -> list[dict[str, list[int]]]:
    return answer.data.rows if answer.data else []


def supports(answer: Answer, corpus: Corpus) -> list[str]:
    """The texts that may prove a number: quotes, cited records, and documents that are named with their date."""
    named = [one for one in corpus.catalogue.documents.values() if one.title in answer.answer]
    found = [one.as_of.strftime("%d.%m.%Y") for one in named if one.as_of]
    for one in answer.citations:
        item = corpus.catalogue.item(one.document_id, one.key)
        assert item is not None
        found += [one.quote, one.document_title, one.as_of.strftime("%d.%m.%Y") if one.as_of else "", *record(item)]
    return found


def record(item: Item) -> list[str]:
    return [item.ref, item.title, *item.responsible, *(one.table for one in item.conflicts)]
