"""The terms of a text: its words as index terms, how much each tells, and what documents say in their place.

Words that people ask with ("Überblick", "Stand") and seldom about tell less: `trained/frame.json` has by stem how often
labelled questions have a word outside of what they are about. What documents say instead comes from the topic
vocabulary (a text activates its concepts softly), from synonyms and from glossaries of other languages.
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
from vectorstore.analysis import Analyzer, fold
from vectorstore.language import frequencies, rate_distinctiveness
from vectorstore.vocabulary import Vocabulary

if TYPE_CHECKING:
    from service.answering.corpus import Corpus

FRAMING = 0.5  # share of a framing word's weight that it loses in a search
PART = 0.6  # weight of a part of a compound beside the whole
OTHERWISE = 0.55  # share of a word that a synonym or translation covers
PARTLY = 0.8  # share of a compound that all its parts cover
_SHORTEST_MENDED, _MENDED = 6, 0.9  # letters of a word with a typing error, share of its weight that the mended one has
_SYNONYM, _GLOSSARY, _TABLE_PART = 0.8, 1.0, 0.5  # weights of what tables say, and of the parts of its compounds
_FIRST, _LATER = 4, 0.8  # entries of a concept that count fully, and what those behind them count
_TOKEN, _LETTERS = re.compile(r"[\w.+-]*\w"), re.compile(r"[^\W\d_][\w-]*")
_STEMMERS = {"en": "english", "de": "german", "nl": "dutch", "tr": "turkish"}


@dataclass(frozen=True, slots=True)
class QueryWord:
    """A word of a text: its index `terms`, the whole first, and `others` that documents use (synonyms, translations).

    `frame` is the probability, 0 to 1, that it frames a question and is not what it is about; `front` is true where
    only the front of a longer word was written.
    """

    text: str
    terms: tuple[str, ...]
    weight: float = 1.0
    others: tuple[tuple[str, ...], ...] = ()
    front: bool = False
    frame: float = 0.0


class Expansion:
    """What documents say in place of a question's words; one per edition, whose compounds the analyzer knows."""

    def __init__(self, analyzer: Analyzer, vocabulary: Vocabulary) -> None:
        self._words = lru_cache(maxsize=None)(lambda entry: tuple(analyzer.words(entry)))  # few words say a concept
        self._activated = lru_cache(maxsize=512)(vocabulary.activate)
        self.terms = lru_cache(maxsize=512)(self._terms)

    def _terms(self, question: str, language: str) -> dict[str, float]:
        """The added terms of a question with their weights, at most 1."""
        entries = [
            (entry, weight * (1.0 if place < _FIRST else _LATER), 1.0)
            for concept, weight in self._activated(question)
            for place, entry in enumerate(concept.administrative)
        ]
        entries += [(entry, weight, _TABLE_PART) for entry, weight in _translations(question, language)]
        added: dict[str, float] = {}
        for entry, weight, part in entries:
            for word in self._words(entry):
                for term in word.terms:
                    added[term] = max(added.get(term, 0.0), weight * (1.0 if term == word.whole else part))
        return added

    def concepts(self, question: str) -> list[tuple[float, list[frozenset[str]]]]:
        """The concepts that a question is about: each with its weight and the whole words of its entries."""
        activated = self._activated(question)
        return [
            (weight, [frozenset(self._wholes(entry)) for entry in item.administrative]) for item, weight in activated
        ]

    def entries(self, phrase: str, language: str) -> tuple[tuple[str, ...], ...]:
        """What documents say for one or two words, each entry as its whole index terms."""
        translated = _translations(phrase, language, sizes=(len(phrase.split()),))
        return tuple(filter(None, (self._wholes(entry) for entry, _ in translated)))

    def _wholes(self, entry: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(word.whole for word in self._words(entry)))


def words_in(text: str, corpus: Corpus, language: str = "de") -> tuple[QueryWord, ...]:
    """The telling words of a text, each once, typing errors mended by the words of the documents."""
    skipped, results = function_words(language), dict[QueryWord, None]()
    tokens = _TOKEN.findall(text.replace("/", " "))
    pairs = [corpus.expansion.entries(" ".join(pair), language) for pair in pairwise(tokens)]
    for token, before, behind in zip(tokens, ((), *pairs), (*pairs, ()), strict=False):
        if fold(token) in skipped:
            continue
        words = corpus.analyzer.words(token)
        parts = [frames(part) for word in words for part in word.parts]
        frame = max(frames(token), min(parts, default=0.0))  # of a compound that no question has: "Projektliste"
        remaining = (
            *corpus.expansion.entries(token, language),
            *before,
            *behind,
        )  # "climate change" says more than both
        weight = weigh(token, frame, language)
        results |= dict.fromkeys(
            _mend(QueryWord(token, word.terms, weight, remaining, frame=frame), corpus) for word in words
        )
    return tuple(results)


