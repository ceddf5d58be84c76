"""How numbers, dates, units and refs are written: the tables of `language/notation.toml`, number
words, folded refs.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from typing import Any

from vectorstore.language.text_forms import collapse_spaces

NOTATION: dict[str, Any] = tomllib.loads(
    files("vectorstore.language").joinpath("notation.toml").read_text(encoding="utf-8")
)
SPACE_OR_LINE = r"[ \u00a0\u202f\n]"  # a space, also one that does not break, or a line break
SPACE_PATTERN = (
    r"(?:[ \u00a0\u202f]|\n(?!\n))"  # within a paragraph; no tab, which separates table cells
)
_LARGE_UNITS = (("tausend", 1000), ("hundert", 100))
_LONGEST_WORD = 60  # letters; "neunhundertneunundneunzigtausendneunhundertneunundneunzig" has 57
_TIMES = ("mal", "fach")  # endings of "dreimal", "dreifach"
_ORDINAL_ENDINGS = ("e", "er", "es", "en", "em", "ens")
# before a number, folded: "maßnahme 07", "strategisches ziel 2", "lfd. nr. 3"
_LABEL_WORD = re.compile(
    r"^(?:(?:strategische|operative)[sn]? )?(?:einzel|leit|ober|teil|unter)?"
    r"(?:massnahmen?|projekte?|vorhaben|ziele?)(?:n?(?:blatt|steckbrief|nummer|nr))?\b[ "
    r":.\-]*(?=\w)"
    r"|^(?:(?:lfd\.?|laufende) ?)?(?:nr|nummer)\b[ :.\-]*(?=\w)"
)
_LEADING_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")


def pattern_of_any(words: Iterable[str]) -> str:
    """Return a pattern (regular expression) that matches any of the words, longer ones first."""
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return f"(?:{'|'.join(map(re.escape, longest_first))})"


def fold_ref(ref: str) -> str:
    """Return a ref as it is compared: lower case, without label word, spaces and leading zeros.

    "Maßnahme M 07" gives "m7". Other letters and punctuation stay. A letter that distinguishes
    equal numbers is left out: "1.1~b" gives "1.1".
    """
    spaced = collapse_spaces(unicodedata.normalize("NFC", ref.partition("~")[0]).casefold())
    while _LABEL_WORD.search(spaced):
        spaced = _LABEL_WORD.sub("", spaced)
    return _LEADING_ZEROS.sub("", spaced.replace(" ", ""))


def invert_table(table: dict[str, list[str]]) -> dict[str, str]:
    """Return the key of each spelling, for a table from keys to lists of spellings."""
    inverted: dict[str, str] = {}
    for name, spellings in table.items():
        inverted.update(dict.fromkeys(spellings, name))
    return inverted


MONTHS: dict[str, int] = {
    **{name.lower(): month for month, name in enumerate(NOTATION["dates"]["months"], start=1)},
    **{name.lower(): month for name, month in NOTATION["dates"]["short"].items()},
}
MAGNITUDES: dict[str, int] = NOTATION["magnitudes"]
CURRENCIES: dict[str, int] = NOTATION["currencies"]
UNITS: dict[str, str] = invert_table(NOTATION["units"])
PER: dict[str, str] = invert_table(NOTATION["per"])


def _number_words() -> dict[str, int]:
    """Return the German number words from 2 to 99 and for 100, with their values.

    "ein" is in the table only for compounds ("einundzwanzig"); alone it is an article. Words with
    "ß" are also known with "ss".
    """
    words = NOTATION["numbers"]
    ones: list[str] = words["ones"]
    known = dict(zip(ones[1:], range(2, 10), strict=True))
    known |= dict(zip(words["teens"], range(10, 20), strict=True))
    for tens, word in enumerate(words["tens"], start=2):
        known[word] = tens * 10
        known |= {
            f"{digit}und{word}": tens * 10 + number for number, digit in enumerate(ones, start=1)
        }
    known |= dict.fromkeys(words["hundred"], 100)
    return known | {
        word.replace("ß", "ss"): number for word, number in known.items() if "ß" in word
    }


NUMBER_WORDS = _number_words()


@lru_cache(maxsize=8192)
def read_number_word(word: str) -> int | None:
    """Return the value of a German or English number word ("zweihundertdreißig", "twelve"), or
    None.

    An ordinal ("dritte") and a multiple ("dreimal", "dreifach") have the value of their number. The
    tables have no "ein" and "one", which are articles or pronouns far more often than numbers.
    """
    lowered = word.lower()
    if len(lowered) > _LONGEST_WORD:
        return None
    if lowered in NUMBER_WORDS:
        return NUMBER_WORDS[lowered]
    english = NOTATION["english"]["numbers"]
    if lowered in english:
        return int(english[lowered])
    for ending in _TIMES:
        if lowered.endswith(ending):
            return NUMBER_WORDS.get(lowered.removesuffix(ending))
    ordinals: dict[str, int] = NOTATION["numbers"]["ordinals"]
    for ending in _ORDINAL_ENDINGS:
        stem = lowered.removesuffix(ending)
        if stem in ordinals and stem != lowered:
            return ordinals[stem]
    return _read_large_number(lowered)


def _read_large_number(lowered: str) -> int | None:
    """Return the value of a word with "tausend" or "hundert", None for any other word.

    "zweihundertdreißig" is 2 x 100 + 30; without a word before it, "hundert" is 1 x 100. "ein" and
    "eins" are numbers here, though they are not alone.
    """
    for power, value in _LARGE_UNITS:
        before, separator, after = lowered.partition(power)
        if separator:
            factor = 1 if before in ("", "ein") else read_number_word(before)
            addend = read_number_word(after.removeprefix("und")) if after else 0
            if after in ("eins", "undeins"):
                addend = 1
            return None if factor is None or addend is None else factor * value + addend
    return None
