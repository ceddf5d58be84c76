"""Looking up titles and numbers of claims: a title is set off from running text, a number is next to its title."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from ingest.keys import shape_of
from ingest.readers.claims import Claim, Span
from ingest.readers.numbers import ref_parts
from ingest.validation.text_index import TextIndex, fold
from vectorstore.notation import fold_ref

CUT = " …"  # ends the title of a point that is a long sentence
_LONG_POINT = 295  # characters from which such a title may end anywhere
_LONGEST_FAULT = 60  # characters of a rejected text that are kept
_NEAR = 400  # characters between a number and its title
_LINES_ABOVE = 3  # with text, between a number and its title; two printed lines with cells may be three
_SPLIT = 60  # characters between the two pieces of a title
_WORDS_BEFORE = 4  # words between the beginning of a line and a title
_WORD_BEFORE = re.compile(r"^(?:(?:[A-ZÄÖÜ]?[a-zäöüß]{4,}|[A-ZÄÖÜ]{6,}|(?i:lfd|nr))[.:]*\s*)+(?=\S)")
_CODED = re.compile(r"[^\W\d_]{2}|[^\W\d_].*\d|\d.*[^\W\d_]")  # "K-3", "KR"
_TOTAL = re.compile(r"(?:von|/)[ \t]*$")
_BESIDE = re.compile(r"[\W_]*(?:(?:von|/)\s*\d+[\W_]*)?(?:[^\W\d_]+[\W_]+){0,2}")
_TITLE_END = re.compile(r"\s*(?:$|[\n\t:.;,(\[|/–—-])")
_PAGE_NUMBER = re.compile(r"\s+\d{1,4}[ \t]*(?:\n|$)")  # behind a title in contents without dots
_LEADER = re.compile(r"(?:\.{4,}|(?:\. ){4,})\s*\d*")  # of contents, between a title and its page
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
    LIMIT = "limit"


class ClaimFault(NamedTuple):
    """A rejected part: why, the name of its record, its text, and the page that was claimed for it."""

    kind: FaultKind
    record: str
    text: str
    page: int

    @classmethod
    def of(cls, kind: FaultKind, claim: Claim, text: str) -> ClaimFault:
        """Return the fault of a record or of a part of it."""
        return cls(kind, name_of(claim), text[:_LONGEST_FAULT], claim.page)


Reject = Callable[[FaultKind, Claim, str], None]


@dataclass(frozen=True)
class FoundClaim:
    """A claim with the spans of title and number; `is_beside` is true where the number is next to the title."""

    claim: Claim
    title: Span
    number: Span | None = None
    is_beside: bool = False

    @cached_property
    def ref(self) -> str:
        """The number in the form in which numbers are compared, "" without one."""
        return fold_ref(self.claim.number or "")

    @cached_property
    def shape(self) -> str:
        """The shape of the number, "" without one."""
        return shape_of(self.claim.number or "")

    @cached_property
    def counts(self) -> tuple[int, ...]:
        """The integers by which numbers of one shape are in sequence."""
        number = self.claim.number or ""
        return ref_parts(number, roman=re.search(r"(?<![^\W_])[IVXL]+$", number) is not None) if number else ()

    @cached_property
    def folded_title(self) -> str:
        """The title in the form in which titles are compared."""
        return fold(self.claim.title)

    @property
    def start(self) -> int:
        """Where number or title begins."""
        return min(self.title.start, self.number.start) if self.number else self.title.start

    @property
    def is_head(self) -> bool:
        """True for the head of a sheet or a heading, no row or entry of contents."""
        return self.claim.where in ("sheet", "heading")

    @property
    def has_fields(self) -> bool:
        """True if the record has fields or units."""
        return bool(self.claim.fields or self.claim.units)


def bare_number(number: str | None) -> str:
    """Return a number without the words before it: "Maßnahme 07" is "07", "M 12" stays."""
    return _WORD_BEFORE.sub("", (number or "").strip()).strip(" .:") or (number or "")


def name_of(claim: Claim) -> str:
    """Return number and title of a claim."""
    return f"{claim.number} {claim.title}" if claim.number else claim.title


class HeadLookup:
    """Finds titles and numbers in one text."""

    def __init__(self, index: TextIndex, reject: Reject) -> None:
        self._index, self._text, self._reject = index, index.text, reject

    def locate(self, claim: Claim) -> FoundClaim | None:
        """Return a claim with the spans of title and number, None where the title is not on its page."""
        if claim.head is not None:
            at_number = claim.head if claim.number else None
            return FoundClaim(claim, claim.title_span or claim.head, at_number, is_beside=True)
        options = [self._with_number(claim, title) for title in self._titles(claim)]
        if not options:
            self._reject(FaultKind.TITLE, claim, claim.title)
            return None
        found = max(options, key=lambda option: (option.is_beside, option.number is not None))
        if claim.number and found.number is None:
            self._reject(FaultKind.NUMBER, claim, claim.number)
        return found

    def is_bullet(self, title: Span) -> bool:
        """True if a text is a whole point of a list."""
        return self._text[self._line_start(title) : title.start].strip(" \t") in _BULLETS

    def _titles(self, claim: Claim) -> Iterator[Span]:
        """Yield the spans of a title, on its page if it is there, else on the page before or after."""
        quote = claim.title.removesuffix(CUT)
        for within in (self._index.pages(claim.page), self._index.pages(claim.page - 1, claim.page + 1)):
            found = [span for span in self._index.find_exact(quote, within) if self._is_set_off(claim, span)]
            if not found and (pieces := self._index.find_split(quote, within, _SPLIT)):
                whole = Span(pieces[0].start, pieces[1].end)
                found = [whole] if self._is_set_off(claim, whole) else []
            if found:
                yield from found
                return

    def _is_set_off(self, claim: Claim, title: Span) -> bool:
        """True if a title begins a line or cell, behind number and label at most, and ends before a sign or label.

        A code of letters ("K-3", "KR") directly before a title sets it off in a paragraph.
        """
        line, block, number = self._line_start(title), self._index.block_at(title.start), bare_number(claim.number)
        before = self._text[max(line, self._text.rfind("\t", line, title.start) + 1) : title.start]
        before, after = _LEADER.split(before)[-1], self._text[title.end : block.end]
        code = before.rstrip(" \t.:–-")
        is_coded = number == number.upper() and bool(_CODED.search(number)) and code.endswith(number)
        goes_on = self._text[title.start].islower() and before.rstrip()[-1:].isalpha() and not is_coded
        before = number if is_coded and not code.removesuffix(number)[-1:].isalnum() else before
        if len(before.split()) > _WORDS_BEFORE or _SENTENCE.search(before) or goes_on:
            return False
        if claim.title.endswith(CUT):
            return claim.kind == "resolution" or len(claim.title) > _LONG_POINT or self.is_bullet(title)
        labels = tuple(fold(field.label) for field in claim.fields if field.label)
        return bool(
            _TITLE_END.match(after)
            or self._text[title.end - 1] in ".!?"
            or (is_coded and claim.where == "row")
            or (claim.number and after.strip().startswith(claim.number))
            or (labels and fold(after[:200]).startswith(labels))
            or (claim.where == "contents" and _PAGE_NUMBER.match(after))
        )

    def _with_number(self, claim: Claim, title: Span) -> FoundClaim:
        """Return a claim with a title and the number beside it, else one near it, else without a number.

        A nearer number of the same shape belongs to the title instead. It may be between the two pieces of a title.
        """
        number, is_row = bare_number(claim.number), self._index.is_row(title.start)
        within = Span(max(0, title.start - _NEAR), min(len(self._text), title.end + _NEAR))
        numbers = self._numbers_like(number, self._index.line_at(title.start) if is_row else within) if number else []
        if fold(self._text[slice(*title)]) == fold(claim.title):
            numbers = [span for span in numbers if span.end <= title.start or span.start >= title.end]
        mine = [span for span in numbers if fold_ref(self._text[slice(*span)]) == fold_ref(number)]
        above = [span for span in numbers if self._lines_above(title) <= span.start < title.start]
        nearest = min(numbers, key=lambda span: len(self._gap(span, title)), default=None)
        found, is_beside = nearest if nearest in mine else None, False
        for span in mine:
            is_cell = is_row and {*self._text[span.end : span.end + 1], self._text[span.start - 1]} <= {*"\t\n"}
            if not is_beside and (is_cell or above[-1:] == [span] or _BESIDE.fullmatch(self._gap(span, title))):
                found, is_beside = span, True
        ref = " ".join(self._text[slice(*found)].split()) if found else None
        update = {"number": ref, "page": self._index.page_of(title.start)}
        return FoundClaim(claim.model_copy(update=update), title, found, is_beside)

    def _numbers_like(self, number: str, within: Span) -> list[Span]:
        """Return the numbers of the same shape: digits for digits, equal letters and signs; totals are none."""
        parts = re.split(r"(\d+)", "".join(number.split()))
        shape = r"\s*".join(r"\d+" if part.isdigit() else re.escape(part) for part in parts if part)
        pattern = re.compile(rf"(?<![^\W_])(?<![^\W_][.,/-]){shape}(?![^\W_])(?![.,-]\d|-[^\W_])")
        spans = (Span(*match.span()) for match in pattern.finditer(self._text, *within))
        return [span for span in spans if not _TOTAL.search(self._text[max(0, span.start - 6) : span.start])]

    def _line_start(self, title: Span) -> int:
        block = self._index.block_at(title.start)
        return max(block.start, self._text.rfind("\n", block.start, title.start) + 1)

    def _lines_above(self, title: Span) -> int:
        """Return where the lines above a title begin in which its number may be."""
        start = self._index.line_at(title.start).start
        window = self._text[max(0, start - _NEAR) : start]
        filled = [match.start() for match in re.finditer(r"^.*\S", window, re.MULTILINE)]
        return start - len(window) + min(filled[-_LINES_ABOVE:], default=len(window))

    def _gap(self, span: Span, other: Span) -> str:
        first, second = sorted((span, other))
        return self._text[first.end : second.start]
