"""Hybrid search: the items that fit a text best, and all items on a topic.

Evidence is lexical (words, parts of compounds, character n-grams, the vocabulary), vectors, and
questions that were written for items. Each kind is divided by its highest score over the searched
documents to make weights comparable; an item has the score of its best passage. The vocabulary
counts less the more of the words themselves an item has. Cosines lie in a narrow band that differs
between questions: a passage counts by how far its cosine is above the mean over all passages, in
standard deviations. The contribution of each kind: docs/decisions/014-finding.md.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from copy import copy
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from prompts import answer_language
from prompts import text as prompt_text
from service.answering.corpus import TITLE_REF, Corpus
from service.answering.query import Query
from service.answering.reading.classifier import UNDERSTOOD
from service.answering.retrieval.query_words import QueryWord
from service.answering.retrieval.question_index import QuestionIndex, Scores
from service.answering.retrieval.terms import (
    PART_WEIGHT,
    coverage,
    frame_probability,
    weigh_word,
    words_in,
)
from service.masking import mask_details
from vectorstore import Vectors, split_ngrams
from vectorstore.language import fold_case, printed_words
from vectorstore.records import Chunk, Item, ItemAddress, ItemKind

Mask = NDArray[np.bool_]
Rows = NDArray[np.intp]
_FULL_DEVIATIONS = 4.0  # standard deviations above the mean that count as 1
# summed rarity of the words of an entry by which a concept is supported: not "Umsetzung" alone
_LEAST_RARITY = 2.5


@dataclass(frozen=True, slots=True)
class Weights:
    """The weight of each kind of evidence in the score."""

    words: float = 1.0
    grams: float = 0.8
    vocabulary: float = 1.0
    dense: float = 1.0
    questions: float = 1.2


# for questions in other languages, whose words are in no document, or mean something else there
_FOREIGN = Weights(words=0.25, grams=0.0)
# The vector of a question shows its language, too, and some passages are near all questions of it:
# a share of the cosine with a text without a topic is taken off. Text, share and `_FOREIGN` were
# chosen on 136 questions in eight languages: 125 have the right item among the first three, without
# them 97; of 40 others 29, without them 26.
_NEUTRAL_TEXT = "live_data"
_NEUTRAL_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Hit:
    """An item with its score.

    `coverage` is the share of the question's words, by rarity, that it or its headings contain, 0
    to 1; `support` the weight of the strongest concept that it has; `question_similarity` its
    likeness to a question written for it, 0 to 1; `similarity` the highest cosine of its passages
    with the question, None without calibrated vectors. `passages` are its chunks, best first, each
    with its own score, to which the likeness of the item's questions is added.
    """

    item: Item
    score: float
    coverage: float = 0.0
    support: float = 0.0
    question_similarity: float = 0.0
    similarity: float | None = None
    passages: tuple[tuple[Chunk, float], ...] = ()


@dataclass(frozen=True, slots=True)
class _AnalyzedText:
    """A search text: its words, the cosine of each passage, None without vectors, the likeness to
    the questions written for each item, None where there are none or the text is not German, and
    its concepts.
    """

    text: str
    language: str
    words: tuple[QueryWord, ...]
    cosines: Scores | None
    likeness: Scores | None
    concepts: list[tuple[float, list[frozenset[str]]]]


class Retriever:
    """Searches the items of an edition; read-only, shared between requests."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus, self.weights = corpus, Weights()
        self._sends = True  # whether questions may be sent to an embedding endpoint
        catalogue, edition = corpus.catalogue, corpus.edition.catalogue
        # passages are the chunks of `catalogue`: their rows in the index of the edition, and the
        # rows of their items
        self._chunk_rows = np.array(
            [edition.row(chunk.id) for chunk in catalogue.chunks], dtype=np.intp
        )
        rows = [corpus.row_of_item[chunk.document_id, chunk.key] for chunk in catalogue.chunks]
        self._item_of_passage = np.array(rows, dtype=np.intp)
        self._has_text = np.array([_has_text(item) for item in catalogue.items], dtype=np.bool_)
        self._is_listable = np.array(
            [item.ref != TITLE_REF for item in catalogue.items], dtype=np.bool_
        )

    def without_endpoint(self) -> Retriever:
        """The same retriever, but nothing of a question is sent to an embedding endpoint."""
        retriever = copy(self)
        retriever._sends = False
        return retriever

    @cached_property
    def _questions(self) -> QuestionIndex:
        corpus = self.corpus
        return QuestionIndex(
            corpus.edition.questions, corpus.row_of_item, corpus.analyzer, corpus.rarity
        )

    def search(
        self,
        text: str,
        documents: Collection[str] | None = None,
        limit: int = 12,
        language: str = "de",
        kinds: Collection[ItemKind] = (),
        *,
        question: str = "",
    ) -> list[Hit]:
        """The best items, at most `limit`, best first; of these documents (None: all) and kinds
        (empty: all).

        `question` is the whole question, "" for the same as `text`: vectors and written questions
        are compared with it. With the words of `text` alone, untreated questions fit more often.
        """
        analyzed = self._analyze(text, language, question)
        allowed = self._mask_allowed(documents, kinds)
        of_passages = self._passage_scores(analyzed, allowed[self._item_of_passage])
        scores = self._best_of_items(of_passages)
        if analyzed.likeness is not None:
            scores += self.weights.questions * analyzed.likeness * allowed * self._has_text
        rows = [
            row for row in np.argsort(-scores, kind="stable")[:limit].tolist() if scores[row] > 0
        ]
        return [self._hit(row, analyzed, of_passages, float(scores[row])) for row in rows]

    def describe_item(self, item: Item, query: Query) -> Hit:
        """An item as `search` gives it for a query, but with the score 0: it was not found, but
        named by the question or chosen otherwise.
        """
        analyzed = self._analyze(query.text, query.question_language, query.question)
        row = self.corpus.row(item)
        of_passages = self._passage_scores(analyzed, self._item_of_passage == row)
        return self._hit(row, analyzed, of_passages)

    @cached_property
    def _written_questions(self) -> dict[tuple[str, str], ItemAddress]:
        """The items by their document and the questions that people wrote for them, normalized."""
        written = self.corpus.edition.questions.all
        return {(entry.document_id, fold_case(entry.question)): entry.item for entry in written}

    def find_item_by_question(
        self, question: str, documents: Collection[str] | None
    ) -> Item | None:
        """The item for which people wrote exactly this question, but for case and spaces.

        Of several the first one of these documents (None: all) counts; None if none has it.
        """
        catalogue, folded = self.corpus.catalogue, fold_case(question)
        searched = catalogue.documents if documents is None else documents
        found = (self._written_questions.get((document, folded)) for document in searched)
        items = (catalogue.item(*address) for address in found if address)
        return next(filter(None, items), None)

    def scale_items(self, text: str, documents: Collection[str] | None, language: str) -> Scores:
        """The score of each item for a text as a share of the best of these documents, shape
        (items,); 0 for title pages and items of other documents.
        """
        allowed = self._mask_allowed(documents, ())[self._item_of_passage]
        of_passages = self._passage_scores(self._analyze(text, language), allowed)
        return scale_to_best(self._best_of_items(of_passages) * self._is_listable)

    def mask_listable(self, documents: Collection[str] | None) -> Mask:
        """The mask of the items of these documents that may be in a list: with text, no title
        pages.
        """
        return self._mask_allowed(documents, ()) & self._has_text & self._is_listable

    def _analyze(self, text: str, language: str, question: str = "") -> _AnalyzedText:
        """A search text analysed: its own words and concepts, and the cosines and likenesses of the
        whole `question` that it is from ("" for the text itself).

        Questions are written in German, so that their likeness is known for German texts only.
        """
        whole = question or text
        cosines = self._similarities(whole, language) if whole.strip() else None
        likeness = (
            self._questions.likeness(whole) if self._questions.any and language == "de" else None
        )
        words = words_in(text, self.corpus, language)
        if cosines is not None:
            cosines = cosines[self._chunk_rows]
        concepts = self.corpus.expansion.concepts(text)
        return _AnalyzedText(text, language, words, cosines, likeness, concepts)

    def _similarities(self, text: str, language: str) -> Vectors | None:
        """The cosine of a text with each chunk; None without vectors.

        In languages other than German and English, a share of the cosine of a text without a topic
        is subtracted: it is due to the language alone. Personal details are not sent to an
        endpoint, and nothing is if this retriever must not send.
        """
        edition = self.corpus.edition
        if edition.embeds_by_endpoint:
            if not self._sends:
                return None
            text = mask_details(text)
        cosines = edition.similarities(text)
        if cosines is None or language in UNDERSTOOD:
            return cosines
        neutral = prompt_text(f"{answer_language(language)}/{_NEUTRAL_TEXT}")
        of_language = edition.similarities(neutral)
        if of_language is None:
            return None
        return cosines - _NEUTRAL_SHARE * of_language

    def _mask_allowed(self, documents: Collection[str] | None, kinds: Collection[ItemKind]) -> Mask:
        """The mask of the items of these documents (None: all) and kinds (empty: all)."""
        records = self.corpus.records
        allowed = np.ones(len(self._has_text), dtype=np.bool_)
        if documents is not None:
            allowed &= records.mask_of("document", documents)
        if kinds:
            allowed &= records.mask_of("kind", kinds)
        return allowed

    def _best_of_items(self, of_passages: Scores) -> Scores:
        """The score of each item, that of its best passage, shape (items,)."""
        scores = np.zeros(len(self._has_text), dtype=np.float32)
        np.maximum.at(scores, self._item_of_passage, of_passages)
        return scores * self._has_text

    def _passage_scores(self, analyzed: _AnalyzedText, allowed: Mask) -> Scores:
        """The score of each passage by words, n-grams, vocabulary and vector, shape (passages,); 0
        for those that are not `allowed`.

        The vocabulary is for words that the documents do not use. So the more of the words the best
        item by words has, the less the vocabulary counts, and the more n-grams do. Terms that are
        words of the text itself are not counted again as vocabulary.
        """
        if not allowed.any():
            return np.zeros(len(allowed), dtype=np.float32)
        weights = self.weights if analyzed.language in UNDERSTOOD else _FOREIGN
        terms = _terms(analyzed.words)
        expansion = self.corpus.expansion.terms(analyzed.text, analyzed.language)
        by_words = self._lexical(terms) * allowed
        by_vocabulary = (
            self._lexical({term: weight for term, weight in expansion.items() if term not in terms})
            * allowed
        )
        best_item = int(self._item_of_passage[by_words.argmax()])
        covered = (
            coverage(analyzed.words, self.terms_of(best_item), self.corpus)
            if by_words.any()
            else 0.0
        )
        scores = weights.words * scale_to_best(
            by_words + weights.vocabulary * (1.0 - covered) * by_vocabulary
        )
        grams = weigh_ngrams(analyzed.text, analyzed.language)
        by_grams = self.corpus.edition.ngrams.scores(grams)[self._chunk_rows] * allowed
        scores += weights.grams * covered * scale_to_best(by_grams)
        if analyzed.cosines is None:
            return scores
        return scores + weights.dense * standardize_cosines(analyzed.cosines) * allowed

    def _lexical(self, terms: Mapping[str, float]) -> Scores:
        return self.corpus.edition.lexical.scores(terms)[self._chunk_rows]

    def _hit(
        self,
        row: int,
        analyzed: _AnalyzedText,
        of_passages: Scores,
        score: float = 0.0,
    ) -> Hit:
        """The item of a row as a hit of a text.

        `of_passages` are the scores of all passages, `score` is that of the item. It has a
        similarity only if thresholds were calibrated for the vectors: others cannot be compared
        with what the models were trained on.
        """
        terms, embedding = self.terms_of(row), self.corpus.edition.embedding
        rows = np.flatnonzero(self._item_of_passage == row)
        similarity = None
        is_calibrated = embedding is not None and embedding.has_calibrated_thresholds
        if is_calibrated and analyzed.cosines is not None:
            similarity = float(analyzed.cosines[rows].max(initial=-1.0))
        return Hit(
            self.corpus.catalogue.items[row],
            score,
            coverage(analyzed.words, terms, self.corpus),
            self._concept_support(terms, analyzed.concepts),
            0.0 if analyzed.likeness is None else float(analyzed.likeness[row]),
            similarity,
            self._rank_passages(row, rows, of_passages, score),
        )

    def _rank_passages(
        self, row: int, rows: Rows, of_passages: Scores, score: float
    ) -> tuple[tuple[Chunk, float], ...]:
        """The chunks of the item in a row, best first, each with its score; `rows` are those of its
        chunks.

        All scores are moved by the same number, so that the best chunk has the item's `score`: the
        likeness of written questions belongs to no chunk. The row of a list is taken only if the
        item has no chunk of its own text.
        """
        item, chunks = self.corpus.catalogue.items[row], self.corpus.catalogue.chunks
        inside = [index for index in rows if item.start <= chunks[index].start < item.end]
        own = np.array(inside, dtype=np.intp) if inside else rows
        ordered = own[np.argsort(-of_passages[own], kind="stable")].tolist()
        added = score - of_passages[own].max(initial=0.0)
        return tuple((chunks[index], float(of_passages[index] + added)) for index in ordered)

    def terms_of(self, row: int) -> frozenset[str]:
        """The terms of an item and of the headings above it."""
        above = self.corpus.catalogue.ancestors(self.corpus.catalogue.items[row])
        return self.corpus.terms[row].union(
            *(self.corpus.title_terms[self.corpus.row(item)] for item in above)
        )

    def _concept_support(
        self, terms: frozenset[str], concepts: list[tuple[float, list[frozenset[str]]]]
    ) -> float:
        """The weight of the strongest concept that an item supports; 0 for none.

        `terms` are the terms of the item. It supports a concept if it has all terms of one of its
        entries, and these are rare enough together.
        """

        def is_supported(entry: frozenset[str]) -> bool:
            return entry <= terms and sum(map(self.corpus.rarity, entry)) >= _LEAST_RARITY

        supported = (weight for weight, entries in concepts if any(map(is_supported, entries)))
        return max(supported, default=0.0)


