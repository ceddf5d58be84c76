"""The curated answers over one edition: each checked, and the one that a question means.

What is kept may change at any time, by any process: whoever asks gets what is kept now. Only what changed is checked
again; whether an answer is still valid is asked of the calendar each time.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from sqlalchemy.exc import SQLAlchemyError

from service.answering import wording
from service.answering.composing.titles import source
from service.answering.corpus import Corpus
from service.answering.draft import Draft, Fragment, Proof, Sentence, answered
from service.answering.evidence.verbatim import squash
from service.answering.finding.finder import Found
from service.answering.query import Query
from service.answering.trained.matching import matching
from service.answering.understanding.conversation import understood
from service.answering.understanding.language import DEFAULT
from service.answering.verifying.numbers import figures
from service.answering.verifying.verifier import Verifier
from service.curated.checking import Check, Checker
from service.curated.matching import Asked, Known, Said, Weights, features, foreign
from service.curated.models import CuratedAnswer, State, Version
from service.curated.store import CuratedStore
from service.models import AnswerMode
from vectorstore.chunk_store import Vectors

_COMPARED = 12  # answers that are compared in full: those whose wordings the embedding or a word brings nearest
_NOTHING = Said(frozenset(), frozenset())
log = logging.getLogger("strategielotse")


@dataclass(frozen=True)
class Standing:
    """A curated answer over one edition: its newest version, what the edition says to it, how it is compared."""

    version: Version
    check: Check
    known: Known | None = None
    vectors: Vectors | None = None

    @property
    def answer(self) -> CuratedAnswer:
        """What was written."""
        return self.version.answer

    @property
    def proofs(self) -> tuple[Proof, ...]:
        """Everything that proves its sentences."""
        return tuple(proof for one in self.check.sentences if one.proven for proof in one.proven.proofs)

    def state(self, today: date) -> State:
        """Whether it is told on a day, and if not why."""
        if self.version.removed:
            return State.REMOVED
        if not self.check.proven:
            return State.UNPROVEN
        return State.EXPIRED if self.answer.valid_until < today else State.VALID


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: the question in its own words, as understood, what was found for it, the service's own answer."""

    text: str
    query: Query
    found: tuple[Found, ...]
    own: Draft


