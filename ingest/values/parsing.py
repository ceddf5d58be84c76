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

from vectorstore.figures import NTH, Located, Moment, Number, located, ordinal
from vectorstore.notation import CURRENCIES, MONTHS, SPACE, TABLE, one_of
from vectorstore.records import Value, ValueKind

S = SPACE
_CURRENCY = re.compile(one_of(CURRENCIES))
_EVERY = {"jährlich": "a", "p. a.": "a", "p.a.": "a", "pro anno": "a", "monatlich": "Monat"}
_BEHIND = re.compile(
    rf"{S}?(?:(?:brutto|netto){S})?\(?(?:(?P<every>{one_of(_EVERY)})|(?:/|pro\s|je\s|per\s){S}?(?P<each>[A-ZÄÖÜ][a-zäöüß]+))"
)
_AHEAD = re.compile(
    r"(?<!\w)(?i:(?P<every>jährlich|monatlich))(?:e[nrs]?(?:\s[\w-]+){0,2}?(?:\s(?:in\sHöhe\s)?von)?)?"
    r"(?:\s(?:rund|ca\.|etwa|bis\szu|max\.|maximal|mindestens|weitere|zusätzlich|je))*\s\Z"
)
_COMPOUND = re.compile(r"-[^\W\d_]")  # "Euro-Paletten"
_FIRSTS = MONTHS | {name.lower(): month for name, month in TABLE["dates"]["seasons"].items()}
_NAME = f"(?i:{one_of(_FIRSTS)})"
_PART = re.compile(
    rf"(?<!\w)(?:Anfang|Mitte|Ende|Beginn|{one_of(TABLE['dates']['seasons'])})(?:{S}?/{S}?(?:Anfang|Mitte|Ende))?"
    rf"{S}(?:des{S}Jahres{S})?\Z"
)
_NO_YEAR = re.compile(rf"[.,]{{0,3}}\d|er(?!\w)|{S}Einwohner")
_HEDGED = re.compile(rf"(?:rund|ca\.|circa|etwa|über|mehr als|mindestens|fast|knapp|bis zu|insgesamt){S}\Z")
_NOUN = re.compile(r"\s[A-ZÄÖÜ][a-zäöüß]")
_SECOND = re.compile(
    r"(?:[ \u00a0]?[/–—-][ \u00a0]?(?P<full>(?:19|20)\d\d)|(?:[ \u00a0]?/[ \u00a0]?|[–-])(?P<short>\d\d))"
    r"(?!\w|[.,-]\d|\s?(?:€|Euro|%))"
)
_REFERENCE = re.compile(r"(?:Az\.?|Drs\.?|Drucksache|Vorlage|Aktenzeichen|Nr\.|Nummer):?(?:\s(?:Nr\.)?)?[\w/.-]*\s?\Z")
_FILL = (
    rf"(?:{S}+(?:zum|zur|in|im|ins|dem|den|das|der|des|Jahre?s?|Schuljahr|Haushaltsjahr"
    r"|einschließlich|einschl\.|spätestens|voraussichtlich|etwa|ca\.|vsl\.|mindestens|frühestens))*"
)
_TO = re.compile(rf"{S}+bis{_FILL}{S}+|{S}?[–—-]{S}?")
_AND = re.compile(rf"{S}+und{_FILL}{S}+")
_OPEN = re.compile(rf"(?<!\w)(?P<word>[Aa]b|[Ss]eit|[Bb]is|[Vv]o[nm]|[Zz]wischen|[Bb]eginnend){_FILL}{S}+\Z")
_ON = re.compile(rf"{S}?(?:ff?\.?(?![\w])|und{S}(?:später|danach|folgende))")
_HALF = re.compile(
    rf"(?:(?<![\d.])(?P<day>[0-3]?\d)\.(?:{S}?(?P<month>[01]?\d)\.)?(?:{S}?(?P<of>{_NAME}))?"
    rf"|(?<!\w)(?P<name>{_NAME})\.?|(?<![\w.])Q?(?P<nth>{NTH})){S}?(?:[–—-]|bis|/){S}?\Z"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A value with the dates printed in it ("3. Quartal 2025": "2025").

    `whole` is false for a sum that the plain list leaves out: one that borrows its currency from the next
    ("3.000 bis 5.000 Euro": "3.000"), or is written in words.
    """

    value: Value
    dates: tuple[str, ...] = ()
    whole: bool = True


def parse(text: str) -> list[Found]:
    """Return the sums, dates and periods of a text, in its order."""
    told = located(text)
    return in_order([*_amounts(text, told), *_dates(text, told)])


def dates(text: str) -> tuple[str, ...]:
    """Return the dates mentioned, as exact as they are: "2026-05-01", "2026-05" or "2026"; each once, in order."""
    return date_list(parse(text))


def in_order(found: Iterable[Found]) -> list[Found]:
    """Return values in the order of the text, those that begin alike the longer first."""
    return sorted(found, key=lambda one: (one.value.start, -one.value.end, one.value.kind, one.value.value))


def date_list(found: Sequence[Found]) -> tuple[str, ...]:
    """Return the dates, each once, in order; a month or a year is left out where a day of it is there."""
    every = list(dict.fromkeys(day for one in found for day in one.dates))
    return tuple(day for day in every if len(day) > 4 or not any(other.startswith(day + "-") for other in every))


def amount_list(found: Sequence[Found]) -> tuple[str, ...]:
    """Return the sums of money as printed with their currency, each once, in order."""
    sums = (one.value.text for one in found if one.whole and one.value.kind is ValueKind.AMOUNT)
    return tuple(dict.fromkeys(" ".join(text.split()) for text in sums))


def _amounts(text: str, told: Sequence[Located]) -> Iterator[Found]:
    """Yield all sums; the lower end of a range is a value of its own."""
    for place, one in enumerate(told):
        number = one.figure
        if not isinstance(number, Number) or number.unit != "EUR" or _COMPOUND.match(text, one.end):
            continue
        value, last, printed = min(number.values, default=None), one, text[one.start : one.end]
        borrowed = not _CURRENCY.search(printed)
        if borrowed and place + 1 < len(told) and isinstance(upper := told[place + 1].figure, Number):
            last = told[place + 1]
            value = max((own for own in number.values if own <= max(upper.values, default=own)), default=value)
        if value is not None:
            whole = not borrowed and any(map(str.isdigit, printed))
            amount = Value(ValueKind.AMOUNT, printed, _plain(value), one.start, one.end, _rated(text, last))
            yield Found(amount, whole=whole)


def _plain(number: Decimal) -> str:
    """A number without exponent and closing zeros: "412000", "1.5"."""
    printed = format(number, "f")
    return printed.rstrip("0").rstrip(".") if "." in printed else printed


def _rated(text: str, one: Located) -> str:
    """Return "EUR", or "EUR/a" and the like where a sum recurs or is one for each of something."""
    assert isinstance(one.figure, Number)
    if one.figure.rate:
        return f"EUR/{one.figure.rate}"
    around = _BEHIND.match(text, one.end) or _AHEAD.search(text, max(0, one.start - 60), one.start)
    if around is None:
        return "EUR"
    every = around["every"]
    return f"EUR/{_EVERY[every.lower()] if every else around['each']}"


@dataclass(frozen=True, slots=True)
class _Dated:
    """A date or a span of months or years: its first and its last day, month or year, and the dates printed in it."""

    start: int
    end: int
    first: str
    last: str
    printed: tuple[str, ...]
    joined: bool = False


def _dates(text: str, told: Sequence[Located]) -> Iterator[Found]:
    """Yield all dates; two of them joined by "bis", opened by "ab" and "seit", or closed by "bis" are periods."""
    waiting: _Dated | None = None
    for place in told:
        one = _dated(text, place) if place.start >= (waiting.end if waiting else 0) else None
        if one is None:
            continue
        one = _widened(text, one, place, waiting.end if waiting else 0)
        if waiting is not None and _belong(text, waiting, one):
            printed = (*waiting.printed, *one.printed)
            one, waiting = replace(one, start=waiting.start, first=waiting.first, printed=printed, joined=True), None
        if waiting is not None:
            yield _opened(text, waiting)
        waiting = one
    if waiting is not None:
        yield _opened(text, waiting)


def _dated(text: str, one: Located) -> _Dated | None:
    """Return a date of its own, None where a number is no year."""
    figure = one.figure
    if isinstance(figure, Number):
        return _year(text, one) if figure.is_year else None
    if figure.year is None or (figure.day is None and _REFERENCE.search(text, max(0, one.start - 30), one.start)):
        return None
    if figure.until is not None:
        last = f"{figure.year + figure.until // 13}-{(figure.until - 1) % 12 + 1:02}"
        years = tuple(dict.fromkeys((str(figure.year), last[:4])))
        return _Dated(one.start, one.end, f"{figure.year}-{figure.month:02}", last, years)
    day = _iso(figure.year, figure.month, figure.day)
    return _Dated(one.start, one.end, day, day, (day,))


def _year(text: str, one: Located) -> _Dated | None:
    """Return a year, or two that are printed together: "2024/25", "2024-2028"; None for another number."""
    start, year = one.start, text[one.start : one.end]
    if (start > 0 and text[start - 1] in "0123456789/.,-") or _NO_YEAR.match(text, one.end):
        return None
    if _HEDGED.search(text, max(0, start - 12), start) and _NOUN.match(text, one.end):
        return None
    part = _PART.search(text, max(0, start - 24), start)
    start = part.start() if part else start
    pair = _SECOND.match(text, one.end)
    second = _second(int(year), pair) if pair else None
    if pair is None or second is None:
        return _Dated(start, one.end, year, year, (year,))
    return _Dated(start, pair.end(), year, second, (year, second), joined=pair["full"] is not None)


def _second(year: int, pair: re.Match[str]) -> str | None:
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


def _widened(text: str, one: _Dated, place: Located, least: int) -> _Dated:
    """Return a date with the half of a period before it: "1.-3. Mai 2024", "Mai bis Juli 2024", "Q1-Q3 2025"."""
    figure = place.figure
    half = _HALF.search(text, max(least, one.start - 24), one.start) if isinstance(figure, Moment) else None
    if half is None or not isinstance(figure, Moment) or figure.year is None:
        return one
    month: int | None = None
    if figure.day is not None and half["day"]:
        month = int(half["month"]) if half["month"] else _FIRSTS.get((half["of"] or "").lower(), figure.month)
    elif figure.day is None and half["name"]:
        month = _FIRSTS[half["name"].lower()]
    elif figure.until is not None and half["nth"]:
        month = (ordinal(half["nth"]) - 1) * (figure.until - figure.month + 1) + 1
    first = _iso(figure.year, month, int(half["day"]) if half["day"] else None) if month and month <= 12 else one.first
    if len(first) < 5 or first >= one.first:
        return one
    printed = one.printed if figure.until is not None else (first, *one.printed)
    return replace(one, start=half.start(), first=first, printed=printed, joined=True)


def _belong(text: str, one: _Dated, after: _Dated) -> bool:
    """Whether two dates are beginning and end of one period."""
    if one.joined or after.joined or after.start - one.end > 40 or after.last < one.first[: len(after.last)]:
        return False
    if _TO.fullmatch(text, one.end, after.start):
        return True
    opened = _OPEN.search(text, max(0, one.start - 40), one.start)
    between = opened is not None and opened["word"].lower() == "zwischen"
    return between and _AND.fullmatch(text, one.end, after.start) is not None


def _opened(text: str, one: _Dated) -> Found:
    """Return the value of a date or a period, with "ab", "seit", "bis" before it or "ff." behind it."""
    opened = _OPEN.search(text, max(0, one.start - 40), one.start)
    word = opened["word"].lower() if opened else ""
    following = _ON.match(text, one.end) if not word and not one.joined else None
    begins = word in ("ab", "seit", "beginnend") or following is not None
    first = "" if word == "bis" else one.first
    last = "" if begins and not one.joined else one.last
    start = opened.start() if opened and (begins or one.joined or word == "bis") else one.start
    end = following.end() if following else one.end
    kind = ValueKind.DATE if first == last else ValueKind.PERIOD
    value = first if first == last else f"{first}/{last}"
    return Found(Value(kind, text[start:end], value, start, end), one.printed)
