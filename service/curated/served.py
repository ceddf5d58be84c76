"""The curated answers over one edition: each checked, and the one that a question means.

What is kept may change at any time, by any process: whoever asks gets what is kept now. Only what changed is checked
again; whether an answer is still valid is asked of the calendar each time.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.exc import SQLAlchemyError

from prompts import filled
from service.answering import wording
from service.answering.composing.quoting import source
from service.answering.corpus import Corpus
from service.answering.draft import Draft, Fragment, Sentence, answered, sentence
from service.answering.pipeline import Parts, Work
from service.answering.verifying.proofs import paper_proof
from service.curated.checking import Check, Checker
from service.curated.matching import Wordings, figures_held
from service.curated.models import CuratedAnswer, State, Version
from service.curated.store import CuratedStore
from service.models import AnswerMode
from vectorstore.analysis import fold, printed_words

_GERMAN, _EASY = "de", "einfach"
log = logging.getLogger("strategielotse")


@dataclass(frozen=True)
class Standing:
    """A curated answer over one edition: its newest version, what the edition says to it, what both say."""

    version: Version
    check: Check
    told: str = ""

    @property
    def answer(self) -> CuratedAnswer:
        """What was written."""
        return self.version.answer

    def state(self, today: date) -> State:
        """Whether it is told on a day, and if not why."""
        if self.version.removed:
            return State.REMOVED
        if not self.check.proven:
            return State.UNPROVEN
        return State.EXPIRED if self.answer.valid_until < today else State.VALID


class Curated:
    """The curated answers over one edition; made once per edition, used by many requests at a time."""

    def __init__(self, parts: Parts, store: CuratedStore | None = None, today: Callable[[], date] = date.today) -> None:
        self._parts = parts
        self._checker = Checker(parts.corpus, parts.verifier)
        self._store = store
        self._today = today
        self._lock = threading.Lock()
        self._newest: Version | None = None
        self._standings: tuple[Standing, ...] = ()
        self._wordings = Wordings((), parts.reader)

    @property
    def today(self) -> date:
        """The day by which answers are valid or expired."""
        return self._today()

    def __call__(self, work: Work) -> Draft | None:
        """The curated answer that a question means, None where there is none."""
        context = work.context
        if context is None or work.parts is not self._parts or work.language != _GERMAN:
            return None
        query = context.query
        if query.spoken != _GERMAN or not (meant := self.meant(query.text, query.conditions.place)):
            return None
        cited = {document for document, _ in meant.answer.citations}
        first = context.found[0].item if context.found else None
        inside = cited <= set(query.conditions.documents or context.corpus.catalogue.documents)
        if not inside or first is None or (first.document_id, first.key) not in meant.answer.citations:
            return None
        words = _EASY if work.request.style == _EASY else _GERMAN
        until = wording.day(meant.answer.valid_until)
        said = filled(f"{words}/curated", owner=meant.answer.owner, until=until)
        return drafted(meant, self._parts.corpus, said)

    def all(self) -> tuple[Standing, ...]:
        """Every curated answer as it is kept now; raises SQLAlchemyError."""
        if self._store is not None and self._store.newest() != self._newest:
            with self._lock:
                newest = self._store.newest()
                if newest != self._newest:
                    self._standings, self._wordings = self._read(self._store)
                    self._newest = newest
        return self._standings

    def check(self, answer: CuratedAnswer) -> Check:
        """What the edition says to an answer that need not be kept."""
        return self._checker.check(answer)

    def valid(self) -> tuple[Standing, ...]:
        """Those that may be told today; where what is kept cannot be read, those of before."""
        return tuple(one for one in self._known() if one.state(self._today()) is State.VALID)

    def meant(self, question: str, place: str = "") -> Standing | None:
        """The valid answer whose wording is near enough to a question, None where there is none.

        None that lacks a number, a date or the place of the question, or one of its nouns that no paper has.
        """
        standings, today = self._known(), self._today()
        for _, row in self._wordings.near(question):
            one = standings[row]
            if one.state(today) is State.VALID:
                return one if self._says(one, question, place) else None
        return None

    def _known(self) -> tuple[Standing, ...]:
        try:
            return self.all()
        except SQLAlchemyError as error:
            log.warning(
                "Geprüfte Antworten sind nicht lesbar (%s); es gelten die zuletzt gelesenen", type(error).__name__
            )
            return self._standings

    def _says(self, one: Standing, question: str, place: str) -> bool:
        return fold(place) in fold(one.told) and figures_held(question, one.told) and self._knows(one.told, question)

    def _knows(self, told: str, question: str) -> bool:
        """Whether a paper or the answer has every noun of a question."""
        corpus = self._parts.corpus
        terms = corpus.analyzer.terms(told)
        nouns = (word for text in printed_words(question) if text[0].isupper() for word in corpus.analyzer.words(text))
        return all(any(one in terms or corpus.knows(one) for one in noun.terms) for noun in nouns)

    def _read(self, store: CuratedStore) -> tuple[tuple[Standing, ...], Wordings]:
        before = {one.version.number: one for one in self._standings}
        current = ((one, before.get(one.number)) for one in store.current())
        made = tuple(old if old is not None and old.version == one else self._standing(one) for one, old in current)
        told = [one.answer.asked if one.check.proven and not one.version.removed else () for one in made]
        wordings = [(row, text) for row, asked in enumerate(told) for text in asked]
        return made, Wordings(wordings, self._parts.reader)

    def _standing(self, version: Version) -> Standing:
        answer, catalogue = version.answer, self._parts.corpus.catalogue
        items = [item for cited in answer.citations if (item := catalogue.item(*cited)) is not None]
        return Standing(
            version,
            self._checker.check(answer),
            " ".join((*answer.asked, answer.text, *(f"{item.title} {item.table_title or ''}" for item in items))),
        )


def drafted(one: Standing, corpus: Corpus, said: str) -> Draft:
    """A curated answer as a draft, noted by `said`; papers that are not decided are named as that behind it."""
    sentences: list[Sentence] = [checked.proven for checked in one.check.sentences if checked.proven is not None]
    for document in sorted({document for document, _ in one.answer.citations}):
        paper = corpus.catalogue.documents[document]
        proof = paper_proof(paper, corpus)
        if proof is not None and wording.undecided(paper, _GERMAN):
            sentences.append(sentence("Beleg: ", Fragment(source(paper, _GERMAN), (proof,)), "."))
    return answered(*sentences, mode=AnswerMode.CURATED).noting("curated", said)
