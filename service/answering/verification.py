"""Nothing leaves that is not proven: quotes verbatim, numbers and dates in the cited passages, a citation per sentence.

A sentence that fails is dropped; a draft without sentences left is no answer.
"""

from __future__ import annotations

import re
from dataclasses import replace

from service.answering.corpus import Corpus
from service.answering.draft import Draft, Proof, Sentence
from service.answering.verbatim import squash
from service.answering.wording import day
from service.models import AnswerStatus
from vectorstore.records import ItemStatus

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


class Verifier:
    """Checks drafts against the stored text of an edition's documents."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus

    def verified(self, draft: Draft) -> Draft:
        """The draft with only its proven sentences; `unavailable` where an answer has none left."""
        if draft.status is not AnswerStatus.ANSWERED:
            return draft
        kept = tuple(one for one in draft.sentences if self._proven(one))
        rows = tuple(tuple(proof for proof in row if self.stands(proof)) for row in draft.row_proofs)
        if not any(one.proofs and not one.reservation for one in kept):
            return Draft(AnswerStatus.UNAVAILABLE)
        return replace(draft, sentences=kept, row_proofs=rows)

    def stands(self, proof: Proof) -> bool:
        """True where a quote stands verbatim in the document of its item."""
        quote = squash(proof.quote)
        return bool(quote) and quote in self.corpus.squashed[proof.item.document_id]

    def _proven(self, sentence: Sentence) -> bool:
        return all(self.stands(proof) for proof in sentence.proofs) and self._numbers_stand(sentence)

    def _numbers_stand(self, sentence: Sentence) -> bool:
        """True where every number of a sentence was counted or stands in a cited passage, record or document."""
        known = squash(" ".join([*sentence.computed, *(self._support(proof) for proof in sentence.proofs)]))
        named = [
            one.title + (day(one.as_of) if one.as_of else "")
            for one in self.corpus.catalogue.documents.values()
            if one.title in sentence.text
        ]
        known += squash(" ".join(named))
        return all(number in known for number in _NUMBER.findall(sentence.text))

    def _support(self, proof: Proof) -> str:
        item, document = proof.item, self.corpus.document(proof.item)
        parts = [
            proof.quote,
            item.ref,
            item.title,
            document.title,
            " ".join(item.responsible),
            *(one.table for one in item.conflicts),
        ]
        parts += [day(document.as_of)] if document.as_of else []
        parts += [item.former_ref or ""] if item.status is ItemStatus.ARCHIVED else []
        return " ".join(parts)
