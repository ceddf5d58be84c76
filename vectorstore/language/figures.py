"""Figures of a text as values: numbers with unit and rate, dates of a day, a month or several
months.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a text: its possible `values`, how it is `printed`, its `unit`, and the `divisor`
    of its rate.

    "1.500 Euro pro Jahr" has "EUR" and "a". `counts_noun`: no unit follows, but a noun ("17 neue
    Ladepunkte").
    """

    values: frozenset[Decimal]
    printed: str
    unit: str = ""
    divisor: str = ""
    counts_noun: bool = False

    @property
    def is_year(self) -> bool:
        """True if it may be a year: 19xx or 20xx without a unit."""
        return not self.unit and YEAR.fullmatch(self.printed) is not None

    def supports(self, stated: Number) -> bool:
        """True if a `stated` number agrees with this number.

        Both have a value in common or are printed in the same way. If the stated number has a unit
        or counts a noun, the units must be equal too; if it has a divisor, the divisors must be.
        """
        has_other_unit = (stated.unit or stated.counts_noun) and stated.unit != self.unit
        has_other_rate = stated.divisor and stated.divisor != self.divisor
        has_equal_value = self.values & stated.values or self.printed == stated.printed
        return bool(has_equal_value and not has_other_unit and not has_other_rate)


@dataclass(frozen=True, slots=True)
class DateValue:
    """A date: a day, a month or several months, `year` and `day` None where the text does not state
    them.

    `until` is the last month of a quarter, half-year or season; 14 for a winter: February of the
    next year.
    """

    year: int | None
    month: int
    day: int | None
    until: int | None = None

    @property
    def as_text(self) -> str:
        """The date as "24.12.2026", without the parts that the text does not state.

        Of several months the first and the last are given: "12.2026–2.2027" for a winter, whose
        last month has the number 14.
        """
        first = ".".join(
            str(part) for part in (self.day, self.month, self.year) if part is not None
        )
        if self.until is None:
            return first
        years_later, month_index = divmod(self.until - 1, 12)
        last = DateValue(self.year and self.year + years_later, month_index + 1, None)
        return f"{first}–{last.as_text}"

    def supports(self, stated: DateValue | Number) -> bool:
        """True if a `stated` date or year says nothing else than this date.

        It must have the same months, and the same year and day if it states these: 24.12.2026
        supports 12.2026, 24.12. and 2026. A year is stated as a `Number`, as it is read like any
        other number; with a unit ("2026 Euro") it is none.
        """
        if isinstance(stated, Number):
            return not stated.unit and not stated.counts_noun and stated.printed == str(self.year)
        has_equal_months = (stated.month, stated.until) == (self.month, self.until)
        has_equal_year = stated.year in (None, self.year)
        return has_equal_months and has_equal_year and stated.day in (None, self.day)


@dataclass(frozen=True, slots=True)
class LocatedQuantity:
    """A number or date with its span in the text; the span leaves out a rate ("pro Jahr")."""

    start: int
    end: int
    figure: Number | DateValue
