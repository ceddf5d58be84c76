"""Finding: the entries that fit a text best, by words, parts of words, vocabulary, vectors and written questions.

Each kind of evidence is divided by its best over the searched documents, so that their weights compare; an entry has
the score of its best passage. What the topic vocabulary says for a word counts less where the word itself is found.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from service.answering.corpus import Corpus
from service.answering.finding.grams import gram_index, weighted_grams
from service.answering.finding.words import Word, words_in
from vectorstore.lexical import LexicalIndex
from vectorstore.records import Chunk, Item, ItemKind, ItemStatus

Scores = NDArray[np.float32]
PART = 0.6  # weight of a part of a compound beside the whole
PARTLY = 0.8  # share of a compound that is held where all its parts are
OTHERWISE = 0.55  # share of a word that is held by a synonym or translation
_TELLING_ENTRY = 2.5  # summed rarity of a concept's words that bear it out: not "Umsetzung" alone
_NEAREST = 60  # passages that vectors are asked for
_CANDIDATES = 60  # entries whose titles are looked at; what comes behind never reaches the top


@dataclass(frozen=True, slots=True)
class Weights:
    """What each kind of evidence counts, tried one by one with papers left out (docs/decisions/014-finding.md)."""

    words: float = 1.0
    grams: float = 0.8
    grams_unfound: float = 0.2
    vocabulary: float = 1.2
    vocabulary_found: float = 0.1
    dense: float = 0.2
    title: float = 0.5
    questions: float = 1.2
    same_question: float = 1.5
    archived: float = 0.2
    front: float = 0.95
    title_page: float = 0.5


@dataclass(frozen=True, slots=True)
class Found:
    """An entry with its score, and the passage of it that fits best.

    `coverage` is the share of the question's telling words that it or its headings hold, by rarity, 0 to 1; `support`
    the weight of the strongest concept that it bears out; `asked` how surely a question written for it is this one.
    """

    item: Item
    score: float
    chunk: Chunk | None = None
    coverage: float = 0.0
    support: float = 0.0
    asked: float = 0.0


class Finder:
    """Ranks the entries of an edition; read-only, shared between requests."""

    def __init__(self, corpus: Corpus, weights: Weights | None = None) -> None:
        self.corpus = corpus
        self.weights = weights or Weights()
        catalogue, edition = corpus.catalogue, corpus.edition.catalogue
        self._rows = np.array([edition.row(one.id) for one in catalogue.chunks], dtype=np.intp)
        self._items = np.array(
            [corpus.row_of_item[one.document_id, one.key] for one in catalogue.chunks], dtype=np.intp
        )
        self._factors = np.array([self._factor(item) for item in catalogue.items], dtype=np.float32)
        self._archived = np.array([item.status is ItemStatus.ARCHIVED for item in catalogue.items], dtype=np.bool_)

    @cached_property
    def _grams(self) -> LexicalIndex:
        return gram_index(self.corpus.catalogue)

    def _factor(self, item: Item) -> float:
        """What an entry counts by what it is: one that says nothing is never found."""
        if not (item.body.strip() or item.fields or item.table_row or item.kind is not ItemKind.SECTION):
            return 0.0
        if item.ref == "Titel":
            return self.weights.title_page
        return self.weights.front if item.kind in (ItemKind.SECTION, ItemKind.THEME) else 1.0

    def find(
        self,
        text: str,
        documents: Collection[str] | None = None,
        limit: int = 12,
        language: str = "de",
        kinds: Collection[ItemKind] = (),
    ) -> list[Found]:
        """The best entries of these documents and kinds, all where none is said; best first."""
        corpus, weights = self.corpus, self.weights
        allowed = self._allowed(documents, kinds)
        inside = allowed[self._items]
        if not inside.any():
            return []
        words = words_in(text, corpus, language)
        own = _terms(words)
        more = {term: one for term, one in corpus.expansion.terms(text, language).items() if term not in own}
        said = self._lexical(own) * inside
        held = self._held_by_best(said, words)
        vocabulary = weights.vocabulary_found + (weights.vocabulary - weights.vocabulary_found) * (1.0 - held)
        passages = weights.words * scaled(said + vocabulary * self._lexical(more) * inside)
        grams = weights.grams_unfound + (weights.grams - weights.grams_unfound) * held
        passages += grams * scaled(self._grams.scores(weighted_grams(text, language)) * inside)
        passages += weights.dense * scaled(self._dense(text, documents) * inside)
        scores, best = self._gathered(passages)
        asked = np.zeros(len(scores), dtype=np.float32)
        if corpus.questions.any and language == "de":
            asked = np.where(allowed, corpus.questions.alike(text), 0.0).astype(np.float32)
            fits = scaled(np.where(allowed, corpus.questions.scores(text, own), 0.0).astype(np.float32))
            scores += weights.questions * fits * np.sqrt(asked) + weights.same_question * asked**3
        scores = scores * self._factors
        rows = self._best_rows(scores, words)
        concepts = corpus.expansion.concepts(text)
        wholes = frozenset(word.terms[0] for word in words)
        return [
            self._found(row, score, best[row], words, concepts, wholes, float(asked[row]))
            for row, score in rows[:limit]
        ]

    def _best_rows(self, scores: Scores, words: tuple[Word, ...]) -> list[tuple[int, float]]:
        """The rows of the best entries with their scores, after a look at their titles."""
        rows = np.flatnonzero(scores > 0)
        rows = rows[np.argsort(-scores[rows], kind="stable")][:_CANDIDATES]
        worth = {word: word.weight * self.rarity(word) for word in words}
        total = sum(worth.values()) or 1.0
        ranked = []
        for row in rows.tolist():
            title = self.corpus.title_terms[row]
            named = sum(value * share(word, title, self.corpus) for word, value in worth.items()) / total
            score = float(scores[row]) + self.weights.title * named
            ranked.append((row, score * (self.weights.archived if self._archived[row] and named < PARTLY else 1.0)))
        return sorted(ranked, key=lambda one: (-one[1], one[0]))

    def _found(
        self,
        row: int,
        score: float,
        chunk: int,
        words: tuple[Word, ...],
        concepts: list[tuple[float, list[frozenset[str]]]],
        wholes: frozenset[str],
        asked: float,
    ) -> Found:
        held = self.held(row)
        return Found(
            self.corpus.catalogue.items[row],
            score,
            self.corpus.catalogue.chunks[chunk] if chunk >= 0 else None,
            self.coverage(held, words),
            self._support(held, concepts, wholes),
            asked,
        )

    def held(self, row: int) -> frozenset[str]:
        """The terms of an entry and of the headings above it."""
        above = self.corpus.ancestors(self.corpus.catalogue.items[row])
        return self.corpus.terms[row].union(*(self.corpus.title_terms[self.corpus.row(item)] for item in above))

    def coverage(self, held: frozenset[str], words: tuple[Word, ...]) -> float:
        """The share of the words that some terms hold, weighted by rarity, 0 to 1."""
        worth = [word.weight * self.rarity(word) for word in words]
        borne = sum(value * share(word, held, self.corpus) for word, value in zip(words, worth, strict=True))
        return borne / sum(worth) if sum(worth) else 0.0

    def rarity(self, word: Word) -> float:
        """The rarity of a word: that of its rarest known term, or of an unknown one."""
        known = [self.corpus.rarity(term) for term in word.terms if self.corpus.knows(term)]
        return max(known) if known else self.corpus.rarity("")

    def _support(
        self, held: frozenset[str], concepts: list[tuple[float, list[frozenset[str]]]], said: frozenset[str]
    ) -> float:
        """The weight of the best concept of which an entry holds telling words; half where the question says others."""
        best = 0.0
        for weight, entries in concepts:
            formal = any(entry <= said and not entry <= held for entry in entries)
            worth = weight / 2 if formal else weight
            borne = (entry <= held and sum(map(self.corpus.rarity, entry)) >= _TELLING_ENTRY for entry in entries)
            if worth > best and any(borne):
                best = worth
        return best

    def _allowed(self, documents: Collection[str] | None, kinds: Collection[ItemKind]) -> NDArray[np.bool_]:
        records = self.corpus.records
        allowed = np.ones(len(self._factors), dtype=np.bool_) if documents is None else records.are_of(documents)
        return allowed & records.of_kinds(kinds) if kinds else allowed

    def _lexical(self, terms: Mapping[str, float]) -> Scores:
        return self.corpus.edition.lexical.scores(terms)[self._rows]

    def _dense(self, text: str, documents: Collection[str] | None) -> Scores:
        scores = np.zeros(len(self._items), dtype=np.float32)
        edition, catalogue = self.corpus.edition, self.corpus.catalogue
        if not self.weights.dense:
            return scores
        wanted = catalogue.documents if documents is None else [one for one in documents if one in catalogue.documents]
        named = None if len(wanted) == len(edition.catalogue.documents) else list(wanted)
        vector = np.asarray(edition.embedding.vector(text), dtype=np.float32)
        for chunk_id, similarity in edition.store.search(vector, _NEAREST, named):
            scores[catalogue.row(chunk_id)] = max(similarity, 0.0)
        return scores

    def _held_by_best(self, said: Scores, words: tuple[Word, ...]) -> float:
        """How much of the words the entry holds that they find first: the less, the more other words count."""
        return self.coverage(self.held(int(self._items[said.argmax()])), words) if said.any() else 0.0

    def _gathered(self, passages: Scores) -> tuple[Scores, NDArray[np.intp]]:
        """The score of each entry by its best passage, and which passage that is, -1 for none."""
        order = np.argsort(passages, kind="stable")
        order = order[passages[order] > 0]
        scores = np.zeros(len(self._factors), dtype=np.float32)
        best = np.full(len(self._factors), -1, dtype=np.intp)
        scores[self._items[order]] = passages[order]  # of an entry's passages the last one, the best, stays
        best[self._items[order]] = order
        return scores, best


def scaled(scores: Scores) -> Scores:
    """The scores divided by the best of them; zeros stay."""
    top = float(scores.max(initial=0.0))
    return scores / np.float32(top) if top > 0 else scores


def share(word: Word, held: frozenset[str], corpus: Corpus) -> float:
    """How much of a word some terms hold: all of it as a whole, less in parts or in other words for it."""
    whole, *parts = word.terms
    if whole in held:
        return 1.0
    rarities = {part: corpus.rarity(part) for part in parts}
    total = sum(rarities.values())
    partly = PARTLY * sum(one for part, one in rarities.items() if part in held) / total if total else 0.0
    return max(partly, OTHERWISE if any(held.issuperset(entry) for entry in word.others) else 0.0)


def _terms(words: tuple[Word, ...]) -> dict[str, float]:
    """Index terms with weights: the whole of a word fully, the parts of a compound less."""
    weights: dict[str, float] = {}
    for word in words:
        for place, term in enumerate(word.terms):
            weights[term] = max(weights.get(term, 0.0), (PART if place else 1.0) * word.weight)
    return weights
