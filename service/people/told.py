"""What was decided on questions, over one edition: the decision that a question means, and what is answered by it.

Questions are compared with wordings as the finder compares them with questions written for items, times how alike the
reader takes what both ask for. Each sentence of a text is proven like a draft's, by the records it cites; what is not
borne out is told with its reason. What is kept may change at any time, by any process; only what changed is read again.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.exc import SQLAlchemyError

from prompts import filled, reworded, say
from service import wording
from service.answering.composing.fixed import fixed, not_in_documents
from service.answering.corpus import Corpus
from service.answering.draft import Draft, Fragment, Sentence, answered, sentence
from service.answering.pipeline import Parts, Work
from service.answering.reading.reader import Reader
from service.answering.retrieval.search import QuestionIndex
from service.answering.verification.clauses import has_word_of, lower_words
from service.answering.verification.quotes import document_proof
from service.answering.verification.verbatim import is_order
from service.answering.verification.verifier import Verifier
from service.models import AnswerMode, AnswerStatus
from service.people.decisions import Decision, Decisions, Outcome
from vectorstore.analysis import fold, printed_words
from vectorstore.figures import figures
from vectorstore.questions import ItemKey, ItemQuestion, Questions
from vectorstore.records import Item
from vectorstore.sentences import sentence_spans

LEAST, SURELY = 0.45, 0.7  # how near a wording has to be: to a text that is also proven, to what ends a question
_GERMAN, _EASY = "de", "einfach"
_TO = ""  # the document of the pseudo-items by which decisions are found
log = logging.getLogger("strategielotse")


class Wordings:
    """The wordings of decisions, as the finder's index holds the questions written for items."""

    def __init__(self, decisions: Sequence[Decision], corpus: Corpus, reader: Reader) -> None:
        asked = [(row, said) for row, one in enumerate(decisions) for said in one.wordings]
        rows = {(_TO, str(row)): row for row in range(len(decisions))}
        indexed = Questions.build([ItemQuestion(_TO, str(row), said) for row, said in asked], corpus.analyzer)
        self._index = QuestionIndex(indexed, rows, corpus.analyzer, corpus.rarity)
        self._reader = reader
        self._wants = [(row, said, self._asks(said)) for row, said in asked]

    def near(self, question: str) -> list[tuple[float, int]]:
        """How near the nearest wording of each decision is, 0 to 1, with its row, the nearest first."""
        if not self._wants:
            return []
        wanted, denied = self._asks(question), has_word_of(lower_words(question), "denied")
        same: dict[int, float] = {}
        for row, said, asks in self._wants:
            if has_word_of(lower_words(said), "denied") == denied:
                same[row] = max(same.get(row, 0.0), float(np.minimum(asks, wanted).sum()))
        shares = self._index.likeness(question)
        return sorted(((float(shares[row]) * alike, row) for row, alike in same.items()), key=lambda one: -one[0])

    def _asks(self, text: str) -> NDArray[np.float32]:
        return np.array(list(self._reader.probabilities(text)["asked"].values()), dtype=np.float32)


@dataclass(frozen=True)
class Standing:
    """A decision over one edition: the proven sentences of a text, why others are none, and all that it is about."""

    decision: Decision
    sentences: tuple[Sentence, ...] = ()
    reasons: tuple[str, ...] = ()
    told: str = ""

    def holds(self, today: date) -> bool:
        """Whether it is told on a day: not behind the last one of a text, and not one that is not proven any more."""
        one = self.decision
        if one.outcome is not Outcome.TEXT:
            return True
        return not self.reasons and one.valid_until is not None and one.valid_until >= today


