"""Finding: the entries that fit a text best, by words, parts of words, vocabulary, vectors and written questions.

Each kind of evidence is divided by its best over the searched documents, so that their weights compare; an entry has
the score of its best passage. What the topic vocabulary says for a word counts less where the word itself is found.
Cosines of the encoder lie in a narrow band that differs from question to question: a passage counts by how far its
cosine is above the mean over all passages, in standard deviations.

Parts of words are runs of five letters: compounds, inflections and typing errors find one another without rules. A
written question is a sample of how people ask for its item, never shown. That what is asked is nearer to it than to all
others proves little where it is near to none: so how well an item's questions fit counts the more, the more of what
the question tells it shares with the nearest of them.
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
from service.answering.finding.fitting import FIRST, probability, surely_treats
from service.answering.finding.words import PART, Word, frames, share, telling_words, weight, words_in
from vectorstore.analysis import Analyzer, fold, printed_words
from vectorstore.catalogue import Catalogue
from vectorstore.language import telling
from vectorstore.lexical import LexicalIndex
from vectorstore.questions import ItemKey, Questions
from vectorstore.records import Item, ItemKind

Scores = NDArray[np.float32]
Mask = NDArray[np.bool_]
_TELLING_ENTRY = 2.5  # summed rarity of a concept's words that bear it out: not "Umsetzung" alone
_FAR_ABOVE = 4.0  # standard deviations above the mean that count as much as the best of other evidence
_RUN = 5  # letters of a run
_OF_BEST = 0.8  # of the best weight, which an item on the whole of a topic of several nouns has
_ON_TOPIC = 0.45  # weight from which an item is on a topic
_CONSIDERED = 0.05  # share of the best score from which it may be
_UNDER = 0.6  # share of a heading's weight that what stands under it has at least
_CALLED = 0.9  # share of a topic's words in the title of what is called so
_ONLY = 0.5  # share of a title's words that a topic has which is all it is about


@dataclass(frozen=True, slots=True)
class Weights:
    """What each kind of evidence counts, tried one by one with papers left out (docs/decisions/014-finding.md)."""

    words: float = 1.0
    grams: float = 0.8
    vocabulary: float = 1.0
    dense: float = 1.0
    questions: float = 1.2


@dataclass(frozen=True, slots=True)
class Found:
    """An entry with its score.

    `coverage` is the share of the question's telling words that it or its headings hold, by rarity, 0 to 1; `support`
    the weight of the strongest concept that it bears out; `asked` how surely a question written for it is this one.
    `similarity` is the best cosine of its passages with the question; None where none tells.
    """

    item: Item
    score: float
    coverage: float = 0.0
    support: float = 0.0
    asked: float = 0.0
    similarity: float | None = None


class Reason(StrEnum):
    """Why an item is on a topic: a word of it is in the item's title, in a heading above, in the text, or none is."""

    TITLE = "title"
    HEADING = "heading"
    TEXT = "text"
    MEANING = "meaning"


@dataclass(frozen=True, slots=True)
class Match:
    """An item on a topic: its weight, above 0 to 1, and why, with that word or heading."""

    item: Item
    weight: float
    reason: Reason
    by: str


@dataclass(frozen=True, slots=True)
class _Asked:
    """A text with its telling words, the cosine of each passage, how much it is a question written for each item."""

    text: str
    language: str
    words: tuple[Word, ...]
    near: Scores | None
    alike: Scores | None


