"""Finding what a reader says in what a paper prints: white space, hyphenation, quotation marks and case aside."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from vectorstore.records import Page

_QUOTES = "\"'„“”‚‘’»«›‹"
_ASIDE = frozenset(_QUOTES + "-\u00ad\u2010\u2011\u2012\u2013\u2014\u2212*_#•·▪|")
_LEFT_OUT = re.compile(r"\s*\[(?:…|\.\.\.)\]\s*")
_BETWEEN = 20_000  # characters of one text at most, where only its beginning and its end are told


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Where something stands: character offsets into the document's text."""

    start: int
    end: int


class PrintedText:
    """A document's text as it is compared; pages are numbered from 1, a paper without pages has none."""

    def __init__(self, text: str, pages: Sequence[Page]) -> None:
        self.text = text
        self._starts, self._numbers = [page.start for page in pages], [page.number for page in pages]
        letters: list[str] = []
        self._places: list[int] = []
        for place, character in enumerate(text):
            plain = _plain(character)
            letters.append(plain)
            self._places.extend([place] * len(plain))
        self._letters = "".join(letters)

    def page_of(self, place: int) -> int | None:
        """Return the number of the page on which a character stands, None in a paper without pages."""
        return self._numbers[max(0, bisect_right(self._starts, place) - 1)] if self._starts else None

    def pages(self, first: int | None, last: int | None = None) -> Span:
        """Return where these pages stand, the whole paper for None; an empty span for pages that there are not."""
        if first is None or not self._starts:
            return Span(0, len(self.text))
        begin, end = bisect_left(self._numbers, first), bisect_right(self._numbers, last or first)
        edges = [*self._starts, len(self.text)]
        return Span(edges[begin], edges[end]) if begin < end else Span(0, 0)

    def all(self, said: str, within: Span) -> Iterator[Span]:
        """Yield every place where a text begins within a span; of "begin […] end" from the one to the other."""
        parts = _LEFT_OUT.split(said.strip(), maxsplit=1)
        for first in self._whole(parts[0], within):
            if len(parts) == 1 or not parts[1]:
                yield first
                continue
            last = next(self._whole(parts[1], Span(first.end, min(first.end + _BETWEEN, len(self.text)))), None)
            if last is not None:
                yield Span(first.start, last.end)

    def first(self, said: str, within: Span) -> Span | None:
        """Return the first place where a text begins within a span."""
        return next(self.all(said, within), None)

    def block(self, place: int) -> Span:
        """Return the paragraph, row or heading that holds a place."""
        start, end = self.text.rfind("\n\n", 0, place), self.text.find("\n\n", place)
        return Span(start + 2 if start >= 0 else 0, end if end >= 0 else len(self.text))

    def _whole(self, said: str, within: Span) -> Iterator[Span]:
        wanted = folded(said)
        place, end = bisect_left(self._places, within.start), bisect_left(self._places, within.end) + len(wanted) - 1
        while wanted and (place := self._letters.find(wanted, place, end)) >= 0:
            found = self._quoted(Span(self._places[place], self._places[place + len(wanted) - 1] + 1))
            if self._is_whole(found):
                yield found
            place += 1

    def _quoted(self, found: Span) -> Span:
        """Return a place with the quotation marks at its edges."""
        start, end = found.start, found.end
        while start and self.text[start - 1] in _QUOTES:
            start -= 1
        while end < len(self.text) and self.text[end] in _QUOTES:
            end += 1
        return Span(start, end)

    def _is_whole(self, found: Span) -> bool:
        """Tell whether words and numbers are not cut at the edges of a place."""
        text = self.text
        before, after = text[found.start - 1 : found.start], text[found.end : found.end + 1]
        return not (_joined(before, text[found.start]) or _joined(text[found.end - 1], after))


def is_shortened(said: str) -> bool:
    """Tell whether only the beginning and the end of a text are told."""
    return _LEFT_OUT.search(said) is not None


def folded(text: str) -> str:
    """Return a text as it is compared."""
    return "".join(map(_plain, text))


@cache
def _plain(character: str) -> str:
    if character.isspace() or character in _ASIDE:
        return ""
    plain = unicodedata.normalize("NFKD", character).casefold()
    return "".join(one for one in plain if not one.isspace())


def _joined(first: str, second: str) -> bool:
    return first.isalnum() and second.isalnum()
