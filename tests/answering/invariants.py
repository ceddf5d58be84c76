"""What holds for every answer, whether it is right or wrong."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from service.answering.corpus import Corpus
from service.answering.verification.verbatim import squash
from service.models import Answer, AnswerStatus, DataKind

MARKER = re.compile(r"\[(\d+)\]")
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


def is_overview(answer: Answer) -> bool:
    """An overview cites what it tells of its rows."""
    return answer.data is not None and answer.data.kind is DataKind.OVERVIEW


def rows(answer: Answer) -> list[dict[str, Any]]:
    return answer.data.rows if answer.data else []
