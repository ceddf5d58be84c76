"""Which language a question is in: by its script, by the trained reader, by its function words; else it is German."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from service.answering import lexicon
from service.answering.reading.classifier import classifier
from vectorstore.analysis import fold

DEFAULT = "de"
_ARABIC, _CYRILLIC = re.compile(r"[؀-ۿ]"), re.compile(r"[Ѐ-ӿ]")
_RUSSIAN = re.compile(r"^[^ҐґЄєІіЇї]*[ЁёЫыЭэЪъ][^ҐґЄєІіЇї]*$", re.DOTALL)
_TURKISH = re.compile(r"[ğışĞİŞ]")  # letters that no other language here has
_WORD = re.compile(r"(?<![\w.])[^\W\d_]+(?!\.[IVX])")
_BELIEVED, _SURELY = 0.7, 0.9  # probabilities from which the trained reader is believed, and is sure


@cache
def function_words(code: str) -> frozenset[str]:
    """The function words of a language, folded; none for one without a list."""
    return frozenset(map(fold, lexicon.table("languages").get(code, ())))


@lru_cache(maxsize=512)
def detect(text: str) -> str:
    """The language code of the text ("de", "en", "nl", ...)."""
    if _ARABIC.search(text):
        return "ar"
    if _CYRILLIC.search(text):
        return "ru" if _RUSSIAN.search(text) else "uk"
    by_words, sure = _by_words(text), classifier().probabilities(text)["language"]
    likeliest = max(sure, key=lambda code: sure[code])
    return likeliest if by_words in sure and sure[likeliest] >= _BELIEVED else by_words


def is_surely_other(text: str, code: str) -> bool:
    """Whether the trained reader is sure of a third language, neither this one nor German."""
    sure = classifier().probabilities(text)["language"]
    return max(value for one, value in sure.items() if one not in (code, DEFAULT)) >= _SURELY


def _by_words(text: str) -> str:
    """The language with most function words, of which those count less that several languages have ("in", "de")."""
    if _TURKISH.search(text):
        return "tr"
    words, known = [word.lower() for word in _WORD.findall(text)], lexicon.table("languages")
    often = {word: sum(word in one for one in known.values()) for word in words}
    scores = {code: sum(often[word] ** -0.5 for word in words if word in own) for code, own in known.items()}
    best = max(scores, key=lambda code: scores[code])
    return best if scores[best] > scores[DEFAULT] else DEFAULT
