"""Finds quotes in a document's text, ignoring white space, line-end hyphens, quotation marks and
case.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cached_property
from itertools import chain, count, pairwise, repeat

from ingest.readers.claims import Span
from ingest.readers.folding import QUOTES, fold_character, fold_quote
from vectorstore.records import Document, Page

_MIN_PIECE = 4  # characters at least of each piece of a quote printed in two
_PART_LENGTH = 3_000  # characters of a part that serves as a page


def pages_of(document: Document) -> tuple[Page, ...]:
    """Return the pages of a document.

    A document without pages is divided into parts of whole paragraphs that serve as pages, each at
    least `_PART_LENGTH` long.
    """
    if document.pages:
        return document.pages
    starts = [0]
    end = document.text.find("\n\n", _PART_LENGTH)
    while end >= 0:
        starts.append(end + 2)
        end = document.text.find("\n\n", starts[-1] + _PART_LENGTH)
    return tuple(Page(start, number, "") for number, start in enumerate(starts, start=1))


def page_texts(document: Document) -> list[tuple[int, str]]:
    """Return number and text of each page that has text, stripped (see `pages_of`)."""
    pages = pages_of(document)
    edges = pairwise([*(page.start for page in pages), len(document.text)])
    texts = (
        (page.number, document.text[slice(*edge)].strip())
        for page, edge in zip(pages, edges, strict=True)
    )
    return [(number, text) for number, text in texts if text]


class TextIndex:
    """A document's text in which quotes are looked up by page; spans are offsets in the original
    text.
    """

    def __init__(self, document: Document) -> None:
        self.text, pages = document.text, pages_of(document)
        self._page_starts = [page.start for page in pages]
        self._page_numbers = [page.number for page in pages]

    @cached_property
    def _folded_text(self) -> tuple[str, array[int]]:
        """The folded text, and the offset of each of its characters in the original text."""
        letters = list(map(fold_character, self.text))
        # each offset as often as its character has letters when folded
        offsets = chain.from_iterable(map(repeat, count(), map(len, letters)))
        return "".join(letters), array("I", offsets)

    def page_of(self, offset: int) -> int:
        """Return the number of the page (see `pages_of`) that contains an offset."""
        return self._page_numbers[max(0, bisect_right(self._page_starts, offset) - 1)]

    def pages(self, first: int, last: int | None = None) -> Span:
        """Return the span of the pages `first` to `last` (None: only the first), an empty one for
        unknown pages.
        """
        begin = bisect_left(self._page_numbers, first)
        end = bisect_right(self._page_numbers, last or first)
        edges = [*self._page_starts, len(self.text)]
        if begin < end:
            return Span(edges[begin], edges[end])
        return Span(0, 0)

    def find_split(self, quote: str, within: Span, gap: int) -> tuple[Span, Span] | None:
        """Return the spans of the two pieces in which a quote is printed, None if it is not.

        There are at most `gap` characters between the pieces. Of several ways to divide the quote
        the one with the longest first piece is taken.
        """
        words = quote.split()
        for cut in range(len(words) - 1, 0, -1):
            begin, end = " ".join(words[:cut]), " ".join(words[cut:])
            if min(len(begin), len(end)) < _MIN_PIECE:
                continue
            for first in self.find_all(begin, within):
                reach = min(first.end + gap + 2 * len(end), within.end)
                last = next(self.find_all(end, Span(first.end, reach)), None)
                if last is not None and last.start - first.end <= gap:
                    return first, last
        return None

    def find_all(self, quote: str, within: Span) -> Iterator[Span]:
        """Yield the spans of a quote.

        A span begins and ends at whole words, and includes the quotation marks around the quote.
        """
        folded = fold_quote(quote)
        if not folded:
            return
        folded_text, offsets = self._folded_text
        position, end = bisect_left(offsets, within.start), bisect_left(offsets, within.end)
        position = folded_text.find(folded, position, end)
        while position >= 0:
            start, stop = offsets[position], offsets[position + len(folded) - 1] + 1
            before, after = self.text[max(0, start - 9) : start], self.text[stop : stop + 9]
            start -= len(before) - len(before.rstrip(QUOTES))
            stop += len(after) - len(after.lstrip(QUOTES))
            if not self._is_within_word(start) and not self._is_within_word(stop):
                yield Span(start, stop)
            position = folded_text.find(folded, position + 1, end)

    def _is_within_word(self, edge: int) -> bool:
        return edge > 0 and self.text[edge - 1].isalnum() and self.text[edge : edge + 1].isalnum()

    def block_at(self, offset: int) -> Span:
        """Return the span of the paragraph, heading or table row (a line with tabs) that contains
        an offset.
        """
        if self.is_row(offset):
            return self.line_at(offset)
        return self._span_between(offset, "\n\n")

    def line_at(self, offset: int) -> Span:
        """Return the span of the line that contains an offset."""
        return self._span_between(offset, "\n")

    def is_row(self, offset: int) -> bool:
        """True if an offset is in a row of a table, which is a line with tabs."""
        return "\t" in self.text[slice(*self.line_at(offset))]

    def _span_between(self, offset: int, border: str) -> Span:
        """Return the span around an offset from the `border` before it to the one behind it,
        without both.

        Beginning and end of the text are borders too.
        """
        start, end = self.text.rfind(border, 0, offset), self.text.find(border, offset)
        if start >= 0:
            start += len(border)
        if end < 0:
            end = len(self.text)
        return Span(max(start, 0), end)
