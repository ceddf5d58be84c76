"""The context of one question, from which composers make a draft: its query and all that was found
for it, as hits, passages or records.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from service import wording
from service.answering.corpus import Corpus
from service.answering.query import Conditions, Intent, Query, UnknownValue
from service.answering.reading.classifier import UNDERSTOOD
from service.answering.reading.nouns import asking_sentence
from service.answering.retrieval.best_passages import choose_passages, may_be_shown
from service.answering.retrieval.passages import PassageFinder, WholePassage
from service.answering.retrieval.query_words import PARTS_COVERAGE, QueryWord
from service.answering.retrieval.relevance import CERTAIN, DECIDING_HITS, Relevance
from service.answering.retrieval.search import Hit, Retriever
from service.answering.retrieval.sentences import SentenceChooser
from service.answering.retrieval.terms import topic_words, words_in
from service.answering.tools.records import RecordFilter, Selection
from service.records import ContactDirectory
from vectorstore.records import Document, Item


@dataclass(frozen=True)
class Context:
    """A query with its search hits, best first; `written_item` is the item for which people wrote
    this question, `contacts` the directory of contacts.
    """

    corpus: Corpus
    retriever: Retriever
    query: Query
    hits: tuple[Hit, ...] = ()
    written_item: Item | None = None
    contacts: ContactDirectory = field(default_factory=ContactDirectory)

    @property
    def language(self) -> str:
        """The language of the answer's own words, "de" or "en"."""
        return self.query.language

    def say(self, key: str, **values: object) -> str:
        """The answer's own words for a key, filled with values."""
        return wording.format_words(self.language, key, **values)

    @property
    def is_understood(self) -> bool:
        """True for a question in a language that the reader understands."""
        return self.query.question_language in UNDERSTOOD

    @property
    def documents(self) -> Sequence[Document]:
        """The documents to answer from: those of the query, or all of the corpus if it names none.

        Ids that the corpus lacks are left out: it may hold only the documents in force.
        """
        known = self.corpus.catalogue.documents
        return [
            known[document]
            for document in self.query.conditions.documents or known
            if document in known
        ]

    def within(self, documents: tuple[str, ...]) -> Context:
        """The context of the same question over some documents (ids) alone."""
        query = self.query
        hits = self.retriever.search(
            query.text, documents, 3, query.question_language, question=query.question
        )
        own = self.under(replace(query.conditions, documents=documents))
        return replace(own, hits=tuple(hits))

    def under(self, conditions: Conditions) -> Context:
        """The context of the same question under other conditions."""
        return replace(self, query=replace(self.query, conditions=conditions))

    @cached_property
    def items(self) -> list[Item]:
        """The records that the question names."""
        items = (self.corpus.catalogue.item(*entry) for entry in self.query.entries)
        return [item for item in items if item is not None]

    @property
    def numbered(self) -> list[Item]:
        """Those of the records that the question names by number."""
        return self.items[: self.query.numbered_count]

    @cached_property
    def topic_words(self) -> tuple[QueryWord, ...]:
        """The words of the question's topic."""
        return topic_words(self.query, self.corpus)

    @cached_property
    def chooser(self) -> SentenceChooser:
        """The chooser of the sentences to quote for this question."""
        return SentenceChooser(self.query, self.corpus)

    @cached_property
    def passages(self) -> PassageFinder:
        """The finder of the passages to show for this question."""
        return PassageFinder(self.query, self.corpus)

    @cached_property
    def selection(self) -> Selection | None:
        """The records that meet the conditions; None if a condition has a value of no record."""
        query = self.query
        try:
            records = RecordFilter(self.retriever, query.conditions, query.question_language)
        except UnknownValue:
            return None
        return records.select(self.language)

    @cached_property
    def best_passages(self) -> list[WholePassage]:
        """The passages to show for this question, best first: of all items that may be shown."""
        return self.passages_of([item for item, _ in self.ranked_items if may_be_shown(item)])

    def passages_of(self, items: Sequence[Item]) -> list[WholePassage]:
        """The passages of some items to show for this question, best first.

        Those that it names by number, or for which people wrote it, come first.
        """
        hits = [self.hit_of(item) for item in items]
        leading = (*self.numbered, self.written_item)
        return choose_passages(hits, leading, self.passages, self.query.answer_type)

    def hit_of(self, item: Item) -> Hit:
        """The search hit of an item for this question.

        If the search did not find the item, a hit is made for it, with the same measures of how
        well it fits the question, but the score 0.
        """
        found = (hit for hit in self.hits if hit.item == item)
        return next(found, None) or self.retriever.describe_item(item, self.query)

    @cached_property
    def relevance(self) -> Relevance:
        """The relevance model for this question."""
        return Relevance(self.query, self.corpus, self.chooser, self.hits)

    @property
    def hits_with_all_words(self) -> list[Hit]:
        """Those of the first three hits that have every content word of the topic, or its
        compounds: where the relevance model lets no hit pass, they are shown, as found.

        Of several sentences the one that asks has these words; of the topic one is enough then,
        which people may have told before ("Ich wohne in der Mühlstraße. Wann wird sie saniert?").
        """
        topic = asked = self.topic_words
        sentence = asking_sentence(self.query.question)
        if sentence != self.query.question:
            asked = words_in(sentence, self.corpus, self.query.question_language)
        if not (topic and asked and self.is_understood):
            return []
        hits = []
        for hit in self.hits[:DECIDING_HITS]:
            terms = self.retriever.terms_of(self.corpus.row(hit.item))
            has_asked = all(self._has(terms, word) for word in asked)
            has_topic = any(self._has(terms, word) for word in topic)
            if has_asked and has_topic:
                hits.append(hit)
        return hits

    def _has(self, terms: frozenset[str], word: QueryWord) -> bool:
        """True if the terms of an item have a word, or its compounds."""
        return word.covered_by(terms, self.corpus.rarity) >= PARTS_COVERAGE

    @property
    def _hits_without_proof(self) -> list[Hit]:
        """What to show where the relevance model lets no hit pass: the hits with all words, or the
        first ones of a document that the question names without any other word.
        """
        if self.query.intent is Intent.DOCUMENT and self.is_understood:
            return list(self.hits[:DECIDING_HITS])
        return self.hits_with_all_words

    @cached_property
    def ranked_items(self) -> list[tuple[Item, float]]:
        """The items that may be shown, best first, each with the probability (0 to 1) that it
        answers.

        First comes the item for which people wrote this very question, if there is one: that is
        `CERTAIN`. Then come the items that the question names, and then the hits that fit it. Of
        the named items the first `numbered_count` are named by their number.
        """
        named = [self.hit_of(item) for item in self.items]
        ranked = self.relevance.rate_items(named, self.numbered)
        ranked = ranked or [(hit.item, 0.0) for hit in self._hits_without_proof]
        if self.written_item is None:
            return ranked
        return [
            (self.written_item, CERTAIN),
            *(pair for pair in ranked if pair[0] != self.written_item),
        ]
