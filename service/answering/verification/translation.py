"""Verifies a translated sentence against its German original.

The documents support the German sentence, which alone supports the translation. Both must have the
same numbers and dates, the same markers (negation, statuses, shares, bounds) and the same verdict
at the beginning. Nothing else in a translation can be verified, so an answer shows the German
wording beside it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection
from decimal import Decimal
from functools import cache
from typing import Any

from service.answering import lexicon
from service.answering.reading.classifier import is_third_language
from vectorstore.analysis import fold, printed_words
from vectorstore.quantities import Number, extract_quantities

Entries = Callable[[str], Collection[Collection[str]]]
_LEAST_SHARE = (
    0.34  # of the words that the glossary has, the share that must be in the German sentence, too
)
_PREFIX = 5  # letters by which two words are compared


def is_faithful_translation(
    other: str, german: str, code: str, entries: Entries | None = None
) -> bool:
    """True if a translation in language `code` has verdict, markers, numbers and content words of
    the German sentence.

    `entries` gives the German translations of a word, each as index terms, () if the glossary lacks
    the word; None without a glossary, then content words are not compared.
    """
    if code not in _table()["languages"] or is_third_language(other, code):
        return False
    verdict, remaining = _split_verdict(other, code)
    german_verdict, german_remaining = _split_verdict(german, "de")
    return (
        verdict == german_verdict
        and _find_markers(remaining, code) == _find_markers(german_remaining, "de")
        and _find_figures(other, code) == _find_figures(german, "de")
        and (entries is None or _shares_words(other, german, entries))
    )


def _shares_words(other: str, german: str, entries: Entries) -> bool:
    """True if the German sentence has a third of the words that the glossary knows or that are
    alike in both.
    """
    german_words, matched, known = fold(german), 0, 0
    for printed in printed_words(other):
        translations = entries(printed)
        if fold(printed)[:_PREFIX] in german_words:  # the same in both languages: "Radweg"
            matched, known = matched + 1, known + 1
        elif translations:
            known += 1
            matched += any(
                all(term[:_PREFIX] in german_words for term in entry) for entry in translations
            )
    return matched >= _LEAST_SHARE * known


def _table() -> dict[str, Any]:
    return lexicon.table("translations")


def _split_verdict(text: str, code: str) -> tuple[str, str]:
    """The verdict at the beginning of a sentence ("yes", "no", "not_yet" or "") and the remaining
    text.
    """
    for name, words in _table()["verdicts"].items():
        for word in words[code]:
            following = text[len(word) :]
            # "no, …", but not "nobody"; "not yet" needs no comma
            if text.casefold().startswith(word) and (name == "not_yet" or following[:1] in ",.:;!"):
                return name, following
    return "", text


@cache
def _markers(code: str) -> dict[str, re.Pattern[str]]:
    """The patterns of the markers (negation, statuses, shares, bounds) in a language, by name."""
    return {
        name: re.compile("|".join(map(_pattern, words[code])))
        for name, words in _table()["markers"].items()
    }


def _pattern(word: str) -> str:
    """A regex for a word: case matters if it is capitalised (month "May"); "*" is any letters, "#"
    a digit.
    """
    body = re.escape(word).replace(r"\*", r"\w*").replace(r"\#", r"\d").replace(r"\ ", r"\s+")
    opening = r"(?<!\w)" if word[0].isalnum() else ""
    closing = r"(?!\w)" if word[-1].isalnum() else ""
    return f"{opening}{body}{closing}" if word[0].isupper() else f"(?i:{opening}{body}{closing})"


def _find_markers(text: str, code: str) -> set[str]:
    """The names of the markers that a text has."""
    return {name for name, pattern in _markers(code).items() if pattern.search(text)}


def _find_figures(text: str, code: str) -> tuple[Counter[Decimal | str], set[int]]:
    """The numbers, days, years and codes of a text, each with its count, and its months, 1 to
    12.
    """
    if code not in ("de", "en"):
        text = _replace_number_words(text, code)
    has_decimal_comma = code == "de" or _table()["languages"][code]["decimal"] == ","
    known = extract_quantities(text, "de" if has_decimal_comma else "en")
    values: list[Decimal | str] = [
        _digits_of(number) for number in known.numbers if not _is_share_word(number, text)
    ]
    values += [
        Decimal(part)
        for moment in known.moments
        for part in (moment.day, moment.year)
        if part is not None
    ]
    months = {moment.month for moment in known.moments}
    months |= {
        month for month, pattern in enumerate(_months(code), start=1) if pattern.search(text)
    }
    return Counter([*values, *known.codes]), months


def _is_share_word(number: Number, text: str) -> bool:
    """True for a share written as a word ("Hälfte") without a noun that it counts: markers compare
    these.
    """
    return number.unit == "%" and number.printed not in text and not number.counts_noun


def _digits_of(number: Number) -> Decimal | str:
    """The value of a number's digits alone, of "2 Millionen" ("2e6") 2: words of magnitude are
    compared as markers.
    """
    printed, _, power = number.printed.partition("e")
    return min(number.values).scaleb(-int(power or 0)).normalize() if number.values else printed


@cache
def _months(code: str) -> list[re.Pattern[str]]:
    """The patterns of the twelve months in a language, January first; the table separates spellings
    by "|".
    """
    return [
        re.compile("|".join(map(_pattern, item.split("|")))) for item in _table()["months"][code]
    ]


def _replace_number_words(text: str, code: str) -> str:
    """The text with number words from "two" on replaced by digits."""
    words = {
        word: value
        for value, item in enumerate(_table()["numbers"][code], start=2)
        for word in item.split("|")
    }
    for word in sorted(words, key=len, reverse=True):
        text = re.sub(_pattern(word), str(words[word]), text)
    return text
