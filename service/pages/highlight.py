"""Finds a quote in a document's text, exactly: only white space, hyphens at line ends and soft hyphens may differ.

A highlight on the wrong sentence is worse than none, so nothing fuzzy is done here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_DROPPED = re.compile(r"-\s*\n\s*|[\s\u00ad\u200b]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of running text, highlighted or not."""

    text: str
    marked: bool


def find_quote(text: str, quote: str) -> tuple[int, int] | None:
    """Return the span of `quote` in `text` as character offsets, or None where it is not there verbatim."""
    squeezed, origins = _squeeze(text)
    wanted, _ = _squeeze(quote)
    if not wanted:
        return None
    start = _whole_words(squeezed, wanted, text, origins)
    return None if start is None else (origins[start], origins[start + len(wanted) - 1] + 1)


def pieces(text: str, span: tuple[int, int] | None) -> list[Piece]:
    """Cut text into what stands before, in and after a span."""
    if span is None:
        return [Piece(text, marked=False)]
    start, end = span
    cut = (Piece(text[:start], marked=False), Piece(text[start:end], marked=True), Piece(text[end:], marked=False))
    return [piece for piece in cut if piece.text]


def paragraphs(text: str, span: tuple[int, int] | None) -> list[list[Piece]]:
    """Cut text at empty lines; each paragraph is its pieces. A span may reach over several paragraphs."""
    found = []
    for match in re.finditer(r"\S(?:(?!\s*\n\s*\n|\s*\Z).)*", text, re.DOTALL):
        inside = _clip(span, match.start(), match.end())
        found.append(pieces(match.group(), inside))
    return found


def _clip(span: tuple[int, int] | None, start: int, end: int) -> tuple[int, int] | None:
    if span is None or span[1] <= start or span[0] >= end:
        return None
    return max(span[0], start) - start, min(span[1], end) - start


def _squeeze(text: str) -> tuple[str, list[int]]:
    """Drop what may differ; return the rest and, for each of its characters, the offset in `text`."""
    kept: list[str] = []
    origins: list[int] = []
    place = 0
    for match in _DROPPED.finditer(text):
        kept.append(text[place : match.start()])
        origins.extend(range(place, match.start()))
        place = match.end()
    kept.append(text[place:])
    origins.extend(range(place, len(text)))
    return "".join(kept), origins


def _whole_words(squeezed: str, wanted: str, text: str, origins: list[int]) -> int | None:
    """Return the first place where the quote neither begins nor ends within a word."""
    start = squeezed.find(wanted)
    while start >= 0:
        first, last = origins[start], origins[start + len(wanted) - 1]
        before, after = text[first - 1 : first], text[last + 1 : last + 2]
        if not (before.isalnum() and text[first].isalnum()) and not (after.isalnum() and text[last].isalnum()):
            return start
        start = squeezed.find(wanted, start + 1)
    return None
