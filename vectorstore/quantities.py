"""Numbers and dates of a text, whole, with sign and unit, in German or English notation, in digits or in words.

One grammar for reading papers, for verifying answers and for evaluating them: `located` tells each with its place.
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
_MONTHS = {**MONTHS, **{name.lower(): place for place, name in enumerate(_ENGLISH["months"], start=1)}}
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
_DATES = (
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
_DATED = tuple(map(re.compile, _DATES))
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
_BETWEEN = re.compile(r"(?i:\bzwischen)\s(?:(?:rund|ca\.|etwa)\s)?\Z")
_YEAR = re.compile(r"(?:19|20)\d\d")
_THOUSANDS = {  # no number begins with a group of zeros: "0.000" is none
    "de": re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?"),
    "en": re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?"),
}
_SHARES = {word: Decimal(share) for word, share in TABLE["numbers"]["shares"].items()}
_TAKEN = "\0"
_LONG = 4  # letters of a word that is no part of a code
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number: what it may mean in its language, how it is printed, its unit and what that is divided by.

    `counts` says that a noun stands behind it instead of a unit: "17 neue Ladepunkte".
    """

    values: frozenset[Decimal]
    printed: str
    unit: str = ""
    rate: str = ""
    counts: bool = False

    @property
    def is_year(self) -> bool:
        """Whether it may be a year: four digits without a unit."""
        return not self.unit and _YEAR.fullmatch(self.printed) is not None

    def proves(self, stated: Number) -> bool:
        """True where what is said is this number: its value, and its unit where one is said; a sum counts nothing."""
        if ((stated.unit or stated.counts) and stated.unit != self.unit) or (stated.rate and stated.rate != self.rate):
            return False
        return bool(self.values & stated.values) or self.printed == stated.printed


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, a month, or a day of a year that is not said.

    `until` is the last month of a quarter, a half or a season; a winter's is the 14th.
    """

    year: int | None
    month: int
    day: int | None
    until: int | None = None

    def proves(self, stated: Moment | Number) -> bool:
        """True where this day lies in what is said, at least as exact: a day proves its month and its year."""
        if isinstance(stated, Number):
            return not stated.unit and not stated.counts and stated.printed == str(self.year)
        parts = ((stated.year, self.year), (stated.month, self.month), (stated.day, self.day))
        return stated.until == self.until and all(part is None or part == own for part, own in parts)


@dataclass(frozen=True, slots=True)
class Located:
    """A number or a date with its place in the text, what it is divided by left out."""

    start: int
    end: int
    figure: Number | Moment


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers, the dates and the codes of letters and digits ("B.X.3", "L 580a", "CO2") of a text."""

    numbers: tuple[Number, ...] = ()
    moments: tuple[Moment, ...] = ()
    codes: frozenset[str] = frozenset()

    def __len__(self) -> int:
        return len(self.numbers) + len(self.moments) + len(self.codes)

    def prove(self, stated: Figures) -> bool:
        """True where every number, date and code that is said is among these."""
        return self.unproven(stated) is None

    def unproven(self, stated: Figures) -> Figures | None:
        """What is said and not among these; None where all is."""
        left = Figures(
            tuple(
                number
                for number in stated.numbers
                if not any(own.proves(number) for own in self.numbers + self.moments)
            ),
            tuple(moment for moment in stated.moments if not any(own.proves(moment) for own in self.moments)),
            stated.codes - self.codes,
        )
        return None if left == Figures() else left

    @property
    def printed(self) -> list[str]:
        """Each as it may be shown: numbers as printed, dates in German."""
        return (
            [number.printed.partition("e")[0] for number in self.numbers]
            + [
                ".".join(str(part) for part in (moment.day, moment.month, moment.year) if part is not None)
                for moment in self.moments
            ]
            + sorted(code.upper() for code in self.codes)
        )


def together(figures: Iterable[Figures]) -> Figures:
    """All figures of several texts."""
    every = tuple(figures)
    return Figures(
        tuple(number for part in every for number in part.numbers),
        tuple(moment for part in every for moment in part.moments),
        frozenset(code for part in every for code in part.codes),
    )


