"""Which language a question is in, told by its function words; short German questions without any count as German."""

from __future__ import annotations

import re
from functools import cache

from service.answering import lexicon
from vectorstore.analysis import fold

DEFAULT = "de"
ANSWERED = ("de", "en")
_WORD = re.compile(r"[^\W\d_]+")
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


def detect(text: str) -> str:
    """The language code of the text ("de", "en", "nl", ...); German where nothing decides."""
    if re.search(r"[؀-ۿ]", text):
        return "ar"
    if re.search(r"[Ѐ-ӿ]", text):
        return "ru"
    if _TURKISH.search(text):
        return "tr"
    words = [word.lower() for word in _WORD.findall(_NUMBER.sub(" ", text))]
    scores = {code: sum(_tells(word) for word in words if word in known) for code, known in _function_words().items()}
    best = max(scores, key=lambda code: (scores[code], code == DEFAULT))
    return best if scores[best] > scores[DEFAULT] else DEFAULT
