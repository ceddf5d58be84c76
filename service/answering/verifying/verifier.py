"""Nothing leaves that is not proven: quotes inside their items, whole numbers, names and statuses of what is cited.

A sentence that fails is dropped; a draft without sentences left is no answer. A sentence without a citation does not
leave, but for a reservation: that says only what is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from service.answering.corpus import Corpus
from service.answering.draft import Draft, Fragment, Proof, Sentence
from service.answering.verifying import statuses
from service.answering.verifying.cited import Cited
from service.answering.verifying.names import Names, holds
from service.answering.verifying.numbers import Figures, figures
from service.answering.verifying.own_words import own_words, spaced
from service.answering.verifying.quotes import Quotes
from service.models import AnswerStatus


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
            self._holds(text, self._cited(text, proofs, sentence), language)
            for text, proofs in _parts(sentence.fragments, sentence.proofs)
        )

    def _cited(self, text: str, proofs: tuple[Proof, ...], sentence: Sentence) -> Cited:
        documents = self.corpus.catalogue.documents
        said = "" if proofs else spaced(text)
        named = [one.id for one in documents.values() if not proofs and one.title in said]
        ids = dict.fromkeys([*(proof.item.document_id for proof in proofs), *named])
        return Cited(proofs, {one: documents[one] for one in ids}, sentence.computed)

    def _holds(self, text: str, cited: Cited, language: str) -> bool:
        """True where the own words of a part of a sentence are borne out by what it cites."""
        said = own_words(text, cited.proofs, ())
        bare = own_words(said, (), [*cited.titles, *(one.title for one in cited.documents.values())])
        return (
            _figures_stand(bare, cited, language)
            and self._names_stand(said, cited)
            and statuses.fit(bare, cited.items, cited.documents.values(), cited.proving)
        )

    def _names_stand(self, said: str, cited: Cited) -> bool:
        named = self._names.said(said)
        known = cited.words() if named else ""
        return all(holds(known, name) for name in named)


def _figures_stand(said: str, cited: Cited, language: str) -> bool:
    wanted = figures(said, language)
    dates = cited.dates if wanted.moments else set()
    wanted = replace(wanted, moments=tuple(one for one in wanted.moments if one not in dates))
    return wanted == Figures() or cited.figures(language).prove(wanted)


def _parts(fragments: Iterable[Fragment], proofs: tuple[Proof, ...]) -> Iterator[tuple[str, tuple[Proof, ...]]]:
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
