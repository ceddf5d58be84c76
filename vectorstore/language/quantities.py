"""Quantities of a text: numbers with sign and unit, dates and codes, in German or English notation,
digits or words.

One grammar for reading documents, verifying answers and evaluating them; `locate_quantities` gives
each with its span.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from vectorstore.language.dates import DATE_PATTERNS, read_date
from vectorstore.language.figures import YEAR, DateValue, LocatedQuantity, Number
from vectorstore.language.numbers import find_digits, find_worded, is_measured

# A word with letters and digits: CO2, B.X.3, 580a, CO2-Ausstoß; of "A1/Autobahn" only "A1"
_CODE = re.compile(
    r"(?<![\w./-])(?=[^\W_])(?=[\w./-]*[^\W\d_])(?=[\w./-]*\d)[^\W_]+(?:(?!/[^\W\d_]{4})[./-][^\W_]+)*"
)
_BLANK = "\0"  # replaces what a pattern has matched already
_LONG = 4  # letters from which a hyphenated word is no part of a code
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Quantities:
    """The numbers, the dates and the codes of letters and digits ("B.X.3", "L 580a", "CO2") of a
    text.
    """

    numbers: tuple[Number, ...] = ()
    moments: tuple[DateValue, ...] = ()
    codes: frozenset[str] = frozenset()

    def __len__(self) -> int:
        return len(self.numbers) + len(self.moments) + len(self.codes)

    def supports_all(self, stated: Quantities) -> bool:
        """True if every stated number, date and code is supported by these."""
        return self.unsupported(stated) is None

    def unsupported(self, stated: Quantities) -> Quantities | None:
        """The stated figures that these do not support; None if all are supported."""
        numbers = tuple(number for number in stated.numbers if not self._supports_number(number))
        moments = tuple(moment for moment in stated.moments if not self._supports_moment(moment))
        unsupported = Quantities(numbers, moments, stated.codes - self.codes)
        return None if unsupported == Quantities() else unsupported

    def _supports_number(self, number: Number) -> bool:
        """True if a number is stated here too, or is the year of a date stated here."""
        return any(own.supports(number) for own in self.numbers + self.moments)

    def _supports_moment(self, moment: DateValue) -> bool:
        return any(own.supports(moment) for own in self.moments)

    @property
    def as_texts(self) -> list[str]:
        """All figures as texts for people: numbers as printed, dates as `DateValue.as_text`, codes
        in capitals.
        """
        # "12e6" was printed "12 Mio."
        numbers = [number.printed.partition("e")[0] for number in self.numbers]
        moments = [moment.as_text for moment in self.moments]
        codes = sorted(map(str.upper, self.codes))
        return numbers + moments + codes


def merge_quantities(figures: Iterable[Quantities]) -> Quantities:
    """The figures of several texts as one."""
    merged = Quantities()
    for each in figures:
        merged = Quantities(
            merged.numbers + each.numbers, merged.moments + each.moments, merged.codes | each.codes
        )
    return merged


@lru_cache(maxsize=16384)
def extract_quantities(text: str, language: str = "de") -> Quantities:
    """The figures of a text; points and commas are read as German for `language` "de", else as
    English.
    """
    results, codes = _read(text, language)
    numbers = tuple(result.figure for result in results if isinstance(result.figure, Number))
    moments = tuple(result.figure for result in results if isinstance(result.figure, DateValue))
    return Quantities(numbers, moments, frozenset(code for _, _, code in codes))


def locate_quantities(text: str) -> list[LocatedQuantity]:
    """The numbers and dates of a German text with their spans, in its order."""
    return sorted(_read(text, "de")[0], key=lambda result: result.start)


def _read(text: str, language: str) -> tuple[list[LocatedQuantity], list[tuple[int, int, str]]]:
    """The numbers and dates of a text, and its codes as (start, end, code).

    Dates are taken out of the text first, then codes, so that "24.12.2026" and "CO2" have no
    numbers. A text without digits can have numbers in words only.
    """
    if not any(map(str.isdigit, text)):
        return find_worded(text), []
    remaining, dates = text, []
    for pattern in DATE_PATTERNS:
        remaining, matched = _take(pattern, remaining, read_date)
        dates += [LocatedQuantity(start, end, date) for start, end, date in matched]
    remaining, codes = _take(_CODE, remaining, lambda match: _code(match[0]))
    digits = find_digits(remaining, "de" if language == "de" else "en")
    return [*digits, *find_worded(remaining), *dates], codes


def _take(
    pattern: re.Pattern[str], text: str, make: Callable[[re.Match[str]], Made | None]
) -> tuple[str, list[tuple[int, int, Made]]]:
    """The text without the accepted matches, and the matches as (start, end, what `make` returned).

    A match for which `make` returns None is not accepted. Accepted matches are replaced by blanks,
    so that offsets stay the same.
    """
    results: list[tuple[int, int, Made]] = []

    def take(match: re.Match[str]) -> str:
        value = make(match)
        if value is None:
            return match[0]
        results.append((*match.span(), value))
        return _BLANK * len(match[0])

    return pattern.sub(take, text), results


def _code(printed: str) -> str | None:
    """A code in lower case, without longer words joined by a hyphen: "co2" of "CO2-Ausstoß".

    None for what is no code: a number ("12"), a number with its unit ("12km"), a year with those
    that follow ("2026ff").
    """
    is_years = YEAR.match(printed) and printed[4:] in ("f", "ff")
    if printed.isdigit() or is_years or is_measured(printed):
        return None
    parts = printed.casefold().split("-")
    return "-".join(part for part in parts if not part.isalpha() or len(part) < _LONG)
