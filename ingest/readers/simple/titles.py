"""Titles as they are compared."""

from __future__ import annotations

from collections.abc import Iterable


def normalize_title(text: str) -> str:
    """Return a title as titles are compared: letters and digits alone, in lower case."""
    return "".join(filter(str.isalnum, text.lower()))


def known_titles(texts: Iterable[str]) -> frozenset[str]:
    """Return titles as they are compared."""
    return frozenset(filter(None, map(normalize_title, texts)))
