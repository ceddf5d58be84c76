"""Retrieval: the items that fit a text best, and all items on a topic.

Evidence is lexical (words, parts of compounds, runs of letters, the vocabulary), vectors, and questions that were
written for items. Each kind is divided by its best over the searched documents, so that their weights compare; an item
has the score of its best passage. The vocabulary counts less where the words themselves are found. Cosines of the
encoder lie in a narrow band that differs from question to question: a passage counts by how far its cosine is above the
mean over all passages, in standard deviations. What each kind is worth: docs/decisions/014-finding.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from service.answering.corpus import Corpus
from service.answering.retrieval.relevance import FIRST, may_be_listed, probability_of_treating
from service.answering.retrieval.terms import PART, QueryWord, coverage, frames, nouns_of, weigh, words_in
from service.masking.notation import mask_details
from vectorstore.analysis import Analyzer, fold, printed_words
from vectorstore.catalogue import Catalogue
from vectorstore.language import rate_distinctiveness
from vectorstore.lexical import LexicalIndex
from vectorstore.questions import ItemKey, Questions
from vectorstore.records import Item, ItemKind

Scores = NDArray[np.float32]
Mask = NDArray[np.bool_]
_RUN = 5  # letters of a run
_FAR_ABOVE = 4.0  # standard deviations above the mean that count as much as the best of other evidence
_TELLING_ENTRY = 2.5  # summed rarity of a concept's words that support it: not "Umsetzung" alone
_CONSIDERED = 0.05  # share of the best score from which an item may be on a topic
_ON_TOPIC = 0.45  # weight from which it is
_LISTED = 0.4  # probability from which it may be in a list of all
_OF_NOUNS = 0.5  # share of the nouns of a topic that an item on the whole of it contains
_UNDER = 0.6  # share of a heading's weight that what is below it has at least
_CALLED, _ONLY = 0.9, 0.5  # share of a topic's words in a title, and of the title's words in the topic


@dataclass(frozen=True, slots=True)
class Weights:
    """What each kind of evidence counts."""

    words: float = 1.0
    grams: float = 0.8
    vocabulary: float = 1.0
    dense: float = 1.0
    questions: float = 1.2


@dataclass(frozen=True, slots=True)
class Hit:
    """An item with its score.

    `coverage` is the share of the question's words that it or its headings contain, by rarity, 0 to 1; `support` the
    weight of the strongest concept that it supports; `asked` how surely a question written for it is this one;
    `similarity` the best cosine of its passages with the question, None without vectors.
    """

    item: Item
    score: float
    coverage: float = 0.0
    support: float = 0.0
    asked: float = 0.0
    similarity: float | None = None


class MatchReason(StrEnum):
    """Why an item is on a topic: a word of it is in the item's title, in a heading above, in the text, or nowhere."""

    TITLE = "title"
    HEADING = "heading"
    TEXT = "text"
    MEANING = "meaning"


@dataclass(frozen=True, slots=True)
class SearchMatch:
    """An item on a topic: its weight, above 0 to 1, and why, with that word or heading."""

    item: Item
    weight: float
    reason: MatchReason
    by: str


@dataclass(frozen=True, slots=True)
class _Text:
    """A text that is searched for: its words, the cosine of each passage and the best of each item's, its likeness to
    each item's questions.
    """

    text: str
    language: str
    words: tuple[QueryWord, ...]
    cosines: Scores | None
    best: Scores | None
    likeness: Scores | None


