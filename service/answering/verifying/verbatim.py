"""Verbatim comparison: where a quote stands, and what of a text is no quote; white space and soft hyphens count not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from vectorstore.figures import figures

_JOINING = ".,:/"
_ENDS = " .,;:–…"
_GAP = " · "


def squash(text: str) -> str:
    """A text without white space and soft hyphens: what verbatim comparison looks at."""
    return "".join(text.replace("\u00ad", "").split())


def spaced(text: str) -> str:
    """A text with single spaces and without soft hyphens."""
    return " ".join(text.replace("\u00ad", "").split())


@dataclass(frozen=True)
class Passage:
    """A text in which quotes are looked for."""

    text: str

    @cached_property
    def squashed(self) -> str:
        """The text as verbatim comparison looks at it."""
        return squash(self.text)

    @cached_property
    def _breaks(self) -> frozenset[int]:
        """The places in the squashed text before which white space stood."""
        return frozenset(accumulate(map(len, self.text.replace("\u00ad", "").split())))

    def holds(self, quote: str) -> bool:
        """True where a squashed quote stands in the passage and cuts no word and no number."""
        start = self.squashed.find(quote) if quote else -1
        while start >= 0:
            if not (self._joins(start) or self._joins(start + len(quote))):
                return True
            start = self.squashed.find(quote, start + 1)
        return False

    def _joins(self, place: int) -> bool:
        """True where the characters before and at a place belong to one word or one number."""
        if place in self._breaks:
            return False
        return _joined(self.squashed[max(0, place - 2) : place], self.squashed[place : place + 2])


def _joined(before: str, after: str) -> bool:
    """True where what stands before and behind a place are parts of one word or of one number."""
    if not before or not after:
        return False
    if before[-1].isdigit():
        return after[0].isdigit() or (after[0] in _JOINING and after[1:2].isdigit())
    if after[0].isdigit():
        return before[-1] in _JOINING and before[-2:-1].isdigit()
    return before[-1].isalpha() and after[0].isalpha()


def own_words(text: str, quotes: Iterable[str], names: Iterable[str] = ()) -> str:
    """A text without these quotes and names, each a whole; "" for a piece of one quote."""
    said, known = spaced(text), [spaced(quote) for quote in quotes]
    if any(_is_piece(said, quote) for quote in known):
        return ""
    for one in sorted({*known, *map(spaced, names)}, key=len, reverse=True):
        said = _without(said, one)
    return said


def _without(said: str, known: str) -> str:
    start = said.find(known) if known else -1
    while start >= 0:
        end = start + len(known)
        if not _joined(said[:start], said[start:]) and not _joined(said[:end], said[end:]):
            said = said[:start] + _GAP + said[end:]
            end = start + len(_GAP)
        start = said.find(known, end)
    return said


def _is_piece(said: str, quote: str) -> bool:
    """True where a text is a piece of a quote that cuts no word, no number, and no unit off a number."""
    bare = said.strip(_ENDS)
    if not bare or not Passage(quote).holds(squash(bare)):
        return False
    return not bare[-1].isdigit() or figures(quote).prove(figures(bare))
