"""Which language a question is in: by its script, by the trained reader, by its function words; else it is German."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from service.answering import lexicon
from service.answering.reading.classifier import classifier
from vectorstore.analysis import fold

DEFAULT = "de"
ANSWERED = ("de", "en")
_WORD = re.compile(r"[^\W\d_]+")
_ARABIC, _CYRILLIC = re.compile(r"[؀-ۿ]"), re.compile(r"[Ѐ-ӿ]")
_RUSSIAN = re.compile(r"^[^ҐґЄєІіЇї]*[ЁёЫыЭэЪъ][^ҐґЄєІіЇї]*$", re.DOTALL)
_BELIEVED, _SURELY = 0.7, 0.9  # probabilities from which the trained reader is believed, and is sure
_TURKISH = re.compile(r"[ğışĞİŞ]")  # letters that no other language here has
_NUMBER = re.compile(r"\b[A-Z]\.[IVX]+\b|(?<=\w )[A-HIVX]+(?=\W*$)")  # "A.II", and the end of "Ziel I", "Teil A"


@cache
def _function_words() -> dict[str, frozenset[str]]:
    return {code: frozenset(words) for code, words in lexicon.table("languages").items()}


def function_words(code: str) -> frozenset[str]:
    """The function words of a language, folded; none for one without a list."""
    return frozenset(fold(word) for word in _function_words().get(code, ()))


@cache
def _tells(word: str) -> float:
    """How much a function word tells: less where several languages have it ("er", "in", "de")."""
    return float(1.0 / sum(word in known for known in _function_words().values()) ** 0.5)


@lru_cache(maxsize=512)
def detect(text: str) -> str:
    """The language code of the text ("de", "en", "nl", ...); German where nothing decides.

    Scripts decide first; then the trained reader where it is sure, which knows six languages; else function words.
    """
    if _ARABIC.search(text):
        return "ar"
    if _CYRILLIC.search(text):
        return "ru" if _RUSSIAN.search(text) else "uk"
    by_words = _by_function_words(text)
    sure = classifier().probabilities(text)["language"]
    likeliest = max(sure, key=lambda code: sure[code])
    return likeliest if by_words in sure and sure[likeliest] >= _BELIEVED else by_words


def is_surely_other(text: str, code: str) -> bool:
    """True where the trained reader is sure of a third language, neither this one nor German."""
    sure = classifier().probabilities(text)["language"]
    return max(value for one, value in sure.items() if one not in (code, DEFAULT)) >= _SURELY


def _by_function_words(text: str) -> str:
    if _TURKISH.search(text):
        return "tr"
    words = [word.lower() for word in _WORD.findall(_NUMBER.sub(" ", text))]
    scores = {code: sum(_tells(word) for word in words if word in known) for code, known in _function_words().items()}
    best = max(scores, key=lambda code: (scores[code], code == DEFAULT))
    return best if scores[best] > scores[DEFAULT] else DEFAULT