class QuestionIndex:
    """Questions written for items, by the `rows` of these; `rarity` is that of an index term.

    That two questions share "kann" or "Stadt" says little of what they mean, that they share "Trinkbrunnen" much: terms
    are weighted by how rare they are in the documents and in everyday German.
    """

    def __init__(
        self, questions: Questions, rows: Mapping[ItemKey, int], analyzer: Analyzer, rarity: Callable[[str], float]
    ) -> None:
        self._lexical, self._analyzer, self._rarity, self._size = questions.lexical, analyzer, rarity, len(rows)
        known = [(place, rows[item]) for place, item in enumerate(questions.items) if item in rows]
        self._searched, self._rows = np.array(known, dtype=np.intp).reshape(-1, 2).T
        written = [(rows[entry.item], entry.question) for entry in questions.all if entry.item in rows]
        self._row_of_question = [row for row, _ in written]
        columns: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for place, (_, text) in enumerate(written):
            for term, weight in self._weighted(text).items():
                columns[term].append((place, weight))
        self._columns = {
            term: [np.array(value) for value in zip(*entries, strict=True)] for term, entries in columns.items()
        }

    @property
    def any(self) -> bool:
        """True if there are any."""
        return bool(self._rows.size)

    def likeness(self, text: str) -> Scores:
        """How much of what a text tells it shares with the most similar question of each item, 0 to 1, (items,)."""
        closest = np.zeros(len(self._row_of_question), dtype=np.float32)
        shares = np.zeros(self._size, dtype=np.float32)
        for term, weight in self._weighted(text).items():
            if term in self._columns:
                places, weights = self._columns[term]
                closest[places] += weight * weights
        np.maximum.at(shares, self._row_of_question, np.minimum(closest, np.float32(1.0)))
        return shares

    def scores(self, text: str, topic: Mapping[str, float]) -> Scores:
        """How well the questions of each item fit all words of a text and its topic's weighted terms, (items,)."""
        scores = np.zeros(self._size, dtype=np.float32)
        terms = {**dict.fromkeys(self._analyzer.terms(text), 1.0), **topic}
        scores[self._rows] = self._lexical.scores(terms)[self._searched]
        return scores

    def _weighted(self, text: str) -> dict[str, float]:
        """The terms of a text with how much each tells, of length 1 together; a term that comes twice counts once."""
        results: dict[str, float] = {}
        for printed in printed_words(text):
            weight = rate_distinctiveness(fold(printed))
            for word in self._analyzer.words(printed):
                for term in word.terms:
                    worth = weight * self._rarity(term) * (1.0 if term == word.whole else PART)
                    results[term] = max(results.get(term, 0.0), worth)
        length = sum(worth**2 for worth in results.values()) ** 0.5
        return {term: worth / length for term, worth in results.items()} if length else {}


