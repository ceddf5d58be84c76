"""Nothing leaves that is not proven: quotes inside their items, whole numbers, names and statuses of what is cited.

A sentence that fails is dropped; a draft without sentences left is no answer. A sentence without a citation does not
leave, but for a reservation: that says only what is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from service.answering.corpus import Corpus
from service.answering.draft import Draft, Fragment, Proof, Sentence
from service.answering.verifying import statuses
from service.answering.verifying.names import Names, holds, words
from service.answering.verifying.numbers import Figures, figures, together
from service.answering.verifying.own_words import own_words, spaced
from service.answering.verifying.quotes import Quotes
from service.answering.wording import day
from service.models import AnswerStatus
from vectorstore.records import Document, Item, ItemStatus


class Verifier:
    """Checks drafts against the records of an edition and the text of its documents."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self._quotes = Quotes(corpus)
        self._names = Names(corpus)

    def verified(self, draft: Draft, language: str = "de") -> Draft:
        """The draft with only its proven sentences; `unavailable` where an answer has none left.

        `language` is that of the answer's own words, "de" or "en": it says what points and commas in numbers mean.
        """
        if draft.status is not AnswerStatus.ANSWERED:
            return draft
        kept = tuple(one for one in draft.sentences if self.proven(one, language))
        rows = tuple(tuple(proof for proof in row if self.stands(proof)) for row in draft.row_proofs)
        if not any(one.proofs and not one.reservation for one in kept):
            return Draft(AnswerStatus.UNAVAILABLE)
        return replace(draft, sentences=kept, row_proofs=rows)

    def stands(self, proof: Proof) -> bool:
        """True where a quote stands verbatim in its item."""
        return self._quotes.stands(proof.item, proof.quote)

    def proven(self, sentence: Sentence, language: str = "de") -> bool:
        """True where a sentence is cited, its quotes stand, and its own words hold nothing that the cited does not."""
        if not sentence.proofs and not sentence.reservation:
            return False
        if not all(self.stands(proof) for proof in sentence.proofs):
            return False
        return all(
            self._holds(text, proofs, sentence, language)
            for text, proofs in _parts(sentence.fragments, sentence.proofs)
        )

    def _holds(self, text: str, proofs: Sequence[Proof], sentence: Sentence, language: str) -> bool:
        """True where a part of a sentence is borne out by its proofs and by what was computed."""
        items = list({(one.item.document_id, one.item.key): one.item for one in proofs}.values())
        documents = self._documents(items) or self._named(text)
        said = own_words(text, proofs, [one for item in items for one in (item.title, item.table_title or "")])
        bare = own_words(said, (), [one.title for one in documents])
        if not bare.strip(" .,;:·–()"):
            return True
        return (
            self._figures_stand(bare, items, documents, proofs, sentence.computed, language)
            and self._names_stand(own_words(text, proofs, ()), items, documents, proofs, sentence.computed)
            and statuses.fit(bare, items, documents, _joined((*sentence.computed, *(one.quote for one in proofs))))
        )

    def _figures_stand(
        self,
        said: str,
        items: Sequence[Item],
        documents: Sequence[Document],
        proofs: Sequence[Proof],
        computed: Iterable[str],
        language: str,
    ) -> bool:
        dated = {moment for one in documents if one.as_of for moment in figures(day(one.as_of)).moments}
        wanted = figures(said, language)
        wanted = replace(wanted, moments=tuple(one for one in wanted.moments if one not in dated))
        if not (wanted.numbers or wanted.moments or wanted.codes):
            return True
        found = [figures(one, language) for one in computed]
        found += [self._of_record(item) for item in items]
        found += [figures(spaced(one.quote), self.corpus.document(one.item).language) for one in proofs]
        return together(found).prove(wanted)

    def _of_record(self, item: Item) -> Figures:
        language = self.corpus.document(item).language
        return together(figures(spaced(text), language) for text in _record(item, self.corpus.document(item)))

    def _names_stand(
        self,
        said: str,
        items: Sequence[Item],
        documents: Sequence[Document],
        proofs: Sequence[Proof],
        computed: Iterable[str],
    ) -> bool:
        named = self._names.said(said)
        if not named:
            return True
        texts = [*computed, *(one.quote for one in proofs)]
        texts += [part for one in documents for part in (one.title, one.publisher)]
        texts += [text for item in items for text in _record(item, self.corpus.document(item))]
        known = " · ".join(" ".join(words(text)) for text in texts)
        return all(holds(known, name) for name in named)

    def _documents(self, items: Iterable[Item]) -> list[Document]:
        return list({item.document_id: self.corpus.document(item) for item in items}.values())

    def _named(self, text: str) -> list[Document]:
        """The documents that a text without a citation names by their titles."""
        said = spaced(text)
        return [one for one in self.corpus.catalogue.documents.values() if one.title in said]


def _parts(fragments: Iterable[Fragment], proofs: Sequence[Proof]) -> Iterator[tuple[str, Sequence[Proof]]]:
    """The parts of a sentence with what proves them: its own proofs, else those of the whole sentence."""
    text = ""
    for fragment in fragments:
        if not fragment.proofs:
            text += fragment.text
            continue
        if text:
            yield text, proofs
        yield fragment.text, fragment.proofs
        text = ""
    if text:
        yield text, proofs


def _record(item: Item, document: Document) -> Iterator[str]:
    """What a record and its document hold of numbers and names beside the text."""
    yield from (item.ref, item.title, document.title, *item.responsible, *item.municipalities)
    yield from (one for one in (item.table_title, item.cooperation, item.period, item.cost, item.priority) if one)
    yield from (one.title for one in (item.theme, item.goal) if one)
    for conflict in item.conflicts:
        yield from (conflict.text, conflict.table, *(one.text for one in conflict.values))
    if item.status is ItemStatus.ARCHIVED and item.former_ref:
        yield item.former_ref


def _joined(texts: Iterable[str]) -> str:
    return " · ".join(spaced(text) for text in texts)
