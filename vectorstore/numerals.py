"""Numbers as German papers print them: "412.000", "1,2 Mio.", "5.000,-", "zwölf"; exact, as decimals."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from vectorstore.notation import MAGNITUDES, TABLE, one_of

MAGNITUDE = rf"{one_of(MAGNITUDES)}(?![a-zäöü])"
_TAIL = r"(?:,(?:\d+|-{1,2}|[–—]{1,2}))?"
NUMBER = (
    r"(?:\d{1,3}(?:\.\d{3})+(?!\d)|\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)"
    rf"|\d+\.\d{{1,2}}(?=[ \u00a0]?{one_of(word for word, power in MAGNITUDES.items() if power > 3)})|\d+){_TAIL}"
)


def decimal(printed: str, magnitude: str | None = None) -> Decimal:
    """Return the number that is printed, times its magnitude ("Mio.")."""
    digits = re.sub(r"[ \u00a0\u202f]", "", printed)
    if re.fullmatch(r"\d+\.\d{1,2}", digits):
        digits = digits.replace(".", ",")
    whole, _, part = digits.replace(".", "").partition(",")
    number = Decimal(f"{whole}.{part}" if part.isdigit() else whole)
    return number.scaleb(MAGNITUDES[magnitude]) if magnitude else number


def plain(number: Decimal) -> str:
    """Return a number without exponent and closing zeros: "412000", "1.5"."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def word_pattern() -> str:
    """Return a pattern for a number word from two to a hundred, whatever its first letter's case."""
    ones = rf"(?:{one_of(TABLE['numbers']['ones'])}und)?{one_of(word for word in NUMBER_WORDS if word.endswith('ig'))}"
    small = one_of(word for word, number in NUMBER_WORDS.items() if number < 20 or number == 100)
    initials = "".join(sorted({letter for word in NUMBER_WORDS for letter in (word[0], word[0].upper())}))
    return rf"(?=[{initials}])(?i:{ones}|{small})"


def _number_words() -> dict[str, int]:
    words = TABLE["numbers"]
    ones: list[str] = words["ones"]
    known = dict(zip(ones[1:], range(2, 10), strict=True))
    known |= dict(zip(words["teens"], range(10, 20), strict=True))
    for tens, word in enumerate(words["tens"], start=2):
        known[word] = tens * 10
        known |= {f"{one}und{word}": tens * 10 + place for place, one in enumerate(ones, start=1)}
    known |= dict.fromkeys(words["hundred"], 100)
    return known | {word.replace("ß", "ss"): number for word, number in known.items() if "ß" in word}


NUMBER_WORDS = _number_words()


_HUNDREDS = (("tausend", 1000), ("hundert", 100))
_LONGEST = 60  # letters; "neunhundertneunundneunzigtausendneunhundertneunundneunzig" has 57
_TIMES = ("mal", "fach")
_ORDINAL_ENDINGS = ("e", "er", "es", "en", "em", "ens")


@lru_cache(maxsize=8192)
def worded(word: str) -> int | None:
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
        before, found, behind = lowered.partition(power)
        if found:
            times = 1 if before in ("", "ein") else worded(before)
            rest = 0 if not behind else 1 if behind in ("eins", "undeins") else worded(behind.removeprefix("und"))
            return None if times is None or rest is None else times * value + rest
    return None