class Curated:
    """The curated answers over one edition; made once per edition, used by many requests at a time."""

    def __init__(
        self,
        corpus: Corpus,
        verifier: Verifier,
        store: CuratedStore | None = None,
        today: Callable[[], date] = date.today,
        weights: Weights | None = None,
    ) -> None:
        self._corpus = corpus
        self._checker = Checker(corpus, verifier)
        self._store = store
        self._today = today
        self.weights = weights or matching()
        self._lock = threading.Lock()
        self._newest: Version | None = None
        self._standings: tuple[Standing, ...] = ()

    @property
    def today(self) -> date:
        """The day by which answers are valid or expired."""
        return self._today()

    def all(self) -> tuple[Standing, ...]:
        """Every curated answer as it is kept now; raises SQLAlchemyError."""
        if self._store is not None and self._store.newest() != self._newest:
            with self._lock:
                newest = self._store.newest()
                if newest != self._newest:
                    self._standings = self._read(self._store)
                    self._newest = newest
        return self._standings

    def check(self, answer: CuratedAnswer) -> Check:
        """What the edition says to an answer that need not be kept."""
        return self._checker.check(answer)

    def valid(self) -> tuple[Standing, ...]:
        """Those that may be told today; where what is kept cannot be read, those of before."""
        try:
            standings = self.all()
        except SQLAlchemyError as error:
            log.warning(
                "Geprüfte Antworten sind nicht lesbar (%s); es gelten die zuletzt gelesenen", type(error).__name__
            )
            standings = self._standings
        today = self._today()
        return tuple(one for one in standings if one.state(today) is State.VALID)

    def meant(self, question: Question) -> Standing | None:
        """The valid answer that a question surely enough means, None where there is none."""
        valid = [one for one in self.valid() if self._allowed(one, question.query)]
        if not valid or question.query.spoken != DEFAULT or question.query.language != DEFAULT:
            return None
        asked = Asked(question.text, question.query, self._corpus)
        sure = [(self._probability(asked, question, one), one) for one in _nearest(asked, valid)]
        best = max(sure, key=lambda one: one[0], default=None)
        return best[1] if best is not None and best[0] >= self.weights.least else None

    @staticmethod
    def _allowed(one: Standing, query: Query) -> bool:
        """True where all that an answer cites is among the documents that the question is put to."""
        return {document for document, _ in one.answer.citations} <= set(query.documents)

    def _probability(self, asked: Asked, question: Question, one: Standing) -> float:
        return max(map(self.weights.probability, self.compared(asked, question, one)), default=0.0)

    def compared(self, asked: Asked, question: Question, one: Standing) -> list[dict[str, float]]:
        """The features of a question and each wording of an answer; none where it cannot mean that answer."""
        if one.known is None:
            return []
        first = question.found[0].item if question.found else None
        cited = first is not None and (first.document_id, first.key) in one.answer.citations
        passage = _passage(question.own, one.proofs)
        other = _NOTHING if first is None or cited else self._said(first.title)
        if foreign(asked, one.known, other):
            return []
        return [features(asked, one.known, wording, cited, passage) for wording in one.known.wordings]

    def _read(self, store: CuratedStore) -> tuple[Standing, ...]:
        before = {one.version.number: one for one in self._standings}
        current = ((one, before.get(one.number)) for one in store.current())
        return tuple(old if old is not None and old.version == one else self._standing(one) for one, old in current)

    def _standing(self, version: Version) -> Standing:
        check = self._checker.check(version.answer)
        if version.removed or not check.proven:
            return Standing(version, check)
        made = Standing(version, check)
        known = self._known(made)
        return replace(made, known=known, vectors=np.stack([one.vector for one in known.wordings]))

    def _known(self, one: Standing) -> Known:
        answer, corpus = one.answer, self._corpus
        items = [item for cited in answer.citations if (item := corpus.catalogue.item(*cited)) is not None]
        titles = " ".join(f"{item.title} {item.table_title or ''}" for item in items)
        quoted = {squash(proof.quote) for proof in one.proofs}
        elsewhere = (text for item in items for _, text in corpus.sentences(item) if squash(text) not in quoted)
        return Known(
            wordings=tuple(self.asked(text) for text in answer.asked),
            titles=self._said(titles),
            told=self._said(" ".join((answer.text, *answer.asked))),
            elsewhere=self._said(" ".join(elsewhere)),
            figures=figures(answer.text),
            named=f"{answer.text} {titles}",
        )

    def asked(self, text: str) -> Asked:
        """A question as it is compared."""
        return Asked(text, understood(text, [], self._corpus, DEFAULT, None).query, self._corpus)

    def _said(self, text: str) -> Said:
        return Said.of(self._corpus.analyzer.words(text))


def _nearest(asked: Asked, valid: list[Standing]) -> list[Standing]:
    """Those that are worth comparing in full."""
    if len(valid) <= _COMPARED:
        return valid

    def near(one: Standing) -> float:
        assert one.known is not None and one.vectors is not None
        told = one.known.told.terms
        words = sum(weight for word, weight in asked.words.items() if not told.isdisjoint(word.terms))
        return float((one.vectors @ asked.vector).max()) + words / (sum(asked.words.values()) or 1.0)

    return sorted(valid, key=near, reverse=True)[:_COMPARED]


def _passage(own: Draft, proofs: tuple[Proof, ...]) -> float:
    """How far the service's own answer rests on an answer's proofs: 1 by its first passage, one half by another."""
    known = [(proof.item.document_id, proof.item.key, squash(proof.quote)) for proof in proofs]
    told = [
        (proof.item.document_id, proof.item.key, squash(proof.quote)) for one in own.sentences for proof in one.proofs
    ]
    rests = [
        any(one[:2] == other[:2] and (one[2] in other[2] or other[2] in one[2]) for other in known) for one in told
    ]
    return 1.0 if rests[:1] == [True] else 0.5 if any(rests) else 0.0


def drafted(one: Standing, corpus: Corpus, said: str) -> Draft:
    """A curated answer as a draft, noted by `said`; papers that are not decided are named as that behind it."""
    sentences: list[Sentence] = [checked.proven for checked in one.check.sentences if checked.proven is not None]
    documents = {document for document, _ in one.answer.citations}
    open_ = [corpus.catalogue.documents[document] for document in sorted(documents)]
    named = [source(document, DEFAULT) for document in open_ if wording.undecided(document, DEFAULT)]
    if named:
        last = sentences[-1]
        sentences[-1] = replace(last, fragments=(*last.fragments, Fragment(f" ({'; '.join(named)})")))
    return answered(*sentences, mode=AnswerMode.CURATED).noting("curated", said)
