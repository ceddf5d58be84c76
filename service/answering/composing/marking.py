"""Marks in passages the sentences that answer best: whole, verbatim, one or two of each passage.

Marking claims nothing: it says where to look first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.answering.context import Context
from service.answering.query import AnswerType
from service.answering.retrieval.facts import field_relevance, has_fact
from service.answering.retrieval.passages import WholePassage, split_sentences
from service.answering.retrieval.terms import coverage
from vectorstore.language import squash

# beside the words of sentence and title together, which weigh 1
_OWN_WORDS = 0.5
_FACT = 1.0
_FIRST = 0.2  # what a sentence of the best passage gains
# least share of the best score for a second sentence: of 540 questions .487 have their fact marked
# on the first card, with .75 only .465
_SECOND = 0.5


@dataclass(frozen=True, slots=True)
class MarkedPassage:
    """A passage with its best sentences, verbatim, in its order, and the score of the best."""

    passage: WholePassage
    sentences: tuple[str, ...]
    score: float


def mark_passages(context: Context, passages: Sequence[WholePassage]) -> list[MarkedPassage]:
    """Passages (best first) with their best sentences, that with the best of all first."""
    marked = [
        _mark(context, passage, bonus=0.0 if rank else _FIRST)
        for rank, passage in enumerate(passages)
    ]
    return sorted(marked, key=lambda entry: -entry.score)


def _mark(context: Context, passage: WholePassage, bonus: float) -> MarkedPassage:
    """A passage with its best sentence, and the second best where that scores at least half as
    much. Of sentences without any score the first two are marked, of a passage of labels none.

    `bonus` is added to the score of the passage, not to those of its sentences.
    """
    sentences = [
        passage.text[start:end]
        for start, end in split_sentences(passage.text)
        if not passage.text[start:end].rstrip().endswith(":")  # a label
    ]
    scores = [score_sentence(context, passage, sentence) for sentence in sentences]
    order = sorted(range(len(sentences)), key=lambda index: -scores[index])
    chosen = order[:1]
    if len(order) > 1 and scores[order[1]] >= _SECOND * scores[order[0]]:
        chosen = sorted(order[:2])
    best = scores[order[0]] + bonus if order else 0.0
    return MarkedPassage(passage, tuple(sentences[index] for index in chosen), best)


def score_sentence(context: Context, passage: WholePassage, sentence: str) -> float:
    """How well a sentence answers: by the question's words that it or the item's title has, and by
    the kind of value that is asked for: it has one, or is of the field that states it.
    """
    corpus = context.corpus
    terms = frozenset(corpus.analyzer.terms(sentence))
    title = corpus.title_terms[corpus.row(passage.item)]
    score = coverage(context.chooser.words, terms.union(title), corpus)
    score += _OWN_WORDS * coverage(context.chooser.words, terms, corpus)
    asked = context.query.answer_type
    if asked is AnswerType.NOTHING:
        return score
    if has_fact(asked, sentence):
        return score + _FACT
    squashed = squash(sentence)
    relevance = 0.0
    for field in passage.item.fields:
        text = squash(field.text)
        if text and (squashed in text or text in squashed):
            relevance = max(relevance, field_relevance(asked, field.field))
    return score + _FACT * relevance
