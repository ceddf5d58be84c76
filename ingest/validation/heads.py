"""Looks up titles and numbers of records that staff added: a title must be set off from running
text, its number close to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.readers.claims import Claim, Span
from ingest.readers.folding import fold_quote
from ingest.validation.text_index import TextIndex
from vectorstore.language import fold_ref

# at most between a number and its title: characters, lines with text
_MAX_DISTANCE = 400
_MAX_LINES = 3
_TITLE_GAP = 60  # characters at most between the two pieces of a title
_WORDS_BEFORE = 4  # words at most between the beginning of a line and a title
_NUMBER_WORDS = re.compile(
    r"^(?:(?:[A-ZÄÖÜ]?[a-zäöüß]{4,}|[A-ZÄÖÜ]{6,}|(?i:lfd|nr))[.:]*\s*)+(?=\S)"
)
_BEFORE_TOTAL = re.compile(r"(?:von|/)[ \t]*$")  # "3 von " before "12"
_SENTENCE_END = re.compile(r"[^\W\d_]{5,}[.!?]\s")  # the end of a sentence; not "Nr. "


def title_of(claim: Claim) -> Span:
    """Return the span of a located claim's title, its head where that came with the claim."""
    return claim.title_span or claim.head or Span(0, 0)


def start_of(claim: Claim) -> int:
    """Return where the number or title of a claim begins."""
    return min(span.start for span in (claim.head, claim.number_span, title_of(claim)) if span)


def _bare_number(number: str | None) -> str:
    """Return a number without the words before it: "Maßnahme 07" is "07", "M 12" stays."""
    return _NUMBER_WORDS.sub("", (number or "").strip()).strip(" .:") or (number or "")


class HeadLookup:
    """Looks up titles and numbers of claims in one document."""

    def __init__(self, index: TextIndex) -> None:
        self._index, self._text = index, index.text

    def locate(self, claim: Claim) -> Claim | None:
        """Return a claim with the spans of its title and number, its printed number and its page.

        None if the title is not found on the claimed page or the pages beside. If the title is
        printed several times, the first one with the number beside it is taken. If no number is
        found beside it, the claim loses its number. A claim that came with the span of its `head`
        is returned as it is.
        """
        if claim.head is not None:
            return claim
        candidates = [
            (title, self._find_number(claim, title)) for title in self._find_titles(claim)
        ]
        if not candidates:
            return None
        title, number = next((pair for pair in candidates if pair[1]), candidates[0])
        printed = None
        if number:
            printed = " ".join(self._text[slice(*number)].split())
        spans = {"title_span": title, "number_span": number}
        page = self._index.page_of(title.start)
        return claim.model_copy(update={"number": printed, "page": page, **spans})

    def _find_titles(self, claim: Claim) -> Iterator[Span]:
        """Yield the spans of a claim's title that are set off from the text (see `_is_set_off`).

        They are on the claimed page, or if there are none, on the pages before and after it. A
        title that is printed in two pieces has one span, with what is between them.
        """
        quote = claim.title.removesuffix(" …")  # staff accepted a long row, shortened
        around = self._index.pages(claim.page - 1, claim.page + 1)
        for within in (self._index.pages(claim.page), around):
            spans = list(self._index.find_all(quote, within))
            if not spans:
                pieces = self._index.find_split(quote, within, _TITLE_GAP)
                if pieces:
                    spans.append(Span(pieces[0].start, pieces[1].end))
            set_off = [span for span in spans if self._is_set_off(claim, span)]
            if set_off:
                yield from set_off
                return

    def _is_set_off(self, claim: Claim, title: Span) -> bool:
        """True if a title is set off from the text before it.

        It is at the beginning of a line or cell, after a few words that are no sentence, or
        directly behind a code in capitals ("K-3").
        """
        text, line, number = (
            self._text,
            self._index.line_at(title.start),
            _bare_number(claim.number),
        )
        before = text[max(line.start, text.rfind("\t", line.start, title.start) + 1) : title.start]
        is_code = number.isupper() and len(number) > 1
        is_coded = is_code and before.rstrip(" \t.:–-").endswith(number)
        goes_on = text[title.start].islower() and before.rstrip()[-1:].isalpha()
        is_inside = goes_on or len(before.split()) > _WORDS_BEFORE or _SENTENCE_END.search(before)
        return is_coded or not is_inside

    def _find_number(self, claim: Claim, title: Span) -> Span | None:
        """Return the span of a claim's number beside its title, None if another number is there.

        Only numbers of the same shape are looked at ("1.2" and "1.3"). The claimed number must be
        the last of these before the title, or the nearest to it; in a table row it may be any. A
        number inside the title does not count, unless the title is printed in two pieces: then the
        claimed number may stand between them.
        """
        number = _bare_number(claim.number)
        if not number:
            return None
        numbers = self._find_similar_numbers(number, self._find_number_area(title))
        if fold_quote(self._text[slice(*title)]) == claim.folded_title:
            numbers = [
                span for span in numbers if span.end <= title.start or span.start >= title.end
            ]
        if numbers and not self._index.is_row(title.start):
            above = [span for span in numbers if span.start < title.start]
            nearest = min(
                numbers, key=lambda span: max(span.start, title.start) - min(span.end, title.end)
            )
            numbers = [*above[-1:], nearest]
        for span in numbers:
            if fold_ref(self._text[slice(*span)]) == fold_ref(number):
                return span
        return None

    def _find_similar_numbers(self, number: str, within: Span) -> list[Span]:
        """Return the spans of numbers with the shape of a number: for "M 7" also "M 12".

        The second number of a count ("3 von 12") is left out.
        """
        parts = filter(None, re.split(r"(\d+)", "".join(number.split())))
        shape = r"\s*".join(r"\d+" if part.isdigit() else re.escape(part) for part in parts)
        pattern = re.compile(rf"(?<![^\W_])(?<![^\W_][.,/-]){shape}(?![^\W_])(?![.,-]\d|-[^\W_])")
        spans = (Span(*match.span()) for match in pattern.finditer(self._text, *within))
        return [
            span
            for span in spans
            if not _BEFORE_TOTAL.search(self._text[max(0, span.start - 6) : span.start])
        ]

    def _find_number_area(self, title: Span) -> Span:
        """Return the span in which the number of a title may be.

        It is the title's table row, or else the lines of the title with up to `_MAX_LINES` lines
        above and below.
        """
        first, last = self._index.line_at(title.start), self._index.line_at(title.end)
        if self._index.is_row(title.start):
            return first
        above = self._text[max(0, first.start - _MAX_DISTANCE) : first.start]
        starts = [match.start() for match in re.finditer(r"^.*\S", above, re.MULTILINE)]
        below = self._text[last.end : last.end + _MAX_DISTANCE]
        ends = [match.end() for match in re.finditer(r".*\S$", below, re.MULTILINE)]
        start = first.start - len(above) + min(starts[-_MAX_LINES:], default=len(above))
        return Span(start, last.end + max(ends[:_MAX_LINES], default=0))
