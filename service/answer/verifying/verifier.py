"""Nothing leaves that is not proven: quotes inside their items, whole numbers, names and statuses of what is cited.

A sentence that fails is dropped; a draft without sentences left is no answer. A sentence without a citation does not
leave, but for a reservation: that says only what is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from service.answer.corpus import Corpus
from service.answer.draft import Draft, Fragment, Proof, Sentence
from service.answer.verifying import statuses
from service.answer.verifying.cited import Cited
from service.answer.verifying.names import Names, holds
from service.answer.verifying.numbers import Figures, figures
from service.answer.verifying.own_words import own_words, spaced
from service.answer.verifying.quotes import Quotes
from service.answer.verifying.titles import Titles
from service.models import AnswerStatus


class Fault(StrEnum):
    """Why a sentence is not proven."""

    QUOTES = "quotes"
    FIGURES = "figures"
    NAMES = "names"
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class Failing:
    """What keeps a sentence from being proven: `said` are the numbers, dates or names in it that are cited nowhere."""

    kind: Fault
    said: str = ""


class Verifier:
    """Checks drafts against the records of an edition and the text of its documents."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self._quotes = Quotes(corpus)
        self._names = Names(corpus)
        self._titles = Titles((one.id, one.title) for one in corpus.catalogue.documents.values())

    def verified(self, draft: Draft, language: str = "de") -> Draft:
        """The draft with only its proven sentences; `unavailable` where an answer has none left.

        `language` is that of the answer's own words, "de" or "en": it says what points and commas in numbers mean.
        """
        if draft.status not in (AnswerStatus.ANSWERED, AnswerStatus.FOUND):
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
        return self.fault(sentence, language) is None

    def fault(self, sentence: Sentence, language: str = "de") -> Failing | None:
        """The first thing that keeps a sentence from being proven, None where it is."""
        if not sentence.proofs and not sentence.reservation:
            return Failing(Fault.QUOTES)
        if not all(self.stands(proof) for proof in sentence.proofs):
            return Failing(Fault.QUOTES)
        faults = (
            self._fault(text, self._cited(text, proofs, sentence), language)
            for text, proofs in _parts(sentence.fragments, sentence.proofs)
        )
        return next((one for one in faults if one is not None), None)

    def _cited(self, text: str, proofs: tuple[Proof, ...], sentence: Sentence) -> Cited:
        documents = self.corpus.catalogue.documents
        said = "" if proofs else spaced(text)
        named = () if proofs else self._titles.in_text(said)
        ids = dict.fromkeys([*(proof.item.document_id for proof in proofs), *named])
        return Cited(proofs, {one: documents[one] for one in ids}, sentence.computed)

    def _fault(self, text: str, cited: Cited, language: str) -> Failing | None:
        """What in the own words of a part of a sentence is not borne out by what it cites."""
        said = own_words(text, cited.proofs, ())
        bare = own_words(said, (), [*cited.titles, *(one.title for one in cited.documents.values())])
        if figures_left := _unproven(bare, cited, language):
            return Failing(Fault.FIGURES, ", ".join(figures_left.printed))
        if names := self._foreign_names(said, cited):
            return Failing(Fault.NAMES, ", ".join(names))
        fits = statuses.fit(bare, cited.items, cited.documents.values(), cited.proving)
        return None if fits else Failing(Fault.STATUS)

    def _foreign_names(self, said: str, cited: Cited) -> list[str]:
        named = self._names.said(said)
        known = cited.words() if named else ""
        return sorted(name for name in named if not holds(known, name))


def _unproven(said: str, cited: Cited, language: str) -> Figures | None:
    """The figures of a text that nothing cited proves; None where there are none."""
    wanted = figures(said, language)
    dates = cited.dates if wanted.moments else set()
    wanted = replace(wanted, moments=tuple(one for one in wanted.moments if one not in dates))
    return None if wanted == Figures() else cited.unproven(wanted, language)


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
