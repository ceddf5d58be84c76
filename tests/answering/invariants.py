"""What holds for every answer, whether it is right or wrong."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from service.answering import Corpus
from service.records import Answer, AnswerStatus, DataKind
from vectorstore.language import squash

MARKER = re.compile(r"\[(\d+)\]")
squashed = cache(squash)


def check(answer: Answer, corpus: Corpus) -> None:
    """Quotes stand in their papers, markers belong to citations, rows are cited, citations agree
    with records.
    """
    in_text = [int(number) for number in MARKER.findall(answer.answer)]
    markers = [citation.marker for citation in answer.citations]
    assert markers == list(range(1, len(markers) + 1))
    assert set(in_text) | {
        marker for row in rows(answer) for marker in row.get("citations", ())
    } == set(markers)
    first = list(dict.fromkeys(in_text))
    assert first == list(range(1, len(first) + 1)), "markers appear in order"
    is_answer = answer.status in (AnswerStatus.ANSWERED, AnswerStatus.FOUND)
    assert (answer.mode is not None) is is_answer and bool(answer.citations) is is_answer
    assert not (is_answer and answer.nearest)
    for row in rows(answer):
        assert row["citations"] or row.get("silent") or is_overview(answer), row
        assert not str(row.get("passage", "")).rstrip().endswith(":"), row
    for citation in answer.citations:
        item = corpus.catalogue.item(citation.document_id, citation.key)
        document = corpus.catalogue.documents[citation.document_id]
        assert citation.quote.strip() and squash(citation.quote) in squashed(document.text)
        assert item is not None
        of_record = (item.ref, item.title, item.kind, item.status)
        assert (citation.ref, citation.title, citation.kind, citation.item_status) == of_record
        assert (citation.document_status, citation.as_of) == (document.status, document.as_of)
        assert (citation.page is None) == (not document.pages)


def is_overview(answer: Answer) -> bool:
    """An overview cites what it tells of its rows."""
    return answer.data is not None and answer.data.kind is DataKind.OVERVIEW


def rows(answer: Answer) -> list[dict[str, Any]]:
    return answer.data.rows if answer.data else []
