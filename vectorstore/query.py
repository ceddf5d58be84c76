"""A question as weighted terms: its own words, and the administrative terms of the concepts that it is about."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vectorstore.analysis import Analyzer, Word
from vectorstore.concepts import Concept
from vectorstore.lexical import LexicalIndex
from vectorstore.vocabulary import ActivationSettings, Vocabulary

REFERENCE = re.compile(r"\d+(?:\.\d+)+|[a-zäöü]\.(?:[ivxlc]+|\d+)(?:\.\d+)*")


@dataclass(frozen=True, slots=True)
class QuerySettings:
    """Weights beside 1.0, that of a word of the question.

    `part` for a part of a compound that the edition knows as a whole, `lone_part` for one that it does not; `concept`
    for an administrative term of a fully activated concept, shrinking to none as a chunk covers more of the question
    than `covered_from` up to `covered_to` of its weight; `terms` is how many terms of a concept count in full;
    `typing_error` for the term that an unknown word is probably a typing error of.
    """

    part: float = 0.4
    lone_part: float = 0.8
    concept: float = 0.5
    covered_from: float = 0.55
    covered_to: float = 0.95
    terms: int = 8
    typing_error: float = 0.7


@dataclass(frozen=True, slots=True)
class WeightedQuestion:
    """`own` terms of the question, terms `added` by concepts (disjoint from them), and the concepts with weights."""

    own: Mapping[str, float]
    added: Mapping[str, float]
    concepts: Sequence[tuple[Concept, float]]

    @property
    def terms(self) -> dict[str, float]:
        """All terms, for `LexicalIndex.scores`."""
        return {**self.added, **self.own}


def weigh(
    question: str,
    analyzer: Analyzer,
    lexical: LexicalIndex,
    vocabulary: Vocabulary,
    settings: QuerySettings | None = None,
    activation: ActivationSettings | None = None,
) -> WeightedQuestion:
    """The terms of a question for one edition's index."""
    settings = settings or QuerySettings()
    own = own_terms(analyzer.words(question), lexical, vocabulary, settings)
    concepts = vocabulary.activate(question, activation)
    share = settings.concept * _need(own, lexical, settings)
    added = expansion(concepts, analyzer, lexical, share, settings) if share > 0 else {}
    return WeightedQuestion(own, {term: weight for term, weight in added.items() if term not in own}, concepts)


def own_terms(
    words: Sequence[Word], lexical: LexicalIndex, vocabulary: Vocabulary, settings: QuerySettings
) -> dict[str, float]:
    """The question's words with their weights: a part counts less than a whole, more where the whole is unknown."""
    weights: dict[str, float] = {}
    for word in words:
        meant = _meant(word, lexical, vocabulary)
        if meant is not None:
            weights[meant] = max(weights.get(meant, 0.0), settings.typing_error)
            continue
        weights[word.whole] = 1.0
        part = settings.part if word.whole in lexical else settings.lone_part
        for term in word.parts:
            weights[term] = max(weights.get(term, 0.0), part)
    return weights


def _meant(word: Word, lexical: LexicalIndex, vocabulary: Vocabulary) -> str | None:
    """The index's term for a mistyped word; None for a word that is known anywhere."""
    if any(term in lexical or vocabulary.knows(term) for term in word.terms):
        return None
    return lexical.nearest(word.whole)


def expansion(
    concepts: Sequence[tuple[Concept, float]],
    analyzer: Analyzer,
    lexical: LexicalIndex,
    share: float,
    settings: QuerySettings,
) -> dict[str, float]:
    """Administrative terms that the edition holds, at `share` of their concept's weight, less where they are many."""
    weights: dict[str, float] = {}
    for concept, activated in concepts:
        held = [word for entry in concept.administrative for word in analyzer.words(entry) if word.whole in lexical]
        each = share * activated * min(1.0, settings.terms / max(1, len({word.whole for word in held})))
        for word in held:
            weights[word.whole] = max(weights.get(word.whole, 0.0), each)
    return weights


def _need(own: Mapping[str, float], lexical: LexicalIndex, settings: QuerySettings) -> float:
    """How much a question needs other words, 0..1: not at all with a reference or where one chunk has its words."""
    if any(REFERENCE.fullmatch(term) for term in own):
        return 0.0
    span = settings.covered_to - settings.covered_from
    return min(1.0, max(0.0, (settings.covered_to - lexical.coverage(own)) / span))
