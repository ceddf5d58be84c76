"""Parses the sums of money, dates and periods of a text, with the grammar of
`vectorstore/language/quantities.py`.

Normal forms of dates are "2026-05-01", "2026-05" and "2026", of periods "2026/2030", "2026/" (open
end) and "/2030" (until, inclusive). Quarters, halves and seasons are periods of months; "Ende 2027"
is only as exact as its year.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import chain

from vectorstore.language import (
    CURRENCIES,
    MONTHS,
    NOTATION,
    NTH_PATTERN,
    SPACE_PATTERN,
    DateValue,
    LocatedQuantity,
    Number,
    locate_quantities,
    ordinal_number,
    pattern_of_any,
)
from vectorstore.records import Value, ValueKind

YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
S = SPACE_PATTERN
_CURRENCY = re.compile(pattern_of_any(CURRENCIES))
_RATES = {"jährlich": "a", "p. a.": "a", "p.a.": "a", "pro anno": "a", "monatlich": "Monat"}
_RATE_BEHIND = re.compile(  # " netto jährlich", " p. a.", "/Person" after a sum
    rf"{S}?(?:(?:brutto|netto){S})?\(?(?:(?P<every>{pattern_of_any(_RATES)})|(?:/|pro\s|je\s|per\s){S}?(?P<each>[A-ZÄÖÜ][a-zäöüß]+))"
)
_RATE_BEFORE = re.compile(  # "jährlich rund", "jährliche Kosten in Höhe von" before a sum
    r"(?<!\w)(?i:(?P<every>jährlich|monatlich))(?:e[nrs]?(?:\s[\w-]+){0,2}?(?:\s(?:in\sHöhe\s)?von)?)?"
    r"(?:\s(?:rund|ca\.|etwa|bis\szu|max\.|maximal|mindestens|weitere|zusätzlich|je))*\s\Z"
)
_COMPOUND = re.compile(r"-[^\W\d_]")  # "Euro-Paletten"
_SEASONS: dict[str, int] = NOTATION["dates"]["seasons"]
_FIRST_MONTHS = MONTHS | {name.lower(): month for name, month in _SEASONS.items()}
_NAME = f"(?i:{pattern_of_any(_FIRST_MONTHS)})"
_PART_OF_YEAR = re.compile(  # "Anfang/Mitte ", "Ende des Jahres " before a year
    rf"(?<!\w)(?:Anfang|Mitte|Ende|Beginn|{pattern_of_any(_SEASONS)})(?:{S}?/{S}?(?:Anfang|Mitte|Ende))?{S}(?:des{S}Jahres{S})?\Z"
)
# after "2024": ".5", "er", " Einwohner"
_NO_YEAR = re.compile(rf"[.,]{{0,3}}\d|er(?!\w)|{S}Einwohner")
_APPROXIMATE = re.compile(
    rf"(?:rund|ca\.|circa|etwa|über|mehr als|mindestens|fast|knapp|bis zu|insgesamt){S}\Z"
)
_NOUN = re.compile(r"\s[A-ZÄÖÜ][a-zäöüß]")
_SECOND_YEAR = re.compile(  # "/25", "-2028" after a year
    r"(?:[ \u00a0]?[/–—-][ \u00a0]?(?P<full>(?:19|20)\d\d)|(?:[ \u00a0]?/[ \u00a0]?|"
    r"[–-])(?P<short>\d\d))"
    r"(?!\w|[.,-]\d|\s?(?:€|Euro|%))"
)
_FILE_NUMBER = re.compile(  # "Az. 12/", "Drucksache 17-" before a number
    r"(?:Az\.?|Drs\.?|Drucksache|Vorlage|Aktenzeichen|Nr\.|Nummer):?(?:\s(?:Nr\.)?)?[\w/.-]*\s?\Z"
)
_FILLERS = (
    rf"(?:{S}+(?:zum|zur|in|im|ins|dem|den|das|der|des|Jahre?s?|Schuljahr|Haushaltsjahr"
    r"|einschließlich|einschl\.|spätestens|voraussichtlich|etwa|ca\.|vsl\.|mindestens|frühestens))*"
)
_TO = re.compile(rf"{S}+bis{_FILLERS}{S}+|{S}?[–—-]{S}?")
_AND = re.compile(rf"{S}+und{_FILLERS}{S}+")
_OPENING = re.compile(
    rf"(?<!\w)(?P<word>[Aa]b|[Ss]eit|[Bb]is|[Vv]o[nm]|[Zz]wischen|[Bb]eginnend){_FILLERS}{S}+\Z"
)
# "ff.", "und später" after a year
_ONWARD = re.compile(rf"{S}?(?:ff?\.?(?![\w])|und{S}(?:später|danach|folgende))")
_PERIOD_START = re.compile(  # "1.-", "Mai bis", "Q1–" before a date
    rf"(?:(?<![\d.])(?P<day>[0-3]?\d)\.(?:{S}?(?P<month>[01]?\d)\.)?(?:{S}?(?P<of>{_NAME}))?"
    rf"|(?<!\w)(?P<name>{_NAME})\.?|(?<![\w.])Q?(?P<nth>{NTH_PATTERN})){S}?(?:[–—-]|bis|/){S}?\Z"
)
_OPEN_END = ("ab", "seit", "beginnend")  # words before a period without an end
# characters from a word such as "ab" to its date, and between the dates of a period
_MAX_DISTANCE = 40


@dataclass(frozen=True, slots=True)
class ParsedValue:
    """A value with the dates printed in it ("3. Quartal 2025": "2025").

    `has_own_currency` is false for a sum that an item's `amounts` leave out: one without a currency
    of its own ("3.000" in "3.000 bis 5.000 Euro"), or written in words.
    """

    value: Value
    dates: tuple[str, ...] = ()
    has_own_currency: bool = True


def parse(text: str) -> list[ParsedValue]:
    """Return the sums, dates and periods of a text, in the order of the text."""
    quantities = locate_quantities(text)
    return sort_values([*_parse_amounts(text, quantities), *_parse_dates(text, quantities)])


def dates(text: str) -> tuple[str, ...]:
    """Return the distinct dates of a text in order: "2026-05-01", "2026-05" or "2026"."""
    return date_list(parse(text))


def sort_values(values: Iterable[ParsedValue]) -> list[ParsedValue]:
    """Return values in the order of the text, the longer first of those with one start."""
    return sorted(
        values,
        key=lambda item: (item.value.start, -item.value.end, item.value.kind, item.value.value),
    )


def date_list(values: Sequence[ParsedValue]) -> tuple[str, ...]:
    """Return the distinct dates in order.

    A year alone is left out where a month or day of the same year is listed: "2026" beside
    "2026-05".
    """
    listed = dict.fromkeys(chain.from_iterable(value.dates for value in values))
    dated_years = {day[:4] for day in listed if len(day) > 4}
    return tuple(day for day in listed if day not in dated_years)


def amount_list(values: Sequence[ParsedValue]) -> tuple[str, ...]:
    """Return the distinct sums of money in order, as printed with their currency."""
    sums = (
        parsed.value.printed
        for parsed in values
        if parsed.has_own_currency and parsed.value.kind is ValueKind.AMOUNT
    )
    return tuple(dict.fromkeys(" ".join(text.split()) for text in sums))


def _parse_amounts(text: str, quantities: Sequence[LocatedQuantity]) -> Iterator[ParsedValue]:
    """Yield all sums of money; of a range ("3 bis 5 Mio. Euro") each end is a value of its own.

    If the first end of a range has no currency of its own, its rate ("pro Jahr") is that of the
    second. A number with several readings counts as the least of them, such a first end as the
    greatest that is not above the second. "Euro" in a compound ("Euro-Paletten") is no currency.
    """
    for quantity, following in zip(quantities, [*quantities[1:], None], strict=False):
        number = quantity.figure
        start, end = quantity.start, quantity.end
        if not isinstance(number, Number) or number.unit != "EUR" or _COMPOUND.match(text, end):
            continue
        printed = text[start:end]
        has_currency = _CURRENCY.search(printed) is not None
        value = min(number.values, default=None)
        rated = quantity  # what stands at it is the rate of the sum
        if not has_currency and following is not None and isinstance(following.figure, Number):
            # "3" in "3 bis 5 Mio. Euro": the greatest reading of "3" that is not above the end
            rated = following
            highest = max(following.figure.values, default=Decimal("Infinity"))
            value = max((lower for lower in number.values if lower <= highest), default=value)
        if value is not None:
            unit = _parse_currency_rate(text, rated)
            amount = Value(ValueKind.AMOUNT, printed, _format_decimal(value), start, end, unit)
            has_digits = any(map(str.isdigit, printed))
            yield ParsedValue(amount, has_own_currency=has_currency and has_digits)


def _format_decimal(number: Decimal) -> str:
    """Return a number without exponent and trailing zeros: "412000", "1.5"."""
    printed = format(number, "f")
    if "." in printed:
        return printed.rstrip("0").rstrip(".")
    return printed


def _parse_currency_rate(text: str, amount: LocatedQuantity) -> str:
    """Return the unit of a sum: "EUR", with the time or thing that it is paid for where one is
    stated: "EUR/a", "EUR/Monat", "EUR/Person".

    The rate stands behind the sum ("p. a.", "/Person") or before it ("jährlich rund").
    """
    assert isinstance(amount.figure, Number)
    if amount.figure.divisor:
        return f"EUR/{amount.figure.divisor}"
    rate = _RATE_BEHIND.match(text, amount.end) or _RATE_BEFORE.search(
        text, max(0, amount.start - 60), amount.start
    )
    if rate is None:
        return "EUR"
    if rate["every"]:
        return f"EUR/{_RATES[rate['every'].lower()]}"
    return f"EUR/{rate['each']}"


@dataclass(frozen=True, slots=True)
class _TimeSpan:
    """A date or period printed at `start` to `end` of the text.

    It lasts from `first` to `last`; both are equal for a date. `printed` are the dates named in the
    text. All are in normal form: "2025", "2025-07", "2025-07-01". `is_pair` is true if the period
    is made of two dates.
    """

    start: int
    end: int
    first: str
    last: str
    printed: tuple[str, ...]
    is_pair: bool = False


def _parse_dates(text: str, quantities: Sequence[LocatedQuantity]) -> Iterator[ParsedValue]:
    """Yield all dates and periods of a text, in order.

    Two dates joined by "bis" are a period, and so is a single date after "ab", "seit" or "bis". So
    each date waits (`pending`) until it is known whether the next one ends its period.
    """
    pending: _TimeSpan | None = None
    for quantity in quantities:
        min_start = 0
        if pending:
            min_start = pending.end
        time = _parse_time(text, quantity)
        if time is None or quantity.start < min_start:
            continue
        time = _extend_to_period(text, time, quantity.figure, min_start)
        if pending is not None and _form_period(text, pending, time):
            printed = (*pending.printed, *time.printed)
            time = replace(
                time, start=pending.start, first=pending.first, printed=printed, is_pair=True
            )
        elif pending is not None:
            yield _make_value(text, pending)
        pending = time
    if pending is not None:
        yield _make_value(text, pending)


def _parse_time(text: str, quantity: LocatedQuantity) -> _TimeSpan | None:
    """Return the date or period that a parsed quantity states: a year, a day, a month, a quarter.

    None for a number that is no year, for a date without a year ("3. Mai"), and for a month that is
    part of a file number ("Drucksache 12/2025").
    """
    figure = quantity.figure
    start = quantity.start
    end = quantity.end
    if isinstance(figure, Number):
        if figure.is_year:
            return _parse_year(text, quantity)
        return None
    if figure.year is None:
        return None
    if figure.day is None and _FILE_NUMBER.search(text, max(0, start - 30), start):
        return None
    if figure.until is not None:
        # a quarter, half or season; month 13 is January of the next year
        years_on, months_on = divmod(figure.until - 1, 12)
        first = _format_date(figure.year, figure.month, None)
        last = _format_date(figure.year + years_on, months_on + 1, None)
        years = tuple(dict.fromkeys((first[:4], last[:4])))
        return _TimeSpan(start, end, first, last, years)
    day = _format_date(figure.year, figure.month, figure.day)
    return _TimeSpan(start, end, day, day, (day,))


def _parse_year(text: str, quantity: LocatedQuantity) -> _TimeSpan | None:
    """Return a year, or two years printed together ("2024/25", "2024-2028").

    "Ende" in "Ende 2027" belongs to its text, but the value is the year. None for a number that
    only looks like a year: a part of a longer number or word ("2024.5", "2000er"), or a count
    ("rund 2000 Bäume").
    """
    start = quantity.start
    year = text[start : quantity.end]
    is_inside_number = start > 0 and text[start - 1] in "0123456789/.,-"
    if is_inside_number or _NO_YEAR.match(text, quantity.end):
        return None
    is_approximate = _APPROXIMATE.search(text, max(0, start - 12), start) is not None
    if is_approximate and _NOUN.match(text, quantity.end):
        return None
    prefix = _PART_OF_YEAR.search(text, max(0, start - 24), start)
    if prefix:
        start = prefix.start()
    alone = _TimeSpan(start, quantity.end, year, year, (year,))
    pair = _SECOND_YEAR.match(text, quantity.end)
    if pair is None:
        return alone
    second = _parse_second_year(int(year), pair)
    if second is None:
        return alone
    is_pair = pair["full"] is not None
    return _TimeSpan(start, pair.end(), year, second, (year, second), is_pair)


def _parse_second_year(year: int, pair: re.Match[str]) -> str | None:
    """Return the second of two years printed together; None if it is before the first.

    Two digits are a later year of the same century ("2024/25"), or behind one of the nineties of
    the next century ("1999/00"); else there is no second year.
    """
    if pair["full"]:
        if int(pair["full"]) < year:
            return None
        return pair["full"]
    century = year // 100 * 100
    second = century + int(pair["short"])
    if second <= year and year % 100 >= 90:
        second += 100
    if second <= year:
        return None
    return str(second)


def _format_date(year: int, month: int, day: int | None) -> str:
    """Return a date in normal form: "2026-05-01", without a day "2026-05".

    Only the year ("2026") for a day that does not exist, such as 31 April.
    """
    if day is None:
        return f"{year}-{month:02}"
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return str(year)


def _extend_to_period(
    text: str, time: _TimeSpan, figure: DateValue | Number, min_start: int
) -> _TimeSpan:
    """Return a date as a period if an incomplete date is printed before it.

    In "1.-3. Mai 2024" the date is "3. Mai 2024", and "1." makes it a period; likewise "Mai bis
    Juli 2024". Any other date is returned unchanged. `figure` is the date as it was parsed, and
    nothing before the offset `min_start` is looked at.
    """
    begin = _PERIOD_START.search(text, max(min_start, time.start - 24), time.start)
    if begin is None or not isinstance(figure, DateValue) or figure.year is None:
        return time
    month = _first_month(begin, figure)
    if month is None or not 0 < month <= 12:
        return time
    day = None
    if figure.day is not None:
        day = int(begin["day"])
    first = _format_date(figure.year, month, day)
    is_year_alone = len(first) < 5  # the day does not exist
    if is_year_alone or first >= time.first:
        return time
    printed = time.printed
    if figure.until is None:
        printed = (first, *printed)
    return replace(time, start=begin.start(), first=first, printed=printed, is_pair=True)


def _first_month(begin: re.Match[str], figure: DateValue) -> int | None:
    """Return the month in which a period begins, from the incomplete date `begin` before `figure`.

    Both must be days ("1.-3. Mai"), months ("Mai bis Juli") or parts of a year ("Q1-Q3", "1. bis
    3. Quartal"); else None. A part of a year is as long as that of `figure`: three months for a
    quarter, six for a half.
    """
    if figure.day is not None and begin["day"]:
        if begin["month"]:
            return int(begin["month"])
        return _FIRST_MONTHS.get((begin["of"] or "").lower(), figure.month)
    if figure.day is None and begin["name"]:
        return _FIRST_MONTHS[begin["name"].lower()]
    is_lone = begin.lastgroup in ("day", "nth")  # "1.", and no "1.4." or "1. Mai"
    if figure.until is not None and is_lone:
        length = figure.until - figure.month + 1
        return (ordinal_number(begin["day"] or begin["nth"]) - 1) * length + 1
    return None


def _form_period(text: str, first: _TimeSpan, second: _TimeSpan) -> bool:
    """True if two dates are the beginning and end of one period: "2024 bis 2026", "zwischen 2024
    und 2026".

    False if one of them is a period of two dates already, if they are far apart, or if the second
    is before the first.
    """
    gap = second.start - first.end
    # compared as exactly as the second date is printed
    is_reversed = second.last < first.first[: len(second.last)]
    has_period = first.is_pair or second.is_pair
    if has_period or gap > _MAX_DISTANCE or is_reversed:
        return False
    if _TO.fullmatch(text, first.end, second.start):
        return True
    opening = _OPENING.search(text, max(0, first.start - _MAX_DISTANCE), first.start)
    is_between = opening is not None and opening["word"].lower() == "zwischen"
    return is_between and _AND.fullmatch(text, first.end, second.start) is not None


def _make_value(text: str, time: _TimeSpan) -> ParsedValue:
    """Return the value of a date or period.

    A word before it ("ab", "seit", "bis") and "ff." behind it are part of its text, and leave an
    end of the period open: "ab 2025" and "2025 ff." are "2025/", "bis 2025" is "/2025". Before two
    dates any such word ("von", "zwischen") is part of the text, and only "bis" leaves an end open.
    """
    start = time.start
    end = time.end
    first = time.first
    last = time.last
    word = ""
    opening = _OPENING.search(text, max(0, start - _MAX_DISTANCE), start)
    if opening:
        word = opening["word"].lower()
        if word in (*_OPEN_END, "bis") or time.is_pair:
            start = opening.start()
    if word == "bis":
        first = ""
    suffix = _ONWARD.match(text, end)
    if suffix and not word and not time.is_pair:
        end, last = suffix.end(), ""
    if word in _OPEN_END and not time.is_pair:
        last = ""
    kind, value = ValueKind.PERIOD, f"{first}/{last}"
    if first == last:
        kind, value = ValueKind.DATE, first
    return ParsedValue(Value(kind, text[start:end], value, start, end), time.printed)
