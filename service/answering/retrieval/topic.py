"""The items on a topic: those that have each of its words, and where.

An item has a word where its text, its title or a heading above has it, as a whole, as a part of a
compound or by a synonym. What only means the same by vectors is for the search, which shows
passages; a list counts nothing of it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from prompts import say
from service.answering.corpus import Corpus
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
    """All items of documents (None: all) on a topic, best first, with archive rows, but without
    title pages; `language` is that of the topic.

    [] if no document knows one of the topic's nouns: what has only its other words, or a German
    synonym, is on something else. The weight of an item is the mean of what its place and the
    search give.
    """
    corpus = retriever.corpus
    words = words_in(topic, corpus, language)
    if not words:
        return []
    for word in nouns_of(words):
        is_translated = language != "de" and word.synonyms
        if not is_translated and not any(map(corpus.has_term, word.terms)):
            return []
    scores = retriever.scale_items(topic, documents, language)
    allowed = retriever.mask_listable(documents)
    matches = []
    for row, (reason, matched_by) in _places(words, corpus, allowed).items():
        if allowed[row]:
            weight = (_PLACES[reason] + float(scores[row])) / 2
            own_word = _first_word(words, corpus.terms[row])
            item = corpus.catalogue.items[row]
            matches.append(SearchMatch(item, weight, reason, matched_by, own_word))
    return sorted(matches, key=lambda match: -match.weight)


def _places(
    words: Sequence[QueryWord], corpus: Corpus, allowed: Mask
) -> dict[int, tuple[MatchReason, str]]:
    """Where items have all words of a topic, by row: the place, and the word or heading by which
    they do.

    The title counts more than a heading above, and this more than the text. What stands below an
    item with the topic in its title is on it, too. A title that is a sentence makes nothing below
    it so: it says more than the topic. Rows that are not `allowed` may be among those below
    headings.
    """
    places = dict[int, tuple[MatchReason, str]]()
    headings = list[int]()
    in_titles = [_mask_titles(word, corpus) for word in words]
    titled = np.logical_and.reduce(in_titles)
    having = [_mask_texts(word, corpus) | mask for word, mask in zip(words, in_titles, strict=True)]
    for row in np.flatnonzero(np.logical_and.reduce([allowed, *having])).tolist():
        if not titled[row]:
            places[row] = MatchReason.TEXT, _first_word(words, corpus.terms[row])
            continue
        places[row] = MatchReason.TITLE, _first_word(words, corpus.title_terms[row])
        if not corpus.catalogue.items[row].title.endswith("."):
            headings.append(row)
    for row in headings:
        heading = corpus.catalogue.items[row]
        below = corpus.records.rows_below(heading.document_id, heading.key)
        for other in below.tolist():
            reason, _ = places.get(other, (MatchReason.TEXT, ""))
            if reason is MatchReason.TEXT:
                places[other] = MatchReason.HEADING, heading.title
    return places


def _mask_titles(word: QueryWord, corpus: Corpus) -> Mask:
    """The items whose titles have a word, a synonym, or most parts of a compound.

    Parts are enough only in a title, which is short: "Klima" and "Schutz" somewhere in a text are
    not "Klimaschutz".
    """
    mask = corpus.records.empty_mask()
    for term in word.all_terms:
        for row in np.flatnonzero(corpus.title_index.mask_of(term)).tolist():
            covered = word.covered_by(corpus.title_terms[row], corpus.rarity)
            mask[row] = covered >= SYNONYM_COVERAGE
    return mask


def _mask_texts(word: QueryWord, corpus: Corpus) -> Mask:
    """The items that have a word as a whole or by a synonym, of which they need all terms."""
    mask = corpus.index.mask_of(word.terms[0])
    for synonym in word.synonyms:
        mask |= np.logical_and.reduce([corpus.index.mask_of(term) for term in synonym])
    return mask


def _first_word(words: Sequence[QueryWord], terms: frozenset[str]) -> str:
    """The first word of a topic that terms have as a whole; "" if none."""
    return next((word.text for word in words if word.terms[0] in terms), "")
