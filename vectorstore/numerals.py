"""Number words, German or English: "zwölf", "zweihundertdreißig", "dritte", "twelve"."""

from __future__ import annotations

from functools import lru_cache

from vectorstore.notation import TABLE


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
