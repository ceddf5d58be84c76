"""Typing errors in the words that say what is wanted: "zustendig" is read as "zuständig"."""

from __future__ import annotations

import re
from functools import cache

from rapidfuzz import fuzz, process

from service.answering import lexicon
from service.answering.corpus import Corpus
from vectorstore.analysis import fold
from vectorstore.language.commonness import frequencies

NEAR_ENOUGH = 91
SHORTEST = 6
_WORD = re.compile(r"[^\W\d_]{6,}")


@cache
def _cues() -> dict[str, str]:
    """The cue words that are mended, by their folded form."""
    status = [word for words in lexicon.words("nouns", "status").values() for word in words]
    nouns = [*status, *(word for entry in lexicon.table("records")["noun"] for word in entry["plural"])]
    cues = [*nouns, *lexicon.words("words", "filler")["responsible"], *lexicon.words("words", "filler")["status"]]
    return {fold(word): word for word in cues if len(word) >= SHORTEST and word.isalpha()}


def spelled(question: str, corpus: Corpus) -> str:
    """The question with mistyped cue words mended; known words and other endings ("Maßnahme") stay."""
    return _WORD.sub(lambda match: _mended(match[0], corpus), question)


def _mended(word: str, corpus: Corpus) -> str:
    folded = fold(word)
    if folded in corpus.words or folded in frequencies("de") or folded in frequencies("en") or folded in _cues():
        return word
    nearest = process.extractOne(folded, list(_cues()), scorer=fuzz.ratio, score_cutoff=NEAR_ENOUGH)
    return word if nearest is None or nearest[0].startswith(folded) else _cues()[nearest[0]]
