"""The words of a text that may carry a topic: as written, as index terms, and how much each tells."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from service.answer.reading.language import function_words
from vectorstore.analysis import fold
from vectorstore.language.commonness import frequencies, telling

if TYPE_CHECKING:
    from service.answer.corpus import Corpus

_TOKEN = re.compile(r"[\w.+-]*\w")
_SHORTEST_MENDED, _NEAR = 6, 86
_MENDED = 0.9  # share of a word's weight for the known word that it is nearly


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: `terms` the whole first, `others` what papers say for it (synonyms, translations)."""

    text: str
    terms: tuple[str, ...]
    weight: float = 1.0
    others: tuple[tuple[str, ...], ...] = ()
    front: bool = False


def words_in(text: str, corpus: Corpus, language: str = "de") -> tuple[Word, ...]:
    """The telling words of a text, each once, typing errors mended by the words of the papers."""
    skipped = function_words(language)
    found: dict[Word, None] = {}
    for match in _TOKEN.finditer(text.replace("/", " ")):
        token = match[0]
        if fold(token) in skipped:
            continue
        weight = telling(fold(token), "en" if language == "en" else "de")
        others = corpus.expansion.entries(token, language)
        for word in corpus.analyzer.words(token):
            found[mended(Word(token, word.terms, weight, others), corpus)] = None
    return tuple(found)


def mended(word: Word, corpus: Corpus) -> Word:
    """The word with the term of its nearest neighbour where no paper and no other table knows any of its own."""
    known = any(map(corpus.knows, word.terms)) or fold(word.text) in frequencies("de") or bool(word.others)
    if len(word.text) < _SHORTEST_MENDED or known or not word.text.isalpha():
        return word
    nearest = corpus.all_terms.nearest(word.terms[0], _NEAR)
    return Word(word.text, (nearest,), _MENDED * word.weight, word.others) if nearest else word


def telling_words(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """The nouns among words, told by their capital; all of them where there is none."""
    return tuple(word for word in words if word.text[:1].isupper()) or words