def _has_text(item: Item) -> bool:
    """True if an item can be a hit: all but sections without text, fields or table row. A record
    says something by its title alone.
    """
    return bool(
        item.body.strip() or item.fields or item.table_row or item.kind is not ItemKind.SECTION
    )


def standardize_cosines(cosines: Scores) -> Scores:
    """How far each cosine is above the mean of all: 1 at four standard deviations, 0 below the
    mean.
    """
    if not len(cosines):
        return cosines
    spread = np.float32(_FULL_DEVIATIONS * max(float(cosines.std()), 1e-6))
    above: Scores = np.maximum((cosines - cosines.mean()) / spread, np.float32(0.0))
    return above


def scale_to_best(scores: Scores) -> Scores:
    """The scores divided by the highest; unchanged if all are 0."""
    top = float(scores.max(initial=0.0))
    if top > 0:
        return scores / np.float32(top)
    return scores


def _terms(words: tuple[QueryWord, ...]) -> dict[str, float]:
    """The index terms of words with weights; parts of a compound weigh less than the whole. A term
    of several words has its highest weight.
    """
    weights: dict[str, float] = {}
    for word in words:
        for position, term in enumerate(word.terms):
            weights[term] = max(
                weights.get(term, 0.0), (PART_WEIGHT if position else 1.0) * word.weight
            )
    return weights


def weigh_ngrams(text: str, language: str = "de") -> dict[str, float]:
    """The character n-grams of a text with weights: lower for common words and words that frame
    questions.

    A word's weight is divided by the root of their number, so that a long word does not outweigh
    others by its many n-grams.
    """
    results: dict[str, float] = {}
    for word in printed_words(text):
        grams = split_ngrams(word)
        weight = weigh_word(word, frame_probability(word), language) / len(grams) ** 0.5
        for gram in grams:
            results[gram] = max(results.get(gram, 0.0), weight)
    return results
