"""Words that documents use for what a question says otherwise: from the topic vocabulary, synonyms and glossaries.

Concepts are activated softly (see `vectorstore.vocabulary`); synonyms and glossaries map word to word. Each added
index term has a weight of at most 1; finding lets them count less than the question's own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import resources

import Stemmer

from vectorstore.analysis import Analyzer, Word, fold
from vectorstore.language import telling
from vectorstore.vocabulary import Vocabulary

SYNONYM = 0.8
GLOSSARY = 1.0
_FIRST, _LATER = 4, 0.8  # entries of a concept that count fully, and what those behind them count
_PART = 0.5  # of a compound that a table says
_WORD = re.compile(r"[^\W\d_][\w-]*")
_STEMMERS = {"en": "english", "de": "german", "nl": "dutch", "tr": "turkish"}
Table = dict[str, tuple[str, ...]]


class Expansion:
    """Adds index terms to a question; one per edition, since the analyzer knows the edition's compounds."""

    def __init__(self, analyzer: Analyzer, vocabulary: Vocabulary) -> None:
        self._words = lru_cache(maxsize=None)(lambda entry: tuple(analyzer.words(entry)))  # few words say a concept
        self._activated = lru_cache(maxsize=512)(vocabulary.activate)
        self.terms = lru_cache(maxsize=512)(self._terms)

    def _terms(self, question: str, language: str) -> dict[str, float]:
        """The added terms of a question with their weights."""
        added: dict[str, float] = {}

        def add(word: Word, weight: float, part: float = 1.0) -> None:
            for term in word.terms:
                added[term] = max(added.get(term, 0.0), weight * (1.0 if term == word.whole else part))

        for concept, weight in self._activated(question):
            for place, entry in enumerate(concept.administrative):
                for word in self._words(entry):
                    add(word, weight * (1.0 if place < _FIRST else _LATER))
        for entry, weight in self._translations(question, language):
            for word in self._words(entry):
                add(word, weight, _PART)
        return added

    def concepts(self, question: str) -> list[tuple[float, list[frozenset[str]]]]:
        """The concepts that a question is about: each with its weight and the whole words of its entries."""
        activated = self._activated(question)
        return [(weight, [self._wholes(entry) for entry in one.administrative]) for one, weight in activated]

    def entries(self, word: str, language: str) -> tuple[tuple[str, ...], ...]:
        """What documents say for one word, each entry as its whole index terms."""
        said = (self._wholes(entry) for entry, _ in self._translations(word, language))
        return tuple(tuple(entry) for entry in said if entry)

    def _wholes(self, entry: str) -> frozenset[str]:
        return frozenset(word.whole for word in self._words(entry))

    def _translations(self, question: str, language: str) -> Iterator[tuple[str, float]]:
        """What the word tables say, with a weight: less for common words."""
        tables = {"de": ("synonyms", ""), "en": ("glossary-en", "")}.get(language, ("glossary-nl-tr", language))
        table, full = _table(*tables), SYNONYM if language == "de" else GLOSSARY
        words = _WORD.findall(question)
        for size in (1, 2):
            for start in range(len(words) - size + 1):
                phrase = words[start : start + size]
                told = max(telling(fold(word), "en" if language == "en" else "de") for word in phrase)
                for entry in table.get(" ".join(_stem(word, language) for word in phrase), ()):
                    yield entry, full * told


@cache
def _table(name: str, language: str) -> Table:
    """A shipped table of word to words, by stems; empty where the file is missing."""
    file = resources.files("vectorstore").joinpath("vocabulary", f"{name}.tsv")
    code = language or ("en" if name == "glossary-en" else "de")
    table: Table = {}
    for line in file.read_text(encoding="utf-8").splitlines() if file.is_file() else ():
        left, right, *marked = line.split("\t")
        if not language or marked == [language]:
            key = " ".join(_stem(word, code) for word in _WORD.findall(left))
            table[key] = (*table.get(key, ()), *right.split(";"))
    return table


@cache
def _stemmer(language: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(_STEMMERS.get(language, "german"))


@lru_cache(maxsize=16_384)
def _stem(word: str, language: str) -> str:
    """The stem by which a table is searched; Turkish loses its endings before its letters are folded."""
    stemmer = _stemmer(language)
    stem: str = fold(stemmer.stemWord(word.lower())) if language == "tr" else stemmer.stemWord(fold(word))
    return stem
