"""Quantities of a text: numbers with sign and unit, dates and codes, in German or English notation,
digits or words.

One grammar for reading documents, verifying answers and evaluating them; `locate_quantities` gives
each with its span.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import TypeVar

from vectorstore.language import notation
from vectorstore.language.notation import NOTATION, pattern_of_any

_ENGLISH = NOTATION["english"]
_MONTHS = {
    **notation.MONTHS,
    **{name.lower(): month for month, name in enumerate(_ENGLISH["months"], start=1)},
}
_POWERS: dict[str, int] = {**notation.MAGNITUDES, **_ENGLISH["magnitudes"]}
_UNITS = {  # spelling -> unit: "Tonnen" -> "t", "T€" -> "EUR"
    **notation.UNITS,
    **notation.invert_table(_ENGLISH["units"]),
    **dict.fromkeys(notation.CURRENCIES, "EUR"),
}
del _UNITS["to"]  # a tonne, but "2 to 5" in English
_S = r"[ \u00a0\u202f\n]"  # a space, also one that does not break, or a line break
_MONTH = rf"(?P<name>(?i:{pattern_of_any(_MONTHS)}))(?!\w)\.?"
_YEAR_AT_END = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_SEASONS: dict[str, int] = NOTATION["dates"]["seasons"]
_ORDINALS: dict[str, int] = {**NOTATION["dates"]["ordinals"], "i": 1, "ii": 2, "iii": 3, "iv": 4}
NTH_PATTERN = (
    rf"(?:[1-4]\.?|(?:I{{1,3}}|IV)\.?|(?i:{pattern_of_any(NOTATION['dates']['ordinals'])}[nrs]?))"
)
# in the order in which they are tried; what one pattern has matched the next ones do not see
_DATES = (
    # 24.12.2026, 24. 12. 2026, 24/12/2026
    rf"(?<![\d.])(?P<day>[0-3]?\d)(?P<mark>[./]){_S}?(?P<month>[01]?\d)(?P=mark){_S}?(?P<year>\d{{4}})(?!\d)",
    # 24.12.26, "am 4.12.26"; without "am", "vom", ... a day of one digit may be a ref: 5.5.26
    r"(?:(?<![\d.])(?P<day>[0-3]\d)|(?<=[ao]m |um |it |e[mn] "
    r")(?P<plain>[0-3]?\d))\.(?P<month>[01]?\d)\."
    r"(?P<short>\d\d)(?![\d.]\d|\d)",
    # 2026-12-24
    r"(?<![\d-])(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?![\d-])",
    # 3. Quartal 2026, II. Quartal des Jahres 2026, erstes Halbjahr 2026
    rf"(?<![\w.])(?P<nth>{NTH_PATTERN}){_S}?(?P<span>Quartal|Quart\.|Halbjahr|H[Jj]\.?)(?:{_S}des{_S}Jahres)?"
    rf"{_S}?/?{_S}?{_YEAR_AT_END}",
    # Q3/2026, H1 2026, Quartal III 2026
    rf"(?<!\w)(?P<span>[QH]|Quartal{_S}|Halbjahr{_S})(?P<nth>[1-4]|I{{1,3}}|IV){_S}?/?{_S}?{_YEAR_AT_END}",
    # III/2026, a quarter
    rf"(?<![\w./])(?P<nth>I{{1,3}}|IV)/{_YEAR_AT_END}",
    # Spätsommer 2026, Winter 2026/27
    rf"(?<![\w-])(?:Früh|Spät)?(?P<season>(?i:{pattern_of_any(_SEASONS)})){_S}{_YEAR_AT_END}(?:/(?P<winter>\d\d))?(?!\w)",
    # 24. Dezember 2026, 24. Dez., 24 December, 2026
    rf"(?<![\d.])(?P<day>[0-3]?\d)\.?{_S}{{1,3}}{_MONTH}(?:,?{_S}{{1,3}}(?P<year>\d{{4}})(?!\d))?",
    # Dezember 2026, December 24, 2026
    rf"(?<!\w){_MONTH}{_S}{{1,3}}(?:(?P<day>[0-3]?\d),{_S})?(?P<year>\d{{4}})(?!\d)",
    # 12/2026, 3/2026, 03.2026, but not 3.2026
    rf"(?<![\w/.])(?:(?P<month>0?[1-9]|1[0-2])/|(?P<padded>0[1-9]|1[0-2])\.){_YEAR_AT_END}",
    # 24.12. but not 4.1.
    r"(?<![\d.])(?P<day>[0-3]\d)\.(?P<month>[01]\d)\.(?!\d)",
)
_DATE_PATTERNS = tuple(map(re.compile, _DATES))
# What follows a number, each part optional: ",–" (no cents), magnitude, unit, rate: " Mio. Euro pro
# Jahr", "%", "T€/a"
_TAIL = re.compile(
    rf"(?P<no_cents>,[-–—]{{1,2}})?(?:{_S}?(?P<power>{pattern_of_any(_POWERS)})(?![^\W\d_€]))?"
    rf"(?:{_S}?(?P<unit>{pattern_of_any(_UNITS)})(?!\w))?"
    rf"(?:{_S}?(?:/|pro\s|je\s|per\s|im\s){_S}?(?P<rate>{pattern_of_any(notation.PER)})(?!\w|\s(?:19|20)\d\d))?"
)
# -5, minus 5, € 1.500, 12 000, 5.5.2.1, 14:30
_DIGITS = re.compile(
    r"(?:(?<![\w.,)])(?P<sign>[-−–]|(?i:minus)\s)(?=\d))?(?:(?<!\w)(?P<before>€|EUR)[ \u00a0]?)?"
    r"(?P<digits>\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?![.,]?\d)|\d+(?:[.,:]\d+)*)"
)
# A word with letters and digits: CO2, B.X.3, 580a, CO2-Ausstoß; of "A1/Autobahn" only "A1"
_CODE = re.compile(
    r"(?<![\w./-])(?=[^\W_])(?=[\w./-]*[^\W\d_])(?=[\w./-]*\d)[^\W_]+(?:(?!/[^\W\d_]{4})[./-][^\W_]+)*"
)
# " neue öffentliche Ladepunkte"
_COUNTED = re.compile(rf"(?:{_S}[a-zäöüß]+e[nrsm]?){{0,2}}{_S}[A-ZÄÖÜ][a-zäöüß]")
_WORD = re.compile(r"[^\W\d_]{3,}")
# Between the ends of a range: "10–15", "10 bis zu 15", "10 oder 15"
_RANGE = re.compile(rf"{_S}?[-–—]{_S}?|{_S}(?:bis(?: zu)?|oder|to|or){_S}")
_AND = re.compile(rf"{_S}und{_S}")
# before "10 und 20", which is a range then
_BETWEEN = re.compile(r"(?i:\bzwischen)\s(?:(?:rund|ca\.|etwa)\s)?\Z")
_YEAR = re.compile(r"(?:19|20)\d\d")
_THOUSANDS = {  # no number begins with a group of zeros: "0.000" is none
    "de": re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?"),
    "en": re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?"),
}
_SHARES = {word: Decimal(share) for word, share in NOTATION["numbers"]["shares"].items()}
_BLANK = "\0"  # replaces what a pattern has matched already
_LONG = 4  # letters from which a hyphenated word is no part of a code
Made = TypeVar("Made")


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
        return not self.unit and _YEAR.fullmatch(self.printed) is not None

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
        return _find_worded(text), []
    remaining, dates = text, []
    for pattern in _DATE_PATTERNS:
        remaining, matched = _take(pattern, remaining, _moment)
        dates += [LocatedQuantity(start, end, date) for start, end, date in matched]
    remaining, codes = _take(_CODE, remaining, lambda match: _code(match[0]))
    digits = _find_digits(remaining, "de" if language == "de" else "en")
    return [*digits, *_find_worded(remaining), *dates], codes


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


def _moment(match: re.Match[str]) -> DateValue | None:
    """The date of a match of one of `_DATES`; None where its numbers are no date ("32.13.2026").

    Each pattern has some of these groups: `short` is a year of two digits, `season` the name of a
    season, `nth` the number of a quarter or half-year (by `span`, without it a quarter), `name` the
    name of a month. `month` or `padded` is its number, `day` or `plain` that of the day: a pattern
    cannot have two groups of one name.
    """
    groups: dict[str, str] = {name: text for name, text in match.groupdict().items() if text}
    year = int(groups["year"]) if "year" in groups else None
    if "short" in groups:
        year = 2000 + int(groups["short"])
    if "season" in groups:
        return _season(groups, year)
    if "nth" in groups:
        months = 6 if groups.get("span", "").startswith("H") else 3  # a half-year or a quarter
        last = ordinal_number(groups["nth"]) * months
        return DateValue(year, last - months + 1, None, last) if last <= 12 else None
    if "name" in groups:
        month = _MONTHS[groups["name"].lower()]
    else:
        month = int(groups.get("month") or groups["padded"])
    printed_day = groups.get("day") or groups.get("plain")
    day = int(printed_day) if printed_day else None
    is_day_valid = day is None or 1 <= day <= 31
    if not is_day_valid or not 1 <= month <= 12:
        return None
    return DateValue(year, month, day)


def _season(groups: dict[str, str], year: int | None) -> DateValue | None:
    """The three months of a season, or None.

    A winter begins in December, so it needs two years ("Winter 2026/27"); any other season needs a
    single one.
    """
    first = {name.lower(): month for name, month in _SEASONS.items()}[groups["season"].lower()]
    is_winter = first == 12
    if is_winter != ("winter" in groups):
        return None
    return DateValue(year, first, None, first + 2)


def ordinal_number(printed: str) -> int:
    """The number, 1 to 4, that "3.", "III" or "dritten" means."""
    text = printed.rstrip(".").lower()
    if text.isdigit():
        return int(text)
    # the largest, as "iii" begins with "i" and "ii"
    return max(number for word, number in _ORDINALS.items() if text.startswith(word))


def _code(printed: str) -> str | None:
    """A code in lower case, without longer words joined by a hyphen: "co2" of "CO2-Ausstoß".

    None for what is no code: a number ("12"), a number with its unit ("12km"), a year with those
    that follow ("2026ff").
    """
    is_years = _YEAR.match(printed) and printed[4:] in ("f", "ff")
    if printed.isdigit() or is_years or _is_measured(printed):
        return None
    parts = printed.casefold().split("-")
    return "-".join(part for part in parts if not part.isalpha() or len(part) < _LONG)


def _is_measured(code: str) -> bool:
    """True for a number and its unit without a space between: "12km", "50%"."""
    digits = _DIGITS.match(code)
    if digits is None:
        return False
    tail = _match_tail(code, digits.end())
    return tail["unit"] is not None and tail.end() == len(code)


def _match_tail(text: str, number_end: int) -> re.Match[str]:
    """The match of `_TAIL` after a number, which may be empty."""
    tail = _TAIL.match(text, number_end)
    assert tail is not None
    return tail


def _find_digits(text: str, language: str) -> list[LocatedQuantity]:
    """The numbers of a text that are printed in digits, with their spans.

    The lower end of a range takes the unit of the upper end: in "10 bis 15 Mio. Euro" the 10 is
    euros too, and has the possible values 10 and 10,000,000.
    """
    results: list[LocatedQuantity] = []
    previous_end = 0
    for match in _DIGITS.finditer(text):
        tail = _match_tail(text, match.end())
        number = _read_digits(match, tail, language)
        lower = results[-1] if results and number.unit else None
        if lower and _is_lower_end(text, lower, previous_end, match.start()):
            results[-1] = _scale_lower_end(lower, number, _power(tail))
        results.append(LocatedQuantity(match.start(), _end(match, tail), number))
        previous_end = tail.end()
    return results


def _scale_lower_end(lower: LocatedQuantity, upper: Number, power: int) -> LocatedQuantity:
    """The lower end of a range with the unit and rate of the upper end.

    Its possible values are those printed, and those multiplied by the magnitude of the upper end
    (ten to the `power`).
    """
    number = lower.figure
    assert isinstance(number, Number)
    scaled = frozenset(_scale(value, power) for value in number.values)
    values = number.values | scaled
    with_unit = replace(number, values=values, unit=upper.unit, divisor=upper.divisor)
    return replace(lower, figure=with_unit)


def _end(match: re.Match[str], tail: re.Match[str]) -> int:
    """The offset at which a number with ",–", magnitude and unit ends, without its rate."""
    return max(match.end(), tail.end("no_cents"), tail.end("power"), tail.end("unit"))


def _is_lower_end(text: str, lower: LocatedQuantity, end: int, start: int) -> bool:
    """True if the number `lower` is the lower end of a range.

    It ends at `end`, the number that may be the upper end begins at `start`. `lower` must have no
    unit, and between both must be "bis", "oder", a dash, or "und" if "zwischen" is before `lower`.
    A year before a dash is no lower end: in "2026 – 15 Mio. Euro" the sum is that of the year.
    """
    number = lower.figure
    if not isinstance(number, Number) or number.unit:
        return False
    if _AND.fullmatch(text, end, start):
        return _BETWEEN.search(text, max(0, lower.start - 20), lower.start) is not None
    connector = _RANGE.fullmatch(text, end, start)
    if connector is None:
        return False
    is_dash = not any(map(str.isalpha, connector[0]))
    return not (number.is_year and is_dash)


def _read_digits(match: re.Match[str], tail: re.Match[str], language: str) -> Number:
    """The number of a match of `_DIGITS` and of the match of `_TAIL` after it.

    What is no decimal number ("5.5.2.1") has no values and is compared only as printed. `printed`
    has the sign and, after "e", the power of ten of the magnitude: "12 Mio." gives "12e6", so that
    it does not look like a mere "12".
    """
    power = _power(tail)
    sign = "-" if match["sign"] else ""
    digits = re.sub(r"[ \u00a0\u202f]", "", match["digits"])
    decimal = _read_decimal(digits, language, has_magnitude=bool(power))
    values = [Decimal(sign + decimal)] if decimal else []
    printed = sign + digits
    if power:
        printed = f"{printed}e{power}"
    return _make_number(values, printed, tail, unit="EUR" if match["before"] else "")


def _make_number(
    values: Iterable[Decimal], printed: str, tail: re.Match[str], unit: str = ""
) -> Number:
    """The number with the magnitude, unit and rate that follow it in the text (`tail`).

    `unit` is the unit of a number that no unit follows, such as "EUR" of "€ 1.500". A number
    without any unit may count a noun ("17 neue Ladepunkte").
    """
    if tail["unit"]:
        unit = _UNITS[tail["unit"]]
    power = _power(tail)
    scaled = frozenset(_scale(value, power) for value in values)
    is_bare = not unit and not _YEAR.fullmatch(printed)
    counts_noun = is_bare and _COUNTED.match(tail.string, tail.end()) is not None
    return Number(scaled, printed, unit, notation.PER.get(tail["rate"] or "", ""), counts_noun)


def _scale(value: Decimal, power: int) -> Decimal:
    """A number times ten to a power, exactly: decimal arithmetic would round to its context's
    precision.
    """
    sign, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    return Decimal((sign, digits, exponent + power))


def _power(tail: re.Match[str]) -> int:
    """The power of ten that magnitude ("Mio.") and currency ("T€") of a match of `_TAIL` stand
    for.
    """
    return _POWERS.get(tail["power"] or "", 0) + notation.CURRENCIES.get(tail["unit"] or "", 0)


def _read_decimal(digits: str, language: str, *, has_magnitude: bool) -> str | None:
    """The printed `digits` as a decimal number with a point, None if they are no number.

    In German "1.500" is "1500" and "1,5" is "1.5"; "5.5.2.1" and "14:30" are no numbers. Before a
    magnitude ("1.5 Mio.") a single point is a decimal point in German too.
    """
    point, comma = ".", ","
    if language != "de":
        point, comma = comma, point
    if digits.isdigit():
        return digits
    if _THOUSANDS[language].fullmatch(digits):
        return digits.replace(point, "").replace(comma, ".")
    if digits.count(comma) == 1 and digits.replace(comma, "").isdigit():
        return digits.replace(comma, ".")
    if has_magnitude and digits.count(".") == 1 and digits.replace(".", "").isdigit():
        return digits
    return None


def _find_worded(text: str) -> list[LocatedQuantity]:
    """The numbers in words, each with the unit after it: "zwölf Monate".

    A word for a share is a number in percent: "die Hälfte" is 50 %.
    """
    results = []
    for match in _WORD.finditer(text):
        value, share = notation.read_number_word(match[0]), _SHARES.get(match[0].lower())
        if share is not None:
            percent = Number(frozenset({share}), str(share), "%")
            results.append(LocatedQuantity(*match.span(), percent))
        elif value is not None:
            tail = _match_tail(text, match.end())
            number = _make_number([Decimal(value)], str(value), tail)
            results.append(LocatedQuantity(match.start(), _end(match, tail), number))
    return results
