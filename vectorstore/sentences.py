"""Splitting German text into sentences, given as spans of the text.

A sentence ends at . ! ? or … before white space, at an empty line, and before a bullet. A full stop does not end one
after an abbreviation, an ordinal number or a single letter, nor where the next word goes on in lower case.
"""

from __future__ import annotations

import re

from vectorstore.language import word_list

CANDIDATE = re.compile(
    r"""(?P<end>[.!?…]+[)\]"'“”»«’]*)(?=\s)     # the end of a sentence, perhaps
    |   \n[^\S\n]*\n                                 # an empty line ends one for sure
    |   \n(?=[^\S\n]*(?:[•▪◦‣●■–*-]|\d{1,2}[.)]|[a-z]\))[^\S\n]) # so does a bullet or a numbered line
    """,
    re.VERBOSE,
)
BEFORE = re.compile(r"(?:[^\W_]+\.[ \u00a0\u202f]?)*[^\W_]+\Z")
NEXT = re.compile(r"""\s+["'„“»«(\[]*(\w?)""")
ORDINAL = re.compile(r"(?:0?[1-9]|[12]\d|3[01])\Z")
REACH = 40  # characters before a full stop in which abbreviations and numbers are looked for


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """The sentences of a text as (start, end) offsets without outer white space, in order, none of them empty."""
    spans: list[tuple[int, int]] = []
    start = 0
    for match in CANDIDATE.finditer(text):
        if match["end"] is not None and not _ends_here(text, match):
            continue
        _append(spans, text, start, match.end())
        start = match.end()
    _append(spans, text, start, len(text))
    return spans


def _append(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    """Append a span without its outer white space, unless it is empty then."""
    part = text[start:end]
    stripped = part.strip()
    if stripped:
        start += len(part) - len(part.lstrip())
        spans.append((start, start + len(stripped)))


def _ends_here(text: str, match: re.Match[str]) -> bool:
    """True if the punctuation of a match of `CANDIDATE` ends a sentence."""
    following = NEXT.match(text, match.end())
    next_char = following[1] if following else ""
    if next_char.islower():
        return False
    if match["end"][0] != "." or match["end"].startswith(".."):
        return True
    before = BEFORE.search(text[max(0, match.start() - REACH) : match.start()])
    return before is None or not _continues(before[0], next_char)


def _continues(before: str, next_char: str) -> bool:
    """True if the text before a full stop ends with an abbreviation, a single letter or an ordinal ("3. Mai")."""
    token = re.split(r"[ \u00a0\u202f]", before)[-1]
    groups = token.split(".")
    last = groups[-1]
    if last.isdigit():
        return len(groups) < 3 and bool(ORDINAL.match(last)) and next_char.isupper()
    return len(last) == 1 or token.casefold() in word_list("abbreviations")
