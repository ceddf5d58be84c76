"""The words of a text that may carry a topic: as written, as index terms, and how much each tells.

Words that people use to ask ("Überblick", "Stand", "Projekte") and seldom as what is asked about tell less: how often
each was which is counted in labelled questions (`trained/frame.json`, by stem; `strategielotse eval train`).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import Stemmer

from service.answering.reading.language import function_words
from vectorstore.analysis import fold
from vectorstore.language.commonness import frequencies, telling

if TYPE_CHECKING:
    from service.answering.corpus import Corpus

_TOKEN = re.compile(r"[\w.+-]*\w")
_SHORTEST_MENDED, _NEAR = 6, 86
_MENDED = 0.9  # share of a word's weight for the known word that it is nearly
FRAMING = 0.5  # share of a framing word's weight that it loses in a search
_STEMMER = Stemmer.Stemmer("german")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: `terms` the whole first, `others` what papers say for it (synonyms, translations).

    `frame` is the probability, 0 to 1, that it frames a question and is not what it is about.
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
        frame = _framing(token, corpus)
        weight = telling(fold(token), "en" if language == "en" else "de") * (1.0 - FRAMING * frame)
        others = corpus.expansion.entries(token, language)
        for word in corpus.analyzer.words(token):
            found[mended(Word(token, word.terms, weight, others, frame=frame), corpus)] = None
    return tuple(found)


def frames(token: str) -> float:
    """The probability, 0 to 1, that a word frames a question; 0 for one that no labelled question has."""
    return _frames().get(_STEMMER.stemWord(fold(token)), 0.0)


def _framing(token: str, corpus: Corpus) -> float:
    """The same of a word in a text, of a compound that no question has that of its parts: "Projektliste"."""
    parts = [part for word in corpus.analyzer.words(token) for part in word.parts]
    return max(frames(token), min((_frames().get(part, 0.0) for part in parts), default=0.0))


@cache
def _frames() -> dict[str, float]:
    read: dict[str, float] = json.loads(files("service.answering.trained").joinpath("frame.json").read_bytes())
    return read


def mended(word: Word, corpus: Corpus) -> Word:
    """The word with the term of its nearest neighbour where no paper and no other table knows any of its own."""
    known = any(map(corpus.knows, word.terms)) or fold(word.text) in frequencies("de") or bool(word.others)
    if len(word.text) < _SHORTEST_MENDED or known or not word.text.isalpha():
        return word
    nearest = corpus.all_terms.nearest(word.terms[0], _NEAR)
    return Word(word.text, (nearest,), _MENDED * word.weight, word.others, frame=word.frame) if nearest else word


def telling_words(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """The nouns among words, told by their capital; all of them where there is none."""
    return tuple(word for word in words if word.text[:1].isupper()) or words
