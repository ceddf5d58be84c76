"""Finds a quote in a text, exactly: only white space, hyphens, bullets, ligatures and composed accents may differ.

The text is a document's, or the characters of its print. A highlight on the wrong sentence is worse than none, so
nothing fuzzy is done here.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

BREAK = "\x02"  # a hyphen at a printed line's end, as PDFium tells it
_DROPPED = re.compile(r"[\s\x00-\x1f\x7f\u00ad\u200b-\u200d\ufeff\ufffe\ue000-\uf8ff•●▪■◦‣⁃∙○➢➤✓*‐‑–—-]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of running text, highlighted or not."""

    text: str
    marked: bool


def find_quote(text: str, quote: str) -> tuple[int, int] | None:
    """Return the first span of `quote` in `text` as character offsets, or None where it is not there verbatim."""
    return next(iter(spans_of(text, quote)), None)


def spans_of(text: str, quote: str) -> list[tuple[int, int]]:
    """Return all spans of `quote` in `text` that neither begin nor end within a word."""
    squeezed, origins = _squeezed(text)
    needed, _ = _squeezed(quote)
    results = []
    place = squeezed.find(needed) if needed else -1
    while place >= 0:
        start, end = origins[place], origins[place + len(needed) - 1] + 1
        if not _join(text[start - 1 : start], text[start]) and not _join(text[end : end + 1], text[end - 1]):
            results.append((start, end))
        place = squeezed.find(needed, place + 1)
    return results


def pieces(text: str, span: tuple[int, int] | None) -> list[Piece]:
    """Cut text into what stands before, in and after a span."""
    start, end = span or (len(text), len(text))
    cut = (Piece(text[:start], marked=False), Piece(text[start:end], marked=True), Piece(text[end:], marked=False))
    return [piece for piece in cut if piece.text]


def paragraphs(text: str, span: tuple[int, int] | None) -> list[list[Piece]]:
    """Cut text at empty lines; each paragraph is its pieces. A span may reach over several paragraphs."""
    results = []
    for match in re.finditer(r"\S(?:(?!\s*\n\s*\n|\s*\Z).)*", text, re.DOTALL):
        first, last = match.span()
        touched = span is not None and span[0] < last and span[1] > first
        inside = (max(span[0], first) - first, min(span[1], last) - first) if span and touched else None
        results.append(pieces(match.group(), inside))
    return results


def _squeezed(text: str) -> tuple[str, list[int]]:
    """Drop what may differ; return the rest and, for each of its characters, the offset in `text`."""
    retained: list[str] = []
    origins: list[int] = []
    for offset, char in enumerate(text):
        if _DROPPED.match(char):
            continue
        if char.isascii():
            retained.append(char)
            origins.append(offset)
            continue
        composed = unicodedata.normalize("NFC", retained[-1] + char) if retained and unicodedata.combining(char) else ""
        if len(composed) == 1:
            retained[-1] = composed
            continue
        letters = unicodedata.normalize("NFKC", char)
        retained += letters
        origins += [offset] * len(letters)
    return "".join(retained), origins


def _join(beside: str, edge: str) -> bool:
    """Tell whether a span's edge and the character beside it belong to one word."""
    return edge.isalnum() and (beside.isalnum() or beside == BREAK)