@lru_cache(maxsize=16384)
def figures(text: str, language: str = "de") -> Figures:
    """The figures of a text; `language` says what points and commas mean: "de", else as in English."""
    result, codes = _read(text, language)
    numbers = tuple(number.figure for number in result if isinstance(number.figure, Number))
    moments = tuple(moment.figure for moment in result if isinstance(moment.figure, Moment))
    return Figures(numbers, moments, frozenset(code for _, _, code in codes))


def located(text: str, language: str = "de") -> list[Located]:
    """The numbers and dates of a text, in its order."""
    return sorted(_read(text, language)[0], key=lambda place: place.start)


def _read(text: str, language: str) -> tuple[list[Located], list[tuple[int, int, str]]]:
    """Numbers in digits, then those in words, dates, and codes; nothing is read as two things."""
    if not any(map(str.isdigit, text)):
        return _find_worded(text), []
    remaining, dates = text, []
    for pattern in _DATED:
        remaining, made = _take(pattern, remaining, _moment)
        dates += [Located(*place) for place in made]
    remaining, codes = _take(_CODE, remaining, lambda match: _code(match[0]))
    return [*_in_digits(remaining, "de" if language == "de" else "en"), *_find_worded(remaining), *dates], codes


def _take(
    pattern: re.Pattern[str], text: str, make: Callable[[re.Match[str]], Found | None]
) -> tuple[str, list[tuple[int, int, Found]]]:
    """What a pattern makes of its matches, each with its place, and the text without those."""
    results: list[tuple[int, int, Found]] = []

    def take(match: re.Match[str]) -> str:
        made = make(match)
        if made is None:
            return match[0]
        results.append((*match.span(), made))
        return _TAKEN * len(match[0])

    return pattern.sub(take, text), results


def _moment(match: re.Match[str]) -> Moment | None:
    part: dict[str, str] = match.groupdict()
    year = int(part["year"]) if part.get("year") else 2000 + int(part["short"]) if part.get("short") else None
    if part.get("season"):
        return _season(part, year)
    if nth := part.get("nth"):
        place, length = ordinal(nth), 6 if (part.get("span") or "").startswith("H") else 3
        return Moment(year, (place - 1) * length + 1, None, place * length) if place * length <= 12 else None
    month = _MONTHS[part["name"].lower()] if part.get("name") else int(part.get("month") or part.get("padded") or 0)
    printed = part.get("day") or part.get("plain")
    day = int(printed) if printed else None
    return Moment(year, month, day) if 1 <= month <= 12 and (day is None or 1 <= day <= 31) else None


def _season(part: dict[str, str], year: int | None) -> Moment | None:
    """The three months of a season; a winter only where both of its years are printed."""
    first = next(month for name, month in _SEASONS.items() if name.lower() == part["season"].lower())
    whole = part["winter"] is None if first < 12 else part["winter"] is not None
    return Moment(year, first, None, first + 2) if whole else None


def ordinal(printed: str) -> int:
    """What "3.", "III" or "dritten" counts, from 1 to 4."""
    bare = printed.rstrip(".").lower()
    return int(bare) if bare.isdigit() else max(n for word, n in _ORDINALS.items() if bare.startswith(word))


def _code(printed: str) -> str | None:
    """A code without the words that a hyphen joins to it: "co2" of "CO2-Ausstoß"; None for a number with its unit."""
    if printed.isdigit() or _is_measured(printed) or (_YEAR.match(printed) and printed[4:] in ("f", "ff")):
        return None
    parts = [part for part in printed.casefold().split("-") if not part.isalpha() or len(part) < _LONG]
    return "-".join(parts)


def _is_measured(code: str) -> bool:
    """True for a number with its unit without a space: "12km", "50%"."""
    digits = _DIGITS.match(code)
    tail = _TAIL.match(code, digits.end()) if digits else None
    return tail is not None and tail["unit"] is not None and tail.end() == len(code)


