"""What was summed up at ingestion of a paper or one of its themes: sentences with the passages that prove them."""

from __future__ import annotations

from service.answering.context import Context
from service.answering.draft import Fragment, Proof, Sentence


def summed_up(context: Context, document_id: str, key: str = "") -> list[Sentence]:
    """The sentences on a document or its theme, in German answers; none where it was not summed up."""
    if not context.german:
        return []
    corpus = context.corpus
    told = []
    for one in corpus.edition.summaries:
        if one.subject != (document_id, key):
            continue
        items = [(corpus.catalogue.item(document_id, passage.key), passage.quote) for passage in one.passages]
        proofs = tuple(Proof(item, quote) for item, quote in items if item is not None)
        said, end = (one.text[:-1], one.text[-1]) if one.text.endswith((".", "!", "?")) else (one.text, ".")
        if len(proofs) == len(one.passages):
            told.append(Sentence((Fragment(said, proofs), Fragment(end)), origin=" ".join(one.origin.split()[:2])))
    return told
