"""Verifies a translated sentence against its German original.

The documents support the German sentence, which alone supports the translation. Both must have the
same numbers, dates, weekdays, names and markers (negation, statuses, shares, bounds), and no
opposites (start, end). Nothing else of it can be verified, so it is marked as a translation, and
the German sentence is quoted beside it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from decimal import Decimal
from functools import cache
from itertools import chain
from typing import Any

from prompts import text as prompt_text
from service.answering import lexicon
from service.answering.draft import Fragment, Sentence
from service.answering.reading.classifier import is_third_language
from vectorstore.language import Number, extract_quantities, fold, printed_words

Figures = tuple[Counter[Decimal | str], set[int], set[int]]
Entries = Callable[[str], Collection[Collection[str]]]
# of the words that the glossary has, the share that must be in the German sentence, too
_LEAST_SHARE = 0.34
_PREFIX = 5  # letters by which two words are compared
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_APOSTROPHE = re.compile(r"['’]")  # before an ending: "Holzau'da"


def is_faithful_translation(
    other: str, german: str, code: str, entries: Entries | None = None
) -> bool:
    """True if a translation into language `code` says no more than its German sentence, as far as
    can be told.

    Both must have the same markers (negation, statuses, bounds) and numbers; the names and some
    content words of the translation must be in the German sentence; and none of its words may be an
    opposite.

    `entries` gives the German translations of a word, each as index terms, () if the glossary lacks
    the word. It is None without a glossary: then content words are not compared.
    """
    is_known = code in _table()["languages"] and bool(other.strip())
    if not is_known or is_third_language(other, code):
        return False
    return (
        _find_markers(other, code) == _find_markers(german, "de")
        and _find_figures(other, code) == _find_figures(german, "de")
        and not _has_opposite(other, german, code)
        and _has_names_of(other, german, code)
        and (entries is None or _shares_words(other, german, entries))
    )


def beside_original(translation: str, german: Sentence, language: str) -> Sentence:
    """The translation of a German sentence, with the German text behind it as a quote.

    The citations stand at the German quote, for the sources support only that.
    """
    fragments = (
        Fragment(translation.rstrip(".")),
        Fragment(f" – {prompt_text(f'{language}/original')} "),
        Fragment(f"„{german.text.rstrip('.')}“", german.proofs),
        Fragment("."),
    )
    return replace(german, fragments=fragments, german_original=german)


def _has_opposite(other: str, german: str, code: str) -> bool:
    """True if a translation has turned a word into its opposite, such as "Beginn" into "end".

    That is so if it has words of one side of a pair, and the German sentence words of the other
    side alone.
    """
    for sides in _table()["opposites"].values():
        stated = _find_sides(other, sides[code])
        meant = _find_sides(german, sides["de"])
        if stated and meant and stated.isdisjoint(meant):
            return True
    return False


def _find_sides(text: str, sides: list[list[str]]) -> set[int]:
    """The sides of a pair of opposites, 0 and 1, that have a word in a text."""
    return {side for side, words in enumerate(sides) if _any_of(words).search(text)}


def _has_names_of(translation: str, german: str, code: str) -> bool:
    """True if the German sentence has every name in a translation.

    Names are the words with a capital letter, but for the first word and for words that the
    language always writes so ("Monday"). Only their first letters are looked for, without what
    follows an apostrophe, since languages add endings to names ("Holzau'da"), and anywhere in the
    German sentence, since German joins names to other words ("Holzautal").
    """
    german_letters = fold(german)
    always_capital = _any_of(_table()["languages"][code]["capitals"])
    words = _WORD.findall(translation)[1:]
    names = (word for word in words if word[0].isupper() and not always_capital.fullmatch(word))
    return all(fold(_APOSTROPHE.split(name)[0])[:_PREFIX] in german_letters for name in names)


def _shares_words(other: str, german: str, entries: Entries) -> bool:
    """True if the German sentence has at least a third of the words of a translation.

    A word is there if one of its German translations is, or if it is alike in both languages
    ("Radweg"). Words that the glossary lacks say nothing, so they are not counted.
    """
    german_words = fold(german)

    def has_entry(entry: Collection[str]) -> bool:
        return all(term[:_PREFIX] in german_words for term in entry)

    matched = known = 0
    for printed in printed_words(other):
        translations = entries(printed)
        if fold(printed)[:_PREFIX] in german_words:  # the same in both languages: "Radweg"
            matched += 1
            known += 1
        elif translations:
            known += 1
            matched += any(map(has_entry, translations))
    return matched >= _LEAST_SHARE * known


def _table() -> dict[str, Any]:
    return lexicon.table("translations")


@cache
def _markers(code: str) -> dict[str, re.Pattern[str]]:
    """The patterns of the markers (negation, statuses, shares, bounds) in a language, by name."""
    return {name: _any_of(words[code]) for name, words in _table()["markers"].items()}


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern that finds any of the words."""
    return re.compile("|".join(map(_pattern, words)))


