"""Finds a quote in the characters of a printed page, exactly and once, or not at all.

Only white space, hyphens at line ends, soft hyphens, bullets, ligatures and composed accents may differ: the quote is
of the document's clean text, the characters are of its print.
"""

from __future__ import annotations

import re
import unicodedata

BREAK = "\x02"  # a hyphen at a line's end, as PDFium tells it; it may belong to the word or not
_LINE_END_HYPHEN = re.compile(r"-(?=[ \t]*[\r\n])|\ufffe")
_BULLET = re.compile(r"(?m)^[ \t]*[-–—*](?=[ \t]+\S)|[\ue000-\uf8ff•●▪■◦‣⁃∙○➢➤✓]")
_DROPPED = re.compile(r"[\s\x00\x01\x03-\x1f\x7f\u00ad\u200b-\u200d\ufeff]")
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}


def find_place(page: str, quote: str) -> tuple[int, int] | None:
    """Return the span of `quote` in a page's characters, None where it stands there never, twice or within a word."""
    squeezed, origins = _squeezed(page)
    wanted, _ = _squeezed(quote)
    if not wanted.strip(BREAK):
        return None
    pattern = re.compile(_pattern(wanted))
    found = [(origins[match.start()], origins[match.end() - 1] + 1) for match in pattern.finditer(squeezed)]
    places = [place for place in found if _whole_words(page, *place)]
    return places[0] if len(places) == 1 else None


def _squeezed(text: str) -> tuple[str, list[int]]:
    """Drop what may differ; return the rest and, for each of its characters, the offset in `text`."""
    kept: list[str] = []
    origins: list[int] = []
    plain = _BULLET.sub(lambda match: " " * len(match.group()), _LINE_END_HYPHEN.sub(BREAK, text))
    for offset, char in enumerate(plain):
        if _DROPPED.match(char):
            continue
        composed = unicodedata.normalize("NFC", kept[-1] + char) if kept and unicodedata.combining(char) else ""
        if len(composed) == 1:
            kept[-1] = composed
            continue
        for letter in _LIGATURES.get(char, char):
            kept.append(letter)
            origins.append(offset)
    return "".join(kept), origins


def _pattern(wanted: str) -> str:
    """Between any two letters of a quote the print may break the line; a printed hyphen there may be the quote's."""
    hyphens = {BREAK: f"[-{BREAK}]?", "-": f"[-{BREAK}]"}
    return f"{BREAK}?".join(hyphens.get(char) or re.escape(char) for char in wanted)


def _whole_words(page: str, start: int, end: int) -> bool:
    before, after = page[start - 1 : start], page[end : end + 1]
    begins_within = page[start].isalnum() and (before.isalnum() or before == BREAK)
    ends_within = page[end - 1].isalnum() and (after.isalnum() or after == BREAK)
    return not begins_within and not ends_within
