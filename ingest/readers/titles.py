"""Functions on titles: normalize, join over lines, shorten a sentence to a title, and trim a
span.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Sequence

from ingest.layout.hyphens import WholeWords, join_lines
from ingest.readers.claims import Span
from ingest.values.parsing import parse

_BEFORE = string.whitespace + ":|–—"  # what is cut before a text
_LONGEST = 140  # characters of a shortened title
_NO_WORDS = WholeWords(())  # lines of a title are joined without a look at the rest of the document
# in "fördern. Der", not in "z. B. Der"
_SENTENCE_END = re.compile(r"(?<=[a-zäöüß)“]{2}[.!?])\s+(?=[A-ZÄÖÜ„])")

WORD = re.compile(r"[^\W\d_]{3}")  # of a title: most units have fewer letters


def normalize_title(text: str) -> str:
    """Return a title normalized for comparison: letters and digits only, in lower case."""
    return "".join(filter(str.isalnum, text.lower()))


def has_words(text: str) -> bool:
    """True if a text has a word of three letters or more beside its amounts, dates and periods."""
    values = [item.value for item in parse(text)]
    for value in reversed(values):  # from the last, so that all offsets stay right
        text = f"{text[: value.start]} {text[value.end :]}"
    return WORD.search(text) is not None


def known_titles(texts: Iterable[str]) -> frozenset[str]:
    """Return the normalized titles, without empty ones."""
    return frozenset(filter(None, map(normalize_title, texts)))


def join_title(texts: Sequence[str]) -> str:
    """Return the lines of a heading as one text. A word that a line end breaks is joined: "Rad-"
    and "wege" give "Radwege". A hyphen before "und" or "sowie" stays: "Rad- und Fußwege".
    """
    title = texts[0]
    for line in texts[1:]:
        title = join_lines(title, line, _NO_WORDS)
    return title


def shorten(text: str) -> str:
    """Return the first sentence of a text as a title, a long one cut after a word and with " …" at
    its end.
    """
    sentence = _SENTENCE_END.split(" ".join(text.split()), maxsplit=1)[0]
    if len(sentence) <= _LONGEST:
        return sentence
    return sentence[:_LONGEST].rsplit(" ", 1)[0].rstrip(",;") + " …"


def trim(text: str, span: Span) -> tuple[str, Span]:
    """Return the text of a span without white space at its edges and separators before it, and the
    span of what is left. Behind the text, a colon or dash may belong to it.
    """
    printed = text[slice(*span)].lstrip(_BEFORE)
    trimmed, start = printed.rstrip(), span.end - len(printed)
    return trimmed, Span(start, start + len(trimmed))