def _pattern(word: str) -> str:
    """A regex for a word of the tables, as a whole word.

    Case matters only if the word is capitalised: the month "May" is not "may". "*" stands for any
    letters and "#" for a digit; a space stands for any white space.
    """
    body = re.escape(word).replace(r"\*", r"\w*").replace(r"\#", r"\d").replace(r"\ ", r"\s+")
    opening = r"(?<!\w)" if word[0].isalnum() else ""
    closing = r"(?!\w)" if word[-1].isalnum() else ""
    if word[0].isupper():
        return f"{opening}{body}{closing}"
    return f"(?i:{opening}{body}{closing})"


def _find_markers(text: str, code: str) -> set[str]:
    """The names of the markers that a text has."""
    return {name for name, pattern in _markers(code).items() if pattern.search(text)}


def _find_figures(text: str, code: str) -> Figures:
    """The figures of a text, by which a sentence and its translation are compared.

    First the numbers, days, years and codes, each with how often it is there; then the months (1 to
    12) and the weekdays (1 to 7, Monday first), which are words. In languages without a reader of
    numbers, number words are replaced by digits before.
    """
    if code not in ("de", "en"):
        text = _replace_number_words(text, code)
    has_decimal_comma = code == "de" or _table()["languages"][code]["decimal"] == ","
    known = extract_quantities(text, "de" if has_decimal_comma else "en")
    values: list[Decimal | str] = [
        _digits_of(number) for number in known.numbers if not _is_share_word(number, text)
    ]
    days_and_years = chain.from_iterable((moment.day, moment.year) for moment in known.moments)
    values += [Decimal(part) for part in days_and_years if part is not None]
    months = {moment.month for moment in known.moments} | _find_names_of("months", text, code)
    return Counter([*values, *known.codes]), months, _find_names_of("days", text, code)


def _is_share_word(number: Number, text: str) -> bool:
    """True for a share in words ("Hälfte", "fünf Prozent").

    It is left out of the figures, for its wording differs by language; the markers compare it.
    """
    # a number in words has its digits as `printed`, which the text then lacks
    return number.unit == "%" and number.printed not in text


def _digits_of(number: Number) -> Decimal | str:
    """The value of a number's digits alone: 2 for "2 Millionen", which is printed as "2e6".

    Words such as "Millionen" are compared as markers, so their power of ten is taken off. A number
    that has no value is returned as printed.
    """
    printed, _, power = number.printed.partition("e")
    if number.values:
        return min(number.values).scaleb(-int(power or 0)).normalize()
    return printed


def _find_names_of(table: str, text: str, code: str) -> set[int]:
    """The numbers of the months or weekdays that a text names."""
    patterns = enumerate(_name_patterns(table, code), start=1)
    return {number for number, pattern in patterns if pattern.search(text)}


@cache
def _name_patterns(table: str, code: str) -> list[re.Pattern[str]]:
    """The patterns of "months" or "days" in a language, in order; the table separates spellings by
    "|".
    """
    return [_any_of(item.split("|")) for item in _table()[table][code]]


def _replace_number_words(text: str, code: str) -> str:
    """The text with number words from "two" on replaced by digits; "one" is often an article.

    Longer words come first, so that no shorter one is replaced within them.
    """
    words: dict[str, int] = {}
    for value, item in enumerate(_table()["numbers"][code], start=2):
        words |= dict.fromkeys(item.split("|"), value)
    for word in sorted(words, key=len, reverse=True):
        text = re.sub(_pattern(word), str(words[word]), text)
    return text
