"""The words of a text as index terms with weights, and query expansion: the terms that documents
use instead.

Words that frame a question ("Überblick", "Stand") are seldom its topic and weigh less:
`trained/frame.json` has, by stem, how often a word of the labelled questions is outside their
topic. Expansion terms come from the topic vocabulary (concepts that a text activates), from
synonyms and from glossaries of other languages.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING

import Stemmer

from service.answering import lexicon
from service.answering.reading.classifier import function_words
from vectorstore.analysis import Analyzer
from vectorstore.language import frequencies, rate_distinctiveness
from vectorstore.text_forms import fold
from vectorstore.vocabulary import Vocabulary

if TYPE_CHECKING:
    from service.answering.corpus import Corpus

FRAME_DISCOUNT = 0.5  # share of its weight that a framing word loses
PART_WEIGHT = 0.6  # weight of a part of a compound; that of the whole is 1
SYNONYM_COVERAGE = 0.55  # share of a word that a synonym or translation covers
PARTS_COVERAGE = 0.8  # share of a compound that all its parts cover
_LEAST_LETTERS, _CORRECTED_WEIGHT = (
    6,
    0.9,
)  # letters from which a word is corrected, factor of its weight then
_SYNONYM_WEIGHT, _GLOSSARY_WEIGHT, _TRANSLATED_PART_WEIGHT = (
    0.8,
    1.0,
    0.5,
)  # of expansion terms; factor for their parts
_FULL_ENTRIES, _LATER_WEIGHT = 4, 0.8  # entries of a concept with full weight, weight of later ones
_TOKEN, _LETTERS = (
    re.compile(r"[\w.+-]*\w"),
    re.compile(r"[^\W\d_][\w-]*"),
)  # "C.II", "5.2"; "Rad-Weg", without numbers
_STEMMERS = {"en": "english", "nl": "dutch", "tr": "turkish"}  # German for all others


@dataclass(frozen=True, slots=True)
class QueryWord:
    """A word of a text: its index `terms`, the whole first, and `synonyms` that documents use
    (synonyms, translations).

    `frame` is the probability, 0 to 1, that it frames a question and is not its topic.
    """

    text: str
    terms: tuple[str, ...]
    weight: float = 1.0
    synonyms: tuple[tuple[str, ...], ...] = ()  # each as its terms
    frame: float = 0.0


class Expansion:
    """Query expansion: the terms that documents use instead of a question's words; one per
    edition.
    """

    def __init__(self, analyzer: Analyzer, vocabulary: Vocabulary) -> None:
        self._words = lru_cache(maxsize=None)(
            lambda entry: tuple(analyzer.words(entry))
        )  # concepts have few entries
        self._activate = lru_cache(maxsize=512)(vocabulary.activate)
        self.terms = lru_cache(maxsize=512)(self._terms)

    def _terms(self, question: str, language: str) -> dict[str, float]:
        """The expansion terms of a question with their weights, at most 1."""
        entries = [  # with their weights, and the factor for parts of their compounds
            (entry, weight * (1.0 if rank < _FULL_ENTRIES else _LATER_WEIGHT), 1.0)
            for concept, weight in self._activate(question)
            for rank, entry in enumerate(concept.administrative)
        ]
        entries += [
            (entry, weight, _TRANSLATED_PART_WEIGHT)
            for entry, weight in _translations(question, language)
        ]
        expansion: dict[str, float] = {}
        for entry, weight, part_weight in entries:
            for word in self._words(entry):
                for term in word.terms:
                    own_weight = weight if term == word.whole else weight * part_weight
                    expansion[term] = max(expansion.get(term, 0.0), own_weight)
        return expansion

    def concepts(self, question: str) -> list[tuple[float, list[frozenset[str]]]]:
        """The concepts that a question is about: each with its weight and the whole words of its
        entries.
        """
        concepts = []
        for concept, weight in self._activate(question):
            entries = map(self._wholes, concept.administrative)
            concepts.append((weight, list(map(frozenset, entries))))
        return concepts

    def translate_phrase(self, phrase: str, language: str) -> tuple[tuple[str, ...], ...]:
        """The synonyms or translations of one or two words, each as its index terms without parts
        of compounds.
        """
        translated = _translations(phrase, language, sizes=(len(phrase.split()),))
        return tuple(filter(None, (self._wholes(entry) for entry, _ in translated)))

    def _wholes(self, entry: str) -> tuple[str, ...]:
        """The index terms of an entry's words without parts of compounds, each once."""
        return tuple(dict.fromkeys(word.whole for word in self._words(entry)))


