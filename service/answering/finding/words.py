"""The words of a text that may carry a topic: as written, as index terms, and how much each tells.

Words that people use to ask ("Überblick", "Stand", "Projekte") and seldom as what is asked about tell less: how often
each was which is counted in labelled questions (`trained/frame.json`, by stem; `strategielotse eval train`).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import Stemmer

from service.answering.reading.language import function_words
from vectorstore.analysis import fold
from vectorstore.language import frequencies, telling

if TYPE_CHECKING:
    from service.answering.corpus import Corpus

_TOKEN = re.compile(r"[\w.+-]*\w")
_SHORTEST_MENDED = 6
_MENDED = 0.9  # share of a word's weight for the known word that it is nearly
FRAMING = 0.5  # share of a framing word's weight that it loses in a search
PART = 0.6  # weight of a part of a compound beside the whole
_PARTLY = 0.8  # share of a compound that is held where all its parts are
OTHERWISE = 0.55  # share of a word that is held by a synonym or translation
_STEMMER = Stemmer.Stemmer("german")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: `terms` the whole first, `others` what papers say for it (synonyms, translations).

    `frame` is the probability, 0 to 1, that it frames a question and is not what it is about; `front` says that only
    the front of a longer word was written.
    """

    text: str
    terms: tuple[str, ...]
    weight: float = 1.0
    others: tuple[tuple[str, ...], ...] = ()
    front: bool = False
    frame: float = 0.0


def words_in(text: str, corpus: Corpus, language: str = "de") -> tuple[Word, ...]:
    """The telling words of a text, each once, typing errors mended by the words of the papers."""
    skipped = function_words(language)
    found: dict[Word, None] = {}
    for match in _TOKEN.finditer(text.replace("/", " ")):
        token = match[0]
        if fold(token) in skipped:
            continue
        words = corpus.analyzer.words(token)
        parts = [frames(part) for word in words for part in word.parts]
        frame = max(frames(token), min(parts, default=0.0))  # of a compound that no question has: "Projektliste"
        others = corpus.expansion.entries(token, language)
        for word in words:
            found[_mended(Word(token, word.terms, weight(token, frame, language), others, frame=frame), corpus)] = None
    return tuple(found)


def weight(token: str, frame: float, language: str) -> float:
    """How much a word tells, 0 to 1: less where it is common, and where it frames a question."""
    return telling(fold(token), "en" if language == "en" else "de") * (1.0 - FRAMING * frame)


def frames(token: str) -> float:
    """The probability, 0 to 1, that a word frames a question; 0 for one that no labelled question has."""
    return _frames().get(_STEMMER.stemWord(fold(token)), 0.0)


@cache
def _frames() -> dict[str, float]:
    read: dict[str, float] = json.loads(files("service.answering.trained").joinpath("frame.json").read_bytes())
    return read


def _mended(word: Word, corpus: Corpus) -> Word:
    """The word with the term of its nearest neighbour where no paper and no other table knows any of its own."""
    known = any(map(corpus.knows, word.terms)) or fold(word.text) in frequencies("de") or bool(word.others)
    if len(word.text) < _SHORTEST_MENDED or known or not word.text.isalpha():
        return word
    nearest = corpus.nearest_term(word.terms[0])
    return replace(word, terms=(nearest,), weight=_MENDED * word.weight) if nearest else word


def telling_words(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """The nouns among words, told by their capital; all of them where there is none."""
    return tuple(word for word in words if word.text[:1].isupper()) or words


def share(word: Word, held: frozenset[str], corpus: Corpus) -> float:
    """How much of a word some terms hold: all of it as a whole, less in parts or in other words for it."""
    whole, *parts = word.terms
    if whole in held:
        return 1.0
    rarities = {part: corpus.rarity(part) for part in parts}
    total = sum(rarities.values())
    partly = _PARTLY * sum(one for part, one in rarities.items() if part in held) / total if total else 0.0
    return max(partly, OTHERWISE if any(held.issuperset(entry) for entry in word.others) else 0.0)
