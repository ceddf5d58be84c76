"""The items on a topic: those that have each of its words, and where.

An item has a word where its text, its title or a heading above has it, as a whole, as a part of a
compound or by a synonym. What only means the same by vectors is for the search, which shows
passages; a list counts nothing of it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from service.answering.retrieval.terms import (
    SYNONYM_COVERAGE,
    QueryWord,
    cover_word,
    nouns_of,
    words_in,
)
from vectorstore.records import Item

if TYPE_CHECKING:
    from service.answering.retrieval.search import Retriever


class MatchReason(StrEnum):
    """Where the words of a topic are: in the title, in a heading above, or in the text."""

    TITLE = "title"
    HEADING = "heading"
    TEXT = "text"


# how much each place weighs beside the score of the search
_PLACES = {MatchReason.TITLE: 1.0, MatchReason.HEADING: 0.7, MatchReason.TEXT: 0.4}


@dataclass(frozen=True, slots=True)
class SearchMatch:
    """An item on a topic: its weight, 0 to 1, where it has the topic, and by which word or
    heading.
    """

    item: Item
    weight: float
    reason: MatchReason
    matched_by: str


class TopicFinder:
    """Finds the items on one topic; `language` is that of the topic."""

    def __init__(self, retriever: Retriever, topic: str, language: str = "de") -> None:
        self._retriever, self._corpus = retriever, retriever.corpus
        self._topic, self._language = topic, language
        self._words = words_in(topic, self._corpus, language)

    def find(self, documents: Collection[str] | None = None) -> list[SearchMatch]:
        """All items of these documents (None: all) on the topic, best first; with archive rows,
        without title pages; [] if a noun of it is unknown.
        """
        if not self._words or any(map(self._is_unknown, nouns_of(self._words))):
            return []
        scores = self._retriever.scale_items(self._topic, documents, self._language)
        allowed = self._retriever.mask_listable(documents)
        places = self._places(np.flatnonzero(allowed).tolist())
        matches = []
        for row, (reason, matched_by) in places.items():
            if allowed[row]:
                weight = (_PLACES[reason] + float(scores[row])) / 2
                item = self._corpus.catalogue.items[row]
                matches.append(SearchMatch(item, weight, reason, matched_by))
        return sorted(matches, key=lambda match: -match.weight)

    def _places(self, rows: Sequence[int]) -> dict[int, tuple[MatchReason, str]]:
        """Where each of these rows has the topic, and by what; items below a heading on the topic
        have it by that.
        """
        places: dict[int, tuple[MatchReason, str]] = {}
        headings: list[int] = []
        needed = set[str]()  # without any of these a text has no word of the topic
        for word in self._words:
            needed.update(word.terms, *word.synonyms)
        for row in rows:
            if needed.isdisjoint(self._corpus.terms[row]):
                continue
            title = self._corpus.title_terms[row]
            if all(self._has(word, title, title) for word in self._words):
                places[row] = MatchReason.TITLE, self._first_word(title)
                # a sentence that has the word says more than the topic, a heading is about it
                if not self._corpus.catalogue.items[row].title.endswith("."):
                    headings.append(row)
            elif self._has_all(row):
                places[row] = MatchReason.TEXT, self._first_word(self._corpus.terms[row])
        for row in headings:
            heading = self._corpus.catalogue.items[row]
            below = self._corpus.records.rows_below(heading.document_id, heading.key)
            for other in below.tolist():
                if places.get(other, (MatchReason.TEXT, ""))[0] is MatchReason.TEXT:
                    places[other] = MatchReason.HEADING, heading.title
        return places

    def _has_all(self, row: int) -> bool:
        """True if an item or the headings above it have each word, and it has one itself."""
        own, title = self._corpus.terms[row], self._corpus.title_terms[row]
        if not any(self._has(word, own, title) for word in self._words):
            return False
        terms = self._retriever.terms_of(row)
        return all(self._has(word, terms, title) for word in self._words)

    def _has(self, word: QueryWord, terms: frozenset[str], title: frozenset[str]) -> bool:
        """True if terms have a word or a synonym of it, or a title all parts of a compound:
        "Klima" and "Schutz" in a text are not "Klimaschutz".
        """
        if word.terms[0] in terms or any(map(terms.issuperset, word.synonyms)):
            return True
        return cover_word(word, title, self._corpus) >= SYNONYM_COVERAGE

    def _is_unknown(self, word: QueryWord) -> bool:
        """True if documents lack a word and its translations, such as the name of another county;
        a synonym of a word that they lack is often something else: "Sport" for "Olympia".
        """
        is_known = any(map(self._corpus.has_term, word.terms))
        return not is_known and (self._language == "de" or not word.synonyms)

    def _first_word(self, terms: frozenset[str]) -> str:
        """The first word of the topic that terms have as a whole; "" if none."""
        return next((word.text for word in self._words if word.terms[0] in terms), "")