class Decided:
    """What was decided on questions, over one edition; made once per edition, used by many requests at a time."""

    def __init__(self, parts: Parts, store: Decisions | None = None) -> None:
        self._parts = parts
        self._store = store
        self._lock = threading.Lock()
        self._newest: object = None
        self._known: tuple[tuple[Standing, ...], Wordings] = (), Wordings((), parts.corpus, parts.reader)

    def __call__(self, work: Work) -> Draft | None:
        """What is answered by the decision that a question means, None where there is none."""
        context = work.context
        if context is None or work.parts is not self._parts or work.language != _GERMAN:
            return None
        query = context.query
        if query.spoken != _GERMAN or not (meant := self.meant(query.text, query.conditions.place)):
            return None
        one = meant.decision
        if one.outcome is Outcome.GAP:
            return not_in_documents(context)
        if one.outcome is Outcome.NOT_OURS:
            return fixed("not_ours", work.language, AnswerStatus.OUT_OF_SCOPE)
        cited = {document for document, _ in one.items}
        first = context.hits[0].item if context.hits else None
        inside = cited <= set(query.conditions.documents or context.corpus.catalogue.documents)
        if not inside or first is None or (first.document_id, first.key) not in one.items or one.valid_until is None:
            return None
        words = _EASY if work.request.style == _EASY else _GERMAN
        said = filled(f"{words}/curated", owner=one.owner, until=wording.day(one.valid_until))
        return _drafted(meant, self._parts.corpus, said)

    def known(self) -> tuple[tuple[Standing, ...], Wordings]:
        """Every decision on a question as it is kept now, with its wordings; the last read where none can be."""
        try:
            if self._store is not None and self._store.newest() != self._newest:
                with self._lock:
                    self._read(self._store)
        except SQLAlchemyError as error:
            log.warning(say("people.unreadable"), type(error).__name__)
        return self._known

    def missing(self, one: Decision) -> list[str]:
        """Why records of a decision cannot be used, a sentence for each."""
        return [reason for item in one.items if (reason := _missing(item, self._parts.corpus))]

    def meant(self, question: str, place: str = "") -> Standing | None:
        """The decision whose wording is near enough to a question, None where there is none.

        None that lacks a number, a date or the place of the question, or one of its nouns that no paper has.
        """
        today = self._store.today() if self._store else date.today()
        standings, wordings = self.known()
        for near, row in wordings.near(question):
            one = standings[row]
            enough = near >= (LEAST if one.decision.outcome is Outcome.TEXT else SURELY)
            if enough and one.decision.outcome is not Outcome.ENTRY and one.holds(today):
                return one if self._says(one, question, place) else None
        return None

    def _says(self, one: Standing, question: str, place: str) -> bool:
        if fold(place) not in fold(one.told) or not figures(one.told).prove(figures(question)):
            return False
        corpus = self._parts.corpus
        terms = corpus.analyzer.terms(one.told)
        nouns = (word for text in printed_words(question) if text[0].isupper() for word in corpus.analyzer.words(text))
        return all(any(term in terms or corpus.knows(term) for term in noun.terms) for noun in nouns)

    def _read(self, store: Decisions) -> None:
        newest = store.newest()
        if newest == self._newest:
            return
        before = {one.decision: one for one in self._known[0]}
        kept = [one for one in store.standing() if one.of_question]
        made = tuple(before.get(one) or standing(one, self._parts.corpus, self._parts.verifier) for one in kept)
        self._known, self._newest = (made, Wordings(kept, self._parts.corpus, self._parts.reader)), newest


def standing(one: Decision, corpus: Corpus, verifier: Verifier) -> Standing:
    """What an edition bears out of a decision on a question."""
    items = [item for cited in one.items if (item := corpus.catalogue.item(*cited)) is not None]
    told = " ".join((*one.wordings, one.value, *(f"{item.title} {item.table_title or ''}" for item in items)))
    if one.outcome is not Outcome.TEXT:
        return Standing(one, told=told)
    reasons = [reason for cited in one.items if (reason := _missing(cited, corpus))]
    proven = list[Sentence]()
    for text in _sentences(one.value):
        made = _proven(text, items, verifier)
        if isinstance(made, Sentence):
            proven.append(made)
        else:
            reasons.append(say("people.because", text=text, reason=made))
    return Standing(one, tuple(proven), tuple(reasons or ([] if proven else [say("people.no_sentence")])), told)


def _sentences(text: str) -> Iterator[str]:
    for paragraph in text.splitlines():
        for start, end in sentence_spans(paragraph):
            if said := " ".join(paragraph[start:end].split()):
                yield said


def _proven(text: str, items: Sequence[Item], verifier: Verifier) -> Sentence | str:
    """A sentence by the first record that bears it out alone, else by all together; or why none does."""
    if is_order(text):
        return say("people.order")
    reason = say("people.fault_quotes")
    for chosen in [*([one] for one in items), *([list(items)] if len(items) > 1 else [])]:
        made = verifier.word(text, chosen)
        fault = verifier.find_fault(made)
        if fault is None:
            return made
        reason = reworded("de/people")[f"fault_{fault.kind.value}"].format(said=fault.said)
    return reason


def _missing(cited: ItemKey, corpus: Corpus) -> str:
    """Why a citation cannot be used; "" where it can."""
    document, key = cited
    everything = corpus.edition.catalogue
    if document not in everything.documents:
        return say("people.no_document", document=document)
    if everything.item(document, key) is None:
        return say("people.no_entry", document=document, key=key)
    return "" if corpus.catalogue.item(document, key) else say("people.replaced", document=document)


def _drafted(one: Standing, corpus: Corpus, said: str) -> Draft:
    """A text as a draft, noted by `said`; papers that are not decided are named as that behind it."""
    sentences = list(one.sentences)
    for document in sorted({document for document, _ in one.decision.items}):
        paper = corpus.catalogue.documents[document]
        proof = document_proof(paper, corpus)
        if proof is not None and wording.undecided(paper, _GERMAN):
            sentences.append(sentence("Beleg: ", Fragment(wording.source(paper, _GERMAN), (proof,)), "."))
    return answered(*sentences, mode=AnswerMode.CURATED).noting("curated", said)