class Retriever:
    """Ranks the items of an edition; read-only, shared between requests."""

    def __init__(self, corpus: Corpus, weights: Weights | None = None) -> None:
        self.corpus, self.weights = corpus, weights or Weights()
        catalogue, edition = corpus.catalogue, corpus.edition.catalogue
        self._rows = np.array([edition.row(chunk.id) for chunk in catalogue.chunks], dtype=np.intp)
        rows = [corpus.row_of_item[chunk.document_id, chunk.key] for chunk in catalogue.chunks]
        self._items = np.array(rows, dtype=np.intp)
        self._has_text = np.array([_has_text(item) for item in catalogue.items], dtype=np.bool_)
        self._may_list = np.array([item.ref != "Titel" for item in catalogue.items], dtype=np.bool_)

    @cached_property
    def _grams(self) -> LexicalIndex:
        return _gram_index(self.corpus.catalogue)

    @cached_property
    def _questions(self) -> QuestionIndex:
        corpus = self.corpus
        return QuestionIndex(corpus.edition.questions, corpus.row_of_item, corpus.analyzer, corpus.rarity)

    def search(
        self,
        text: str,
        documents: Collection[str] | None = None,
        limit: int = 12,
        language: str = "de",
        kinds: Collection[ItemKind] = (),
    ) -> list[Hit]:
        """The best items of these documents and kinds, all where None or none is given; best first."""
        asked, allowed = self._read(text, language), self._allowed(documents, kinds)
        scores = self._scores(asked, allowed)
        if asked.likeness is not None:
            fits = scale(np.where(allowed, self._questions.scores(text, _terms(asked.words)), np.float32(0.0)))
            scores += self.weights.questions * fits * np.sqrt(np.where(allowed, asked.likeness, np.float32(0.0)))
            scores *= self._has_text
        rows = [row for row in np.argsort(-scores, kind="stable")[:limit].tolist() if scores[row] > 0]
        return [self._hit(row, asked, float(scores[row])) for row in rows]

    def describe(self, item: Item, text: str, language: str = "de") -> Hit:
        """An item as `search` gives it for a text, without a score."""
        return self._hit(self.corpus.row(item), self._read(text, language))

    @cached_property
    def _written_questions(self) -> dict[str, ItemKey]:
        """The items by the questions that people wrote for them, white space and case made equal."""
        return {_plain(entry.question): entry.item for entry in self.corpus.edition.questions.all if not entry.origin}

    def item_written_for(self, question: str, documents: Collection[str] | None = None) -> Item | None:
        """The item for which people wrote this very question; None where there is none in these documents."""
        key = self._written_questions.get(_plain(question))
        inside = key is not None and (documents is None or key[0] in documents)
        return self.corpus.catalogue.item(*key) if key and inside else None

    def on_topic(
        self, topic: str, documents: Collection[str] | None = None, language: str = "de", *, whole: bool = False
    ) -> list[SearchMatch]:
        """All items of these documents on a topic, best first; archive rows too, title pages not.

        `whole` leaves out what is hardly likely by itself, and what contains too little of a topic of several nouns: a
        list claims that each of its rows meets the condition, an overview that it is about the topic.

        An item weighs the mean of its share of the best score and of the probability that it treats the topic. None is
        on it where the first are neither called so nor likely on it, or where a noun of the topic is a name that nobody
        knows. Written questions say nothing here.
        """
        asked = self._read(topic, language)
        nouns = nouns_of(asked.words)
        if any(self._is_unknown(word, language) for word in nouns):
            return []
        weights = scale(self._scores(asked, self._allowed(documents, ())) * self._may_list)
        weights *= weights >= _CONSIDERED
        hits = {row: self._hit(row, asked) for row in np.flatnonzero(weights).tolist()}
        likely = np.zeros(len(weights), dtype=np.float32)
        for row, hit in hits.items():
            likely[row] = probability_of_treating([hit])
        first = sorted(hits, key=lambda row: -weights[row])[:FIRST]
        if not any(may_be_listed(hits[row]) or self._is_called(row, asked.words) for row in first):
            return []
        weights = (weights + likely) / np.float32(2.0)
        lifted = self._lifted(weights, asked.words)
        rows = [row for row in np.argsort(-lifted, kind="stable").tolist() if lifted[row] >= _ON_TOPIC]
        if whole:
            accepted = (likely >= _LISTED) | (lifted > weights)
            rows = [row for row in rows if accepted[row] or self._is_called(row, asked.words)]
        if whole and len(nouns) > 1:
            rows = [row for row in rows if coverage(nouns, self.terms_of(row), self.corpus) >= _OF_NOUNS]
        return [self._match(row, asked.words, float(lifted[row])) for row in rows]

    def _is_unknown(self, word: QueryWord, language: str) -> bool:
        """True if neither documents nor vocabulary nor a table know a word: another county's name."""
        known = any(map(self.corpus.knows, word.terms)) or word.others
        return not known and not self.corpus.expansion.terms(word.text, language)

    def _lifted(self, weights: Scores, words: tuple[QueryWord, ...]) -> Scores:
        """The weights, those of items below a heading of just this topic at least a share of that heading's."""
        corpus, lifted = self.corpus, weights.copy()
        for row in np.flatnonzero(weights >= _ON_TOPIC).tolist():
            item = corpus.catalogue.items[row]
            if self._is_called(row, words) and self._is_only_of(item, words):
                below = corpus.records.below(item.document_id, item.key)
                below = below[weights[below] > 0]  # of these documents
                lifted[below] = np.maximum(lifted[below], np.float32(_UNDER) * weights[row])
        return lifted

    def _is_called(self, row: int, words: tuple[QueryWord, ...]) -> bool:
        """True if the title of an item contains all of these words."""
        return coverage(words, self.corpus.title_terms[row], self.corpus) >= _CALLED

    def _is_only_of(self, item: Item, words: tuple[QueryWord, ...]) -> bool:
        """True if the title of an item is about little but these words."""
        terms = frozenset(term for word in words for term in word.terms)
        return coverage(words_in(item.title, self.corpus), terms, self.corpus) >= _ONLY

    def _match(self, row: int, words: tuple[QueryWord, ...], weight: float) -> SearchMatch:
        corpus, item = self.corpus, self.corpus.catalogue.items[row]

        def word_in(terms: frozenset[str]) -> str:
            return next((word.text for word in words if word.terms[0] in terms), "")

        if word := word_in(corpus.title_terms[row]):
            return SearchMatch(item, weight, MatchReason.TITLE, word)
        for above in corpus.ancestors(item):
            if word_in(corpus.title_terms[corpus.row(above)]):
                return SearchMatch(item, weight, MatchReason.HEADING, above.title)
        word = word_in(corpus.terms[row])
        return SearchMatch(item, weight, MatchReason.TEXT if word else MatchReason.MEANING, word)

    def _read(self, text: str, language: str) -> _Text:
        edition = self.corpus.edition
        leaves = edition.embedding is not None and edition.embedding.kind == "endpoint"
        sent = mask_details(text) if leaves else text  # personal details are not sent to an endpoint
        cosines = edition.similarities(sent) if text.strip() else None
        likeness = self._questions.likeness(text) if self._questions.any and language == "de" else None
        words, best = words_in(text, self.corpus, language), None
        if cosines is not None:
            cosines, best = cosines[self._rows], np.full(len(self._has_text), -1.0, dtype=np.float32)
            np.maximum.at(best, self._items, cosines)
        return _Text(text, language, words, cosines, best, likeness)

    def _allowed(self, documents: Collection[str] | None, kinds: Collection[ItemKind]) -> Mask:
        records = self.corpus.records
        allowed = np.ones(len(self._has_text), dtype=np.bool_)
        if documents is not None:
            allowed &= records.mask_of("document", documents)
        return allowed & records.mask_of("kind", kinds) if kinds else allowed

    def _scores(self, asked: _Text, allowed: Mask) -> Scores:
        """The score of each item by its best passage, shape (items,); 0 for those that are not allowed."""
        scores = np.zeros(len(allowed), dtype=np.float32)
        if allowed.any():
            np.maximum.at(scores, self._items, self._passage_scores(asked, allowed[self._items]))
        return scores * self._has_text

    def _passage_scores(self, asked: _Text, inside: Mask) -> Scores:
        """The score of each passage by its words, parts of words, vocabulary and vector."""
        weights, own = self.weights, _terms(asked.words)
        added = self.corpus.expansion.terms(asked.text, asked.language)
        by_words = self._lexical(own) * inside
        by_vocabulary = self._lexical({term: item for term, item in added.items() if term not in own}) * inside
        # how much of the words the first item by them contains: the less, the more the vocabulary counts
        first = int(self._items[by_words.argmax()])
        result = coverage(asked.words, self.terms_of(first), self.corpus) if by_words.any() else 0.0
        scores = weights.words * scale(by_words + weights.vocabulary * (1.0 - result) * by_vocabulary)
        by_grams = self._grams.scores(weighted_grams(asked.text, asked.language)) * inside
        scores += weights.grams * result * scale(by_grams)
        return scores if asked.cosines is None else scores + weights.dense * above_mean(asked.cosines) * inside

    def _lexical(self, terms: Mapping[str, float]) -> Scores:
        return self.corpus.edition.lexical.scores(terms)[self._rows]

    def _hit(self, row: int, asked: _Text, score: float = 0.0) -> Hit:
        terms, embedding = self.terms_of(row), self.corpus.edition.embedding
        best = asked.best if embedding is not None and embedding.learned_with else None
        return Hit(
            self.corpus.catalogue.items[row],
            score,
            coverage(asked.words, terms, self.corpus),
            self._support(terms, self.corpus.expansion.concepts(asked.text)),
            0.0 if asked.likeness is None else float(asked.likeness[row]),
            None if best is None else float(best[row]),
        )

    def terms_of(self, row: int) -> frozenset[str]:
        """The terms of an item and of the headings above it."""
        above = self.corpus.ancestors(self.corpus.catalogue.items[row])
        return self.corpus.terms[row].union(*(self.corpus.title_terms[self.corpus.row(item)] for item in above))

    def _support(self, terms: frozenset[str], concepts: list[tuple[float, list[frozenset[str]]]]) -> float:
        """The weight of the strongest concept of which terms contain a telling entry."""
        supported = (
            weight
            for weight, entries in concepts
            if any(item <= terms and sum(map(self.corpus.rarity, item)) >= _TELLING_ENTRY for item in entries)
        )
        return max(supported, default=0.0)


