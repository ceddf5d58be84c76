"""Numbers of a text, in digits or words, with sign, magnitude, unit and rate, in German or English
notation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from vectorstore.language import notation
from vectorstore.language.figures import YEAR, LocatedQuantity, Number
from vectorstore.language.notation import NOTATION, pattern_of_any
from vectorstore.language.notation import SPACE_OR_LINE as _S

_ENGLISH = NOTATION["english"]
_POWERS: dict[str, int] = {**notation.MAGNITUDES, **_ENGLISH["magnitudes"]}
_UNITS = {  # spelling -> unit: "Tonnen" -> "t", "T€" -> "EUR"
    **notation.UNITS,
    **notation.invert_table(_ENGLISH["units"]),
    **dict.fromkeys(notation.CURRENCIES, "EUR"),
}
del _UNITS["to"]  # a tonne, but "2 to 5" in English
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
# " neue öffentliche Ladepunkte"
_COUNTED = re.compile(rf"(?:{_S}[a-zäöüß]+e[nrsm]?){{0,2}}{_S}[A-ZÄÖÜ][a-zäöüß]")
_WORD = re.compile(r"[^\W\d_]{3,}")
# Between the ends of a range: "10–15", "10 bis zu 15", "10 oder 15"
_RANGE = re.compile(rf"{_S}?[-–—]{_S}?|{_S}(?:bis(?: zu)?|oder|to|or){_S}")
_AND = re.compile(rf"{_S}und{_S}")
# before "10 und 20", which is a range then
_BETWEEN = re.compile(r"(?i:\bzwischen)\s(?:(?:rund|ca\.|etwa)\s)?\Z")
_THOUSANDS = {  # no number begins with a group of zeros: "0.000" is none
    "de": re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?"),
    "en": re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?"),
}
_SHARES = {word: Decimal(share) for word, share in NOTATION["numbers"]["shares"].items()}


def is_measured(code: str) -> bool:
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


def find_digits(text: str, language: str) -> list[LocatedQuantity]:
    """The numbers of a text that are printed in digits, with their spans.

    The lower end of a range takes the unit of the upper end: in "10 bis 15 Mio. Euro" the 10 is
    euros too, and has the possible values 10 and 10,000,000.
    """
    results: list[LocatedQuantity] = []
    previous_end = 0
    for match in _DIGITS.finditer(text):
        tail = _match_tail(text, match.end())
        number = _read_digits(match, tail, language)
        previous = results[-1] if results and number.unit else None  # it would take this unit
        if previous and _is_lower_end(text, previous, previous_end, match.start()):
            results[-1] = _scale_lower_end(previous, number, _power(tail))
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


def _is_lower_end(text: str, first: LocatedQuantity, end: int, start: int) -> bool:
    """True if the number `first` is the lower end of a range.

    It ends at `end` with its rate, the number that may be the upper end begins at `start`. `first`
    must have no unit, and between both must be "bis", "oder", a dash, or "und" if "zwischen" is
    before `first`. A year before a dash is no lower end: in "2026 – 15 Mio. Euro" the sum is that
    of the year.
    """
    number = first.figure
    if not isinstance(number, Number) or number.unit:
        return False
    if _AND.fullmatch(text, end, start):
        # 20 characters have room for "zwischen" and "rund"
        return _BETWEEN.search(text, max(0, first.start - 20), first.start) is not None
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
    return _make_number(values, printed, tail, unit_before="EUR" if match["before"] else "")


def _make_number(
    values: Iterable[Decimal], printed: str, tail: re.Match[str], unit_before: str = ""
) -> Number:
    """The number with the magnitude, unit and rate that follow it in the text (`tail`).

    `unit_before` is the unit of a number that no unit follows, such as "EUR" of "€ 1.500". A number
    without any unit may count a noun ("17 neue Ladepunkte").
    """
    unit = _UNITS[tail["unit"]] if tail["unit"] else unit_before
    power = _power(tail)
    scaled = frozenset(_scale(value, power) for value in values)
    is_bare = not unit and not YEAR.fullmatch(printed)
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


def find_worded(text: str) -> list[LocatedQuantity]:
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
