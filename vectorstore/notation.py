"""The words of notation, read once from `language/notation.toml`, as alternatives of patterns; number words; refs."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from typing import Any

TABLE: dict[str, Any] = tomllib.loads(
    files("vectorstore.language").joinpath("notation.toml").read_text(encoding="utf-8")
)
SPACE = r"(?:[ \u00a0\u202f]|\n(?!\n))"  # within a paragraph; a tab parts cells
_HUNDREDS = (("tausend", 1000), ("hundert", 100))
_LONGEST = 60  # letters; "neunhundertneunundneunzigtausendneunhundertneunundneunzig" has 57
_TIMES = ("mal", "fach")
_ORDINAL_ENDINGS = ("e", "er", "es", "en", "em", "ens")
_LABEL_WORD = re.compile(  # before a number, folded: "maßnahme 07", "strategisches ziel 2", "lfd. nr. 3"
    r"^(?:(?:strategische|operative)[sn]? )?(?:einzel|leit|ober|teil|unter)?"
    r"(?:massnahmen?|projekte?|vorhaben|ziele?)(?:n?(?:blatt|steckbrief|nummer|nr))?\b[ :.\-]*(?=\w)"
    r"|^(?:(?:lfd\.?|laufende) ?)?(?:nr|nummer)\b[ :.\-]*(?=\w)"
)
_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")


def one_of(words: Iterable[str]) -> str:
    """Return a pattern for one of the words, the longest that fits."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word))) + ")"


def fold_ref(ref: str) -> str:
    """Return a number in the form in which numbers are compared: without label word, spaces, case and leading zeros.

    Letters and punctuation stay. Children of one printed number ("1.1~b") have that number.
    """
    spaced = " ".join(unicodedata.normalize("NFC", ref.partition("~")[0]).casefold().split())
    while (bare := _LABEL_WORD.sub("", spaced)) != spaced:
        spaced = bare
    return _ZEROS.sub("", spaced.replace(" ", ""))


def invert_table(table: dict[str, list[str]]) -> dict[str, str]:
    """Return what each spelling stands for."""
    return {spelling: name for name, spellings in table.items() for spelling in spellings}


MONTHS: dict[str, int] = {
    **{name.lower(): place for place, name in enumerate(TABLE["dates"]["months"], start=1)},
    **{name.lower(): month for name, month in TABLE["dates"]["short"].items()},
}
MAGNITUDES: dict[str, int] = TABLE["magnitudes"]
CURRENCIES: dict[str, int] = TABLE["currencies"]
UNITS: dict[str, str] = invert_table(TABLE["units"])
PER: dict[str, str] = invert_table(TABLE["per"])


def _number_words() -> dict[str, int]:
    words = TABLE["numbers"]
    ones: list[str] = words["ones"]
    known = dict(zip(ones[1:], range(2, 10), strict=True))
    known |= dict(zip(words["teens"], range(10, 20), strict=True))
    for tens, word in enumerate(words["tens"], start=2):
        known[word] = tens * 10
        known |= {f"{digit}und{word}": tens * 10 + place for place, digit in enumerate(ones, start=1)}
    known |= dict.fromkeys(words["hundred"], 100)
    return known | {word.replace("ß", "ss"): number for word, number in known.items() if "ß" in word}


NUMBER_WORDS = _number_words()


@lru_cache(maxsize=8192)
def read_number_word(word: str) -> int | None:
    """Return what a number word says, German or English, "zweihundertdreißig", "dritte", "twelve"; None for others.

    "ein" and "one" are none: they are articles far more often than numbers.
    """
    lowered = word.lower()
    if len(lowered) > _LONGEST:
        return None
    if lowered in NUMBER_WORDS:
        return NUMBER_WORDS[lowered]
    if lowered in TABLE["english"]["numbers"]:
        return int(TABLE["english"]["numbers"][lowered])
    for ending in _TIMES:
        if len(lowered) > len(ending) and lowered.endswith(ending):
            return NUMBER_WORDS.get(lowered.removesuffix(ending))
    ordinals: dict[str, int] = TABLE["numbers"]["ordinals"]
    for ending in _ORDINAL_ENDINGS:
        if lowered.removesuffix(ending) in ordinals and lowered.endswith(ending):
            return ordinals[lowered.removesuffix(ending)]
    return _large(lowered)


def _large(lowered: str) -> int | None:
    """Return a number word of hundreds and thousands, put together of those before and behind."""
    for power, value in _HUNDREDS:
        before, result, behind = lowered.partition(power)
        if result:
            times = 1 if before in ("", "ein") else read_number_word(before)
            remaining = (
                0
                if not behind
                else 1
                if behind in ("eins", "undeins")
                else read_number_word(behind.removeprefix("und"))
            )
            return None if times is None or remaining is None else times * value + remaining
    return None
