"""Normalization of quotes for comparison: without white space, hyphens, quotation marks, bullets
and case.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache

QUOTES = "\"'„“”‚‘’»«›‹"
_IGNORED = frozenset(QUOTES + "-\u00ad\u2010\u2011\u2012\u2013\u2014\u2212*_#•·▪|")


@lru_cache(maxsize=1024)
def fold_quote(text: str) -> str:
    """Return a text normalized for the comparison of quotes."""
    return "".join(map(fold_character, text))


@cache
def fold_character(character: str) -> str:
    """Return a character normalized for comparison: in lower case, "" for white space and for signs
    that prints of one text differ in (quotation marks, hyphens, bullets), and several letters for
    "ß" and ligatures.
    """
    if character.isspace() or character in _IGNORED:
        return ""
    return "".join(unicodedata.normalize("NFKD", character).casefold().split())
