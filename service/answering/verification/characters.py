"""The characters of shown sentences: an allow-list, so that a reader sees what was verified.

What is beyond it, invisible or like another letter, would let a sentence say one thing to the
checks and another one to people. Only what a source prints may have it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from service.answering import lexicon
from vectorstore.language import collapse_spaces

_SMALL_DIGITS = "²³₀-₉"
# all but the small digits in "m²" and "CO₂", which end a word
_NORMALIZED = re.compile(
    rf"[^{_SMALL_DIGITS}]+|(?<![A-Za-z])[{_SMALL_DIGITS}]|[{_SMALL_DIGITS}](?=\w)"
)
_TOKEN = re.compile(r"\w+|\S")
_ABBREVIATION = re.compile(r"\.(?!\w{2})")  # behind a letter: "z.B.", but not "k.einen"


def normalize_characters(text: str) -> str:
    """A text in Unicode's form NFKC and in one line; "m²" and "CO₂" keep their small digits."""
    compatible = _NORMALIZED.sub(lambda part: unicodedata.normalize("NFKC", part[0]), text)
    return collapse_spaces(compatible)


def tokenize_characters(text: str) -> list[str]:
    """The words of a text in lower case, and its signs, each alone."""
    return _TOKEN.findall(text.casefold())


def find_foreign(text: str, language: str, *, is_free: bool) -> list[str]:
    """The words and signs of a text in lower case that have other characters than the allow-list.

    In a freely worded text (`is_free`) a single letter is foreign too, unless it is a word of the
    language or an abbreviation: "k einen" is read as "keinen".
    """
    foreign = []
    for match in _TOKEN.finditer(text):
        token = match[0]
        is_fragment = is_free and len(token) == 1 and token.isalpha()
        if is_fragment and not _ABBREVIATION.match(text, match.end()):
            is_allowed = token in _single_letters(language)
        else:
            is_allowed = any(pattern.fullmatch(token) for pattern in _alphabets(language))
        if not is_allowed:
            foreign.append(token.casefold())
    return foreign


@cache
def _alphabets(language: str) -> tuple[re.Pattern[str], ...]:
    """The patterns of the words and signs that the allow-list has for an answer in a language."""
    table = lexicon.table("characters")
    alphabets = [table["de"]["letters"], table.get(language, table["de"])["letters"]]
    words = [re.compile(rf"[{letters}0-9]+[{_SMALL_DIGITS}]?") for letters in alphabets]
    return (re.compile(f"[{table['signs']}]"), *words)


def _single_letters(language: str) -> str:
    """The words of one letter of a language."""
    single: str = lexicon.table("characters").get(language, {}).get("single", "")
    return single
