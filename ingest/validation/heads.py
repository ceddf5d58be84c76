"""Looking up titles and numbers of claims: a title is set off from running text, a number is next to its title."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import NamedTuple

from ingest.readers.claims import Claim, Span
from ingest.readers.folding import fold_quote
from ingest.validation.text_index import TextIndex
from vectorstore.notation import fold_ref
from vectorstore.records import BY_STAFF

_REACH, _LINES = 400, 3  # characters and lines with text between a number and its title
_SPLIT = 60  # characters between the two pieces of a title
_WORDS_BEFORE = 4  # words between the beginning of a line and a title
_WORD_BEFORE = re.compile(r"^(?:(?:[A-ZÄÖÜ]?[a-zäöüß]{4,}|[A-ZÄÖÜ]{6,}|(?i:lfd|nr))[.:]*\s*)+(?=\S)")
_TOTAL = re.compile(r"(?:von|/)[ \t]*$")
_TITLE_END = re.compile(r"\s*(?:$|[\n\t:.;,(\[|/–—-])")
_SENTENCE = re.compile(r"[^\W\d_]{5,}[.!?]\s")
_BULLETS = ("-", "–", "•", "*")


class FaultKind(StrEnum):
    """Why a claim or a part of one is rejected."""

    TITLE = "title"
    NUMBER = "number"
    TEXT = "text"
    TICK = "tick"
    DUPLICATE = "duplicate"
    UNSUPPORTED = "unsupported"


class ClaimFault(NamedTuple):
    """A rejected part: why, the name of its record, its text, and the page that was claimed for it."""

    kind: FaultKind
    record: str
    text: str
    page: int


Reject = Callable[[FaultKind, Claim, str], None]


def title_of(claim: Claim) -> Span:
    """Return the span of the title of a claim that was looked up, or came with spans."""
    return claim.title_span or claim.head or Span(0, 0)


def start_of(claim: Claim) -> int:
    """Return where the number or title of a claim begins."""
    return min(span.start for span in (claim.head, claim.number_span, title_of(claim)) if span)


def bare_number(number: str | None) -> str:
    """Return a number without the words before it: "Maßnahme 07" is "07", "M 12" stays."""
    return _WORD_BEFORE.sub("", (number or "").strip()).strip(" .:") or (number or "")


class HeadLookup:
    """Finds titles and numbers in one text."""

    def __init__(self, index: TextIndex, reject: Reject) -> None:
        self._index, self._text, self._reject = index, index.text, reject

    def locate(self, claim: Claim) -> Claim | None:
        """Return a claim with the spans of title and number, None where the title is not on its page."""
        if claim.head is not None:
            return claim
        results = [(title, self._find_number(claim, title)) for title in self._find_titles(claim)]
        if not results:
            self._reject(FaultKind.TITLE, claim, claim.title)
            return None
        title, number = next((pair for pair in results if pair[1]), results[0])
        if claim.number and number is None:
            self._reject(FaultKind.NUMBER, claim, claim.number)
        printed = " ".join(self._text[slice(*number)].split()) if number else None
        spans = {"title_span": title, "number_span": number}
        return claim.model_copy(update={"number": printed, "page": self._index.page_of(title.start), **spans})

    def is_bullet(self, title: Span) -> bool:
        """True if a title begins a point of a list."""
        return self._text[self._index.line_at(title.start).start : title.start].strip(" \t") in _BULLETS

    def _find_titles(self, claim: Claim) -> Iterator[Span]:
        """Yield the spans of a title, on its page if it is there, else on the page before or after."""
        quote = claim.title.removesuffix(" …")  # of a long row that people took
        for within in (self._index.pages(claim.page), self._index.pages(claim.page - 1, claim.page + 1)):
            results = list(self._index.find_exact(quote, within))
            if not results and (pieces := self._index.find_split(quote, within, _SPLIT)):
                results = [Span(pieces[0].start, pieces[1].end)]
            if set_off := [span for span in results if self._is_set_off(claim, span)]:
                yield from set_off
                return

    def _is_set_off(self, claim: Claim, title: Span) -> bool:
        """True if a title begins a line or cell, behind number and label at most, and ends before a sign or label.

        A code of letters ("K-3", "KR") directly before a title sets it off in a paragraph.
        """
        if claim.where == "contents":
            return True
        text, line, number = self._text, self._index.line_at(title.start), bare_number(claim.number)
        before = text[max(line.start, text.rfind("\t", line.start, title.start) + 1) : title.start]
        is_coded = number.isupper() and len(number) > 1 and before.rstrip(" \t.:–-").endswith(number)
        goes_on = text[title.start].islower() and before.rstrip()[-1:].isalpha()
        if not is_coded and (len(before.split()) > _WORDS_BEFORE or _SENTENCE.search(before) or goes_on):
            return False
        after = text[title.end : self._index.block_at(title.start).end]
        labels = tuple(fold_quote(field.label) for field in claim.fields if field.label)
        return bool(
            _TITLE_END.match(after)
            or text[title.end - 1] in ".!?"
            or claim.source == BY_STAFF
            or (is_coded and claim.where == "row")
            or (claim.number and after.strip().startswith(claim.number))
            or (labels and fold_quote(after[:200]).startswith(labels))
        )

    def _find_number(self, claim: Claim, title: Span) -> Span | None:
        """Return the span of a claim's number: the last above its title, else the nearest; in a row in its line.

        A nearer number of the same shape belongs to the title instead. It may be between the two pieces of a title.
        """
        number = bare_number(claim.number)
        numbers = self._find_numbers_like(number, self._lines_around(title)) if number else []
        if fold_quote(self._text[slice(*title)]) == claim.folded_title:
            numbers = [span for span in numbers if span.end <= title.start or span.start >= title.end]
        above = [span for span in numbers if span.start < title.start]
        closest = min(numbers, key=lambda span: max(span.start, title.start) - min(span.end, title.end), default=None)
        candidates = numbers if self._index.is_row(title.start) else (*above[-1:], closest)
        folded = fold_ref(number)
        return next((span for span in candidates if span and fold_ref(self._text[slice(*span)]) == folded), None)

    def _find_numbers_like(self, number: str, within: Span) -> list[Span]:
        """Return the numbers of the same shape: digits for digits, equal letters and signs; totals are none."""
        parts = re.split(r"(\d+)", "".join(number.split()))
        shape = r"\s*".join(r"\d+" if part.isdigit() else re.escape(part) for part in parts if part)
        pattern = re.compile(rf"(?<![^\W_])(?<![^\W_][.,/-]){shape}(?![^\W_])(?![.,-]\d|-[^\W_])")
        spans = (Span(*match.span()) for match in pattern.finditer(self._text, *within))
        return [span for span in spans if not _TOTAL.search(self._text[max(0, span.start - 6) : span.start])]

    def _lines_around(self, title: Span) -> Span:
        """Return the lines near a title in which its number may be: of a row its own."""
        first, last = self._index.line_at(title.start), self._index.line_at(title.end)
        if self._index.is_row(title.start):
            return first
        above = self._text[max(0, first.start - _REACH) : first.start]
        starts = [match.start() for match in re.finditer(r"^.*\S", above, re.MULTILINE)]
        ends = [match.end() for match in re.finditer(r".*\S$", self._text[last.end : last.end + _REACH], re.MULTILINE)]
        start = first.start - len(above) + min(starts[-_LINES:], default=len(above))
        return Span(start, last.end + max(ends[:_LINES], default=0))
