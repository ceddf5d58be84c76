"""A sentence in another language beside the German one that it translates: what both must say alike.

The German sentence is proven by the papers; the other only by it. Alike must be numbers and dates, negation, words of
statuses, shares and bounds, and how an answer begins. What else a translation says cannot be proven: so people are told
the German wording beside it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection
from decimal import Decimal
from functools import cache
from typing import Any

from service.answering import lexicon
from service.answering.reading.classifier import is_surely_other
from vectorstore.analysis import fold, printed_words
from vectorstore.quantities import Number, figures

Entries = Callable[[str], Collection[Collection[str]]]
_LEAST = 0.34  # share of the words that a glossary has which a translation must have in common with its German sentence
_FRONT = 5  # letters by which two words are compared


def tongues() -> dict[str, dict[str, Any]]:
    """The languages beside German in which answers may be worded, by their codes, with their words and signs."""
    text: dict[str, dict[str, Any]] = _table()["languages"]
    return text


def mirrors(other: str, german: str, code: str, entries: Entries | None = None) -> bool:
    """True if a sentence in a language has the numbers, marks and content words of its German one.

    `entries` gives the German index terms of a word, () for a word that no glossary has; None without a glossary.
    """
    if code not in tongues() or is_surely_other(other, code):
        return False
    begun, remaining = _begun(other, code)
    german_begun, german_remainder = _begun(german, "de")
    return (
        begun == german_begun
        and _marks(remaining, code) == _marks(german_remainder, "de")
        and _figures(other, code) == _figures(german, "de")
        and (entries is None or _shares_words(other, german, entries))
    )


def _shares_words(other: str, german: str, entries: Entries) -> bool:
    """True if most words that a glossary has, and all names, have a counterpart in the German sentence."""
    own, result, known = f" {fold(german)}", 0, 0
    for printed in printed_words(other):
        names = entries(printed)
        if fold(printed)[:_FRONT] in own:
            result, known = result + 1, known + 1
        elif names:
            known += 1
            result += any(all(term[:_FRONT] in own for term in entry) for entry in names)
    return result >= _LEAST * known


@cache
def _table() -> dict[str, Any]:
    return lexicon.table("translations")


def _begun(text: str, code: str) -> tuple[str, str]:
    """How a sentence begins an answer ("yes", "no", "not_yet" or ""), and the rest of it."""
    for name, words in _table()["verdicts"].items():
        for word in words[code]:
            if text.casefold().startswith(word) and (name == "not_yet" or text[len(word) : len(word) + 1] in ",.:;!"):
                return name, text[len(word) :]
    return "", text


@cache
def _markers(code: str) -> dict[str, re.Pattern[str]]:
    return {name: re.compile("|".join(map(_pattern, words[code]))) for name, words in _table()["markers"].items()}


def _pattern(word: str) -> str:
    """A word, any case of it but that of a month's first letter; "*" is any letters, "#" a digit."""
    made = re.escape(word).replace(r"\*", r"\w*").replace(r"\#", r"\d").replace(r"\ ", r"\s+")
    opening = r"(?<!\w)" if word[0].isalnum() else ""
    behind = r"(?!\w)" if word[-1].isalnum() else ""
    return f"{opening}{made}{behind}" if word[0].isupper() else f"(?i:{opening}{made}{behind})"


def _marks(text: str, code: str) -> set[str]:
    return {name for name, pattern in _markers(code).items() if pattern.search(text)}


def _figures(text: str, code: str) -> tuple[Counter[Decimal | str], set[int]]:
    """The numbers of a text, days and years among them, and its months."""
    if code not in ("de", "en"):
        text = _in_digits(text, code)
    german = code == "de" or tongues()[code]["decimal"] == ","
    known = figures(text, "de" if german else "en")
    atoms: list[Decimal | str] = [_value(number) for number in known.numbers if not _is_share(number, text)]
    atoms += [Decimal(part) for moment in known.moments for part in (moment.day, moment.year) if part is not None]
    months = {moment.month for moment in known.moments}
    for place, pattern in enumerate(_months(code), start=1):
        if pattern.search(text):
            months.add(place)
    return Counter([*atoms, *known.codes]), months


def _is_share(number: Number, text: str) -> bool:
    """True for a share in a word, as "Hälfte": markers compare these."""
    return number.unit == "%" and number.printed not in text and not number.counts


def _value(number: Number) -> Decimal | str:
    """What a number's digits say, the words of its magnitude left to the markers."""
    printed, _, power = number.printed.partition("e")
    return min(number.values).scaleb(-int(power or 0)).normalize() if number.values else printed


@cache
def _months(code: str) -> list[re.Pattern[str]]:
    return [re.compile("|".join(map(_pattern, item.split("|")))) for item in _table()["months"][code]]


def _in_digits(text: str, code: str) -> str:
    """A text with its number words from two on as digits, the longest first."""
    words = {word: value for value, item in enumerate(_table()["numbers"][code], start=2) for word in item.split("|")}
    for word in sorted(words, key=len, reverse=True):
        text = re.sub(_pattern(word), str(words[word]), text)
    return text
