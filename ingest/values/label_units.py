"""Units that a text takes from its label or its column's head: "4.800" below "Kosten in T€"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from ingest.readers.claims import Span
from ingest.values.parsing import ParsedValue, parse
from vectorstore.language import Number, locate_quantities

_BRACKETS = re.compile(r"[(\[]([^()\[\]]{1,30})[)\]]")
_IN = re.compile(r"\bin\s+([^()\[\]]{1,30}?)\s?(?:[(\[]|$)")
_MOST_WORDS = 3  # of a unit at the end of a label: "Kosten Tsd. Euro"
_TIMES = ("Jahr", "Monat", "d", "h", "Woche", "Tag", "Stunde")  # units that no year has
_QUARTERS = re.compile(r"\bQuartale?\b", re.IGNORECASE)
_QUARTER = re.compile(r"(?P<nth>[1-4])\.?\s?[/.-]\s?(?P<year>(?:20)?\d\d)")
_RANGE = re.compile(r"\s?(?:[-–—]|bis)\s?\d")
_NO_CENTS = re.compile(r",[-–—]{1,2}")


class TextWithUnit(NamedTuple):
    """A text of the document from offset `start` on, and how it reads with the unit of its label.

    "4.800" below "Kosten in T€" reads "4.800 T€" (`with_unit`). `ends` are the offsets in `text` at
    which `unit` was inserted. Both are empty for a quarter, which is written in words: "1/25" reads
    "1. Quartal 2025".
    """

    start: int
    text: str
    with_unit: str
    unit: str = ""
    ends: tuple[int, ...] = ()

    @property
    def span(self) -> Span:
        """Its span in the document."""
        return Span(self.start, self.start + len(self.text))

    def offset_of(self, offset: int) -> int:
        """Return the offset in `text` of a place given as an offset in `with_unit`.

        A place inside an inserted unit becomes the end of the number before the unit.
        """
        inserted = len(self.unit) + 1  # with the blank before it
        for count, end in enumerate(self.ends):
            if offset <= end + (count + 1) * inserted:
                return min(offset - count * inserted, end)
        return offset - len(self.ends) * inserted


@cache
def find_unit(label: str) -> str:
    """Return the unit that a label states, as printed; "" if it states none.

    The unit stands in brackets ("Kosten (T€)"), after "in" ("Kosten in T€") or at the end of the
    label ("Kosten Tsd. Euro"). At the end it must be a whole unit, of as many words as can be:
    "Euro brutto" only begins with one. A label is never nothing but a unit.
    """
    label = " ".join(label.split()).rstrip(" :")
    for match in (*_BRACKETS.finditer(label), *_IN.finditer(label)):
        unit = match[1].removeprefix("in ")
        if _is_unit(unit):
            return unit
    words = label.split()
    for word_count in range(min(_MOST_WORDS, len(words) - 1), 0, -1):
        unit = " ".join(words[-word_count:])
        quantity = f"1 {unit}"
        is_whole = _is_unit(unit) and locate_quantities(quantity)[0].end == len(quantity)
        if is_whole:
            return unit
    return ""


def _is_unit(text: str) -> bool:
    for quantity in locate_quantities(f"1 {text}"):
        return isinstance(quantity.figure, Number) and bool(quantity.figure.unit)
    return False


def read_with_label(start: int, text: str, label: str) -> TextWithUnit | None:
    """Return a text, printed at the offset `start`, with the unit of its label.

    Below a label with "Quartal" the text "1/25" becomes "1. Quartal 2025". None if the label states
    no unit, or no number of the text lacks one.
    """
    quarter = _QUARTER.fullmatch(text.strip())
    if quarter and _QUARTERS.search(label):
        spelled = f"{quarter['nth']}. Quartal 20{quarter['year'][-2:]}"
        return TextWithUnit(start, text, spelled)
    unit = find_unit(label)
    if not unit:
        return None
    ends = tuple(_find_bare_ends(text, unit))
    if not ends:
        return None
    pieces = [text[first:last] for first, last in pairwise((0, *ends))]
    with_unit = f" {unit}".join((*pieces, text[ends[-1] :]))
    return TextWithUnit(start, text, with_unit, unit, ends)


def _find_bare_ends(text: str, unit: str) -> Iterator[int]:
    """Yield where the numbers of a text end that take the unit of the label.

    Those are the numbers without a unit of their own that count no noun, and not the first number
    of a range, which shares the unit of the second. A number that may be a year ("2025") takes the
    unit only if the text has nothing else, and never a unit of time. The sign for no cents belongs
    to a number ("4.800,-").
    """
    numbers = [q for q in locate_quantities(text) if isinstance(q.figure, Number)]
    own = locate_quantities(f"1 {unit}")[0].figure
    is_time = isinstance(own, Number) and own.unit in _TIMES
    for quantity in numbers:
        figure = quantity.figure
        if not isinstance(figure, Number) or figure.unit or figure.counts_noun:
            continue
        is_alone = len(numbers) == 1 and not is_time and text.strip() == figure.printed
        if (figure.is_year and not is_alone) or _RANGE.match(text, quantity.end):
            continue
        cents = _NO_CENTS.match(text, quantity.end)
        if cents:
            yield cents.end()
        else:
            yield quantity.end


def parse_labelled(labelled: TextWithUnit) -> Iterator[ParsedValue]:
    """Yield the values of a text as it reads with its unit, at their offsets in the document.

    A value has the text that is printed there, and the text with the unit as `with_unit` if that
    differs. The value of a quarter in words takes up the whole text.
    """
    for parsed in parse(labelled.with_unit):
        value = parsed.value
        first, last = 0, len(labelled.text)  # in the labelled text
        if labelled.unit:
            first, last = labelled.offset_of(value.start), labelled.offset_of(value.end)
        printed, with_unit = labelled.text[first:last], value.text
        if with_unit == printed:
            with_unit = ""
        value = replace(
            value,
            text=printed,
            start=labelled.start + first,
            end=labelled.start + last,
            with_unit=with_unit,
        )
        yield replace(parsed, value=value)
