"""When two texts are the same: titles, numbers, values, and sentences in a passage."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_SPACE_AND_HYPHENS = re.compile(r"[\s\u200b\u2060\ufeff\u00ad\-\u2010\u2011]+")
_LABEL_WORD = re.compile(
    r"^(?:(?:strategische|operative)[sn]? )?(?:einzel|leit|ober|teil|unter)?"
    r"(?:massnahmen?|projekte?|vorhaben|ziele?)(?:n?(?:blatt|steckbrief|nummer|nr))?\b[ :.\-]*(?=\w)"
)
_NUMBER_WORD = re.compile(r"^(?:(?:lfd\.?|laufende) ?)?(?:nr|nummer)\b[ :.\-]*(?=\w)")
_SEPARATORS = re.compile(r"[;,\n•|]+")


def squeezed(text: str) -> str:
    """Return a text without white space and hyphens."""
    return _SPACE_AND_HYPHENS.sub("", unicodedata.normalize("NFC", text))


def plain(text: str) -> str:
    """Return a text without case, white space and hyphens: the form in which titles and values are compared."""
    return squeezed(text).casefold()


def plain_ref(ref: str) -> str:
    """Return a number as numbers are compared: without spaces, case, leading zeros and label word.

    Letters and punctuation stay, and so do hyphens. Children of one printed number ("1.1~a") have that number.
    """
    spaced = " ".join(unicodedata.normalize("NFC", ref.split("~")[0]).casefold().split())
    bare = _NUMBER_WORD.sub("", _LABEL_WORD.sub("", spaced)).replace(" ", "")
    return re.sub(r"(?<!\d)0+(?=\d)", "", bare)


def same_parts(told: Iterable[str], known: Iterable[str]) -> bool:
    """Tell whether two lists hold the same texts, whatever their order."""
    return {plain(one) for one in told if plain(one)} == {plain(one) for one in known}


def parts_of(text: str) -> list[str]:
    """Return the parts of a list that is printed as one text."""
    return [part for part in _SEPARATORS.split(text) if part.strip()]


def same_list(told: str, known: Iterable[str]) -> bool:
    """Tell whether a printed list names exactly these, wherever it is cut."""
    wanted = list(known)
    return same_parts(parts_of(told), wanted) or _unparted(told) == _unparted("".join(wanted))


def _unparted(text: str) -> str:
    return plain(_SEPARATORS.sub("", text))