class WrittenQuestions:
    """Questions written for items, by the `rows` of these; `rarity` is that of an index term.

    That two questions share "kann" or "Stadt" says little of what they mean, that they share "Trinkbrunnen" much: terms
    are weighed by how rare they are in the papers and in everyday German.
    """

    def __init__(
        self,
        questions: Questions,
        rows: Mapping[ItemKey, int],
        analyzer: Analyzer,
        rarity: Callable[[str], float],
    ) -> None:
        self._lexical, self._analyzer, self._rarity, self._size = questions.lexical, analyzer, rarity, len(rows)
        here = [(place, rows[item]) for place, item in enumerate(questions.items) if item in rows]
        self._searched, self._rows = np.array(here, dtype=np.intp).reshape(-1, 2).T
        asked = [(rows[one.item], one.question) for one in questions.all if one.item in rows]
        self._row_asked = [row for row, _ in asked]
        columns: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for place, (_, text) in enumerate(asked):
            for term, told in self._told(text).items():
                columns[term].append((place, told))
        self._columns = {term: [np.array(one) for one in zip(*told, strict=True)] for term, told in columns.items()}

    @property
    def any(self) -> bool:
        """Whether there are any."""
        return bool(self._rows.size)

    def alike(self, text: str) -> Scores:
        """How much of what a text tells it shares with the nearest question of each item, 0 to 1, shape (items,)."""
        near, shares = np.zeros(len(self._row_asked), dtype=np.float32), np.zeros(self._size, dtype=np.float32)
        for term, told in self._told(text).items():
            if term in self._columns:
                places, weights = self._columns[term]
                near[places] += told * weights
        np.maximum.at(shares, self._row_asked, np.minimum(near, np.float32(1.0)))
        return shares

    def scores(self, text: str, topic: Mapping[str, float]) -> Scores:
        """How well the questions of each item fit all words of a text and its topic's weighted terms, shape (items,).

        The words beside the topic tell everyday questions apart: with them the right item is first for .579 of those,
        for .535 without.
        """
        scores = np.zeros(self._size, dtype=np.float32)
        terms = {**dict.fromkeys(self._analyzer.terms(text), 1.0), **topic}
        scores[self._rows] = self._lexical.scores(terms)[self._searched]
        return scores

    def _told(self, text: str) -> dict[str, float]:
        """The terms of a text with how much each tells, of length 1 together; a term that comes twice counts once."""
        found: dict[str, float] = {}
        for printed in printed_words(text):
            told = telling(fold(printed))
            for word in self._analyzer.words(printed):
                for term in word.terms:
                    worth = told * self._rarity(term) * (1.0 if term == word.whole else PART)
                    found[term] = max(found.get(term, 0.0), worth)
        length = sum(worth**2 for worth in found.values()) ** 0.5
        return {term: worth / length for term, worth in found.items()} if length else {}


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
        self._says = np.array([_says_something(item) for item in catalogue.items], dtype=np.bool_)
        self._may_list = np.array([item.ref != "Titel" for item in catalogue.items], dtype=np.bool_)

    @cached_property
    def _grams(self) -> LexicalIndex:
        return _gram_index(self.corpus.catalogue)

    @cached_property
    def _questions(self) -> WrittenQuestions:
        corpus = self.corpus
        return WrittenQuestions(corpus.edition.questions, corpus.row_of_item, corpus.analyzer, corpus.rarity)

    def find(
        self,
        text: str,
        documents: Collection[str] | None = None,
        limit: int = 12,
        language: str = "de",
        kinds: Collection[ItemKind] = (),
    ) -> list[Found]:
        """The best entries of these documents and kinds, all where none is said; best first."""
        asked, allowed = self._asked(text, language), self._allowed(documents, kinds)
        scores = self._scored(asked, allowed)
        if asked.alike is not None:
            fits = scaled(np.where(allowed, self._questions.scores(text, _terms(asked.words)), np.float32(0.0)))
            scores += self.weights.questions * fits * np.sqrt(np.where(allowed, asked.alike, np.float32(0.0)))
            scores *= self._says
        rows = [row for row in np.argsort(-scores, kind="stable")[:limit].tolist() if scores[row] > 0]
        return [self._described(row, asked, float(scores[row])) for row in rows]

    def on_topic(
        self, topic: str, documents: Collection[str] | None = None, language: str = "de", *, whole: bool = False
    ) -> list[Match]:
        """All items of these documents on a topic, best first; archive rows too, front pages not.

        `whole` leaves out what bears out a topic of several nouns much less than the best: a list claims that each of
        its rows meets the condition, an overview that it is about the topic.

        An item weighs the mean of its share of the best score and of the probability that it treats the topic. None is
        on it where the first are neither called so nor likely on it, or where a noun of the topic is a name that nobody
        knows. Written questions say nothing here.
        """
        asked = self._asked(topic, language)
        if any(self._is_unknown(word, language) for word in telling_words(asked.words)):
            return []
        weights = scaled(self._scored(asked, self._allowed(documents, ())) * self._may_list)
        weights *= weights >= _CONSIDERED
        found = {row: self._described(row, asked) for row in np.flatnonzero(weights).tolist()}
        likely = np.zeros(len(weights), dtype=np.float32)
        for row, one in found.items():
            likely[row] = probability([one])
        first = sorted(found, key=lambda row: -weights[row])[:FIRST]
        if not any(surely_treats(found[row]) or self._is_called(row, asked.words) for row in first):
            return []
        weights = self._lifted((weights + likely) / np.float32(2.0), asked.words)
        least = _ON_TOPIC
        if whole and len(telling_words(asked.words)) > 1:
            least = max(least, _OF_BEST * float(weights.max()))
        order = np.argsort(-weights, kind="stable").tolist()
        return [self._match(row, asked.words, float(weights[row])) for row in order if weights[row] >= least]

    def _is_unknown(self, word: Word, language: str) -> bool:
        """Whether neither the papers nor the vocabulary nor a table of words know a word: another county's name."""
        known = any(map(self.corpus.knows, word.terms)) or word.others
        return not known and not self.corpus.expansion.terms(word.text, language)

    def _lifted(self, weights: Scores, words: tuple[Word, ...]) -> Scores:
        """The weights, those of items under a heading of just this topic at least a share of that heading's."""
        corpus, lifted = self.corpus, weights.copy()
        for row in np.flatnonzero(weights >= _ON_TOPIC).tolist():
            item = corpus.catalogue.items[row]
            if self._is_called(row, words) and self._is_only_of(item, words):
                below = corpus.records.below(item.document_id, item.key)
                below = below[weights[below] > 0]  # of these papers
                lifted[below] = np.maximum(lifted[below], np.float32(_UNDER) * weights[row])
        return lifted

    def _is_called(self, row: int, words: tuple[Word, ...]) -> bool:
        """Whether the title of an item holds all of these words."""
        return self.coverage(self.corpus.title_terms[row], words) >= _CALLED

    def _is_only_of(self, item: Item, words: tuple[Word, ...]) -> bool:
        """Whether the title of an item is about little but these words."""
        held = frozenset(term for word in words for term in word.terms)
        return self.coverage(held, words_in(item.title, self.corpus)) >= _ONLY

    def _match(self, row: int, words: tuple[Word, ...], weight: float) -> Match:
        corpus, item = self.corpus, self.corpus.catalogue.items[row]

        def held(terms: frozenset[str]) -> str:
            return next((word.text for word in words if word.terms[0] in terms), "")

        if word := held(corpus.title_terms[row]):
            return Match(item, weight, Reason.TITLE, word)
        for above in corpus.ancestors(item):
            if held(corpus.title_terms[corpus.row(above)]):
                return Match(item, weight, Reason.HEADING, above.title)
        word = held(corpus.terms[row])
        return Match(item, weight, Reason.TEXT if word else Reason.MEANING, word)

    def _scored(self, asked: _Asked, allowed: Mask) -> Scores:
        """The score of each item by its passages, shape (items,); 0 for those that are not allowed."""
        scores = np.zeros(len(allowed), dtype=np.float32)
        if allowed.any():
            np.maximum.at(scores, self._items, self._passages(asked, _terms(asked.words), allowed))
        return scores * self._says

    @cached_property
    def _written(self) -> dict[str, ItemKey]:
        """The items by the questions that people wrote for them, white space and case made equal."""
        return {_plain(one.question): one.item for one in self.corpus.edition.questions.all if not one.origin}

    def written_for(self, question: str, documents: Collection[str] | None = None) -> Item | None:
        """The item for which people wrote this very question; None where there is none in these documents."""
        key = self._written.get(_plain(question))
        inside = key is not None and (documents is None or key[0] in documents)
        return self.corpus.catalogue.item(*key) if key and inside else None

    def describe(self, item: Item, text: str, language: str = "de") -> Found:
        """An entry as `find` gives it for a text, without a score."""
        return self._described(self.corpus.row(item), self._asked(text, language))

    def _described(self, row: int, asked: _Asked, score: float = 0.0) -> Found:
        held, embedding = self.held(row), self.corpus.edition.embedding
        near = asked.near if embedding is not None and embedding.learned_with else None
        return Found(
            self.corpus.catalogue.items[row],
            score,
            self.coverage(held, asked.words),
            self._support(held, self.corpus.expansion.concepts(asked.text)),
            0.0 if asked.alike is None else float(asked.alike[row]),
            None if near is None else float(near[self._items == row].max(initial=-1.0)),
        )

    def _asked(self, text: str, language: str) -> _Asked:
        near = self.corpus.edition.similarities(text) if text.strip() else None
        alike = self._questions.alike(text) if self._questions.any and language == "de" else None
        words = words_in(text, self.corpus, language)
        return _Asked(text, language, words, None if near is None else near[self._rows], alike)

    def _allowed(self, documents: Collection[str] | None, kinds: Collection[ItemKind]) -> Mask:
        records = self.corpus.records
        allowed = np.ones(len(self._says), dtype=np.bool_)
        if documents is not None:
            allowed &= records.marked("document", documents)
        return allowed & records.marked("kind", kinds) if kinds else allowed

    def _passages(self, asked: _Asked, own: dict[str, float], allowed: Mask) -> Scores:
        """The score of each passage by its words, parts of words, vocabulary and vector."""
        weights, inside = self.weights, allowed[self._items]
        added = self.corpus.expansion.terms(asked.text, asked.language)
        said = self._lexical(own) * inside
        more = self._lexical({term: one for term, one in added.items() if term not in own}) * inside
        # how much of the words the entry holds that they find first: the less, the more the vocabulary counts
        held = self.coverage(self.held(int(self._items[said.argmax()])), asked.words) if said.any() else 0.0
        passages = weights.words * scaled(said + weights.vocabulary * (1.0 - held) * more)
        passages += (
            weights.grams * held * scaled(self._grams.scores(weighted_grams(asked.text, asked.language)) * inside)
        )
        return passages if asked.near is None else passages + weights.dense * above_mean(asked.near) * inside

    def _lexical(self, terms: Mapping[str, float]) -> Scores:
        return self.corpus.edition.lexical.scores(terms)[self._rows]

    def held(self, row: int) -> frozenset[str]:
        """The terms of an entry and of the headings above it."""
        above = self.corpus.ancestors(self.corpus.catalogue.items[row])
        return self.corpus.terms[row].union(*(self.corpus.title_terms[self.corpus.row(item)] for item in above))

    def coverage(self, held: frozenset[str], words: tuple[Word, ...]) -> float:
        """The share of the words that some terms hold, weighted by rarity, 0 to 1."""
        worth = [word.weight * self.corpus.rarest(word.terms) for word in words]
        borne = sum(value * share(word, held, self.corpus) for word, value in zip(words, worth, strict=True))
        return borne / sum(worth) if sum(worth) else 0.0

    def _support(self, held: frozenset[str], concepts: list[tuple[float, list[frozenset[str]]]]) -> float:
        """The weight of the best concept of which an entry holds telling words."""
        borne = (
            weight
            for weight, entries in concepts
            if any(one <= held and sum(map(self.corpus.rarity, one)) >= _TELLING_ENTRY for one in entries)
        )
        return max(borne, default=0.0)


