"""The sums of money, dates and periods of a text, by the grammar that verifying and evaluating share (`figures.py`).

Normal forms of dates are "2026-05-01", "2026-05" and "2026", of periods "2026/2030", "2026/" (from then on) and "/2030"
(up to and with). A quarter, a half and a season are periods of months; "Ende 2027" is only as exact as its year.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from vectorstore.notation import CURRENCIES, MONTHS, SPACE, TABLE, one_of
from vectorstore.quantities import NTH, Located, Moment, Number, located, ordinal
from vectorstore.records import Value, ValueKind

S = SPACE
_CURRENCY = re.compile(one_of(CURRENCIES))
_EVERY = {"jährlich": "a", "p. a.": "a", "p.a.": "a", "pro anno": "a", "monatlich": "Monat"}
_RATE_BEHIND = re.compile(
    rf"{S}?(?:(?:brutto|netto){S})?\(?(?:(?P<every>{one_of(_EVERY)})|(?:/|pro\s|je\s|per\s){S}?(?P<each>[A-ZÄÖÜ][a-zäöüß]+))"
)
_RATE_BEFORE = re.compile(
    r"(?<!\w)(?i:(?P<every>jährlich|monatlich))(?:e[nrs]?(?:\s[\w-]+){0,2}?(?:\s(?:in\sHöhe\s)?von)?)?"
    r"(?:\s(?:rund|ca\.|etwa|bis\szu|max\.|maximal|mindestens|weitere|zusätzlich|je))*\s\Z"
)
_COMPOUND = re.compile(r"-[^\W\d_]")  # "Euro-Paletten"
_SEASONS: dict[str, int] = TABLE["dates"]["seasons"]
_FIRST_MONTHS = MONTHS | {name.lower(): month for name, month in _SEASONS.items()}
_NAME = f"(?i:{one_of(_FIRST_MONTHS)})"
_PART_OF_YEAR = re.compile(
    rf"(?<!\w)(?:Anfang|Mitte|Ende|Beginn|{one_of(_SEASONS)})(?:{S}?/{S}?(?:Anfang|Mitte|Ende))?{S}(?:des{S}Jahres{S})?\Z"
)
_NO_YEAR = re.compile(rf"[.,]{{0,3}}\d|er(?!\w)|{S}Einwohner")
_ABOUT = re.compile(rf"(?:rund|ca\.|circa|etwa|über|mehr als|mindestens|fast|knapp|bis zu|insgesamt){S}\Z")
_NOUN = re.compile(r"\s[A-ZÄÖÜ][a-zäöüß]")
_SECOND_YEAR = re.compile(
    r"(?:[ \u00a0]?[/–—-][ \u00a0]?(?P<full>(?:19|20)\d\d)|(?:[ \u00a0]?/[ \u00a0]?|[–-])(?P<short>\d\d))"
    r"(?!\w|[.,-]\d|\s?(?:€|Euro|%))"
)
_FILE_NUMBER = re.compile(
    r"(?:Az\.?|Drs\.?|Drucksache|Vorlage|Aktenzeichen|Nr\.|Nummer):?(?:\s(?:Nr\.)?)?[\w/.-]*\s?\Z"
)
_FILL = (
    rf"(?:{S}+(?:zum|zur|in|im|ins|dem|den|das|der|des|Jahre?s?|Schuljahr|Haushaltsjahr"
    r"|einschließlich|einschl\.|spätestens|voraussichtlich|etwa|ca\.|vsl\.|mindestens|frühestens))*"
)
_TO = re.compile(rf"{S}+bis{_FILL}{S}+|{S}?[–—-]{S}?")
_AND = re.compile(rf"{S}+und{_FILL}{S}+")
_OPENING = re.compile(rf"(?<!\w)(?P<word>[Aa]b|[Ss]eit|[Bb]is|[Vv]o[nm]|[Zz]wischen|[Bb]eginnend){_FILL}{S}+\Z")
_ONWARD = re.compile(rf"{S}?(?:ff?\.?(?![\w])|und{S}(?:später|danach|folgende))")
_HALF = re.compile(
    rf"(?:(?<![\d.])(?P<day>[0-3]?\d)\.(?:{S}?(?P<month>[01]?\d)\.)?(?:{S}?(?P<of>{_NAME}))?"
    rf"|(?<!\w)(?P<name>{_NAME})\.?|(?<![\w.])Q?(?P<nth>{NTH})){S}?(?:[–—-]|bis|/){S}?\Z"
)
_BEFORE = 40  # characters before a date in which it is opened, and between the two dates of a period


@dataclass(frozen=True, slots=True)
class ParsedValue:
    """A value with the dates printed in it ("3. Quartal 2025": "2025").

    `is_listed` is false for a sum that the plain list leaves out: one that borrows its currency from the next
    ("3.000 bis 5.000 Euro": "3.000"), or is written in words.
    """

    value: Value
    dates: tuple[str, ...] = ()
    is_listed: bool = True


def parse(text: str) -> list[ParsedValue]:
    """Return the sums, dates and periods of a text, in its order."""
    figures = located(text)
    return sort_values([*_parse_amounts(text, figures), *_parse_dates(text, figures)])


def dates(text: str) -> tuple[str, ...]:
    """Return the dates mentioned, as exact as they are: "2026-05-01", "2026-05" or "2026"; each once, in order."""
    return date_list(parse(text))


def sort_values(values: Iterable[ParsedValue]) -> list[ParsedValue]:
    """Return values in the order of the text, those that begin alike the longer first."""
    return sorted(values, key=lambda found: (found.value.start, -found.value.end, found.value.kind, found.value.value))


def date_list(values: Sequence[ParsedValue]) -> tuple[str, ...]:
    """Return the dates, each once, in order; a month or a year is left out where a day of it is there."""
    every = list(dict.fromkeys(day for result in values for day in result.dates))
    return tuple(day for day in every if len(day) > 4 or not any(other.startswith(day + "-") for other in every))


def amount_list(values: Sequence[ParsedValue]) -> tuple[str, ...]:
    """Return the sums of money as printed with their currency, each once, in order."""
    sums = (result.value.text for result in values if result.is_listed and result.value.kind is ValueKind.AMOUNT)
    return tuple(dict.fromkeys(" ".join(text.split()) for text in sums))


def _parse_amounts(text: str, figures: Sequence[Located]) -> Iterator[ParsedValue]:
    """Yield all sums; the lower end of a range is a value of its own."""
    for figure, following in zip(figures, [*figures[1:], None], strict=False):
        number = figure.figure
        if not isinstance(number, Number) or number.unit != "EUR" or _COMPOUND.match(text, figure.end):
            continue
        value, last, printed = min(number.values, default=None), figure, text[figure.start : figure.end]
        borrows = not _CURRENCY.search(printed)
        if borrows and following is not None and isinstance(upper := following.figure, Number):
            last = following
            value = max((own for own in number.values if own <= max(upper.values, default=own)), default=value)
        if value is not None:
            is_listed = not borrows and any(map(str.isdigit, printed))
            unit = _unit_of_sum(text, last)
            amount = Value(ValueKind.AMOUNT, printed, _decimal(value), figure.start, figure.end, unit)
            yield ParsedValue(amount, is_listed=is_listed)


def _decimal(number: Decimal) -> str:
    """Return a number without exponent and closing zeros: "412000", "1.5"."""
    printed = format(number, "f")
    return printed.rstrip("0").rstrip(".") if "." in printed else printed


def _unit_of_sum(text: str, figure: Located) -> str:
    """Return "EUR", or "EUR/a" and the like where a sum recurs or is one for each of something."""
    assert isinstance(figure.figure, Number)
    if figure.figure.rate:
        return f"EUR/{figure.figure.rate}"
    rate = _RATE_BEHIND.match(text, figure.end) or _RATE_BEFORE.search(text, max(0, figure.start - 60), figure.start)
    if rate is None:
        return "EUR"
    return f"EUR/{_EVERY[rate['every'].lower()] if rate['every'] else rate['each']}"


@dataclass(frozen=True, slots=True)
class _Time:
    """A date or a span of months or years: its first and its last day, month or year, and the dates printed in it."""

    start: int
    end: int
    first: str
    last: str
    printed: tuple[str, ...]
    is_pair: bool = False


def _parse_dates(text: str, figures: Sequence[Located]) -> Iterator[ParsedValue]:
    """Yield all dates; two joined by "bis", opened by "ab" and "seit", or closed by "bis" are periods."""
    waiting: _Time | None = None
    for figure in figures:
        least = waiting.end if waiting else 0
        time = _time_of(text, figure) if figure.start >= least else None
        if time is None:
            continue
        time = _widen(text, time, figure.figure, least)
        if waiting is not None and _are_one_period(text, waiting, time):
            printed = (*waiting.printed, *time.printed)
            time = replace(time, start=waiting.start, first=waiting.first, printed=printed, is_pair=True)
        elif waiting is not None:
            yield _value_of(text, waiting)
        waiting = time
    if waiting is not None:
        yield _value_of(text, waiting)


def _time_of(text: str, located_figure: Located) -> _Time | None:
    """Return the time of a figure, None where a number is no year."""
    figure, start, end = located_figure.figure, located_figure.start, located_figure.end
    if isinstance(figure, Number):
        return _year_of(text, located_figure) if figure.is_year else None
    if figure.year is None or (figure.day is None and _FILE_NUMBER.search(text, max(0, start - 30), start)):
        return None
    if figure.until is not None:
        last = f"{figure.year + figure.until // 13}-{(figure.until - 1) % 12 + 1:02}"
        years = tuple(dict.fromkeys((str(figure.year), last[:4])))
        return _Time(start, end, f"{figure.year}-{figure.month:02}", last, years)
    day = _iso(figure.year, figure.month, figure.day)
    return _Time(start, end, day, day, (day,))


def _year_of(text: str, figure: Located) -> _Time | None:
    """Return a year, or two that are printed together: "2024/25", "2024-2028"; None for another number."""
    start, year = figure.start, text[figure.start : figure.end]
    if (start > 0 and text[start - 1] in "0123456789/.,-") or _NO_YEAR.match(text, figure.end):
        return None
    if _ABOUT.search(text, max(0, start - 12), start) and _NOUN.match(text, figure.end):
        return None
    part = _PART_OF_YEAR.search(text, max(0, start - 24), start)
    start = part.start() if part else start
    pair = _SECOND_YEAR.match(text, figure.end)
    second = _second_year(int(year), pair) if pair else None
    if pair is None or second is None:
        return _Time(start, figure.end, year, year, (year,))
    return _Time(start, pair.end(), year, second, (year, second), is_pair=pair["full"] is not None)


def _second_year(year: int, pair: re.Match[str]) -> str | None:
    """Return the second of two years, None where it is not after the first."""
    if pair["full"]:
        return pair["full"] if int(pair["full"]) >= year else None
    second = year // 100 * 100 + int(pair["short"])
    second += 100 if second <= year and year % 100 >= 90 else 0
    return str(second) if second > year else None


def _iso(year: int, month: int, day: int | None) -> str:
    """Return a day or a month, the year alone where the calendar has no such day."""
    if day is None:
        return f"{year}-{month:02}"
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return str(year)


def _widen(text: str, time: _Time, figure: Moment | Number, least: int) -> _Time:
    """Return a time with the half of a period before it: "1.-3. Mai 2024", "Mai bis Juli 2024", "Q1-Q3 2025"."""
    half = _HALF.search(text, max(least, time.start - 24), time.start) if isinstance(figure, Moment) else None
    if half is None or not isinstance(figure, Moment) or figure.year is None:
        return time
    month: int | None = None
    if figure.day is not None and half["day"]:
        month = int(half["month"]) if half["month"] else _FIRST_MONTHS.get((half["of"] or "").lower(), figure.month)
    elif figure.day is None and half["name"]:
        month = _FIRST_MONTHS[half["name"].lower()]
    elif figure.until is not None and half["nth"]:
        month = (ordinal(half["nth"]) - 1) * (figure.until - figure.month + 1) + 1
    first = _iso(figure.year, month, int(half["day"]) if half["day"] else None) if month and month <= 12 else time.first
    if len(first) < 5 or first >= time.first:
        return time
    printed = time.printed if figure.until is not None else (first, *time.printed)
    return replace(time, start=half.start(), first=first, printed=printed, is_pair=True)


def _are_one_period(text: str, first: _Time, second: _Time) -> bool:
    """True if two times are beginning and end of one period."""
    gap, is_before = second.start - first.end, second.last < first.first[: len(second.last)]
    if first.is_pair or second.is_pair or gap > _BEFORE or is_before:
        return False
    if _TO.fullmatch(text, first.end, second.start):
        return True
    opening = _OPENING.search(text, max(0, first.start - _BEFORE), first.start)
    is_between = opening is not None and opening["word"].lower() == "zwischen"
    return is_between and _AND.fullmatch(text, first.end, second.start) is not None


def _value_of(text: str, time: _Time) -> ParsedValue:
    """Return the value of a date or a period, with "ab", "seit", "bis" before it or "ff." behind it."""
    opening = _OPENING.search(text, max(0, time.start - _BEFORE), time.start)
    word = opening["word"].lower() if opening else ""
    onward = _ONWARD.match(text, time.end) if not word and not time.is_pair else None
    begins = word in ("ab", "seit", "beginnend") or onward is not None
    first = "" if word == "bis" else time.first
    last = "" if begins and not time.is_pair else time.last
    start = opening.start() if opening and (begins or time.is_pair or word == "bis") else time.start
    end = onward.end() if onward else time.end
    kind = ValueKind.DATE if first == last else ValueKind.PERIOD
    return ParsedValue(
        Value(kind, text[start:end], first if first == last else f"{first}/{last}", start, end), time.printed
    )