def weigh(token: str, frame: float, language: str) -> float:
    """How much a word tells, 0 to 1: less where it is common, and where it frames a question."""
    return rate_distinctiveness(fold(token), "en" if language == "en" else "de") * (1.0 - FRAMING * frame)


def frames(token: str) -> float:
    """The probability, 0 to 1, that a word frames a question; 0 for one that no labelled question has."""
    return _frames().get(_stemmer("de").stemWord(fold(token)), 0.0)


def nouns_of(words: tuple[QueryWord, ...]) -> tuple[QueryWord, ...]:
    """The words with a capital; all of them where there is none."""
    return tuple(word for word in words if word.text[:1].isupper()) or words


def cover(word: QueryWord, terms: frozenset[str], corpus: Corpus) -> float:
    """How much of a word some terms contain: all of it as a whole, less in parts or in other words for it."""
    whole, *parts = word.terms
    if whole in terms:
        return 1.0
    rarities = {part: corpus.rarity(part) for part in parts}
    total = sum(rarities.values())
    partly = PARTLY * sum(rarity for part, rarity in rarities.items() if part in terms) / total if total else 0.0
    return max(partly, OTHERWISE if any(terms.issuperset(entry) for entry in word.others) else 0.0)


def coverage(words: Iterable[QueryWord], terms: frozenset[str], corpus: Corpus) -> float:
    """The share of some words that terms contain, weighted by how rare they are, 0 to 1."""
    worth = [(word, word.weight * corpus.rarest(word.terms)) for word in words]
    total = sum(value for _, value in worth)
    return sum(value * cover(word, terms, corpus) for word, value in worth) / total if total else 0.0


def _mend(word: QueryWord, corpus: Corpus) -> QueryWord:
    """The word with the term that it nearly is, where no document and no table knows any of its own."""
    known = any(map(corpus.knows, word.terms)) or fold(word.text) in frequencies("de") or bool(word.others)
    if len(word.text) < _SHORTEST_MENDED or known or not word.text.isalpha():
        return word
    similar = corpus.most_similar_term(word.terms[0])
    return replace(word, terms=(similar,), weight=_MENDED * word.weight) if similar else word


def _translations(question: str, language: str, sizes: tuple[int, ...] = (1, 2)) -> Iterator[tuple[str, float]]:
    """What the tables say for phrases of so many words, with a weight: less for common words."""
    tables = {"de": ("synonyms", ""), "en": ("glossary-en", "")}.get(language, ("glossary-nl-tr", language))
    table, full = _table(*tables), _SYNONYM if language == "de" else _GLOSSARY
    words = _LETTERS.findall(question)
    for size in sizes:
        for start in range(len(words) - size + 1):
            phrase = words[start : start + size]
            weight = full * max(rate_distinctiveness(fold(word), "en" if language == "en" else "de") for word in phrase)
            yield from ((entry, weight) for entry in table.get(" ".join(_stem(word, language) for word in phrase), ()))


@cache
def _table(name: str, language: str) -> dict[str, tuple[str, ...]]:
    """A shipped table of word to words, by stems."""
    code = language or ("en" if name == "glossary-en" else "de")
    table: dict[str, tuple[str, ...]] = {}
    for line in files("vectorstore").joinpath("vocabulary", f"{name}.tsv").read_text(encoding="utf-8").splitlines():
        left, right, *marked = line.split("\t")
        if not language or marked == [language]:
            key = " ".join(_stem(word, code) for word in _LETTERS.findall(left))
            table[key] = (*table.get(key, ()), *right.split(";"))
    return table


@cache
def _frames() -> dict[str, float]:
    read: dict[str, float] = json.loads(lexicon.trained("frame.json"))
    return read


@cache
def _stemmer(language: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(_STEMMERS.get(language, "german"))


@lru_cache(maxsize=16_384)
def _stem(word: str, language: str) -> str:
    """The stem by which a table is searched; Turkish loses its endings before its letters are folded."""
    stemmer = _stemmer(language)
    stem: str = fold(stemmer.stemWord(word.lower())) if language == "tr" else stemmer.stemWord(fold(word))
    return stem
