"""The word lists (`words.toml`), and how words are looked up in them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

# "1.200,50", "Rad- und Fußwege" as "Rad-", "und", "Fußwege"; "Mitarbeiter*innen" and "2023/24" are
# one word; a mark
WORD = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+(?:[-‐‑–./:*][^\W_]+)*[-‐‑]?|[,;:–()„“\"]")
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789", "\u00ad")
_GLUED_NUMBER = re.compile(r"(?<=[a-z]\.)(?=\d)")  # between "ca." and "5" of "ca.5"


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))


def list_names() -> list[str]:
    """The names of the lists that a clause can include a word of."""
    return list(_tables()["lists"])


def normalize_formulas(text: str) -> str:
    """A text with subscripts as digits ("CO₂"), without soft hyphens, and with a space in
    "ca.5".
    """
    return _GLUED_NUMBER.sub(" ", text.translate(_SUBSCRIPTS))


def lower_words(text: str) -> frozenset[str]:
    """Return the words of a text, and all pairs of adjacent words, in lower case.

    Marks are left out, so a pair may have a comma between. Only abbreviations of two letters stay
    as they are ("IT"), since "it" is another word.
    """
    results = []
    for word in WORD.findall(text):
        is_abbreviation = word.isupper() and len(word) == 2
        if word[0].isalnum():
            results.append(word if is_abbreviation else word.lower())
    return frozenset(results).union(map(" ".join, pairwise(results)))


def has_word_of(lowered: Iterable[str], *lists: str) -> bool:
    """True if any of the words, in lower case, is in one of these lists."""
    return any(not lists_of(word).isdisjoint(lists) for word in lowered)


@lru_cache(maxsize=65536)
def lists_of(word: str) -> frozenset[str]:
    """The names of the lists that contain a lower-case word or pair of words."""
    lists = _tables()["lists"].items()
    return frozenset(name for name, words in lists if matches(word, words))


@lru_cache(maxsize=65536)
def is_actor(word: str) -> bool:
    """True if a lower-case noun names who may act: people, offices, companies."""
    return matches(word, _tables()["actors"]["words"])


@lru_cache(maxsize=65536)
def is_state(word: str) -> bool:
    """True if a lower-case word or pair of words stands in place of a verb: "in planung"."""
    return matches(word, _tables()["states"]["words"])


@lru_cache(maxsize=65536)
def is_measure(word: str) -> bool:
    """True for a unit, a currency, a magnitude, a month or a number word, and for whatever does
    not begin with a letter.
    """
    return not word[0].isalpha() or matches(word.lower(), _tables()["measures"]["words"])


def matches(word: str, patterns: Collection[str]) -> bool:
    """True if any pattern matches a word or a pair of words in lower case.

    "*" at an end of a pattern stands for any letters there. A pattern of one word with a "*" at one
    end matches no pair: "plan*" does not match "planen wir". "*los" needs at least two letters
    before it: "baulos".
    """
    return any(_matches(word, pattern) for pattern in patterns)


def _matches(word: str, pattern: str) -> bool:
    """True if this pattern matches the word (see `matches`).

    With a "*" at both ends the rest may be anywhere, also in a pair of words.
    """
    has_any_beginning, has_any_ending = pattern[0] == "*", pattern[-1] == "*"
    if has_any_beginning and has_any_ending and pattern[1:-1] in word:
        return True
    if has_any_ending and (" " in pattern or " " not in word) and word.startswith(pattern[:-1]):
        return True
    if has_any_beginning and " " not in word and len(word) > len(pattern):
        return word.endswith(pattern[1:]) or word == pattern
    return word == pattern
