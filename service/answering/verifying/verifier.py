"""Nothing leaves that is not proven: quotes inside their items, whole numbers, names and statuses of what is cited.

A sentence that fails is dropped; a draft without sentences left is no answer. A sentence without a citation does not
leave, but for a reservation: that says only what is missing. What somebody worded freely is compared with what it cites
by its words and clauses too; a count is proven by the tool that counted, that nothing was found by the search, and a
translation by its German sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from service.answering.corpus import Corpus
from service.answering.draft import Counted, Draft, Fragment, Missing, Proof, Sentence
from service.answering.verifying.claims import Claims, Failing, Fault, is_undecided
from service.answering.verifying.clauses import about, lowered, marked, says, statuses_of, unlike_status
from service.answering.verifying.names import Names, holds
from service.answering.verifying.proofs import Quotes, name_proof, paper_proof
from service.answering.verifying.translation import mirrors
from service.answering.verifying.verbatim import own_words, spaced, words
from service.answering.wording import day
from service.models import AnswerStatus
from vectorstore.figures import Moment, figures, together
from vectorstore.records import Document, Item, ItemStatus

_PASSAGES = 3  # that prove a freely worded sentence, of one entry
_ROWS = 5  # counted records that a count cites
_PARTING = " · "


@dataclass(frozen=True, slots=True)
class _Cited:
    """What a part of a sentence may draw on: the proofs that it cites, their papers, what was computed for it.

    `texts` is what entries hold, for a sentence that was worded freely: that proves it then, and not the quotes.
    """

    proofs: tuple[Proof, ...]
    documents: dict[str, Document]
    computed: tuple[str, ...]
    texts: tuple[str, ...] = ()

    @property
    def items(self) -> list[Item]:
        """The cited records, each once."""
        return list({(one.item.document_id, one.item.key): one.item for one in self.proofs}.values())

    @property
    def dates(self) -> set[Moment]:
        """The dates of the papers."""
        return {moment for one in self.documents.values() if one.as_of for moment in figures(day(one.as_of)).moments}

    def bare(self, said: str) -> str:
        """Words without the titles of what is cited."""
        titles = [title for item in self.items for title in (item.title, item.table_title) if title]
        return own_words(said, (), [*titles, *(one.title for one in self.documents.values())])

    def held(self) -> Iterator[tuple[str, str]]:
        """What proves figures and names, each with the language of its paper."""
        if self.texts:
            codes = {one.language for one in self.documents.values()} or {"de"}
            yield from ((text, code) for code in codes for text in self.texts)
            return
        for proof in self.proofs:
            yield spaced(proof.quote), self.documents[proof.item.document_id].language
        for item in self.items:
            document = self.documents[item.document_id]
            yield from ((spaced(text), document.language) for text in _record(item, document))

    def fault(self, said: str, names: set[str], language: str) -> Failing | None:
        """The figures or the names of what is said that nothing cited proves."""
        wanted, dates = figures(self.bare(said), language), self.dates
        wanted = replace(wanted, moments=tuple(one for one in wanted.moments if one not in dates))
        left = together(figures(one, language) for one in self.computed).unproven(wanted)
        left = left and together(figures(text, code) for text, code in self.held()).unproven(left)
        if left is not None:
            return Failing(Fault.FIGURES, ", ".join(left.printed))
        if names:
            papers = [part for one in self.documents.values() for part in (one.title, one.publisher)]
            every = (*self.computed, *papers, *(text for text, _ in self.held()))
            known = _PARTING.join(map(_printed, every))
            names = {one for one in names if not holds(known, one)}
        return Failing(Fault.NAMES, ", ".join(sorted(names))) if names else None


class Verifier:
    """Checks drafts against the records of an edition and the text of its documents."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self._names = Names(corpus)
        self._claims = Claims(corpus)
        self.stands = Quotes(corpus).stands

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
        bare = text.rstrip(".")
        end = Fragment(text[len(bare) :])
        if german is not None:
            return replace(german, fragments=(Fragment(bare, german.proofs), end), german=german)
        proofs = [proof for item in items for proof in self._passages(text, item)]
        proofs += [proof for one in papers if (proof := paper_proof(one, self.corpus))]
        proofs += [name_proof(item, self.corpus) for one in counted for item in one.items[:_ROWS]]
        fragments = (Fragment(bare, tuple(dict.fromkeys(proofs))), end)
        return Sentence(fragments, free=True, counted=counted, missing=missing, reservation=not proofs)

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
        if not all(map(self.stands, sentence.proofs)):
            return Failing(Fault.QUOTES)
        if sentence.free:
            return self._free_fault(sentence, language)
        parts = _parts(sentence)
        return next((one for text, proofs in parts if (one := self._fault(text, proofs, sentence, language))), None)

    def _fault(self, text: str, proofs: tuple[Proof, ...], sentence: Sentence, language: str) -> Failing | None:
        """What in the own words of a part of a composed sentence is not borne out by what it cites."""
        cited, quotes = self._cited(text, proofs, sentence), [one.quote for one in proofs]
        said = own_words(text, quotes)
        if failing := cited.fault(said, self._names.said(said), language):
            return failing
        own = [statuses_of(item) for item in cited.items]
        proving = [clause for one in (*cited.computed, *quotes) for clause in marked(one)]
        for clause in marked(cited.bare(said)):
            decided = clause.says("decided") and not clause.says("denied") and is_undecided(cited.documents.values())
            if unlike_status(clause, own, proving) or (decided and not any(one.says("decided") for one in proving)):
                return Failing(Fault.STATUS, clause.text)
        return None

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
        if any(one.complete is False for one in sentence.counted) and not says(lowered(text), "bound"):
            return Failing(Fault.FIGURES)  # there may be more
        cited = self._cited(text, sentence.proofs, sentence)
        reading = self._claims.read(text, cited.items, language)
        known = tuple(one for document in cited.documents.values() for one in about(document))
        fronts = [self.corpus.front_matter(one) for one in cited.documents]
        on_papers = any(one in cited.items for one in fronts)
        held = tuple(text for one in reading.evidence for text in one.texts)
        around = tuple(text for one in reading.evidence for text in one.around)
        figured = replace(cited, texts=(*held, *(known if on_papers else ())))
        named = replace(cited, texts=(*held, *around, *known))
        return (
            figured.fault(text, set(), language)
            or named.fault("", self._names.said(text), language)
            or self._claims.fault(reading, cited.documents.values(), cited.dates, cited.computed, on_papers)
        )

    def _cited(self, text: str, proofs: tuple[Proof, ...], sentence: Sentence) -> _Cited:
        """What a part of a sentence cites; the papers that it names by their titles where it cites nothing."""
        documents = self.corpus.catalogue.documents
        said = "" if proofs else spaced(text)
        named = [] if proofs else [one.id for one in documents.values() if one.title in said]
        ids = dict.fromkeys([*(proof.item.document_id for proof in proofs), *named])
        counted = (word for one in sentence.counted for word in _counted(one))
        return _Cited(proofs, {one: documents[one] for one in ids}, (*sentence.computed, *counted))


