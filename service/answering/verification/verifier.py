"""Nothing is published that is not supported: quotes verbatim in their items, figures, names and statuses as cited.

An unsupported sentence is dropped; a draft without sentences left is no answer. A sentence without a citation is not
published, but for a reservation, which says only what is missing. Freely worded sentences go through the table of
checks; a count is proven by the tool that counted, that nothing was found by the search, a translation by its German
sentence. The verdict that a sentence begins with is set by rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from service.answering.corpus import Corpus
from service.answering.draft import Counted, Draft, Fragment, Missing, Proof, Sentence
from service.answering.reading.classifier import is_surely_other
from service.answering.verification.checks import Failing, Fault, find_fault
from service.answering.verification.claims import Claim, count_words, read_claim
from service.answering.verification.clauses import (
    SentenceReader,
    has_word_of,
    lower_words,
    split_clauses,
    statuses_of,
    word_lists,
)
from service.answering.verification.names import Names, holds
from service.answering.verification.quotes import Quotes, document_proof, name_proof, status_proof
from service.answering.verification.states import is_undecided, is_unlike_status
from service.answering.verification.translation import mirrors
from service.answering.verification.verbatim import own_words, spaced, words
from service.models import AnswerStatus
from service.wording import day
from vectorstore.figures import Moment, figures, together
from vectorstore.records import Document, Item, ItemStatus

_PASSAGES = 3  # quotes of one item that prove a freely worded sentence
_ROWS = 5  # counted records that a count cites
_SEPARATOR = " · "


@dataclass(frozen=True, slots=True)
class _Cited:
    """What a part of a composed sentence may draw on: its proofs, their documents, what was computed for it."""

    proofs: tuple[Proof, ...]
    documents: dict[str, Document]
    computed: tuple[str, ...]

    @property
    def items(self) -> list[Item]:
        """The cited records, each once."""
        return list({(proof.item.document_id, proof.item.key): proof.item for proof in self.proofs}.values())

    def without_titles(self, text: str) -> str:
        """A text without the titles of what is cited."""
        titles = [title for item in self.items for title in (item.title, item.table_title) if title]
        return own_words(text, (), [*titles, *(document.title for document in self.documents.values())])

    def texts(self) -> Iterator[tuple[str, str]]:
        """What proves figures and names, each with the language of its document."""
        for proof in self.proofs:
            yield spaced(proof.quote), self.documents[proof.item.document_id].language
        for item in self.items:
            document = self.documents[item.document_id]
            yield from ((spaced(text), document.language) for text in _record_texts(item, document))

    def find_fault(self, text: str, names: set[str], language: str) -> Failing | None:
        """The figures or the names of a text that nothing cited proves."""
        wanted, dates = figures(self.without_titles(text), language), _dates_of(self.documents.values())
        wanted = replace(wanted, moments=tuple(moment for moment in wanted.moments if moment not in dates))
        left = together(figures(computed, language) for computed in self.computed).unproven(wanted)
        left = left and together(figures(known, code) for known, code in self.texts()).unproven(left)
        if left is not None:
            return Failing(Fault.FIGURES, ", ".join(left.printed))
        if names:
            parts = [part for document in self.documents.values() for part in (document.title, document.publisher)]
            every = (*self.computed, *parts, *(known for known, _ in self.texts()))
            known = _SEPARATOR.join(map(_printed, every))
            names = {name for name in names if not holds(known, name)}
        return Failing(Fault.NAMES, ", ".join(sorted(names))) if names else None


class Verifier:
    """Checks drafts against the records of an edition and the text of its documents."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self._names = Names(corpus)
        self._reader = SentenceReader(corpus)
        self.is_verbatim = Quotes(corpus).is_verbatim

    def verify(self, draft: Draft, language: str = "de") -> Draft:
        """The draft with only its supported sentences; `unavailable` where an answer has none left.

        `language` is that of the answer's own words: it says what points and commas in numbers mean.
        """
        if draft.status not in (AnswerStatus.ANSWERED, AnswerStatus.FOUND):
            return draft
        worded = draft.language or language
        kept = tuple(
            sentence
            for sentence in draft.sentences
            if self.find_fault(sentence, worded if sentence.german else language) is None
        )
        rows = tuple(tuple(proof for proof in row if self.is_verbatim(proof)) for row in draft.row_proofs)
        if not any(sentence.proofs and not sentence.reservation for sentence in kept):
            return Draft(AnswerStatus.UNAVAILABLE)
        return replace(draft, sentences=kept, row_proofs=rows)

    def word(
        self,
        text: str,
        items: Sequence[Item] = (),
        documents: Sequence[Document] = (),
        counted: tuple[Counted, ...] = (),
        missing: tuple[Missing, ...] = (),
        german: Sentence | None = None,
    ) -> Sentence:
        """A freely worded sentence with the quotes that support it, and its verdict only where it is borne out."""
        if german is None:
            text = self._set_verdict(text, items)
        bare = text.rstrip(".")
        end = Fragment(text[len(bare) :])
        if german is not None:
            return replace(german, fragments=(Fragment(bare, german.proofs), end), german=german)
        proofs = [proof for item in items for proof in self._quote(text, item)]
        proofs += [proof for document in documents for proof in self._quote_document(text, document)]
        proofs += [name_proof(item, self.corpus) for count in counted for item in count.items[:_ROWS]]
        fragments = (Fragment(bare, tuple(dict.fromkeys(proofs))), end)
        return Sentence(fragments, free=True, counted=counted, missing=missing, reservation=not proofs)

    def supports(self, sentence: Sentence, language: str = "de") -> bool:
        """True if a sentence is cited, its quotes are verbatim, and its own words state only what is cited."""
        return self.find_fault(sentence, language) is None

    def find_fault(self, sentence: Sentence, language: str = "de") -> Failing | None:
        """The first objection to a sentence, None where there is none."""
        if sentence.german is not None:
            glossary = (lambda word: self.corpus.expansion.entries(word, language)) if language == "en" else None
            similar = bool(sentence.text.strip()) and mirrors(sentence.text, sentence.german.text, language, glossary)
            return self.find_fault(sentence.german) or (None if similar else Failing(Fault.TRANSLATION))
        if not sentence.proofs and not sentence.reservation:
            return Failing(Fault.QUOTES)
        if not all(map(self.is_verbatim, sentence.proofs)):
            return Failing(Fault.QUOTES)
        if sentence.free:
            return self._find_free_fault(sentence)
        faults = (self._find_part_fault(text, proofs, sentence, language) for text, proofs in _parts(sentence))
        return next(filter(None, faults), None)

    def _find_part_fault(
        self, text: str, proofs: tuple[Proof, ...], sentence: Sentence, language: str
    ) -> Failing | None:
        """The objection to the own words of a part of a composed sentence."""
        cited, quotes = self._cite(text, proofs, sentence), [proof.quote for proof in proofs]
        own = own_words(text, quotes)
        if failing := cited.find_fault(own, self._names.find(own), language):
            return failing
        statuses = [statuses_of(item) for item in cited.items]
        proving = [clause for known in (*cited.computed, *quotes) for clause in split_clauses(known)]
        for clause in split_clauses(cited.without_titles(own)):
            decided = clause.says("decided") and not clause.says("denied") and is_undecided(cited.documents.values())
            unproven = decided and not any(other.says("decided") for other in proving)
            if unproven or is_unlike_status(clause, statuses, proving):
                return Failing(Fault.STATUS, clause.text)
        return None

    def _quote(self, text: str, item: Item) -> list[Proof]:
        """The quotes of an item that have most of a sentence; the heading of its status, or its name, without any."""
        claim = read_claim(self._reader, text, [item])
        proofs = [proof for quote in claim.passages(_PASSAGES) if self.is_verbatim(proof := Proof(item, quote))]
        if item.status and any(list(statement.clause.statuses) for statement in claim.statements):
            stated = status_proof(item, self.corpus)
            titles = [source.title for source in claim.evidence]
            if all(any(title.support(term) for title in titles) for part in claim.statements for term in part.terms):
                return [stated]
            proofs = [stated, *(proof for proof in proofs[: _PASSAGES - 1] if proof != stated)]
        return proofs or [name_proof(item, self.corpus)]

    def _quote_document(self, text: str, document: Document) -> list[Proof]:
        """The quotes of a document's metadata that a sentence states: date, publisher, status, else its title."""
        stated = lower_words(text)
        facts = [
            fact.field
            for fact in document.front
            if fact.quote
            and (
                (fact.field == "as_of" and len(figures(text).moments) > 0)
                or (fact.field == "publisher" and document.publisher.lower() in text.lower())
                or (fact.field == "status" and has_word_of(stated, "draft", "decided", "valid"))
            )
        ]
        proofs = [document_proof(document, self.corpus, fact) for fact in dict.fromkeys(facts or ["title"])]
        return [proof for proof in proofs if proof]

    def _find_free_fault(self, sentence: Sentence) -> Failing | None:
        """The objection to a freely worded sentence."""
        text = sentence.text
        if "[" in text:  # what looks like a citation is one of ours
            return Failing(Fault.QUOTES)
        if is_surely_other(text, "de"):
            return Failing(Fault.TRANSLATION)
        if not sentence.proofs:
            return None if sentence.missing and _says_not_found(text) else Failing(Fault.QUOTES)
        if any(count.complete is False for count in sentence.counted) and not has_word_of(lower_words(text), "bound"):
            return Failing(Fault.COUNT)  # there may be more
        return find_fault(self._read(sentence))

    def _read(self, sentence: Sentence) -> Claim:
        """A freely worded sentence beside what it cites, its verdict left out."""
        cited = self._cite(sentence.text, sentence.proofs, sentence)
        fronts = [self.corpus.front_matter(document) for document in cited.documents]
        return read_claim(
            self._reader,
            split_verdict(sentence.text)[1],
            cited.items,
            tuple(cited.documents.values()),
            _dates_of(cited.documents.values()),
            sentence.counted,
            any(item in cited.items for item in fronts),
        )

    def _set_verdict(self, text: str, items: Sequence[Item]) -> str:
        """A sentence with the verdict that it begins with, if a status or a negation bears it out, else without."""
        verdict, rest = split_verdict(text)
        if not verdict:
            return text
        clauses = split_clauses(rest)
        undone = any(item.status in (ItemStatus.IDEA, ItemStatus.PLANNED, ItemStatus.IN_PROGRESS) for item in items)
        denied = any(clause.says("denied", "idea", "contrast", "refused", "ended_otherwise") for clause in clauses)
        borne_out = {
            "yes": not denied,
            "no": denied or any(clause.says("lessened") for clause in clauses),
            "not_yet": denied or undone or any(clause.says("ahead") for clause in clauses),
        }[verdict]
        return text if borne_out else rest[:1].upper() + rest[1:]

    def _cite(self, text: str, proofs: tuple[Proof, ...], sentence: Sentence) -> _Cited:
        """What a part of a sentence cites; the documents that it names by their titles where it cites nothing."""
        documents = self.corpus.catalogue.documents
        bare = "" if proofs else spaced(text)
        named = [] if proofs else [document.id for document in documents.values() if document.title in bare]
        ids = dict.fromkeys([*(proof.item.document_id for proof in proofs), *named])
        counted = (word for count in sentence.counted for word in count_words(count))
        return _Cited(proofs, {id_: documents[id_] for id_ in ids}, (*sentence.computed, *counted))


