"""What several papers say on one topic: the best passage of each, or that nothing was found in it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

from service.answering.composing import passages
from service.answering.composing.telling import quoted, reserved, source
from service.answering.context import Context
from service.answering.draft import Draft, Fragment, Sentence, answered
from service.models import AnswerData, AnswerMode, DataKind
from vectorstore.records import Document

_LEAST, _MOST, _PASSAGE = 2, 6, 420  # papers that have something to say, papers compared, characters of each
_LEAST_COVERAGE, _LEAST_SUPPORT = 0.3, 0.4  # of the topic's words, of a concept: below both nothing was found


def compose(context: Context) -> Draft:
    """One passage for each publisher or paper that is compared; where there is only one, what it says."""
    text = context.query.conditions.topic or context.query.text
    by_publisher = defaultdict[str, list[Document]](list)
    for one in context.documents:
        by_publisher[one.publisher].append(one)
    groups = list(by_publisher.values()) if len(by_publisher) > 1 else [[one] for one in context.documents]
    told: list[Sentence] = []
    rows: list[dict[str, Any]] = []
    for documents in groups[:_MOST]:
        found = context.finder.find(text, [one.id for one in documents], 3, context.query.spoken)
        fitting = (one for one in found if one.coverage >= _LEAST_COVERAGE or one.support >= _LEAST_SUPPORT)
        best = next((one.item for one in fitting if passages.says_something(one.item)), None)
        paper = documents[0]
        row = {"document_id": paper.id, "document": paper.title, "publisher": paper.publisher, "silent": best is None}
        rows.append(row | {"ref": best.ref if best else None, "title": best.title if best else None})
        if best is None:
            told.append(reserved(context.say("nothing_in", title=paper.title)))
        else:
            said = quoted(context, best, _PASSAGE, 3)
            told.append(replace(said, fragments=(*said.fragments, Fragment(f" ({source(context, best)})"))))
    if sum(not row["silent"] for row in rows) < _LEAST:
        return passages.compose(context)
    data = AnswerData(kind=DataKind.COMPARISON, columns=["document", "ref", "title"], rows=rows, total=len(rows))
    return answered(*told, mode=AnswerMode.EXTRACTIVE, data=data, row_proofs=tuple(one.proofs[:1] for one in told))