@lru_cache(maxsize=16384)
def _printed(text: str) -> str:
    """The words of a text, divided by single spaces."""
    return " ".join(words(text))


def _record(item: Item, document: Document) -> Iterator[str]:
    """What a record and its document hold of numbers and names beside the text."""
    yield from (item.ref, item.title, document.title, *item.responsible, *item.municipalities)
    yield from (one for one in (item.table_title, item.cooperation, item.period, item.cost, item.priority) if one)
    yield from (one.title for one in (item.theme, item.goal) if one)
    for conflict in item.conflicts:
        yield from (conflict.text, conflict.table, *(one.text for one in conflict.values))
    if item.status is ItemStatus.ARCHIVED and item.former_ref:
        yield item.former_ref


def _counted(one: Counted) -> Iterator[str]:
    """What may be said of a count: its number, its conditions, its groups."""
    yield from (str(one.number), *one.words)
    yield from (f"{number} {name}" for name, number in one.groups)


def _says_not_found(text: str) -> bool:
    """True where a sentence says that something was not found, and not that it is not there."""
    said = lowered(text)
    return says(said, "denied") and says(said, "found")


def _parts(sentence: Sentence) -> Iterator[tuple[str, tuple[Proof, ...]]]:
    """The parts of a sentence with what proves them: its own proofs, else those of the whole sentence."""
    text = ""
    for fragment in sentence.fragments:
        if not fragment.proofs:
            text += fragment.text
            continue
        if text:
            yield text, sentence.proofs
        yield fragment.text, fragment.proofs
        text = ""
    if text:
        yield text, sentence.proofs
