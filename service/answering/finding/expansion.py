"""Words that documents use for what a question says otherwise: from the topic vocabulary, synonyms and glossaries.

Concepts are activated softly (see `vectorstore.vocabulary`); synonyms and glossaries map word to word. Each added
index term has a weight of at most 1; finding lets them count less than the question's own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

import Stemmer

from vectorstore.analysis import Analyzer, fold
from vectorstore.concepts import Concept
from vectorstore.language.commonness import telling
from vectorstore.vocabulary import Vocabulary

SYNONYM = 0.8
GLOSSARY = 1.0
_WORD = re.compile(r"[^\W\d_][\w-]*")
_VERB = re.compile(r"(?P<stem>[a-zäöüß]+?)(?:en|n|e?te?n?|e?t)")
_SHORTEST_STEM = 4
_STEMMERS = {"en": "english", "de": "german", "nl": "dutch", "tr": "turkish"}
Table = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Said:
    """What is said for a concept: the index terms of each entry, and their whole words."""

    terms: tuple[tuple[str, ...], ...]
    entries: tuple[frozenset[str], ...]


class Expansion:
    """Adds index terms to a question; one per edition, since the analyzer knows the edition's compounds."""

    def __init__(self, analyzer: Analyzer, vocabulary: Vocabulary) -> None:
        self._analyzer = analyzer
        self.terms = lru_cache(maxsize=512)(self._terms)
        self._activated = lru_cache(maxsize=512)(vocabulary.activate)
        self._said: dict[str, _Said] = {}

    def _of(self, concept: Concept) -> _Said:
        if concept.id not in self._said:
            words = [self._analyzer.words(entry) for entry in concept.administrative]
            entries = tuple(frozenset(word.whole for word in entry) for entry in words)
            terms = tuple(tuple(term for word in entry for term in word.terms) for entry in words)
            self._said[concept.id] = _Said(terms, tuple(filter(None, entries)))
        return self._said[concept.id]

    def _terms(self, question: str, language: str) -> dict[str, float]:
        added: dict[str, float] = {}
        for concept, weight in self._activated(question):
            for place, terms in enumerate(self._of(concept).terms):
                for term in terms:
                    added[term] = max(added.get(term, 0.0), weight * (1.0 if place < 4 else 0.8))
        for entry, weight in self.translations(question, language):
            for word in self._analyzer.words(entry):
                for term, share in ((word.whole, 1.0), *((part, 0.5) for part in word.parts)):
                    added[term] = max(added.get(term, 0.0), share * weight)
        return added

    def concepts(self, question: str) -> list[tuple[float, list[frozenset[str]]]]:
        """The concepts that a question is about: each with its weight and the whole words of its entries."""
        return [(weight, list(self._of(concept).entries)) for concept, weight in self._activated(question)]

    def entries(self, word: str, language: str) -> tuple[tuple[str, ...], ...]:
        """What documents say for one word, each entry as its whole index terms."""
        said = [entry for entry, _ in self.translations(word, language)]
        said += nominalised(word) if language == "de" else []
        return tuple(entry for entry in (tuple(self._wholes(one)) for one in said) if entry)

    def _wholes(self, entry: str) -> frozenset[str]:
        return frozenset(word.whole for word in self._analyzer.words(entry))

    def translations(self, question: str, language: str) -> Iterator[tuple[str, float]]:
        """What the word tables say, with a weight: less for common words, and for each of many meanings."""
        tables = {"de": ("synonyms", ""), "en": ("glossary-en", "")}.get(language, ("glossary-nl-tr", language))
        table, full = _table(*tables), SYNONYM if language == "de" else GLOSSARY
        words = _WORD.findall(question)
        for size in (1, 2):
            for start in range(len(words) - size + 1):
                phrase = words[start : start + size]
                told = max(telling(fold(word), "en" if language == "en" else "de") for word in phrase)
                for entry in table.get(" ".join(_stem(word, language) for word in phrase), ()):
                    yield entry, full * told


def nominalised(word: str) -> list[str]:
    """The nouns in -ung that a verb may have in official German: "finanziert" gives "Finanzierung"."""
    match = _VERB.fullmatch(word)
    if match is None:
        return []
    stems = {match["stem"], match["stem"].removeprefix("ge")}
    return [f"{stem}ung" for stem in sorted(stems) if len(stem) >= _SHORTEST_STEM]


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