def _has_text(item: Item) -> bool:
    """True if an item is ever found: an empty section is not."""
    return bool(item.body.strip() or item.fields or item.table_row or item.kind is not ItemKind.SECTION)


def above_mean(cosines: Scores) -> Scores:
    """How far each is above the mean of all, 1 where it is by four standard deviations; 0 below."""
    if not len(cosines):
        return cosines
    spread = np.float32(_FAR_ABOVE * max(float(cosines.std()), 1e-6))
    above: Scores = np.maximum((cosines - cosines.mean()) / spread, np.float32(0.0))
    return above


def scale(scores: Scores) -> Scores:
    """The scores divided by the best of them; zeros stay."""
    top = float(scores.max(initial=0.0))
    return scores / np.float32(top) if top > 0 else scores


def _plain(question: str) -> str:
    """A question as it is compared with others word by word."""
    return " ".join(question.casefold().split())


def _terms(words: tuple[QueryWord, ...]) -> dict[str, float]:
    """Index terms with weights: the whole of a word fully, the parts of a compound less."""
    weights: dict[str, float] = {}
    for word in words:
        for place, term in enumerate(word.terms):
            weights[term] = max(weights.get(term, 0.0), (PART if place else 1.0) * word.weight)
    return weights


@lru_cache(maxsize=65_536)
def grams_of(word: str) -> tuple[str, ...]:
    """The runs of letters of a printed word, its edges marked: compounds and typing errors meet in them."""
    padded = f" {fold(word)} "
    return tuple(padded[start : start + _RUN] for start in range(max(1, len(padded) - _RUN + 1)))


def weighted_grams(text: str, language: str = "de") -> dict[str, float]:
    """The runs of a question with weights: those of common words count less, those of long words share one."""
    results: dict[str, float] = {}
    for word in printed_words(text):
        runs = grams_of(word)
        for run in runs:
            results[run] = max(results.get(run, 0.0), weigh(word, frames(word), language) / len(runs) ** 0.5)
    return results


def _gram_index(catalogue: Catalogue) -> LexicalIndex:
    """The index of all chunks, each with its headings, and the title of its item twice."""
    texts = []
    for chunk in catalogue.chunks:
        item = catalogue.item(chunk.document_id, chunk.key)
        title = (item.title, item.title) if item else ()
        words = (word for text in (chunk.text, chunk.context, *title) for word in printed_words(text))
        texts.append([run for word in words for run in grams_of(word)])
    return LexicalIndex.build(texts)
