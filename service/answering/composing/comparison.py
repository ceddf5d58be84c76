"""What several papers say on one topic: the best passage of each, or that nothing was found in it."""

from __future__ import annotations

from typing import Any

from service.answering.composing import passages
from service.answering.composing.quoting import quoted, source
from service.answering.context import Context
from service.answering.draft import Draft, Fragment, Proof, Sentence, answered
from service.answering.finding.finder import Found
from service.models import AnswerData, AnswerMode, DataKind
from vectorstore.records import Document

_LEAST, _MOST, _PASSAGE = 2, 6, 420  # papers that have something to say, papers compared, characters of each
_LEAST_COVERAGE, _LEAST_SUPPORT = 0.3, 0.4  # of the topic's words, of a concept: below both nothing was found


def compose(context: Context) -> Draft:
    """One passage for each publisher or paper that is compared; where there is only one, what it says."""
    groups = _groups(context)
    if len(groups) < 2:
        return passages.compose(context)
    text = context.query.conditions.topic or context.query.text
    told: list[Sentence] = []
    rows: list[dict[str, Any]] = []
    proofs: list[tuple[Proof, ...]] = []
    for documents in groups[:_MOST]:
        found = context.finder.find(text, [one.id for one in documents], 3, context.query.spoken)
        best = next((one for one in found if passages.says_something(one.item) and _fits(one)), None)
        paper = documents[0]
        rows.append({"document_id": paper.id, "document": paper.title, "publisher": paper.publisher})
        if best is None:
            rows[-1] |= {"silent": True, "ref": None, "title": None}
            said = context.say(f"In „{paper.title}“ wurde dazu nichts gefunden.", f"Nothing on it in “{paper.title}”.")
            told.append(Sentence((Fragment(said),), computed=(said,), reservation=True))
            proofs.append(())
            continue
        rows[-1] |= {"silent": False, "ref": best.item.ref, "title": best.item.title}
        one = quoted(context, best.item, _PASSAGE, 3)
        where = source(context.corpus.document(best.item), context.language)
        told.append(Sentence((*one.fragments, Fragment(f" ({where})"))))
        proofs.append(one.proofs[:1])
    if sum(not row["silent"] for row in rows) < _LEAST:
        return passages.compose(context)
    columns = ["document", "ref", "title"]
    data = AnswerData(kind=DataKind.COMPARISON, columns=columns, rows=rows, total=len(rows))
    return answered(*told, mode=AnswerMode.EXTRACTIVE, data=data, row_proofs=tuple(proofs))


def _fits(found: Found) -> bool:
    return found.coverage >= _LEAST_COVERAGE or found.support >= _LEAST_SUPPORT


def _groups(context: Context) -> list[list[Document]]:
    """What is compared: the papers that are named, by publisher where only these are, else all publishers' papers."""
    documents = list(context.documents)
    by: dict[str, list[Document]] = {}
    for one in documents:
        by.setdefault(one.publisher, []).append(one)
    return list(by.values()) if len(by) > 1 else [[one] for one in documents]
