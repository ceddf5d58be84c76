"""The topic vocabulary: its concepts, and which of them a question is about, though it names none.

A file `vocabulary/*.toml` holds `field = "..."` and any number of `[[concept]]`. Soft activation: BM25 over the
concepts' own words, the question's everyday filler weighted down; on everyday questions over other cities' papers
that finds twice as much as exact phrases.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from importlib.resources import files
from typing import Any

import numpy as np
import Stemmer

from vectorstore.analysis import Analyzer, fold, printed_words
from vectorstore.language import word_list
from vectorstore.lexical import LexicalIndex, LexicalSettings

ENGLISH = "en:"
# Measured over the answering's development cases: the right item was among the first three in .830 with 5 concepts at
# most, .844 with 8, .844 with 12.
LIMIT, RELATIVE = 8, 0.4  # concepts at most, each with at least this part of the best one's score
CERTAIN = 9.0  # a best score that has weight 1
FILLER, PART = 0.25, 0.5  # what a filler word and a part of a compound count of a word


@dataclass(frozen=True, slots=True)
class Concept:
    """One topic of local government: what administrations call it, what people say, and what it is in English.

    `area` is the part of its field that it belongs to: the id of the first concept of its file.
    """

    id: str
    label: str
    field: str
    terms: tuple[str, ...] = ()
    everyday: tuple[str, ...] = ()
    english: tuple[str, ...] = ()
    area: str = ""

    @property
    def administrative(self) -> tuple[str, ...]:
        """Label and terms: the words that documents use."""
        return (self.label, *self.terms)


def read_concepts(source: str) -> list[Concept]:
    """The concepts of one file; raises ValueError where it is no TOML or a concept has no id or label."""
    parsed = tomllib.loads(source)
    field = str(parsed.get("field", ""))
    entries: list[dict[str, Any]] = parsed.get("concept", [])
    if wrong := [entry for entry in entries if not entry.get("id") or not entry.get("label")]:
        raise ValueError(f"a concept of {field!r} has no id or no label: {wrong[0]}")
    words = [{name: tuple(concept.get(name, ())) for name in ("terms", "everyday", "english")} for concept in entries]
    return [
        Concept(concept["id"], concept["label"], field, area=str(entries[0]["id"]), **lists)
        for concept, lists in zip(entries, words, strict=True)
    ]


class Vocabulary:
    """Concepts, found by the words of a question in German or English; may be shared between threads."""

    def __init__(self, concepts: Sequence[Concept], digest: str = "") -> None:
        self.concepts = tuple(concepts)
        self.digest = digest
        self._english = Stemmer.Stemmer("english", 0)

    @classmethod
    def of(cls, sources: Sequence[str]) -> Vocabulary:
        """The vocabulary of these TOML texts; raises ValueError for one that is not in form or an id used twice."""
        concepts = [concept for source in sources for concept in read_concepts(source)]
        ids = [concept.id for concept in concepts]
        if len(set(ids)) < len(ids):
            twice = sorted({name for name in ids if ids.count(name) > 1})
            raise ValueError(f"concept ids used twice: {twice}")
        return cls(concepts, sha256("".join(sources).encode()).hexdigest()[:16])

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The German words of all concepts, as printed: possible parts of compounds."""
        entries = (entry for concept in self.concepts for entry in (*concept.administrative, *concept.everyday))
        return tuple(sorted(set(printed_words("\n".join(entries)))))

    def activate(self, question: str) -> list[tuple[Concept, float]]:
        """The concepts that a question is about, best first, with weights in 0..1; may be none."""
        scores = self._index[1].scores(self._question_terms(question))
        order = np.argsort(-scores, kind="stable")[:LIMIT]
        best = float(scores[order[0]]) if len(order) else 0.0
        if best <= 0:
            return []
        strength = min(1.0, best / CERTAIN)
        retained = [int(row) for row in order if scores[row] >= RELATIVE * best]
        return [(self.concepts[row], strength * float(scores[row]) / best) for row in retained]

    def _question_terms(self, question: str) -> dict[str, float]:
        filler = word_list("filler")
        terms: dict[str, float] = {}
        for word in self._index[0].words(question):
            whole = FILLER if word.whole in self._filler else 1.0
            terms[word.whole] = max(terms.get(word.whole, 0.0), whole)
            for part in word.parts:
                terms.setdefault(part, PART * (FILLER if part in self._filler else 1.0))
        for printed in printed_words(question):
            weight = FILLER if fold(printed) in filler else 1.0
            if fold(printed) not in word_list("stopwords"):
                terms.setdefault(ENGLISH + self._english.stemWord(fold(printed)), weight)
        return terms

    @cached_property
    def _filler(self) -> frozenset[str]:
        return frozenset(term for word in word_list("filler") for term in self._index[0].terms(word))

    @cached_property
    def _index(self) -> tuple[Analyzer, LexicalIndex]:
        analyzer, texts = Analyzer.for_texts((), self.words), []
        for concept in self.concepts:
            english = printed_words("\n".join(concept.english))
            terms = analyzer.terms("\n".join((*concept.administrative, *concept.everyday)))
            texts.append(terms + [ENGLISH + self._english.stemWord(fold(word)) for word in english])
        return analyzer, LexicalIndex.build(texts, LexicalSettings(k1=0.9, b=0.3))


@cache
def shipped_vocabulary() -> Vocabulary:
    """The vocabulary that comes with the program, read once; its index is built with the first question."""
    folder = files("vectorstore").joinpath("vocabulary")
    results = sorted(
        (entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda entry: entry.name
    )
    return Vocabulary.of([entry.read_text(encoding="utf-8") for entry in results])