def _says_something(item: Item) -> bool:
    """Whether an entry is ever found: one that says nothing is not."""
    return bool(item.body.strip() or item.fields or item.table_row or item.kind is not ItemKind.SECTION)


def above_mean(similarities: Scores) -> Scores:
    """How far each is above the mean of all, 1 where it is by four standard deviations; 0 below."""
    if not len(similarities):
        return similarities
    spread = np.float32(_FAR_ABOVE * max(float(similarities.std()), 1e-6))
    above: Scores = np.maximum((similarities - similarities.mean()) / spread, np.float32(0.0))
    return above


def scaled(scores: Scores) -> Scores:
    """The scores divided by the best of them; zeros stay."""
    top = float(scores.max(initial=0.0))
    return scores / np.float32(top) if top > 0 else scores


def _plain(question: str) -> str:
    """A question as it is compared with others word by word."""
    return " ".join(question.casefold().split())


def _terms(words: tuple[Word, ...]) -> dict[str, float]:
    """Index terms with weights: the whole of a word fully, the parts of a compound less."""
    weights: dict[str, float] = {}
    for word in words:
        for place, term in enumerate(word.terms):
            weights[term] = max(weights.get(term, 0.0), (PART if place else 1.0) * word.weight)
    return weights


@lru_cache(maxsize=65_536)
def grams_of(word: str) -> tuple[str, ...]:
    """The runs of letters of a printed word, its edges marked; a short word is one of its own."""
    padded = f" {fold(word)} "
    return tuple(padded[start : start + _RUN] for start in range(max(1, len(padded) - _RUN + 1)))


def weighted_grams(text: str, language: str = "de") -> dict[str, float]:
    """The runs of a question with weights: those of common words count less, those of long words share one."""
    found: dict[str, float] = {}
    for word in printed_words(text):
        runs = grams_of(word)
        for run in runs:
            found[run] = max(found.get(run, 0.0), weight(word, frames(word), language) / len(runs) ** 0.5)
    return found


def _gram_index(catalogue: Catalogue) -> LexicalIndex:
    """The index of all chunks, each with its headings, and the title of its item twice."""
    texts = []
    for chunk in catalogue.chunks:
        item = catalogue.item(chunk.document_id, chunk.key)
        title = (item.title, item.title) if item else ()
        words = (word for text in (chunk.text, chunk.context, *title) for word in printed_words(text))
        texts.append([run for word in words for run in grams_of(word)])
    return LexicalIndex.build(texts)