def _in_digits(text: str, language: str) -> list[Located]:
    results: list[Located] = []
    least = -1
    for match in _DIGITS.finditer(text):
        tail = _TAIL.match(text, match.end())
        assert tail is not None
        made = _number(match, tail, language)
        made = replace(made, counts=_is_counted(made, text, tail.end()))
        if least >= 0 and made.unit and _is_lower_end(text, results[-1], least, match.start()):
            lower = results[-1].figure
            assert isinstance(lower, Number)  # the first of two that share a unit: "10 bis 15 Mio. Euro"
            scaled = frozenset(_scale(value, _power(tail)) for value in lower.values)
            shared = replace(lower, values=lower.values | scaled, unit=made.unit, rate=made.rate)
            results[-1] = replace(results[-1], figure=shared)
        results.append(Located(match.start(), _end(match, tail), made))
        least = tail.end()
    return results


def _end(match: re.Match[str], tail: re.Match[str]) -> int:
    """Where a number with its magnitude and unit ends."""
    dashed = tail.start() + (len(tail[0]) - len(tail[0].lstrip(",-–—")))
    return max(match.end(), dashed, tail.end("power"), tail.end("unit"))


def _is_lower_end(text: str, lower: Located, least: int, start: int) -> bool:
    """Whether a number that ends at `least` is the lower end of a range whose upper end begins at `start`."""
    number = lower.figure
    if not isinstance(number, Number) or number.unit:
        return False
    if _AND.fullmatch(text, least, start):
        return _BETWEEN.search(text, max(0, lower.start - 20), lower.start) is not None
    combined = _RANGE.fullmatch(text, least, start)
    return combined is not None and not (number.is_year and not any(map(str.isalpha, combined[0])))


def _is_counted(number: Number, text: str, end: int) -> bool:
    """True where a number without a unit has a noun behind it that it can count; a year has none."""
    return not number.unit and not _YEAR.fullmatch(number.printed) and _COUNTED.match(text, end) is not None


def _number(match: re.Match[str], tail: re.Match[str], language: str) -> Number:
    digits = re.sub(r"[ \u00a0\u202f]", "", match["digits"])
    power, sign = _power(tail), "-" if match["sign"] else ""
    values = frozenset(_scale(Decimal(sign + reading), power) for reading in _readings(digits, language, bool(power)))
    unit = _UNITS[tail["unit"]] if tail["unit"] else "EUR" if match["before"] else ""
    return Number(values, f"{sign}{digits}e{power}" if power else sign + digits, unit, PER.get(tail["rate"] or "", ""))


def _scale(value: Decimal, power: int) -> Decimal:
    """A number times a power of ten, with all its digits."""
    sign, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    return Decimal((sign, digits, exponent + power))


def _power(tail: re.Match[str]) -> int:
    power: int = _POWERS.get(tail["power"] or "", 0) + CURRENCIES.get(tail["unit"] or "", 0)
    return power


def _readings(digits: str, language: str, scaled: bool) -> list[str]:
    """What digits may mean as a decimal number; nothing for references and times ("5.5.2.1", "14:30")."""
    point, comma = (".", ",") if language == "de" else (",", ".")
    if digits.isdigit():
        return [digits]
    if _THOUSANDS[language].fullmatch(digits):
        return [digits.replace(point, "").replace(comma, ".")]
    if digits.count(comma) == 1 and digits.replace(comma, "").isdigit():
        return [digits.replace(comma, ".")]
    return [digits] if scaled and digits.count(".") == 1 and digits.replace(".", "").isdigit() else []


def _find_worded(text: str) -> list[Located]:
    """The numbers in words, each with the unit behind it."""
    results = []
    for match in _WORD.finditer(text):
        value = read_number_word(match[0])
        if (share := _SHARES.get(match[0].lower())) is not None:
            results.append(Located(*match.span(), Number(frozenset({share}), str(share), "%")))
        elif value is not None:
            tail = _TAIL.match(text, match.end())
            assert tail is not None
            unit = _UNITS[tail["unit"]] if tail["unit"] else ""
            values = frozenset({_scale(Decimal(value), _power(tail))})
            made = Number(values, str(value), unit, PER.get(tail["rate"] or "", ""))
            made = replace(made, counts=_is_counted(made, text, tail.end()))
            results.append(Located(match.start(), _end(match, tail), made))
    return results
