"""The composer of comparisons: the passage that fits best of each publisher or document."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

from service.answering.composing import parts, passages
from service.answering.context import Context
from service.answering.draft import Draft, Sentence
from service.answering.retrieval.passages import WholePassage
from service.answering.retrieval.relevance import select_fitting
from service.records import AnswerData, AnswerMode, AnswerStatus, DataKind
from vectorstore.records import Document

_COMPARED = 6  # documents that are compared


def compose(context: Context) -> Draft:
    """The draft with one passage on the topic of each publisher, or of each document. It does not
    claim that the passages compare what was asked.

    A publisher or document without a passage has a sentence that says so, and a row marked as
    "silent". If the language of the question is not understood, or fewer than two have a passage,
    it is the draft of all passages found.
    """
    if not context.is_understood:
        return passages.compose_found(context)
    sentences: list[Sentence] = []
    rows: list[dict[str, Any]] = []
    for documents in _groups(context)[:_COMPARED]:
        best = _best_passage(context, documents)
        if best is None:
            document = documents[0]
            row = {"document_id": document.id, "document": document.title}
            sentences.append(parts.reservation(context.say("nothing_in", title=document.title)))
        else:
            document = context.corpus.document(best.item)
            sentence = passages.quote_passage(context, best)
            sentences.append(parts.with_source(context, sentence, best.item))
            row = passages.card_of(context, best.item, sentence.proofs[0], best.text)
        rows.append({**row, "publisher": document.publisher, "silent": best is None})
    number = sum(not row["silent"] for row in rows)
    if number < 2:
        return passages.compose_found(context)
    opening = parts.reservation(passages.opening(context, number))
    data = AnswerData(
        kind=DataKind.COMPARISON, columns=passages.COLUMNS, rows=rows, total=len(rows)
    )
    proofs = tuple(statement.proofs[:1] for statement in sentences)
    return Draft(AnswerStatus.FOUND, AnswerMode.EXTRACTIVE, (opening, *sentences), data, proofs)


def _best_passage(context: Context, documents: list[Document]) -> WholePassage | None:
    """The passage of some documents that fits the topic best; None if none fits."""
    query = context.query
    text = query.conditions.topic or query.text
    ids = [document.id for document in documents]
    hits = context.retriever.search(text, ids, 3, query.question_language)
    fitting = select_fitting(hits, query.question_language)
    searched = replace(context, query=replace(query, text=text), hits=tuple(fitting))
    items = [hit.item for hit in fitting if passages.may_be_shown(hit.item)]
    return next(iter(passages.choose_passages(searched, items)), None)


def _groups(context: Context) -> list[list[Document]]:
    """The groups of documents to compare: one for each publisher. If there is only one publisher,
    each document is a group.
    """
    by_publisher = defaultdict[str, list[Document]](list)
    for document in context.documents:
        by_publisher[document.publisher].append(document)
    if len(by_publisher) > 1:
        return list(by_publisher.values())
    return [[document] for document in context.documents]
