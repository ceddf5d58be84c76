"""The verdict (yes, no, not yet) on the record or document that a question is about."""

from __future__ import annotations

from collections.abc import Collection

from service.answering.composing.document import verdict_on_document
from service.answering.composing.record import find_record, verdict_on
from service.answering.context import Context
from service.answering.draft import Proof
from service.answering.query import AnswerType, Intent
from service.answering.verification.quotes import document_proof, status_proof
from vectorstore.records import Item


def find_verdict(context: Context, cited: Collection[Item]) -> tuple[str, Proof] | None:
    """The name of the verdict on a question for a status ("Ist der Radweg fertig?"), with the
    passage that proves it; None if there is no verdict.

    The question has to ask for the status of a record or document that is among the `cited` items.
    A document counts as cited if its title page is.
    """
    query, corpus = context.query, context.corpus
    record = find_record(context) if query.answer_type is AnswerType.STATUS else None
    if record is not None and record in cited and record.status:
        verdict = verdict_on(context, record.status)
        return (verdict, status_proof(record, corpus)) if verdict else None
    if query.intent is not Intent.DOCUMENT:
        return None
    for item in cited:
        document = corpus.document(item)
        verdict = verdict_on_document(context, document)
        proof = document_proof(document, corpus, "status")
        if verdict and proof and corpus.title_page(document.id) == item:
            return verdict, proof
    return None
