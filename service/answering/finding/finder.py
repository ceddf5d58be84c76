"""Finding: lexical and dense scores of chunks, fused and gathered to items, and what questions written for items add.

Each score is divided by its best over the searched documents, so that the weights compare. What the topic vocabulary
and written questions add counts less than the question's own words: at full weight facts get worse.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from service.answering.corpus import Corpus
from service.answering.finding.ranking import Evidence, Marks, Scores, Weights, adjusted, scaled, weighed
from service.answering.query import Query, Word
from service.answering.understanding.language import DEFAULT
from vectorstore.chunk_store import Vectors
from vectorstore.records import Item, ItemKind, ItemStatus

Concepts = list[tuple[float, list[frozenset[str]]]]
FIRST_PART = 1.5  # what a compound is about stands in front: the school of Schulpolitik, the music of Musikschule
PARTLY = 0.8  # share of a compound's weight where all its parts are held
OTHERWISE = 0.55  # share of a word's weight for a synonym or translation: .45 to .7 find the same, above it misleads
_UNKNOWN_NUMBER = 0.5  # a number that stands nowhere may be the question's own error
_TELLING_ENTRY = 2.5  # summed rarity of a concept's entry that bears a concept out
_ADJUSTED = 60  # items whose score is adjusted; what comes behind never reaches the top
_FRONT = (ItemKind.SECTION, ItemKind.THEME)
_REMEMBERED = 8  # words and texts whose scores are kept: a comparison ranks the same ones paper by paper
FOUND = 12  # items that a question is answered from


@dataclass(frozen=True, slots=True)
class Found:
    """An item with its fused score.

    `coverage` is the share of the topic that it holds in the question's words, `said` in those or others for them, both
    0 to 1 and weighted by rarity; `support` is the weight of the strongest concept that it bears
    out, `touched` the summed weight of single terms of all concepts that it holds.
    """

    item: Item
    score: float
    coverage: float
    said: float = 0.0
    support: float = 0.0
    touched: float = 0.0


class _Places:
    """Where what belongs to each document stands in arrays that are in the order of the documents."""

    def __init__(self, documents: NDArray[np.intp], size: int) -> None:
        self._starts = np.searchsorted(documents, np.arange(size + 1))

    def of(self, wanted: NDArray[np.bool_]) -> slice | NDArray[np.intp]:
        """The places of some documents; a slice where they stand one behind the other."""
        numbers = np.flatnonzero(wanted)
        if len(numbers) == 0:
            return slice(0, 0)
        if numbers[-1] - numbers[0] == len(numbers) - 1:
            return slice(int(self._starts[numbers[0]]), int(self._starts[numbers[-1] + 1]))
        spans = [np.arange(self._starts[one], self._starts[one + 1]) for one in numbers.tolist()]
        return np.concatenate(spans)


class Finder:
    """Ranks the items of an edition for a query."""

    def __init__(self, corpus: Corpus, weights: Weights | None = None) -> None:
        self.corpus = corpus
        self.weights = weights or corpus.weights
        catalogue = corpus.catalogue
        self._numbers = corpus.records.number_of
        documents = np.array([self._numbers[chunk.document_id] for chunk in catalogue.chunks], dtype=np.intp)
        self._chunks = _Places(documents, len(self._numbers))
        self._rows = np.array([corpus.edition.catalogue.row(chunk.id) for chunk in catalogue.chunks], dtype=np.intp)
        self._whole = len(catalogue.chunks) == len(corpus.edition.catalogue.chunks)
        self._unwritten = np.zeros(len(catalogue.items), dtype=np.float32)
        self._lexical = lru_cache(maxsize=_REMEMBERED)(self._lexically)
        self._rarities = lru_cache(maxsize=_REMEMBERED)(self._rarities_of)
        self._vector = lru_cache(maxsize=_REMEMBERED)(corpus.edition.embedding.vector)
        items = [corpus.row_of_item[chunk.document_id, chunk.key] for chunk in catalogue.chunks]
        self._items = np.array(items, dtype=np.intp)
        self.marks = Marks(
            archived=np.array([item.status is ItemStatus.ARCHIVED for item in catalogue.items], dtype=np.bool_),
            front=np.array([item.kind in _FRONT for item in catalogue.items], dtype=np.bool_),
            title_page=np.array([item.ref == "Titel" for item in catalogue.items], dtype=np.bool_),
        )

    def find(self, query: Query, limit: int = FOUND) -> list[Found]:
        """The best items for a query, best first."""
        if not query.topic or not query.documents:
            return []
        return self.rank(query.topic, query.documents, query.searched, query.spoken, limit)

    def rank(
        self, topic: tuple[Word, ...], documents: Collection[str], text: str, language: str, limit: int = FOUND
    ) -> list[Found]:
        """The best items of these documents for the words of a topic, best first."""
        evidence = self.evidence(topic, documents, text, language)
        rows, scores = _likely(weighed(evidence, self.weights))
        held, wanted = self.in_titles(topic, rows)
        scores = adjusted(scores, held, wanted, self.marks.of(rows), self.weights)
        best = [place for place in np.lexsort((rows, -scores))[:limit].tolist() if scores[place] > 0]
        activated = self.corpus.expansion.concepts(text)
        return [self._found(int(rows[place]), float(scores[place]), topic, activated, evidence.terms) for place in best]

    def evidence(self, topic: tuple[Word, ...], documents: Collection[str], text: str, language: str) -> Evidence:
        """What speaks for the items of these documents; what weighs nothing is not looked up and stays 0."""
        places = self._chunks.of(self._of(documents))
        own, others = self.weighted_terms(topic), self.corpus.expansion.terms(text, language)
        terms = {term: weight for term, weight in others.items() if term not in own}
        said = self._lexical(tuple(own.items()))[places]
        items = self._items[places]
        vector = np.asarray(self._vector(text), dtype=np.float32)
        no_questions = (self._unwritten, self._unwritten)
        written, same = self._written(text, vector, own, documents) if language == DEFAULT else no_questions
        return Evidence(
            terms=terms,
            items=items,
            said=said,
            added=self._lexical(tuple(terms.items()))[places],
            dense=self._dense(vector, documents, places),
            written=written,
            same=same,
            coverage=self._best_coverage(said, items, topic),
        )

    def in_titles(self, topic: tuple[Word, ...], rows: NDArray[np.intp]) -> tuple[NDArray[np.float64], float]:
        """How much of the topic the titles of these items hold, weighted by rarity, and how much all of it is."""
        worth = {term: weight * self.corpus.rarity(term) for term, weight in self.weighted_terms(topic).items()}
        titles = [self.corpus.title_terms[row] for row in rows.tolist()]
        held = [sum(value for term, value in worth.items() if term in title) for title in titles]
        return np.array(held, dtype=np.float64), sum(worth.values())

    def _of(self, documents: Collection[str]) -> NDArray[np.bool_]:
        """Which documents of the edition these are, shape (documents,)."""
        of = np.zeros(len(self._numbers), dtype=np.bool_)
        of[[self._numbers[one] for one in documents if one in self._numbers]] = True
        return of

    def _best_coverage(self, said: Scores, items: NDArray[np.intp], topic: tuple[Word, ...]) -> float:
        """The share of the topic that the item holds which the question's own words find first."""
        return self.coverage(int(items[said.argmax()]), topic) if said.any() else 0.0

    def weighted_terms(self, topic: tuple[Word, ...]) -> dict[str, float]:
        """Index terms with weights: the whole of a word fully, the parts of a compound less, the more there are."""
        weights: dict[str, float] = {}
        for word in topic:
            whole, *parts = word.terms
            shares = {whole: 1.0} | {part: 0.6 for part in parts}
            for term, share in shares.items():
                weights[term] = max(weights.get(term, 0.0), share * word.weight)
        return weights

    def _lexically(self, terms: tuple[tuple[str, float], ...]) -> Scores:
        """The lexical scores of weighted terms, shape (chunks,); never written to, for they are remembered."""
        scores = self.corpus.edition.lexical.scores(dict(terms))
        return scores if self._whole else scores[self._rows]

    def _dense(self, vector: Vectors, documents: Collection[str], places: slice | NDArray[np.intp]) -> Scores:
        scores = np.zeros(len(self._items), dtype=np.float32)
        if not self.weights.dense:
            return scores[places]
        edition = self.corpus.edition
        named = documents if len(documents) < len(edition.catalogue.documents) else None
        for chunk_id, similarity in edition.store.search(vector, self.weights.dense_limit, named):
            scores[self.corpus.catalogue.row(chunk_id)] = max(similarity, 0.0)
        return scaled(scores[places])

    def _written(
        self, text: str, vector: Vectors, topic: dict[str, float], documents: Collection[str]
    ) -> tuple[Scores, Scores]:
        """How well the questions written for each item fit, and how surely one is the question, as in `Evidence`."""
        written = self.corpus.questions
        if not self.weights.questions or not written.any:
            return self._unwritten, self._unwritten
        allowed = self.corpus.records.are_of(documents)
        shared = np.where(allowed, written.alike(text), 0.0).astype(np.float32)
        beside_others = scaled(np.where(allowed, written.scores(text, topic), 0.0).astype(np.float32))
        meant = written.meant(vector, allowed)
        return np.maximum(beside_others * np.sqrt(shared), meant), shared**3

    def _found(
        self, row: int, score: float, topic: tuple[Word, ...], concepts: Concepts, added: Mapping[str, float]
    ) -> Found:
        held = self._held(row)
        own, said = self._coverage(held, topic)
        wholes = frozenset(word.terms[0] for word in topic)
        touched = sum(weight for term, weight in added.items() if term in held)
        return Found(
            self.corpus.catalogue.items[row], score, own, said, _support(held, concepts, wholes, self.corpus), touched
        )

    def coverage(self, row: int, topic: tuple[Word, ...]) -> float:
        """The share of the topic, weighted by rarity, that an item or the headings above it hold."""
        return self._coverage(self._held(row), topic)[0]

    def _held(self, row: int) -> frozenset[str]:
        """The terms of an item and of the headings above it."""
        above = self.corpus.ancestors(self.corpus.catalogue.items[row])
        return self.corpus.terms[row].union(*(self.corpus.title_terms[self.corpus.row(item)] for item in above))

    def _coverage(self, held: frozenset[str], topic: tuple[Word, ...]) -> tuple[float, float]:
        """The shares that are held in the question's own words, and in those or in others for them."""
        rarities = self._rarities(topic)
        total = sum(rarities)
        if not total:
            return 0.0, 0.0
        shares = [_share(word, held, self.corpus) for word in topic]
        others = [max(share, _otherwise(word, held)) for word, share in zip(topic, shares, strict=True)]
        own = sum(rarity * share for rarity, share in zip(rarities, shares, strict=True))
        said = sum(rarity * share for rarity, share in zip(rarities, others, strict=True))
        return own / total, said / total

    def _rarities_of(self, topic: tuple[Word, ...]) -> list[float]:
        return [self.word_rarity(word) for word in topic]

    def word_rarity(self, word: Word) -> float:
        """The rarity of a word: that of its rarest known term, or of an unknown one."""
        known = [self.corpus.rarity(term) for term in word.terms if self.corpus.knows(term)]
        if not known and word.text.isdigit():
            return _UNKNOWN_NUMBER
        return word.weight * (max(known) if known else self.corpus.rarity(""))