def words_in(text: str, corpus: Corpus, language: str = "de") -> tuple[QueryWord, ...]:
    """The words of a text without function words, each once, with weights, typing errors corrected
    by the documents.
    """
    skipped, results = function_words(language), dict[QueryWord, None]()
    tokens = _TOKEN.findall(text.replace("/", " "))
    pairs = [
        corpus.expansion.translate_phrase(" ".join(pair), language) for pair in pairwise(tokens)
    ]
    for index, token in enumerate(tokens):
        folded = fold(token)
        if folded in skipped:
            continue
        words = corpus.analyzer.words(token)
        part_frames = [frame_probability(part) for word in words for part in word.parts]
        # a compound frames a question if all its parts do: "Projektliste"
        frame = max(frame_probability(token), min(part_frames, default=0.0))
        # those of its pairs with the words beside it, too: "climate change" has other translations
        # than its words
        of_pairs = (
            synonym for synonyms in pairs[max(0, index - 1) : index + 1] for synonym in synonyms
        )
        synonyms = (*corpus.expansion.translate_phrase(token, language), *of_pairs)
        weight = weigh_word(token, frame, language)
        is_known = bool(synonyms) or folded in frequencies("de")
        may_be_misspelt = not is_known and len(token) >= _LEAST_LETTERS and token.isalpha()
        for word in words:
            query_word = QueryWord(token, word.terms, weight, synonyms, frame=frame)
            if may_be_misspelt:
                query_word = _correct_spelling(query_word, corpus)
            results[query_word] = None
    return tuple(results)


def weigh_word(token: str, frame: float, language: str) -> float:
    """The weight of a word, 0 to 1: lower if it is common, and if it frames a question."""
    return rate_distinctiveness(fold(token), "en" if language == "en" else "de") * (
        1.0 - FRAME_DISCOUNT * frame
    )


def frame_probability(token: str) -> float:
    """The probability, 0 to 1, that a word frames a question; 0 for one that no labelled question
    has.
    """
    return _frame_probabilities().get(_stemmer("de").stemWord(fold(token)), 0.0)


def nouns_of(words: tuple[QueryWord, ...]) -> tuple[QueryWord, ...]:
    """The capitalised words; all words if none is."""
    return tuple(word for word in words if word.text[:1].isupper()) or words


def cover_word(word: QueryWord, terms: frozenset[str], corpus: Corpus) -> float:
    """How much of a word some terms cover, 0 to 1: 1 as a whole, less by its parts or by a
    synonym.
    """
    whole, *parts = word.terms
    if whole in terms:
        return 1.0
    rarities = {part: corpus.rarity(part) for part in parts}
    total = sum(rarities.values())
    covered = sum(rarity for part, rarity in rarities.items() if part in terms)
    by_parts = PARTS_COVERAGE * covered / total if total else 0.0
    return max(by_parts, SYNONYM_COVERAGE if any(map(terms.issuperset, word.synonyms)) else 0.0)


def coverage(words: Iterable[QueryWord], terms: frozenset[str], corpus: Corpus) -> float:
    """The share of some words that terms cover, 0 to 1, weighted by the words' rarity."""
    weighted = [(word, word.weight * corpus.rarest(word.terms)) for word in words]
    total = sum(value for _, value in weighted)
    if not total:
        return 0.0
    return sum(value * cover_word(word, terms, corpus) for word, value in weighted) / total


def _correct_spelling(word: QueryWord, corpus: Corpus) -> QueryWord:
    """The word with the most similar term of the documents, if they have none of its own."""
    if any(map(corpus.has_term, word.terms)):
        return word
    similar = corpus.most_similar_term(word.terms[0])
    if similar:
        return replace(word, terms=(similar,), weight=_CORRECTED_WEIGHT * word.weight)
    return word


def _translations(
    question: str, language: str, sizes: tuple[int, ...] = (1, 2)
) -> Iterator[tuple[str, float]]:
    """Yield the synonyms or translations of a question's phrases of `sizes` words; common words
    have lower weights.
    """
    table = _table(language)
    full = _SYNONYM_WEIGHT if language == "de" else _GLOSSARY_WEIGHT
    rated_in = "en" if language == "en" else "de"
    words = _LETTERS.findall(question)
    for size in sizes:
        for start in range(len(words) - size + 1):
            phrase = words[start : start + size]
            weight = full * max(rate_distinctiveness(fold(word), rated_in) for word in phrase)
            stems = " ".join(_stem(word, language) for word in phrase)
            for entry in table.get(stems, ()):
                yield entry, weight


@cache
def _table(language: str) -> dict[str, tuple[str, ...]]:
    """The entries by the stems of a phrase: German synonyms, or the glossary of another language.

    A line is "phrase<tab>entry;entry"; that of a glossary of several languages has the code behind.
    """
    name = {"de": "synonyms", "en": "glossary-en"}.get(language, "glossary-nl-tr")
    table: dict[str, tuple[str, ...]] = {}
    for line in (
        files("vectorstore")
        .joinpath("vocabulary", f"{name}.tsv")
        .read_text(encoding="utf-8")
        .splitlines()
    ):
        phrase, entries, *codes = line.split("\t")
        if not codes or codes == [language]:
            key = " ".join(_stem(word, language) for word in _LETTERS.findall(phrase))
            table[key] = (*table.get(key, ()), *entries.split(";"))
    return table


@cache
def _frame_probabilities() -> dict[str, float]:
    """The probability, 0 to 1, by stem, that a word frames a question."""
    probabilities: dict[str, float] = json.loads(lexicon.trained("frame.json"))
    return probabilities


@cache
def _stemmer(language: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(_STEMMERS.get(language, "german"))


@lru_cache(maxsize=16_384)
def _stem(word: str, language: str) -> str:
    """The stem by which a table is searched; Turkish is stemmed before folding, other languages
    after.
    """
    stemmer = _stemmer(language)
    stem: str = (
        fold(stemmer.stemWord(word.lower())) if language == "tr" else stemmer.stemWord(fold(word))
    )
    return stem
