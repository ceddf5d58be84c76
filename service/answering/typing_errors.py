"""Typing errors: a word that no document knows is read as the nearest word that one does."""

from __future__ import annotations

from rapidfuzz import fuzz, process

from service.answering.corpus import Corpus
from service.answering.query import Word

NEAR_ENOUGH = 86
SHORTEST = 6


def mended(word: Word, corpus: Corpus) -> Word:
    """The word with the terms of its nearest neighbour where none of its own is known; nouns with synonyms stay."""
    said_otherwise = word.others and word.text[0].isupper()
    if (
        len(word.text) < SHORTEST
        or said_otherwise
        or any(corpus.knows(term) for term in word.terms)
        or any(map(str.isdigit, word.text))
    ):
        return word
    nearest = process.extractOne(word.terms[0], corpus.all_terms, scorer=fuzz.ratio, score_cutoff=NEAR_ENOUGH)
    return Word(word.text, (nearest[0],), 0.9 * word.weight, word.others, word.foreign) if nearest else word
