"""Looking up titles and numbers of claims: a title is set off from running text, a number is next to its title."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.keys import compare_ref
from ingest.readers.claims import Claim, Span
from ingest.validation.faults import FaultKind, Located, Reject, bare_number
from ingest.validation.matching import TextIndex, fold, is_shortened

CUT = " …"  # ends the title of a point that is a long sentence
_LONG_POINT = 295  # characters from which such a title may end anywhere
_NEAR = 400  # characters between a number and its title
_LINES_ABOVE = 3  # with text, between a number and its title; two printed lines with cells may be three
_SPLIT = 60  # characters between the two pieces of a title
_WORDS_BEFORE = 4  # words between the beginning of a line and a title
_TOTAL = re.compile(r"(?:von|/)[ \t]*$")
_BESIDE = re.compile(r"[\W_]*(?:(?:von|/)\s*\d+[\W_]*)?(?:[^\W\d_]+[\W_]+){0,2}")
_TITLE_END = re.compile(r"\s*(?:$|[\n\t:.;,(\[|/–—-])")
_PAGE_NUMBER = re.compile(r"\s+\d{1,4}[ \t]*(?:\n|$)")  # behind a title in contents without dots
_LEADER = re.compile(r"(?:\.{4,}|(?:\. ){4,})\s*\d*")  # of contents, between a title and its page
_SENTENCE = re.compile(r"[^\W\d_]{5,}[.!?]\s")
_BULLETS = ("-", "–", "•", "*")


class TitleLookup:
    """Finds titles and numbers in one text."""

    def __init__(self, index: TextIndex, reject: Reject) -> None:
        self._index, self._text, self._reject = index, index.text, reject

    def locate(self, claim: Claim) -> Located | None:
        """Return a claim with the spans of title and number, None where the title is not on its page."""
        if claim.head is not None:
            return Located(claim, claim.title_span or claim.head, claim.head if claim.number else None, beside=True)
        titles = [] if is_shortened(claim.title) else list(self._titles(claim))
        if not titles:
            self._reject(FaultKind.TITLE, claim, claim.title)
            return None
        number, title = bare_number(claim.number), titles[0]
        span: Span | None = None
        beside = False
        if number:
            near = [(*self._number_near(number, printed, claim.title), printed) for printed in titles]
            span, beside, title = max(near, key=lambda option: (option[1], option[0] is not None))
            if span is None:
                self._reject(FaultKind.NUMBER, claim, number)
        ref = " ".join(self._between(span).split()) if span else None
        update = {"title": self._title(claim, title), "number": ref, "page": self._index.page_of(title.start)}
        return Located(claim.model_copy(update=update), title, span, beside)

    def is_bullet(self, title: Span) -> bool:
        """True if a text is a whole point of a list."""
        return self._text[self._line_start(title) : title.start].strip(" \t") in _BULLETS

    def _title(self, claim: Claim, title: Span) -> str:
        """Return a title as printed; capitals, hyphens and what is between two pieces as the reader wrote it."""
        printed = " ".join(self._between(title).split())
        shouted = printed.isupper() and not claim.title.isupper()
        return claim.title if shouted or "- " in printed or fold(printed) != fold(claim.title) else printed

    def _titles(self, claim: Claim) -> Iterator[Span]:
        """Yield the spans of a title, on its page if it is there, else on the page before or after."""
        quote = claim.title.removesuffix(CUT)
        for within in (self._index.pages(claim.page), self._index.pages(claim.page - 1, claim.page + 1)):
            spans = list(self._index.find_all(quote, within))
            found = [span for span in spans if self._is_set_off(claim, span)]
            found = found or [span for span in spans if self._follows_code(claim, span)]
            if not found and (split := self._index.find_split(quote, within, _SPLIT)):
                found = [split] if self._is_set_off(claim, split) else []
            if found:
                yield from found
                return

    def _is_set_off(self, claim: Claim, title: Span) -> bool:
        """True if a title begins a line or cell, behind number and label at most, and ends before a sign or label."""
        line = self._line_start(title)
        before = self._text[max(line, self._text.rfind("\t", line, title.start) + 1) : title.start]
        before, after = _LEADER.split(before)[-1], self._text[title.end : self._index.block_at(title.start).end]
        goes_on = self._text[title.start].islower() and before.rstrip()[-1:].isalpha()
        if len(before.split()) > _WORDS_BEFORE or _SENTENCE.search(before) or goes_on:
            return False
        if claim.title.endswith(CUT):
            return claim.kind == "resolution" or len(claim.title) > _LONG_POINT or self.is_bullet(title)
        followed = claim.number and after.strip().startswith(claim.number)
        labels = tuple(fold(field.label) for field in claim.fields if field.label)
        labelled = bool(labels) and fold(after[:200]).startswith(labels)
        listed = claim.where == "contents" and _PAGE_NUMBER.match(after) is not None
        return bool(followed or labelled or listed or _TITLE_END.match(after)) or self._text[title.end - 1] in ".!?"

    def _follows_code(self, claim: Claim, title: Span) -> bool:
        """True if a code of letters ("K-3", "KR") directly before a title sets it off in a paragraph."""
        number = bare_number(claim.number)
        letters, counts = re.search(r"[^\W\d_]", number), re.search(r"\d|[^\W\d_]{2}", number)
        if number != number.upper() or not letters or not counts:
            return False
        block = self._index.block_at(title.start)
        codes = self._numbers_like(number, Span(max(block.start, title.start - _NEAR), title.start))
        follows = codes and self._is_same(number, codes[-1])
        if not follows or self._text[codes[-1].end : title.start].strip(" \t\n.:–-"):
            return False
        return claim.where == "row" or _TITLE_END.match(self._text[title.end : block.end]) is not None

    def _number_near(self, number: str, title: Span, claimed: str) -> tuple[Span | None, bool]:
        """Return the span of the number of a title, and whether it is beside it or in a line above.

        A nearer number of the same shape belongs to the title instead, so that there is none. It may be between the two
        pieces of a title.
        """
        within = Span(max(0, title.start - _NEAR), min(len(self._text), title.end + _NEAR))
        numbers = self._numbers_like(number, within)
        if fold(self._between(title)) == fold(claimed):
            numbers = [span for span in numbers if span.end <= title.start or span.start >= title.end]
        if self._index.is_row(title.start):
            row = self._index.block_at(title.start)
            cells = [span for span in numbers if row.start <= span.start and span.end <= row.end]
            mine = [span for span in cells if self._is_same(number, span)]
            whole = next((span for span in mine if self._cell(span, row) == number), None)
            if whole is not None or (len(cells) == 1 and mine):
                return whole or mine[0], True
            numbers = cells or numbers
        mine = [span for span in numbers if self._is_same(number, span)]
        above = [span for span in numbers if self._lines_above(title) <= span.start < title.start]
        for span in mine:
            if _BESIDE.fullmatch(self._gap(span, title)) or above[-1:] == [span]:
                return span, True
        nearest = min(numbers, key=lambda span: len(self._gap(span, title)), default=None)
        return (nearest, False) if nearest in mine else (None, False)

    def _numbers_like(self, number: str, within: Span) -> list[Span]:
        """Return the numbers of the same shape: digits for digits, equal letters and signs; totals are none."""
        parts = re.split(r"(\d+)", "".join(number.split()))
        shape = r"\s*".join(r"\d+" if part.isdigit() else re.escape(part) for part in parts if part)
        pattern = rf"(?<![^\W_])(?<![^\W_][.,/-]){shape}(?![^\W_])(?![.,-]\d|-[^\W_])"
        matches = re.finditer(pattern, self._between(within))
        spans = (Span(within.start + match.start(), within.start + match.end()) for match in matches)
        return [span for span in spans if not _TOTAL.search(self._text[max(0, span.start - 6) : span.start])]

    def _line_start(self, title: Span) -> int:
        block = self._index.block_at(title.start)
        return max(block.start, self._text.rfind("\n", block.start, title.start) + 1)

    def _lines_above(self, title: Span) -> int:
        """Return where the lines above a title begin in which its number may be."""
        start = self._index.line_at(title.start).start
        for _ in range(_LINES_ABOVE):
            filled = len(self._text[:start].rstrip())
            start = self._text.rfind("\n", 0, filled) + 1 if filled else 0
        return start

    def _cell(self, number: Span, row: Span) -> str:
        """Return the cell of a row that contains a number, without the words before it."""
        start = max(row.start, self._text.rfind("\t", row.start, number.start) + 1)
        end = self._text.find("\t", number.end, row.end)
        return bare_number(self._text[start : end if end >= 0 else row.end].strip())

    def _gap(self, span: Span, other: Span) -> str:
        first, second = sorted((span, other))
        return self._text[first.end : second.start]

    def _is_same(self, number: str, span: Span) -> bool:
        return compare_ref(self._between(span)) == compare_ref(number)

    def _between(self, span: Span) -> str:
        return self._text[span.start : span.end]
