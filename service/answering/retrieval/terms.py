"""The words of a text as index terms with weights.

Words that frame a question ("Überblick", "Stand") are seldom its topic and weigh less:
`trained/frame.json` has, by stem, how often a word of the labelled questions is outside their
topic.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from itertools import chain, pairwise

from service.answering import lexicon
from service.answering.corpus import Corpus
from service.answering.query import Query
from service.answering.reading.classifier import function_words
from service.answering.retrieval.expansion import stemmer
from service.answering.retrieval.query_words import QueryWord
from vectorstore.language import fold, frequencies, rate_distinctiveness

FRAME_DISCOUNT = 0.5  # share of its weight that a framing word loses
PART_WEIGHT = 0.6  # weight of a part of a compound; that of the whole is 1
_LONGEST_CHANCE = 3  # letters of a part of a compound that may be another word by chance
_LEAST_LETTERS = 6  # letters from which a word is corrected
_CORRECTED_WEIGHT = 0.9  # factor of its weight then
_TOKEN = re.compile(r"[\w.+-]*\w")  # "C.II", "5.2"


def words_in(text: str, corpus: Corpus, language: str = "de") -> tuple[QueryWord, ...]:
    """The words of a text without function words, each once, with weights, typing errors corrected
    by the documents.

    Only a word of six letters or more that has no synonym and is not in the list of German words is
    taken for a typing error.
    """
    skipped = function_words(language)
    results = dict[QueryWord, None]()
    tokens = _TOKEN.findall(text.replace("/", " "))
    translated_pairs = [  # each token with the next
        corpus.expansion.translate_phrase(" ".join(pair), language) for pair in pairwise(tokens)
    ]
    for index, token in enumerate(tokens):
        folded = fold(token)
        if folded in skipped:
            continue
        words = corpus.analyzer.words(token)
        parts = list(chain.from_iterable(word.parts for word in words))
        frame = frame_probability(token)
        # a compound frames a question if all its parts do: "Projektliste"; a part of three letters
        # may be a function word by chance ("Hochwasser")
        if len(parts) > 1 and len(min(parts, key=len)) > _LONGEST_CHANCE:
            frame = max(frame, min(map(frame_probability, parts)))
        # also the translations of its pairs with the words beside it: "climate change" has others
        # than "climate" and "change"
        of_pairs = chain.from_iterable(translated_pairs[max(0, index - 1) : index + 1])
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


def topic_words(query: Query, corpus: Corpus) -> tuple[QueryWord, ...]:
    """The words of a query's topic."""
    return words_in(query.conditions.topic, corpus, query.question_language)


def weigh_word(token: str, frame: float, language: str) -> float:
    """The weight of a word, 0 to 1: lower if it is common, and if it frames a question."""
    return rate_distinctiveness(fold(token), "en" if language == "en" else "de") * (
        1.0 - FRAME_DISCOUNT * frame
    )


def frame_probability(token: str) -> float:
    """The probability, 0 to 1, that a word frames a question; 0 for one that no labelled question
    has.
    """
    return _frame_probabilities().get(stemmer("de").stemWord(fold(token)), 0.0)


def nouns_of(words: tuple[QueryWord, ...]) -> tuple[QueryWord, ...]:
    """The capitalised words; all words if none is."""
    return tuple(word for word in words if word.text[:1].isupper()) or words


def coverage(words: Iterable[QueryWord], terms: frozenset[str], corpus: Corpus) -> float:
    """The share of some words that terms cover, 0 to 1, weighted by the words' weight and rarity;
    0 without words.
    """
    weighted = [(word, word.weight * corpus.rarest(word.terms)) for word in words]
    total = sum(value for _, value in weighted)
    if not total:
        return 0.0
    return sum(value * word.covered_by(terms, corpus.rarity) for word, value in weighted) / total


def _correct_spelling(word: QueryWord, corpus: Corpus) -> QueryWord:
    """The word with the most similar term of the documents instead of its own, and a lower weight.

    It stays as it is if the documents have any of its terms, or no similar one.
    """
    if any(map(corpus.has_term, word.terms)):
        return word
    similar = corpus.most_similar_term(word.terms[0])
    if similar:
        return replace(word, terms=(similar,), weight=_CORRECTED_WEIGHT * word.weight)
    return word


@cache
def _frame_probabilities() -> dict[str, float]:
    """The probability, 0 to 1, by stem, that a word frames a question."""
    probabilities: dict[str, float] = json.loads(lexicon.trained("frame.json"))
    return probabilities
