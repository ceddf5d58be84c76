"""What holds for every answer, whether it is right or wrong."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import Any

from service.answering.corpus import Corpus
from service.answering.verifying.verbatim import squash
from service.models import Answer, AnswerStatus, DataKind
from vectorstore.records import Item

MARKER = re.compile(r"\[(\d+)\]")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
squashed = cache(squash)


def check(answer: Answer, corpus: Corpus) -> None:
    """Quotes stand in their papers, markers belong to citations, rows are cited, citations agree with records."""
    in_text = [int(number) for number in MARKER.findall(answer.answer)]
    markers = [one.marker for one in answer.citations]
    assert markers == list(range(1, len(markers) + 1))
    assert set(in_text) | {marker for row in rows(answer) for marker in row.get("citations", ())} == set(markers)
    first = list(dict.fromkeys(in_text))
    assert first == list(range(1, len(first) + 1)), "markers appear in order"
    is_answer = answer.status in (AnswerStatus.ANSWERED, AnswerStatus.FOUND)
    assert (answer.mode is not None) is is_answer and bool(answer.citations) is is_answer
    assert not (is_answer and answer.nearest)
    for row in rows(answer):
        assert row["citations"] or row.get("silent") or is_overview(answer), row
    for one in answer.citations:
        item, document = corpus.catalogue.item(one.document_id, one.key), corpus.catalogue.documents[one.document_id]
        assert one.quote.strip() and squash(one.quote) in squashed(document.text)
        assert item is not None
        assert (one.ref, one.title, one.kind, one.item_status) == (item.ref, item.title, item.kind, item.status)
        assert (one.document_status, one.as_of) == (document.status, document.as_of)
        assert (one.page is None) == (not document.pages)


def unproven_numbers(answer: Answer, question: str, corpus: Corpus) -> list[str]:
    """The numbers of an answer that nothing cited, counted or asked proves."""
    if answer.status not in (AnswerStatus.ANSWERED, AnswerStatus.FOUND):
        return []
    known = squash(" ".join([*_supports(answer, corpus), question]))
    told = NUMBER.findall(MARKER.sub(" ", answer.answer))
    return [number for number in told if number not in known and number not in _counted(answer)]


def is_overview(answer: Answer) -> bool:
    """An overview cites what it tells of its rows."""
    return answer.data is not None and answer.data.kind is DataKind.OVERVIEW


def rows(answer: Answer) -> list[dict[str, Any]]:
    return answer.data.rows if answer.data else []


def _counted(answer: Answer) -> set[str]:
    """The numbers that an answer may count: its total; of an overview its rows by document, kind and status."""
    if answer.data is None:
        return set()
    found = [answer.data.total]
    if is_overview(answer):
        found += [len({row["document_id"] for row in answer.data.rows})]
        found += Counter(row["kind"] for row in answer.data.rows).values()
        found += Counter((row["kind"], row["status"]) for row in answer.data.rows).values()
    return set(map(str, found))


def _supports(answer: Answer, corpus: Corpus) -> list[str]:
    """The texts that may prove a number: quotes, cited records, and documents that are named with their date."""
    named = [one for one in corpus.catalogue.documents.values() if one.title in answer.answer]
    found = [one.as_of.strftime("%d.%m.%Y") for one in named if one.as_of]
    for one in answer.citations:
        item = corpus.catalogue.item(one.document_id, one.key)
        assert item is not None
        found += [one.quote, one.document_title, one.as_of.strftime("%d.%m.%Y") if one.as_of else "", *_record(item)]
    return found


def _record(item: Item) -> list[str]:
    return [item.ref, item.title, *item.responsible, *(one.table for one in item.conflicts)]
