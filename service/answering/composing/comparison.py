"""The composer of comparisons: the passage that fits best of each publisher that a question
names.
"""

from __future__ import annotations

from typing import Any

from service.answering.composing import parts, passages
from service.answering.composing.marking import mark_passages
from service.answering.context import Context
from service.answering.draft import Draft, Sentence
from service.records import AnswerData, AnswerMode, AnswerStatus, DataKind


def compose(context: Context) -> Draft | None:
    """A passage of each publisher, found and not claimed to compare what was asked; None if fewer
    than two have one.

    A publisher without a passage has a sentence that says so, and a row marked as "silent".
    """
    sentences: list[Sentence] = []
    rows: list[dict[str, Any]] = []
    for group in context.query.groups:
        own = context.within(group)
        document = context.corpus.catalogue.documents[group[0]]
        best = own.best_passages[:1]
        if not best:
            row: dict[str, Any] = {"document_id": document.id, "document": document.title}
            sentences.append(parts.reservation(context.say("nothing_in", title=document.title)))
        else:
            marked = mark_passages(own, best)[0]
            sentence = parts.quote_passages(own, best)[0]
            sentences.append(sentence)
            row = passages.card_of(own, marked, sentence.proofs[0])
        rows.append({**row, "publisher": document.publisher, "silent": not best})
    number = sum(not row["silent"] for row in rows)
    if number < 2:
        return None
    opening = parts.reservation(passages.opening(context, number))
    data = AnswerData(
        kind=DataKind.COMPARISON, columns=passages.COLUMNS, rows=rows, total=len(rows)
    )
    proofs = tuple(statement.proofs[:1] for statement in sentences)
    return Draft(AnswerStatus.FOUND, AnswerMode.EXTRACTIVE, (opening, *sentences), data, proofs)