def _share(word: Word, held: frozenset[str], corpus: Corpus) -> float:
    """How much of a word is held: all of it as a whole, less in parts, and common parts hardly count."""
    whole, *parts = word.terms
    if whole in held:
        return 1.0
    shares = {part: corpus.rarity(part) * (FIRST_PART if part == parts[0] else 1.0) for part in parts}
    total = sum(shares.values())
    return PARTLY * sum(shares[part] for part in parts if part in held) / total if total else 0.0


def _otherwise(word: Word, held: frozenset[str]) -> float:
    return OTHERWISE if any(all(term in held for term in entry) for entry in word.others) else 0.0


def _support(held: frozenset[str], concepts: Concepts, said: frozenset[str], corpus: Corpus) -> float:
    """How strongly the best concept is borne out: its weight where an item holds one of its entries as a whole.

    Half of it where the question itself says an entry that the item does not have: the papers would say it too. Entries
    of common terms bear nothing out.
    """
    best = 0.0
    for weight, entries in concepts:
        formal = any(entry <= said and not entry <= held for entry in entries)
        worth = weight / 2 if formal else weight
        if worth > best and any(
            entry <= held and sum(map(corpus.rarity, entry)) >= _TELLING_ENTRY for entry in entries
        ):
            best = worth
    return best


def _likely(scores: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """The rows of the items with the best scores above 0, best first, and these scores."""
    rows = np.flatnonzero(scores > 0)
    if len(rows) > _ADJUSTED:
        least = np.partition(scores[rows], -_ADJUSTED)[-_ADJUSTED]
        rows = rows[scores[rows] >= least]
    order = rows[np.argsort(-scores[rows], kind="stable")][:_ADJUSTED]
    return order, scores[order]
