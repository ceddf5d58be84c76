"""The topic vocabulary: concepts of local government, and which of them a question is about.

A file `vocabulary/*.toml` has `field = "..."` and any number of `[[concept]]`. Concepts are scored
by BM25 of the question's words over the concepts' words, filler words weighted down; on everyday
questions over documents of other cities that finds twice as much as matching exact phrases.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from importlib.resources import files
from itertools import chain
from typing import Any

import numpy as np
import Stemmer
from pydantic import TypeAdapter

from vectorstore.language import Analyzer, fold, printed_words, word_list
from vectorstore.lexical import LexicalIndex

ENGLISH = "en:"  # prefix of English index terms
# Development cases with the right item among the first three: .830 with at most 5 concepts, .844
# with 8, .844 with 12.
# concepts at most, each with at least this share of the best score
LIMIT = 8
RELATIVE = 0.4
CERTAIN = 9.0  # the best score from which it has weight 1
# Weights of a filler word and of a part of a compound; other words have 1. Of these and `CERTAIN`
# no measurement is recorded.
FILLER_WEIGHT = 0.25
PART_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Concept:
    """One topic of local government with its administrative (`label`, `terms`), everyday and
    English words.
    """

    id: str
    label: str
    field: str
    terms: tuple[str, ...] = ()
    everyday: tuple[str, ...] = ()
    english: tuple[str, ...] = ()

    @property
    def administrative(self) -> tuple[str, ...]:
        """Label and terms: the words that documents use."""
        return (self.label, *self.terms)

    @property
    def german(self) -> str:
        """Its administrative and everyday words, a phrase on each line."""
        return "\n".join((*self.administrative, *self.everyday))


_CONCEPTS = TypeAdapter(list[Concept])


def read_concepts(source: str) -> list[Concept]:
    """The concepts of a file's text; raises ValueError if it is not TOML or a concept has no id or
    label.
    """
    parsed = tomllib.loads(source)
    field = parsed.get("field", "")
    tables: list[dict[str, Any]] = parsed.get("concept", [])
    return _CONCEPTS.validate_python([{"field": field, **table} for table in tables])


class Vocabulary:
    """The concepts of these TOML texts, with a search over their German and English words;
    thread-safe.

    Raises ValueError for an invalid text.
    """

    def __init__(self, sources: Sequence[str]) -> None:
        self.concepts = tuple(chain.from_iterable(map(read_concepts, sources)))
        self.digest = sha256("".join(sources).encode()).hexdigest()[:16]
        self._english = Stemmer.Stemmer("english", 0)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The German words of all concepts, unfolded; they may be parts of compounds."""
        texts = "\n".join(concept.german for concept in self.concepts)
        return tuple(sorted(set(printed_words(texts))))

    def activate(self, question: str) -> list[tuple[Concept, float]]:
        """The concepts that fit a question, best first, each with its weight (above 0, at most 1).

        The weight of the best concept is its score divided by `CERTAIN`, at most 1. The other
        weights are lower in proportion to their scores; concepts far below the best are left out.
        """
        scores = self._index.scores(self._question_terms(question))
        order = np.argsort(-scores, kind="stable")[:LIMIT]
        best = float(scores[order[0]])
        if best <= 0:
            return []
        strength = min(1.0, best / CERTAIN)
        rows = [int(row) for row in order if scores[row] >= RELATIVE * best]
        return [(self.concepts[row], strength * float(scores[row]) / best) for row in rows]

    def _question_terms(self, question: str) -> dict[str, float]:
        """The German and English index terms of a question, with their weights.

        Nothing says which language a question is in, so each word is read as both. A word has the
        weight 1, a part of a compound `PART_WEIGHT`. Filler words have the share `FILLER_WEIGHT` of
        this. A term that occurs as a word and as a part has the weight of the word.
        """
        terms: dict[str, float] = {}
        for word in self._analyzer.words(question):
            weight = _weight(word.whole, self._filler_terms)
            terms[word.whole] = max(terms.get(word.whole, 0.0), weight)
            for part in word.parts:
                terms.setdefault(part, PART_WEIGHT * _weight(part, self._filler_terms))
        for folded in map(fold, printed_words(question)):
            if folded not in word_list("stopwords"):
                weight = _weight(folded, word_list("filler"))
                terms.setdefault(self._english_term(folded), weight)
        return terms

    def _english_term(self, folded: str) -> str:
        """The index term of a word read as English: "en:cycl" for "cycling"."""
        return ENGLISH + str(self._english.stemWord(folded))

    @cached_property
    def _filler_terms(self) -> frozenset[str]:
        return frozenset(chain.from_iterable(map(self._analyzer.terms, word_list("filler"))))

    @cached_property
    def _analyzer(self) -> Analyzer:
        return Analyzer.for_texts((), self.words)

    @cached_property
    def _index(self) -> LexicalIndex:
        """The index with a text for each concept: its German terms, and its English ones."""
        texts = []
        for concept in self.concepts:
            german = self._analyzer.terms(concept.german)
            words = printed_words("\n".join(concept.english))
            english = [self._english_term(fold(word)) for word in words]
            texts.append(german + english)
        # Concepts differ in length by how many words somebody wrote down: a b below that of
        # documents. Both are those of e473a836, no measurement is recorded.
        return LexicalIndex.build(texts, k1=0.9, b=0.3)


def _weight(word: str, fillers: Collection[str]) -> float:
    return FILLER_WEIGHT if word in fillers else 1.0


@cache
def shipped_vocabulary() -> Vocabulary:
    """The vocabulary that comes with the program, read once; its index is built with the first
    question.
    """
    folder = files("vectorstore").joinpath("vocabulary")
    tables = (path for path in folder.iterdir() if path.name.endswith(".toml"))
    paths = sorted(tables, key=lambda path: path.name)
    return Vocabulary([path.read_text(encoding="utf-8") for path in paths])