def split_verdict(text: str) -> tuple[str, str]:
    """The verdict that a sentence begins with (yes, no, not_yet, "") and the rest of it."""
    for name, word in word_lists()["verdicts"].items():
        behind = text[len(word) :]
        if text.startswith(word) and behind[:1] in (",", ":", ";", "!", ".") and behind[1:].strip():
            return name, behind[1:].strip()
    return "", text


def _dates_of(documents: Iterable[Document]) -> set[Moment]:
    """The dates of documents."""
    dated = (document.as_of for document in documents if document.as_of)
    return {moment for as_of in dated for moment in figures(day(as_of)).moments}


@lru_cache(maxsize=16384)
def _printed(text: str) -> str:
    """The words of a text, divided by single spaces."""
    return " ".join(words(text))


def _record_texts(item: Item, document: Document) -> Iterator[str]:
    """What a record and its document have of numbers and names beside the text."""
    yield from (item.ref, item.title, document.title, *item.responsible, *item.municipalities)
    named = (item.table_title, item.cooperation, item.period, item.cost, item.priority)
    yield from (text for text in named if text)
    yield from (head.title for head in (item.theme, item.goal) if head)
    for conflict in item.conflicts:
        yield from (conflict.text, conflict.table, *(value.text for value in conflict.values))
    if item.status is ItemStatus.ARCHIVED and item.former_ref:
        yield item.former_ref


def _says_not_found(text: str) -> bool:
    """True if a sentence says that something was not found, and not that it does not exist."""
    stated = lower_words(text)
    return has_word_of(stated, "denied") and has_word_of(stated, "found")


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
