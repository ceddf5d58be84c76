"""The items on a topic: those that have each of its words, and where.

An item has a word where its text, its title or a heading above has it, as a whole, as a part of a
compound or by a synonym. What only means the same by vectors is for the search, which shows
passages; a list counts nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from prompts import say
from service.answering.retrieval.query_words import SYNONYM_COVERAGE, QueryWord
from service.answering.retrieval.search import Retriever
from service.answering.retrieval.terms import nouns_of, words_in
from vectorstore.records import Item

Mask = NDArray[np.bool_]


class MatchReason(StrEnum):
    """Where the words of a topic are: in the title, in a heading above, or in the text."""

    TITLE = "title"
    HEADING = "heading"
    TEXT = "text"


# how much each place weighs beside the score of the search
_PLACES = {MatchReason.TITLE: 1.0, MatchReason.HEADING: 0.7, MatchReason.TEXT: 0.4}


@dataclass(frozen=True, slots=True)
class SearchMatch:
    """An item on a topic: its weight, 0 to 1, where it has the topic, by which word or heading ("":
    by a synonym or parts of a compound), and a word of the topic that the item itself has, or "".
    """

    item: Item
    weight: float
    reason: MatchReason
    matched_by: str
    word: str

    def describe(self) -> str:
        """Why the item is on the topic, for people."""
        name = self.reason if self.matched_by else f"related_{self.reason}"
        return say(f"lookup.{name}", by=self.matched_by)


def find_on_topic(
    retriever: Retriever,
    topic: str,
    documents: Collection[str] | None = None,
    language: str = "de",
) -> list[SearchMatch]:
    """The items of documents (None: all) on a topic, best first; see `TopicFinder.find`."""
    return TopicFinder(retriever, topic, language).find(documents)


class TopicFinder:
    """Finds the items on one topic; `language` is that of the topic."""

    def __init__(self, retriever: Retriever, topic: str, language: str = "de") -> None:
        self._retriever, self._corpus = retriever, retriever.corpus
        self._topic, self._language = topic, language
        self._words = words_in(topic, self._corpus, language)

    def find(self, documents: Collection[str] | None = None) -> list[SearchMatch]:
        """All items of these documents (None: all) on the topic, best first, with archive rows, but
        without title pages.

        [] if no document knows one of the topic's nouns: what has only its other words is on
        something else. The weight of an item is the mean of what its place and the search give.
        """
        if not self._words or any(map(self._is_unknown, nouns_of(self._words))):
            return []
        scores = self._retriever.scale_items(self._topic, documents, self._language)
        allowed = self._retriever.mask_listable(documents)
        places = self._places(allowed)
        matches = []
        for row, (reason, matched_by) in places.items():
            if allowed[row]:
                weight = (_PLACES[reason] + float(scores[row])) / 2
                item = self._corpus.catalogue.items[row]
                word = self._first_word(self._corpus.terms[row])
                matches.append(SearchMatch(item, weight, reason, matched_by, word))
        return sorted(matches, key=lambda match: -match.weight)

    def _places(self, allowed: Mask) -> dict[int, tuple[MatchReason, str]]:
        """Where items have the topic, by row: the place, and the word or heading by which they do.

        The title counts more than a heading above, and this more than the text. What stands below
        an item with the topic in its title is on it, too. A title that is a sentence makes nothing
        below it so: it says more than the topic. Rows that are not `allowed` may be among those
        below headings.
        """
        corpus = self._corpus
        places = dict[int, tuple[MatchReason, str]]()
        headings = list[int]()
        in_titles = [self._mask_titles(word) for word in self._words]
        titled = np.logical_and.reduce(in_titles)
        for row in np.flatnonzero(allowed & (titled | self._mask_texts(in_titles))).tolist():
            if not titled[row]:
                places[row] = MatchReason.TEXT, self._first_word(corpus.terms[row])
                continue
            places[row] = MatchReason.TITLE, self._first_word(corpus.title_terms[row])
            if not corpus.catalogue.items[row].title.endswith("."):
                headings.append(row)
        for row in headings:
            heading = corpus.catalogue.items[row]
            below = corpus.records.rows_below(heading.document_id, heading.key)
            for other in below.tolist():
                if places.get(other, (MatchReason.TEXT, ""))[0] is MatchReason.TEXT:
                    places[other] = MatchReason.HEADING, heading.title
        return places

    def _mask_texts(self, in_titles: list[Mask]) -> Mask:
        """The items that have every word of the topic in their text, title or the headings above.

        At least one word must be in their own text or title, so that not all that stands below some
        headings is said to have the topic in its text. `in_titles` are the masks of `_mask_titles`,
        one for each word.
        """
        own = [_mask_of(word, self._corpus.index.mask_of) for word in self._words]
        each = [
            _mask_of(word, self._mask_with_above) | titled
            for word, titled in zip(self._words, in_titles, strict=True)
        ]
        mask: Mask = np.logical_or.reduce(own + in_titles) & np.logical_and.reduce(each)
        return mask

    def _mask_with_above(self, term: str) -> Mask:
        """The items that have a term themselves or stand below one that has it in its title, since
        that is what they are on.
        """
        corpus = self._corpus
        mask = corpus.index.mask_of(term)
        for row in np.flatnonzero(corpus.title_index.mask_of(term)).tolist():
            heading = corpus.catalogue.items[row]
            mask[corpus.records.rows_below(heading.document_id, heading.key)] = True
        return mask

    def _mask_titles(self, word: QueryWord) -> Mask:
        """The items whose titles have a word, a synonym, or most parts of a compound.

        Parts are enough only in a title, which is short: "Klima" and "Schutz" somewhere in a text
        are not "Klimaschutz".
        """
        corpus = self._corpus
        mask = corpus.records.empty_mask()
        for term in word.all_terms:
            for row in np.flatnonzero(corpus.title_index.mask_of(term)).tolist():
                covered = word.covered_by(corpus.title_terms[row], corpus.rarity)
                mask[row] = covered >= SYNONYM_COVERAGE
        return mask

    def _is_unknown(self, word: QueryWord) -> bool:
        """True if the documents lack a word, such as the name of another county.

        In other languages a word with translations is known. A German synonym does not count, since
        for a word that documents lack it is often something else: "Sport" for "Olympia".
        """
        is_known = any(map(self._corpus.has_term, word.terms))
        return not is_known and (self._language == "de" or not word.synonyms)

    def _first_word(self, terms: frozenset[str]) -> str:
        """The first word of the topic that terms have as a whole; "" if none."""
        return next((word.text for word in self._words if word.terms[0] in terms), "")


def _mask_of(word: QueryWord, mask_of: Callable[[str], Mask]) -> Mask:
    """The items that have a word as a whole or by a synonym, of which they need all terms;
    `mask_of` gives the items with a term, in a new array each time, as the result is put there.
    """
    mask = mask_of(word.terms[0])
    for synonym in word.synonyms:
        mask |= np.logical_and.reduce([mask_of(term) for term in synonym])
    return mask
