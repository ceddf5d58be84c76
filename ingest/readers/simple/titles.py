"""Titles: as they are compared, as they are cut out of a text, and as they are made of a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ingest.readers.claims import Span

_LONGEST = 140  # characters of a title that is made of a sentence
_SENTENCE_END = re.compile(r"(?<=[a-zäöüß)“]{2}[.!?])\s+(?=[A-ZÄÖÜ„])")


def normalize_title(text: str) -> str:
    """Return a title as titles are compared: letters and digits alone, in lower case."""
    return "".join(filter(str.isalnum, text.lower()))


def known_titles(texts: Iterable[str]) -> frozenset[str]:
    """Return titles as they are compared."""
    return frozenset(filter(None, map(normalize_title, texts)))


def join_title(texts: Sequence[str]) -> str:
    """Return lines of a heading as one text; a word broken at a line end is whole."""
    text = texts[0]
    for line in texts[1:]:
        broken = text.endswith("-") and line[:1].islower() and not line.startswith(("und ", "oder "))
        text = text[:-1] + line if broken else f"{text} {line}"
    return text


def shorten(text: str) -> str:
    """Return the first sentence of a text as a title, cut at a word where it is long."""
    sentence = _SENTENCE_END.split(" ".join(text.split()), maxsplit=1)[0]
    return sentence if len(sentence) <= _LONGEST else sentence[:_LONGEST].rsplit(" ", 1)[0].rstrip(",;") + " …"


def trim(text: str, span: Span) -> tuple[str, Span]:
    """Return the text of a span without white space, bars and colons at its edges, and the span of that."""
    start, end = span
    while start < end and (text[start].isspace() or text[start] in ":|–—"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in "|·"):
        end -= 1
    return text[start:end], Span(start, end)
