"""Typing errors: in the words that say what is wanted ("zustendig"), and in words that no document knows."""

from __future__ import annotations

import re
from functools import cache

from rapidfuzz import fuzz, process

from service.answering import lexicon
from service.answering.corpus import Corpus
from service.answering.query import Word
from vectorstore.analysis import fold
from vectorstore.language.commonness import frequencies

_NEAR_CUE, _NEAR_TERM = 91, 86
_SHORTEST = 6
_WORD = re.compile(r"[^\W\d_]{6,}")


@cache
def _cues() -> dict[str, str]:
    """The cue words that are mended, by their folded form."""
    status = [word for words in lexicon.words("nouns", "status").values() for word in words]
    nouns = [*status, *(word for entry in lexicon.table("records")["noun"] for word in entry["plural"])]
    cues = [*nouns, *lexicon.words("words", "filler")["responsible"], *lexicon.words("words", "filler")["status"]]
    return {fold(word): word for word in cues if len(word) >= _SHORTEST and word.isalpha()}


def spelled(question: str, corpus: Corpus) -> str:
    """The question with mistyped cue words mended; known words and other endings ("Maßnahme") stay."""
    return _WORD.sub(lambda match: _mended_cue(match[0], corpus), question)


def _mended_cue(word: str, corpus: Corpus) -> str:
    folded = fold(word)
    if folded in corpus.words or folded in frequencies("de") or folded in frequencies("en") or folded in _cues():
        return word
    nearest = process.extractOne(folded, list(_cues()), scorer=fuzz.ratio, score_cutoff=_NEAR_CUE)
    return word if nearest is None or nearest[0].startswith(folded) else _cues()[nearest[0]]


def mended(word: Word, corpus: Corpus) -> Word:
    """The word with the terms of its nearest neighbour where none of its own is known; nouns with synonyms stay."""
    said_otherwise = word.others and word.text[0].isupper()
    if (
        len(word.text) < _SHORTEST
        or said_otherwise
        or any(corpus.knows(term) for term in word.terms)
        or any(map(str.isdigit, word.text))
    ):
        return word
    nearest = corpus.all_terms.nearest(word.terms[0], _NEAR_TERM)
    return Word(word.text, (nearest,), 0.9 * word.weight, word.others, word.foreign) if nearest else word
