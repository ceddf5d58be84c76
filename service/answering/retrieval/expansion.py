"""Query expansion: the terms that documents use instead of a question's words.

They come from the topic vocabulary (concepts that a text activates), from synonyms and from
glossaries of other languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files

import Stemmer

from vectorstore import Vocabulary
from vectorstore.language import Analyzer, fold, rate_distinctiveness

# of expansion terms
_SYNONYM_WEIGHT = 0.8
_GLOSSARY_WEIGHT = 1.0
_TRANSLATED_PART_WEIGHT = 0.5  # factor for their parts
# entries of a concept with full weight, weight of later ones
_FULL_ENTRIES = 4
_LATER_WEIGHT = 0.8
_LETTERS = re.compile(r"[^\W\d_][\w-]*")  # "Rad-Weg", without numbers
_STEMMERS = {"en": "english", "nl": "dutch", "tr": "turkish"}  # German for all others


class Expansion:
    """Query expansion: the terms that documents use instead of a question's words; one per
    edition.
    """

    def __init__(self, analyzer: Analyzer, vocabulary: Vocabulary) -> None:
        # concepts have few entries
        self._words = lru_cache(maxsize=None)(lambda entry: tuple(analyzer.words(entry)))
        self._activate = lru_cache(maxsize=512)(vocabulary.activate)
        self.terms = lru_cache(maxsize=512)(self._terms)

    def _terms(self, question: str, language: str) -> dict[str, float]:
        """The expansion terms of a question with their weights, at most 1.

        They are the terms of its synonyms or translations, and of the entries of its concepts, of
        which those from the fifth on weigh less. Parts of a compound that is a synonym or
        translation weigh half: "Klima" alone is not "climate protection". A term of several entries
        has its highest weight.
        """
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
        """The concepts that a question is about, each with its weight and its entries.

        An entry is the set of its words as index terms, without parts of compounds: a text has the
        entry if it has all of them.
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


def _translations(
    question: str, language: str, sizes: tuple[int, ...] = (1, 2)
) -> Iterator[tuple[str, float]]:
    """Yield the translations (for German: synonyms) of a question's phrases, each with its weight.

    Phrases are neighbouring words, as many as `sizes` allows: by default one or two. The weight is
    that of the rarest word in everyday language, so that common words add little.
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

    A line of the file is "phrase<tab>entry;entry". In a glossary of several languages it ends with
    a tab and the code of its language.
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
def stemmer(language: str) -> Stemmer.Stemmer:
    """Return the stemmer of a language, German for those that have none here."""
    return Stemmer.Stemmer(_STEMMERS.get(language, "german"))


@lru_cache(maxsize=16_384)
def _stem(word: str, language: str) -> str:
    """The folded stem by which a table is searched.

    Turkish is stemmed before folding, since its stemmer needs the letters that folding replaces;
    other languages are stemmed after it.
    """
    own = stemmer(language)
    stem: str = fold(own.stemWord(word.lower())) if language == "tr" else own.stemWord(fold(word))
    return stem
