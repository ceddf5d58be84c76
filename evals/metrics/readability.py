"""How hard a German text is to read.

Amstad (1978), Wiener Sachtextformel (Bamberger and Vanecek 1984), LIX (Björnsson 1968).

Counting words, sentences and syllables is textstat's, with its German hyphenation patterns.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_MARKER = re.compile(r"\s*\[\d+\]")
_DOTS_INSIDE = re.compile(r"(?<=\d)\.(?=\d)|\b(?:S|Nr|ca|Mio|Mrd|Abs|bzw|Dr|St)\.(?=\s)")
MIN_WORDS = 5


@dataclass(frozen=True, slots=True)
class Readability:
    """Amstad: 0 very hard to 100 very easy. Wiener: school year 4 to 15. LIX: under 40 easy, over 60 very hard."""

    amstad: float
    wiener: float
    lix: float


def words(text: str) -> int:
    """The number of words, markers left out."""
    return len(_plain(text).split())


def readability(text: str) -> Readability | None:
    """The three indices of a text; None for fewer than five words. Needs the extra `eval`."""
    plain = _plain(text)
    if len(plain.split()) < MIN_WORDS:
        return None
    from textstat import textstat

    textstat.set_lang("de")
    return Readability(
        amstad=float(textstat.flesch_reading_ease(plain)),
        wiener=float(textstat.wiener_sachtextformel(plain, 1)),
        lix=float(textstat.lix(plain)),
    )


def _plain(text: str) -> str:
    """Without markers, and without dots that end no sentence."""
    return _DOTS_INSIDE.sub(lambda found: found[0].replace(".", ""), _MARKER.sub("", text)).strip()
