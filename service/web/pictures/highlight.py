"""Finds a quote in a text verbatim: only white space, hyphens, bullets, ligatures and composed
accents may differ.

The text is a document's, or the characters of a page as PDFium returns them. There is no fuzzy
match: a highlight on the wrong sentence is worse than none.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

BREAK = "\x02"  # the character that PDFium returns for a hyphen at the end of a line
# what may differ: white space and control characters, soft hyphens, signs of private fonts,
# bullets, dashes
_DROPPED = re.compile(
    r"[\s\x00-\x1f\x7f\u00ad\u200b-\u200d\ufeff\ufffe\ue000-\uf8ff•●▪■◦‣⁃∙○➢➤✓*‐‑–—-]"
)


# up to an empty line or the end
_PARAGRAPH = re.compile(r"\S(?:(?!\s*\n\s*\n|\s*\Z).)*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of running text, highlighted or not."""

    text: str
    marked: bool


def find_quote(text: str, quote: str) -> tuple[int, int] | None:
    """Return the first span of `quote` in `text` as character offsets, or None where it is not
    there verbatim.
    """
    return next(iter(find_spans(text, quote)), None)


def find_parts(text: str, quote: str) -> list[tuple[int, int]]:
    """Return the spans of a quote in the text of a page: start and end in characters.

    This is a single span if the page has the quote exactly once. If it has the quote several times,
    the right one is not known: [] then. If it does not have the whole quote, as when that goes on
    on the next page, these are the spans of those paragraphs that the page has exactly once.
    """
    spans = find_spans(text, quote)
    if len(spans) == 1:
        return spans
    if spans:
        return []
    parts = []
    for paragraph in filter(str.strip, quote.split("\n\n")):
        spans = find_spans(text, paragraph)
        if len(spans) == 1:
            parts += spans
    return parts


def find_spans(text: str, quote: str) -> list[tuple[int, int]]:
    """Return all spans of `quote` in `text`, as character offsets.

    Both are compared without what may differ (`_normalize`). Spans that begin or end within a word
    are left out: "Rad" is not found in "Radweg".
    """
    wanted, _ = _normalize(quote)
    if not wanted:
        return []
    # `origins`: for each normalized character its offset in `text`
    normalized, origins = _normalize(text)
    spans = []
    position = normalized.find(wanted)
    while position >= 0:
        start, end = origins[position], origins[position + len(wanted) - 1] + 1
        begins_word = not _is_within_word(text[start - 1 : start], text[start])
        if begins_word and not _is_within_word(text[end : end + 1], text[end - 1]):
            spans.append((start, end))
        position = normalized.find(wanted, position + 1)
    return spans


def pieces(text: str, span: tuple[int, int] | None) -> list[Piece]:
    """Return the parts of a text before, in and after a span; the part in the span is marked.

    Empty parts are left out. Without a span the text is a single part, which is not marked.
    """
    start, end = span or (len(text), len(text))
    cut = (
        Piece(text[:start], marked=False),
        Piece(text[start:end], marked=True),
        Piece(text[end:], marked=False),
    )
    return [piece for piece in cut if piece.text]


def paragraphs(text: str, span: tuple[int, int] | None) -> list[list[Piece]]:
    """Return the paragraphs of a text (between empty lines), each as pieces of which those in the
    span are marked.

    A span may cover several paragraphs. Its offsets are in the whole text.
    """
    results = []
    for match in _PARAGRAPH.finditer(text):
        first, last = match.span()
        marked = None
        if span is not None and span[0] < last and span[1] > first:
            marked = (max(span[0], first) - first, min(span[1], last) - first)
        results.append(pieces(match.group(), marked))
    return results


def _normalize(text: str) -> tuple[str, list[int]]:
    """Return a text without what may differ from its quote, and for each of its characters the
    offset in the original.

    White space, hyphens and bullets are dropped. The rest is in NFKC: "ﬁ" becomes "fi" (both with
    the offset of the ligature), and a letter with a separate accent becomes one character. It is
    normalized character by character, since otherwise the offsets would be lost.
    """
    letters: list[str] = []
    origins: list[int] = []
    for offset, char in enumerate(text):
        if _DROPPED.match(char):
            continue
        if char.isascii():
            letters.append(char)
            origins.append(offset)
            continue
        if letters and unicodedata.combining(char):  # an accent of the letter before
            composed = unicodedata.normalize("NFC", letters[-1] + char)
            if len(composed) == 1:
                letters[-1] = composed
                continue
        expanded = unicodedata.normalize("NFKC", char)
        letters += expanded
        origins += [offset] * len(expanded)
    return "".join(letters), origins


def _is_within_word(neighbour: str, edge: str) -> bool:
    """True if the edge character of a span and its neighbour outside belong to one word.

    A word goes on after a hyphen at a line's end (`BREAK`). The neighbour is "" at the text's ends.
    """
    return edge.isalnum() and (neighbour.isalnum() or neighbour == BREAK)
