"""Sums of money in euros: "1,2 Mio. Euro", "5.000,- €", "35 T€", "zwischen 3.000 und 5.000 Euro", "10.000 € p. a."."""

from __future__ import annotations

import re
from decimal import Decimal

from ingest.values.found import Found
from vectorstore.notation import CURRENCIES, MAGNITUDES, PER, one_of
from vectorstore.numerals import MAGNITUDE, NUMBER, NUMBER_WORDS, decimal, plain, word_pattern
from vectorstore.records import Value, ValueKind

S = r"[ \u00a0\u202f\n]?"
_CURRENCY = one_of(CURRENCIES)
_AMOUNT = re.compile(
    rf"(?<![\w.,])(?P<number>{NUMBER}){S}(?:(?P<magnitude>{MAGNITUDE}){S})?(?P<currency>{_CURRENCY})(?![^\W\d_]|-[a-zA-Z])"
    rf"|(?<!\w)(?P<before>€|EUR)[ \u00a0]?(?P<behind>{NUMBER})(?:[ \u00a0]?(?P<large>{MAGNITUDE}))?(?![\w%]|[.,]\d)"
)
_WORDED = re.compile(
    rf"(?<![\w-])(?P<number>{word_pattern()})(?!\w){S}(?:(?P<magnitude>{MAGNITUDE}){S})?(?P<currency>Euro|Cent)(?![\w-])"
)
_LOWER = re.compile(
    rf"(?<![\w.,/-])(?P<number>{NUMBER}){S}(?P<magnitude>{MAGNITUDE})?{S}(?:(?P<to>bis(?:\szu)?|[–—-])|(?P<and>und)){S}\Z"
)
_BETWEEN = re.compile(r"(?i:\bzwischen)\s(?:(?:rund|ca\.|etwa)\s)?\Z")
_YEARLIKE = re.compile(r"(?:19|20)\d\d")
_EVERY = {"jährlich": "a", "p. a.": "a", "p.a.": "a", "pro anno": "a", "monatlich": "Monat"}
_BEHIND = re.compile(
    rf"[ \u00a0\n]?(?:(?:brutto|netto|einmalig){S})?\(?(?:(?P<every>{one_of(_EVERY)})"
    rf"|(?:/|pro\s|je\s|im\s|per\s){S}(?:(?P<per>{one_of(PER)})(?!\w)(?!e?\s(?:19|20)\d\d)|(?P<each>[A-ZÄÖÜ][a-zäöüß]+)))"
)
_AHEAD = re.compile(
    r"(?<!\w)(?i:(?P<every>jährlich|monatlich))(?:e[nrs]?(?:\s[\w-]+){0,2}?(?:\s(?:in\sHöhe\s)?von)?)?"
    r"(?:\s(?:rund|ca\.|etwa|bis\szu|max\.|maximal|mindestens|weitere|zusätzlich|je))*\s\Z"
)


def find_amounts(text: str) -> list[Found]:
    """Return all sums of a text in its order; the lower end of a range is a value of its own."""
    found: list[Found] = []
    least = 0
    for match in _AMOUNT.finditer(text):
        power = CURRENCIES[match["currency"] or match["before"]]
        printed, magnitude = match["number"] or match["behind"], match["magnitude"] or match["large"]
        number = decimal(printed, magnitude).scaleb(power)
        unit = _unit(text, match)
        lower = _lower(text, match, least, number, unit)
        found.extend(one for one in (lower, _found(text, match.start(), match.end(), number, unit)) if one)
        least = match.end()
    for match in _WORDED.finditer(text):
        number = Decimal(NUMBER_WORDS[match["number"].lower()]).scaleb(MAGNITUDES.get(match["magnitude"] or "", 0))
        number = number.scaleb(CURRENCIES[match["currency"]])
        found.append(_found(text, match.start(), match.end(), number, _unit(text, match), whole=False))
    return sorted(found, key=lambda one: one.value.start)


def _found(text: str, start: int, end: int, number: Decimal, unit: str, whole: bool = True) -> Found:
    return Found(Value(ValueKind.AMOUNT, text[start:end], plain(number), start, end, unit), whole=whole)


def _lower(text: str, match: re.Match[str], least: int, upper: Decimal, unit: str) -> Found | None:
    """Return the lower end of a range whose upper end was found, at the same scale."""
    lower = _LOWER.search(text, max(least, match.start() - 30), match.start()) if match["number"] else None
    if lower is None or (lower["and"] and not _BETWEEN.search(text, max(0, lower.start() - 20), lower.start())):
        return None
    if _YEARLIKE.fullmatch(lower["number"]) and not lower["and"] and not (lower["to"] or "").startswith("bis"):
        return None
    number = decimal(lower["number"], lower["magnitude"])
    scale = upper / (decimal(match["number"]) or 1)
    if not lower["magnitude"] and number < decimal(match["number"]):
        number *= scale
    end = lower.end("magnitude") if lower["magnitude"] else lower.end("number")
    return _found(text, lower.start(), end, number, unit, whole=False) if number <= upper else None


def _unit(text: str, match: re.Match[str]) -> str:
    """Return "EUR", or "EUR/a" and the like where a sum recurs or is one for each of something."""
    behind = _BEHIND.match(text, match.end())
    if behind is not None:
        every = _EVERY.get(behind["every"] or "") or PER.get(behind["per"] or "") or behind["each"]
        return f"EUR/{every}" if every and (behind["each"] is None or "im" not in behind[0].split()) else "EUR"
    ahead = _AHEAD.search(text, max(0, match.start() - 60), match.start())
    return f"EUR/{_EVERY[ahead['every'].lower()]}" if ahead else "EUR"
