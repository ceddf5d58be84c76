"""What several papers say on one topic: the best passage of each, or that nothing was found in it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from service.answering import wording
from service.answering.composing import passages
from service.answering.composing.telling import quoted, reserved
from service.answering.context import Context
from service.answering.draft import Draft, Fragment, Sentence, answered
from service.answering.finding.finder import Found
from service.models import AnswerData, AnswerMode, DataKind
from vectorstore.records import Document

_LEAST, _MOST, _PASSAGE = 2, 6, 420  # papers that have something to say, papers compared, characters of each
_LEAST_COVERAGE, _LEAST_SUPPORT = 0.3, 0.4  # of the topic's words, of a concept: below both nothing was found


def compose(context: Context) -> Draft:
    """One passage for each publisher or paper that is compared; where there is only one, what it says."""
    text = context.query.conditions.topic or context.query.text
    told: list[Sentence] = []
    rows: list[dict[str, Any]] = []
    for documents in _groups(context)[:_MOST]:
        found = context.finder.find(text, [one.id for one in documents], 3, context.query.spoken)
        best = next((one for one in found if passages.says_something(one.item) and _fits(one)), None)
        paper = documents[0]
        row: dict[str, Any] = {"document_id": paper.id, "document": paper.title, "publisher": paper.publisher}
        if best is None:
            told.append(reserved(context.say("nothing_in", title=paper.title)))
            rows.append(row | {"silent": True, "ref": None, "title": None})
        else:
            one = quoted(context, best.item, _PASSAGE, 3)
            paper_told = wording.source(context.corpus.document(best.item), context.language)
            told.append(replace(one, fragments=(*one.fragments, Fragment(f" ({paper_told})"))))
            rows.append(row | {"silent": False, "ref": best.item.ref, "title": best.item.title})
    if sum(not row["silent"] for row in rows) < _LEAST:
        return passages.compose(context)
    columns = ["document", "ref", "title"]
    data = AnswerData(kind=DataKind.COMPARISON, columns=columns, rows=rows, total=len(rows))
    return answered(*told, mode=AnswerMode.EXTRACTIVE, data=data, row_proofs=tuple(one.proofs[:1] for one in told))


def _fits(found: Found) -> bool:
    return found.coverage >= _LEAST_COVERAGE or found.support >= _LEAST_SUPPORT


def _groups(context: Context) -> list[list[Document]]:
    """What is compared: the papers that are named, by publisher where only these are, else all publishers' papers."""
    by: dict[str, list[Document]] = {}
    for one in context.documents:
        by.setdefault(one.publisher, []).append(one)
    return list(by.values()) if len(by) > 1 else [[one] for one in context.documents]
