"""Tells if a text speaks as the service: by a sentence of its own texts, or by a sign of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import resources

from prompts.texts import load_table, load_words

_LANGUAGES = ("de", "en")
_FEWEST_WORDS = 5  # of a sentence that nobody else says by chance
_PLACEHOLDER = re.compile(r"\{.*?\}")
_SENTENCE_END = re.compile(r"(?<=[.!?:;])\s+")
_WORD = re.compile(r"\w+")


@lru_cache(maxsize=50_000)
def imitates_service(text: str) -> bool:
    """True if a text has words that only the service may say.

    They are a sign from a list of patterns, or a long sentence of the service's own texts. A
    document with such words could pass off its own claims as the service's.
    """
    if any(sign.search(text) for sign in _signs()):
        return True
    words = _fold(text)
    return any(sentence in words for sentence in _own_sentences())


@cache
def _signs() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(sign, re.IGNORECASE) for sign in load_table("de/voice")["signs"])


@cache
def _own_sentences() -> frozenset[str]:
    """The long sentences of the service's own texts, in the form of `_fold`.

    A text is split at its placeholders too, as what is put in differs. Short sentences are left
    out, as others say them by chance.
    """
    sentences: set[str] = set()
    for text in _own_texts():
        for part in _PLACEHOLDER.split(text):
            sentences.update(map(_fold, _SENTENCE_END.split(part)))
    return frozenset(words for words in sentences if len(words.split()) >= _FEWEST_WORDS)


def _own_texts() -> Iterator[str]:
    """Yield the fixed texts and the wordings of answers in German and English."""
    for language in _LANGUAGES:
        folder = resources.files(__package__).joinpath(language)
        for place in (folder, folder.joinpath("about")):
            for file in place.iterdir():
                if file.name.endswith(".txt"):
                    yield file.read_text(encoding="utf-8")
        yield from load_words(f"{language}/answers").values()


def _fold(text: str) -> str:
    """The words of a text in lower case, with a space around each."""
    return f" {' '.join(_WORD.findall(text.lower()))} "
