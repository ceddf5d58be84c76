"""Quantities of a text: numbers with sign and unit, dates and codes, in German or English notation, digits or words.

One grammar for reading documents, verifying answers and evaluating them; `locate_quantities` gives each with its span.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import TypeVar

from vectorstore.notation import (
    CURRENCIES,
    MAGNITUDES,
    MONTHS,
    PER,
    TABLE,
    UNITS,
    invert_table,
    one_of,
    read_number_word,
)

_ENGLISH = TABLE["english"]
_MONTHS = {**MONTHS, **{name.lower(): month for month, name in enumerate(_ENGLISH["months"], start=1)}}
_POWERS = {**MAGNITUDES, **_ENGLISH["magnitudes"]}
_UNITS = {
    **{spelling: unit for spelling, unit in UNITS.items() if spelling != "to"},  # "2 to 5" in English
    **invert_table(_ENGLISH["units"]),
    **dict.fromkeys(CURRENCIES, "EUR"),
}
_S = r"[ \u00a0\u202f\n]"
_MONTH = rf"(?P<name>(?i:{one_of(_MONTHS)}))(?!\w)\.?"
_YEAR_AT_END = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_SEASONS: dict[str, int] = TABLE["dates"]["seasons"]
_ORDINALS: dict[str, int] = {**TABLE["dates"]["ordinals"], "i": 1, "ii": 2, "iii": 3, "iv": 4}
NTH = rf"(?:[1-4]\.?|(?:I{{1,3}}|IV)\.?|(?i:{one_of(TABLE['dates']['ordinals'])}[nrs]?))"
_DATES = (  # in the order in which they are tried; what one pattern has matched the next ones do not see
    rf"(?<![\d.])(?P<day>[0-3]?\d)(?P<mark>[./]){_S}?(?P<month>[01]?\d)(?P=mark){_S}?(?P<year>\d{{4}})(?!\d)",
    r"(?:(?<![\d.])(?P<day>[0-3]\d)|(?<=[ao]m |um |it |e[mn] )(?P<plain>[0-3]?\d))\.(?P<month>[01]?\d)\."
    r"(?P<short>\d\d)(?![\d.]\d|\d)",
    r"(?<![\d-])(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?![\d-])",
    rf"(?<![\w.])(?P<nth>{NTH}){_S}?(?P<span>Quartal|Quart\.|Halbjahr|H[Jj]\.?)(?:{_S}des{_S}Jahres)?"
    rf"{_S}?/?{_S}?{_YEAR_AT_END}",
    rf"(?<!\w)(?P<span>[QH]|Quartal{_S}|Halbjahr{_S})(?P<nth>[1-4]|I{{1,3}}|IV){_S}?/?{_S}?{_YEAR_AT_END}",
    rf"(?<![\w./])(?P<nth>I{{1,3}}|IV)/{_YEAR_AT_END}",
    rf"(?<![\w-])(?:Früh|Spät)?(?P<season>(?i:{one_of(_SEASONS)})){_S}{_YEAR_AT_END}(?:/(?P<winter>\d\d))?(?!\w)",
    rf"(?<![\d.])(?P<day>[0-3]?\d)\.?{_S}{{1,3}}{_MONTH}(?:,?{_S}{{1,3}}(?P<year>\d{{4}})(?!\d))?",
    rf"(?<!\w){_MONTH}{_S}{{1,3}}(?:(?P<day>[0-3]?\d),{_S})?(?P<year>\d{{4}})(?!\d)",
    rf"(?<![\w/.])(?:(?P<month>0?[1-9]|1[0-2])/|(?P<padded>0[1-9]|1[0-2])\.){_YEAR_AT_END}",
    r"(?<![\d.])(?P<day>[0-3]\d)\.(?P<month>[01]\d)\.(?!\d)",
)
_DATE_PATTERNS = tuple(map(re.compile, _DATES))
_TAIL = re.compile(
    rf"(?:,[-–—]{{1,2}})?(?:{_S}?(?P<power>{one_of(_POWERS)})(?![^\W\d_€]))?(?:{_S}?(?P<unit>{one_of(_UNITS)})(?!\w))?"
    rf"(?:{_S}?(?:/|pro\s|je\s|per\s|im\s){_S}?(?P<rate>{one_of(PER)})(?!\w|\s(?:19|20)\d\d))?"
)
_DIGITS = re.compile(
    r"(?:(?<![\w.,)])(?P<sign>[-−–]|(?i:minus)\s)(?=\d))?(?:(?<!\w)(?P<before>€|EUR)[ \u00a0]?)?"
    r"(?P<digits>\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?![.,]?\d)|\d+(?:[.,:]\d+)*)"
)
_CODE = re.compile(r"(?<![\w./-])(?=[^\W_])(?=[\w./-]*[^\W\d_])(?=[\w./-]*\d)[^\W_]+(?:(?!/[^\W\d_]{4})[./-][^\W_]+)*")
_COUNTED = re.compile(rf"(?:{_S}[a-zäöüß]+e[nrsm]?){{0,2}}{_S}[A-ZÄÖÜ][a-zäöüß]")
_WORD = re.compile(r"[^\W\d_]{3,}")
_RANGE = re.compile(rf"{_S}?[-–—]{_S}?|{_S}(?:bis(?: zu)?|oder|to|or){_S}")
_AND = re.compile(rf"{_S}und{_S}")
_BETWEEN = re.compile(r"(?i:\bzwischen)\s(?:(?:rund|ca\.|etwa)\s)?\Z")  # before "10 und 20", which is a range then
_YEAR = re.compile(r"(?:19|20)\d\d")
_THOUSANDS = {  # no number begins with a group of zeros: "0.000" is none
    "de": re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?"),
    "en": re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?"),
}
_SHARES = {word: Decimal(share) for word, share in TABLE["numbers"]["shares"].items()}
_BLANK = "\0"  # replaces what a pattern has matched already
_LONG = 4  # letters from which a hyphenated word is no part of a code
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a text: its possible `values`, how it is `printed`, its `unit`, and `divisor`, the unit's divisor.

    "1.500 Euro pro Jahr" has the unit "EUR" and the rate "a". `counts_noun`: a noun follows, no unit ("17 neue
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
        return not self.unit and _YEAR.fullmatch(self.printed) is not None

    def supports(self, stated: Number) -> bool:
        """True if a stated number agrees with this one: same value; same unit where it has one or counts; same rate."""
        if ((stated.unit or stated.counts_noun) and stated.unit != self.unit) or (
            stated.divisor and stated.divisor != self.divisor
        ):
            return False
        return bool(self.values & stated.values) or self.printed == stated.printed


@dataclass(frozen=True, slots=True)
class DateValue:
    """A date: a day, a month or several months, `year` and `day` None where the text does not state them.

    `until` is the last month of a quarter, half-year or season; 14 for a winter: February of the next year.
    """

    year: int | None
    month: int
    day: int | None
    until: int | None = None

    def supports(self, stated: DateValue | Number) -> bool:
        """True if the stated date or year contains this one: a day supports its month and its year."""
        if isinstance(stated, Number):
            return not stated.unit and not stated.counts_noun and stated.printed == str(self.year)
        parts = ((stated.year, self.year), (stated.month, self.month), (stated.day, self.day))
        return stated.until == self.until and all(part is None or part == own for part, own in parts)


@dataclass(frozen=True, slots=True)
class LocatedQuantity:
    """A number or date with its span in the text; the span leaves out a rate ("pro Jahr")."""

    start: int
    end: int
    figure: Number | DateValue


@dataclass(frozen=True, slots=True)
class Quantities:
    """The numbers, the dates and the codes of letters and digits ("B.X.3", "L 580a", "CO2") of a text."""

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
        evidence = self.numbers + self.moments  # a date supports a number that states its year
        numbers = (number for number in stated.numbers if not any(own.supports(number) for own in evidence))
        moments = (moment for moment in stated.moments if not any(own.supports(moment) for own in self.moments))
        unsupported = Quantities(tuple(numbers), tuple(moments), stated.codes - self.codes)
        return None if unsupported == Quantities() else unsupported

    @property
    def printed(self) -> list[str]:
        """Each as text for people: numbers as printed, dates as "day.month.year", codes in capitals."""
        numbers = [number.printed.partition("e")[0] for number in self.numbers]  # "e6" is a printed "Mio."
        dates = [(moment.day, moment.month, moment.year) for moment in self.moments]
        printed_dates = [".".join(str(part) for part in parts if part is not None) for parts in dates]
        return numbers + printed_dates + sorted(code.upper() for code in self.codes)


def merge_quantities(figures: Iterable[Quantities]) -> Quantities:
    """The figures of several texts as one."""
    all_figures = tuple(figures)
    return Quantities(
        tuple(number for text_figures in all_figures for number in text_figures.numbers),
        tuple(moment for text_figures in all_figures for moment in text_figures.moments),
        frozenset(code for text_figures in all_figures for code in text_figures.codes),
    )


@lru_cache(maxsize=16384)
def extract_quantities(text: str, language: str = "de") -> Quantities:
    """The figures of a text; points and commas are read as German for `language` "de", else as English."""
    results, codes = _read(text, language)
    numbers = tuple(result.figure for result in results if isinstance(result.figure, Number))
    moments = tuple(result.figure for result in results if isinstance(result.figure, DateValue))
    return Quantities(numbers, moments, frozenset(code for _, _, code in codes))


def locate_quantities(text: str, language: str = "de") -> list[LocatedQuantity]:
    """The numbers and dates of a text with their spans, in its order; `language` as in `extract_quantities`."""
    return sorted(_read(text, language)[0], key=lambda result: result.start)


def _read(text: str, language: str) -> tuple[list[LocatedQuantity], list[tuple[int, int, str]]]:
    """The numbers and dates of a text, and its codes as (start, end, code); no character belongs to two of them."""
    if not any(map(str.isdigit, text)):
        return _find_worded(text), []
    remaining, dates = text, []
    for pattern in _DATE_PATTERNS:
        remaining, matched = _take(pattern, remaining, _moment)
        dates += [LocatedQuantity(*span_and_date) for span_and_date in matched]
    remaining, codes = _take(_CODE, remaining, lambda match: _code(match[0]))
    return [*_find_digits(remaining, "de" if language == "de" else "en"), *_find_worded(remaining), *dates], codes


def _take(
    pattern: re.Pattern[str], text: str, make: Callable[[re.Match[str]], Made | None]
) -> tuple[str, list[tuple[int, int, Made]]]:
    """The text with the accepted matches blanked out, and for each its start, its end and what `make` returned.

    A match for which `make` returns None is not accepted. Blanking keeps the offsets.
    """
    results: list[tuple[int, int, Made]] = []

    def take(match: re.Match[str]) -> str:
        value = make(match)
        if value is None:
            return match[0]
        results.append((*match.span(), value))
        return _BLANK * len(match[0])

    return pattern.sub(take, text), results


def _moment(match: re.Match[str]) -> DateValue | None:
    """The date of a match of one of `_DATES`; None where its numbers are no date."""
    groups: dict[str, str] = match.groupdict()
    year = int(groups["year"]) if groups.get("year") else 2000 + int(groups["short"]) if groups.get("short") else None
    if groups.get("season"):
        return _season(groups, year)
    if nth := groups.get("nth"):
        months = 6 if (groups.get("span") or "").startswith("H") else 3  # a half-year or a quarter
        last = ordinal(nth) * months
        return DateValue(year, last - months + 1, None, last) if last <= 12 else None
    name, number = groups.get("name"), groups.get("month") or groups.get("padded") or 0
    month = _MONTHS[name.lower()] if name else int(number)
    printed = groups.get("day") or groups.get("plain")
    day = int(printed) if printed else None
    return DateValue(year, month, day) if 1 <= month <= 12 and (day is None or 1 <= day <= 31) else None


def _season(groups: dict[str, str], year: int | None) -> DateValue | None:
    """The three months of a season; None for a winter with one year and another season with two."""
    first = next(month for name, month in _SEASONS.items() if name.lower() == groups["season"].lower())
    has_its_years = groups["winter"] is None if first < 12 else groups["winter"] is not None
    return DateValue(year, first, None, first + 2) if has_its_years else None


def ordinal(printed: str) -> int:
    """The number, 1 to 4, that "3.", "III" or "dritten" means."""
    text = printed.rstrip(".").lower()
    return int(text) if text.isdigit() else max(n for word, n in _ORDINALS.items() if text.startswith(word))


def _code(printed: str) -> str | None:
    """A code folded and without hyphenated words: "co2" of "CO2-Ausstoß"; None for a number, also with its unit."""
    if printed.isdigit() or _is_measured(printed) or (_YEAR.match(printed) and printed[4:] in ("f", "ff")):
        return None
    parts = [part for part in printed.casefold().split("-") if not part.isalpha() or len(part) < _LONG]
    return "-".join(parts)


def _is_measured(code: str) -> bool:
    """True for a number and its unit without a space between: "12km", "50%"."""
    digits = _DIGITS.match(code)
    tail = _TAIL.match(code, digits.end()) if digits else None
    return tail is not None and tail["unit"] is not None and tail.end() == len(code)


def _find_digits(text: str, language: str) -> list[LocatedQuantity]:
    """The numbers in digits; the lower end of a range gets unit and magnitude of the upper: "10 bis 15 Mio. Euro"."""
    results: list[LocatedQuantity] = []
    previous_end = -1
    for match in _DIGITS.finditer(text):
        tail = _TAIL.match(text, match.end())
        assert tail is not None
        number = _number(match, tail, language)
        number = replace(number, counts_noun=_is_counted(number, text, tail.end()))
        if previous_end >= 0 and number.unit and _is_lower_end(text, results[-1], previous_end, match.start()):
            lower = results[-1].figure
            assert isinstance(lower, Number)
            scaled = frozenset(_scale(value, _power(tail)) for value in lower.values)
            shared = replace(lower, values=lower.values | scaled, unit=number.unit, divisor=number.divisor)
            results[-1] = replace(results[-1], figure=shared)
        results.append(LocatedQuantity(match.start(), _end(match, tail), number))
        previous_end = tail.end()
    return results


def _end(match: re.Match[str], tail: re.Match[str]) -> int:
    """The offset at which a number with its magnitude and unit ends."""
    dashed = tail.start() + (len(tail[0]) - len(tail[0].lstrip(",-–—")))
    return max(match.end(), dashed, tail.end("power"), tail.end("unit"))


def _is_lower_end(text: str, lower: LocatedQuantity, end: int, start: int) -> bool:
    """True if the number `lower`, which ends at `end`, is the lower end of a range with an upper end at `start`."""
    number = lower.figure
    if not isinstance(number, Number) or number.unit:
        return False
    if _AND.fullmatch(text, end, start):
        return _BETWEEN.search(text, max(0, lower.start - 20), lower.start) is not None
    connector = _RANGE.fullmatch(text, end, start)
    return connector is not None and not (number.is_year and not any(map(str.isalpha, connector[0])))


def _is_counted(number: Number, text: str, end: int) -> bool:
    """True if a number without a unit, and no year, is followed by a noun that it counts."""
    return not number.unit and not _YEAR.fullmatch(number.printed) and _COUNTED.match(text, end) is not None


def _number(match: re.Match[str], tail: re.Match[str], language: str) -> Number:
    """The number of a match of `_DIGITS` and of the match of `_TAIL` after it."""
    digits = re.sub(r"[ \u00a0\u202f]", "", match["digits"])
    power, sign = _power(tail), "-" if match["sign"] else ""
    values = frozenset(_scale(Decimal(sign + reading), power) for reading in _readings(digits, language, bool(power)))
    unit = _UNITS[tail["unit"]] if tail["unit"] else "EUR" if match["before"] else ""
    return Number(values, f"{sign}{digits}e{power}" if power else sign + digits, unit, PER.get(tail["rate"] or "", ""))


def _scale(value: Decimal, power: int) -> Decimal:
    """A number times ten to a power, exactly: decimal arithmetic would round to its context's precision."""
    sign, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    return Decimal((sign, digits, exponent + power))


