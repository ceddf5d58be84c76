"""What composers work with: one question as it was understood, what was found for it, and the edition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from service.answering.corpus import Corpus
from service.answering.finding.finder import Finder, Found
from service.answering.finding.judge import Judge, weights
from service.answering.finding.sentences import Chooser
from service.answering.finding.topics import TopicResolver
from service.answering.finding.words import Word, share, words_in
from service.answering.query import Query
from service.answering.reading.values import Matcher, Values
from service.answering.wording import told
from vectorstore.analysis import fold
from vectorstore.records import Document, Item

_UNDERSTOOD = ("de", "en")
_ASKED_SO, _SURE = 0.9, 1.0  # how much a question written for an entry is the one asked, from which it surely answers
_SUPPORTED = 0.3  # weight of a concept, share of a question written for it: below it an entry must hold a noun
_NAMED = 0.6  # least probability of an entry that is named by number and tells what was asked


@dataclass(frozen=True)
class Context:
    """One question on its way; `found` is what the search gave, best first."""

    corpus: Corpus
    finder: Finder
    resolver: TopicResolver
    matcher: Matcher
    query: Query
    values: Values
    found: tuple[Found, ...] = ()

    @property
    def german(self) -> bool:
        """Whether the answer's own words are German."""
        return self.query.language != "en"

    @property
    def language(self) -> str:
        """The language of the answer's own words, "de" or "en"."""
        return "de" if self.german else "en"

    def say(self, key: str, **values: object) -> str:
        """What the answer says in its own words, filled with values."""
        return told(self.language, key, **values)

    @cached_property
    def chooser(self) -> Chooser:
        """Chooses what to quote for this question."""
        return Chooser(self.query, self.corpus)

    @cached_property
    def judge(self) -> Judge:
        """Judges what was found for this question."""
        return Judge(self.query, self.found, self.corpus, self.chooser)

    @cached_property
    def judged(self) -> list[tuple[Item, float]]:
        """The entries that may be shown, best first, each with the probability that it answers.

        What the question names comes first; what nearly the same question was written for is surely it.
        """
        near = [one for one in self.found if one.support >= _SUPPORTED or one.asked >= _SUPPORTED or self._holds(one)]
        told = {(one.item.document_id, one.item.key): (one.item, self.judge.probability(one)) for one in near}
        first = []
        for item in self.entries:
            _, sure = told.pop((item.document_id, item.key), (item, 0.0))
            if not sure:
                sure = self.judge.probability(Found(item, 0.0))
            surely = item in self.values.numbered.items and self.judge.tells(item)
            first.append((item, max(sure, _NAMED) if surely else sure))
        asked = {(one.item.document_id, one.item.key) for one in self.found if one.asked >= _ASKED_SO}
        kept = [(item, _SURE if key in asked else sure) for key, (item, sure) in told.items()]
        kept = [(item, sure) for item, sure in kept if sure >= weights().fits and self._speaks(item)]
        return [(item, sure if sure == _SURE else self._claimed(item, sure)) for item, sure in first + kept]

    @cached_property
    def _nouns(self) -> tuple[Word, ...]:
        """The nouns of the question but for those that name papers and kinds, told by their capital."""
        words = words_in(self.query.text, self.corpus, self.query.spoken)
        return tuple(one for one in words if one.text[:1].isupper() and fold(one.text) not in self.values.taken)

    def _holds(self, found: Found) -> bool:
        """Whether an entry holds any noun of the question, or the question has none."""
        held = self.finder.held(self.corpus.row(found.item))
        return not self._nouns or any(share(word, held, self.corpus) for word in self._nouns)

    def _claimed(self, item: Item, sure: float) -> float:
        """The probability that an entry answers; none is claimed that lacks the kind of fact, or in other languages."""
        understood = self.query.spoken in _UNDERSTOOD
        return sure if understood and self.judge.tells(item) else min(sure, weights().answers / 2)

    def _speaks(self, item: Item) -> bool:
        """Whether an entry has a passage that may be told, or none at all but its name."""
        return bool(self.chooser.passage(item, 1, 1)) or not self.corpus.sentences(item)

    @cached_property
    def entries(self) -> list[Item]:
        """The records that the question names."""
        found = (self.corpus.catalogue.item(*one) for one in self.query.entries)
        return [one for one in found if one is not None]

    @property
    def documents(self) -> Sequence[Document]:
        """The papers that are asked."""
        ids = self.query.conditions.documents or tuple(self.corpus.catalogue.documents)
        return [self.corpus.catalogue.documents[one] for one in ids if one in self.corpus.catalogue.documents]
