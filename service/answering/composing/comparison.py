"""The composer of comparisons: one passage for each publisher or document that is compared."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from service.answering.composing import passages
from service.answering.context import Context
from service.answering.draft import Draft, Sentence, make_answer
from service.answering.retrieval.relevance import select_fitting
from service.models import AnswerData, AnswerMode, DataKind
from vectorstore.records import Document

_COMPARED, _CHARACTERS = 6, 420  # documents that are compared, characters of what is quoted of each


def compose(context: Context) -> Draft:
    """One passage on the topic of each publisher or document; if fewer than two have one, the
    passages that were found.
    """
    if not context.is_understood:
        return passages.compose_found(context)
    text, language = (
        context.query.conditions.topic or context.query.text,
        context.query.question_language,
    )
    sentences: list[Sentence] = []
    rows: list[dict[str, Any]] = []
    for documents in _groups(context)[:_COMPARED]:
        hits = context.retriever.search(text, [document.id for document in documents], 3, language)
        best = next(
            (hit.item for hit in select_fitting(hits, language) if passages.may_be_shown(hit.item)),
            None,
        )
        document = context.corpus.document(best) if best else documents[0]
        row: dict[str, Any] = {
            "document_id": document.id,
            "document": document.title,
            "publisher": document.publisher,
        }
        row |= {
            "silent": best is None,
            "ref": best.ref if best else None,
            "title": best.title if best else None,
        }
        rows.append(row)
        if best is None:
            sentences.append(passages.reservation(context.say("nothing_in", title=document.title)))
        else:
            sentences.append(
                passages.with_source(
                    context, passages.quote_item(context, best, _CHARACTERS, 3), best
                )
            )
    if sum(not row["silent"] for row in rows) < 2:
        return passages.compose_found(context)
    data = AnswerData(
        kind=DataKind.COMPARISON, columns=["document", "ref", "title"], rows=rows, total=len(rows)
    )
    proofs = tuple(statement.proofs[:1] for statement in sentences)
    return make_answer(*sentences, mode=AnswerMode.EXTRACTIVE, data=data, row_proofs=proofs)


def _groups(context: Context) -> list[list[Document]]:
    """What is compared: a group with the documents of each publisher; if there is only one, each
    document alone.
    """
    by_publisher = defaultdict[str, list[Document]](list)
    for document in context.documents:
        by_publisher[document.publisher].append(document)
    return (
        list(by_publisher.values())
        if len(by_publisher) > 1
        else [[document] for document in context.documents]
    )
