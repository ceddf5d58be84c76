"""What composers work with: one question as it was understood, what was found for it, and the edition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from service.answer.corpus import Corpus
from service.answer.finding.finder import Finder, Found
from service.answer.finding.judge import Judge, weights
from service.answer.finding.sentences import Chooser
from service.answer.finding.topics import TopicResolver
from service.answer.query import Query
from service.answer.reading.values import Matcher, Values
from vectorstore.records import Document, Item


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

    def say(self, german: str, english: str) -> str:
        """The words in the answer's language."""
        return german if self.german else english

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
        named = {(item.document_id, item.key): 0.0 for item in self.entries}
        told = [(one.item, self.judge.probability(one)) for one in self.found]
        for item, probability in told:
            if (item.document_id, item.key) in named:
                named[item.document_id, item.key] = probability
        first = [(item, named[item.document_id, item.key]) for item in self.entries]
        fits = weights().fits
        return first + [(i, p) for i, p in told if p >= fits and (i.document_id, i.key) not in named]

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