def _power(tail: re.Match[str]) -> int:
    """The power of ten that magnitude ("Mio.") and currency ("T€") of a match of `_TAIL` stand for."""
    power: int = _POWERS.get(tail["power"] or "", 0) + CURRENCIES.get(tail["unit"] or "", 0)
    return power


def _readings(digits: str, language: str, scaled: bool) -> list[str]:
    """The decimal numbers that digits can mean; none for references and times ("5.5.2.1", "14:30")."""
    point, comma = (".", ",") if language == "de" else (",", ".")
    if digits.isdigit():
        return [digits]
    if _THOUSANDS[language].fullmatch(digits):
        return [digits.replace(point, "").replace(comma, ".")]
    if digits.count(comma) == 1 and digits.replace(comma, "").isdigit():
        return [digits.replace(comma, ".")]
    return [digits] if scaled and digits.count(".") == 1 and digits.replace(".", "").isdigit() else []


def _find_worded(text: str) -> list[LocatedQuantity]:
    """The numbers in words, each with the unit after it."""
    results = []
    for match in _WORD.finditer(text):
        value = read_number_word(match[0])
        if (share := _SHARES.get(match[0].lower())) is not None:
            results.append(LocatedQuantity(*match.span(), Number(frozenset({share}), str(share), "%")))
        elif value is not None:
            tail = _TAIL.match(text, match.end())
            assert tail is not None
            unit = _UNITS[tail["unit"]] if tail["unit"] else ""
            values = frozenset({_scale(Decimal(value), _power(tail))})
            number = Number(values, str(value), unit, PER.get(tail["rate"] or "", ""))
            number = replace(number, counts_noun=_is_counted(number, text, tail.end()))
            results.append(LocatedQuantity(match.start(), _end(match, tail), number))
    return results
