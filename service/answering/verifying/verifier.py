"""Nothing leaves that is not proven: quotes inside their items, whole numbers, names and statuses of what is cited.

A sentence that fails is dropped; a draft without sentences left is no answer. A sentence without a citation does not
leave, but for a reservation: that says only what is missing. What somebody worded freely is compared with what it cites
by its words and clauses too; a count is proven by the tool that counted, that nothing was found by the search, and a
translation by its German sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from service.answering.corpus import Corpus
from service.answering.draft import Counted, Draft, Fragment, Missing, Proof, Sentence
from service.answering.verifying import statuses
from service.answering.verifying.cited import Cited
from service.answering.verifying.claims import Claims, Failing, Fault
from service.answering.verifying.evidence import about, lowered, says
from service.answering.verifying.names import Names, holds
from service.answering.verifying.proofs import name_proof, paper_proof
from service.answering.verifying.quotes import Quotes, own_words, spaced
from service.answering.verifying.translation import mirrors
from service.models import AnswerStatus
from vectorstore.figures import Figures, figures
from vectorstore.records import Document, Item

_PASSAGES = 3  # that prove a freely worded sentence, of one entry
_ROWS = 5  # counted records that a count cites


class Verifier:
    """Checks drafts against the records of an edition and the text of its documents."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self._quotes = Quotes(corpus)
        self._names = Names(corpus)
        self._claims = Claims(corpus)

    def verified(self, draft: Draft, language: str = "de") -> Draft:
        """The draft with only its proven sentences; `unavailable` where an answer has none left.

        `language` is that of the answer's own words: it says what points and commas in numbers mean.
        """
        if draft.status not in (AnswerStatus.ANSWERED, AnswerStatus.FOUND):
            return draft
        told = draft.language or language
        kept = tuple(one for one in draft.sentences if self.proven(one, told if one.german else language))
        rows = tuple(tuple(proof for proof in row if self.stands(proof)) for row in draft.row_proofs)
        if not any(one.proofs and not one.reservation for one in kept):
            return Draft(AnswerStatus.UNAVAILABLE)
        return replace(draft, sentences=kept, row_proofs=rows)

    def worded(
        self,
        text: str,
        items: Sequence[Item] = (),
        papers: Sequence[Document] = (),
        counted: tuple[Counted, ...] = (),
        missing: tuple[Missing, ...] = (),
        german: Sentence | None = None,
    ) -> Sentence:
        """A freely worded sentence with the passages of what it names that say it, proven or not."""
        if german is not None:
            bare = text.rstrip(".")
            return replace(
                german, fragments=(Fragment(bare, german.proofs), Fragment(text[len(bare) :])), german=german
            )
        proofs = [proof for item in items for proof in self._passages(text, item)]
        proofs += [proof for one in papers if (proof := paper_proof(one, self.corpus))]
        proofs += [name_proof(item, self.corpus) for one in counted for item in one.items[:_ROWS]]
        bare = text.rstrip(".")
        fragments = (Fragment(bare, tuple(dict.fromkeys(proofs))), Fragment(text[len(bare) :]))
        return Sentence(fragments, free=True, counted=counted, missing=missing, reservation=not proofs)

    def stands(self, proof: Proof) -> bool:
        """True where a quote stands verbatim in its item."""
        return self._quotes.stands(proof.item, proof.quote)

    def proven(self, sentence: Sentence, language: str = "de") -> bool:
        """True where a sentence is cited, its quotes stand, and its own words hold nothing that the cited does not."""
        return self.fault(sentence, language) is None

    def fault(self, sentence: Sentence, language: str = "de") -> Failing | None:
        """The first thing that keeps a sentence from being proven, None where it is."""
        if sentence.german is not None:
            alike = bool(sentence.text.strip()) and mirrors(sentence.text, sentence.german.text, language)
            return self.fault(sentence.german) or (None if alike else Failing(Fault.TRANSLATION))
        if not sentence.proofs and not sentence.reservation:
            return Failing(Fault.QUOTES)
        if not all(self.stands(proof) for proof in sentence.proofs):
            return Failing(Fault.QUOTES)
        if sentence.free:
            return self._free_fault(sentence, language)
        faults = (
            self._fault(text, self._cited(text, proofs, sentence), language)
            for text, proofs in _parts(sentence.fragments, sentence.proofs)
        )
        return next((one for one in faults if one is not None), None)

    def _passages(self, text: str, item: Item) -> list[Proof]:
        """The passages of an entry that say most of a sentence; its name where none does."""
        passages = self._claims.read(text, [item]).passages(_PASSAGES)
        proofs = [proof for passage in passages if self.stands(proof := Proof(item, passage))]
        return proofs or [name_proof(item, self.corpus)]

    def _free_fault(self, sentence: Sentence, language: str) -> Failing | None:
        """What a freely worded sentence says that nothing bears out that it rests on."""
        text = sentence.text
        if "[" in text:  # what looks like a citation is one of ours
            return Failing(Fault.QUOTES)
        if not sentence.proofs:
            return None if sentence.missing and _says_not_found(text) else Failing(Fault.QUOTES)
        cited = self._cited(text, sentence.proofs, sentence)
        reading = self._claims.read(text, cited.items, language)
        known = tuple(one for document in cited.documents.values() for one in about(document))
        fronts = [self.corpus.front_matter(one) for one in cited.documents]
        on_papers = any(one in cited.items for one in fronts)
        holding = replace(cited, texts=(*reading.texts, *(known if on_papers else ())))
        return (
            self._foreign_figures(text, holding, language)
            or self._foreign_names(text, replace(cited, texts=(*reading.texts, *reading.around, *known)))
            or self._miscounted(sentence)
            or self._claims.fault(reading, cited.items, cited.documents.values(), cited.dates)
        )

    def _miscounted(self, sentence: Sentence) -> Failing | None:
        """What tells of a count that it is exact where the tool says that there may be more."""
        unsure = any(one.complete is False for one in sentence.counted)
        return Failing(Fault.FIGURES) if unsure and not says(lowered(sentence.text), "bound") else None

    def _cited(self, text: str, proofs: tuple[Proof, ...], sentence: Sentence) -> Cited:
        documents = self.corpus.catalogue.documents
        said = "" if proofs else spaced(text)
        named = [] if proofs else [one.id for one in documents.values() if one.title in said]
        ids = dict.fromkeys([*(proof.item.document_id for proof in proofs), *named])
        counted = (word for one in sentence.counted for word in _counted(one))
        return Cited(proofs, {one: documents[one] for one in ids}, (*sentence.computed, *counted))

    def _fault(self, text: str, cited: Cited, language: str) -> Failing | None:
        """What in the own words of a part of a sentence is not borne out by what it cites."""
        said = own_words(text, cited.proofs, ())
        if failing := self._foreign_figures(said, cited, language) or self._foreign_names(said, cited):
            return failing
        fits = statuses.fit(_bare(said, cited), cited.items, cited.documents.values(), cited.proving)
        return None if fits else Failing(Fault.STATUS)

    def _foreign_figures(self, said: str, cited: Cited, language: str) -> Failing | None:
        left = _unproven(_bare(said, cited), cited, language)
        return Failing(Fault.FIGURES, ", ".join(left.printed)) if left else None

    def _foreign_names(self, said: str, cited: Cited) -> Failing | None:
        named = self._names.said(said)
        known = cited.words() if named else ""
        names = sorted(name for name in named if not holds(known, name))
        return Failing(Fault.NAMES, ", ".join(names)) if names else None


def _bare(said: str, cited: Cited) -> str:
    """Words without the titles of what they cite."""
    return own_words(said, (), cited.titles)


def _counted(one: Counted) -> Iterator[str]:
    """What may be said of a count: its number, its conditions, its groups."""
    yield from (str(one.number), *one.words)
    yield from (f"{number} {name}" for name, number in one.groups)


def _says_not_found(text: str) -> bool:
    """True where a sentence says that something was not found, and not that it is not there."""
    said = lowered(text)
    return says(said, "denied") and says(said, "found")


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
