r"""Forms of a text in which texts are compared, shown in one line, or indexed.

| form | " Öko\u00adCafés \n der  Straße" gives |
|---|---|
| `collapse_spaces` | "Öko\u00adCafés der Straße" |
| `remove_spaces` | "Öko\u00adCafésderStraße" |
| `normalize_spaces` | "ÖkoCafés der Straße" |
| `squash` | "ÖkoCafésderStraße" |
| `fold_case` | "öko\u00adcafés der strasse" |
| `fold_umlauts` | "oeko\u00adcafés der strasse" |
| `fold` | " oeko\u00adcafes \n der  strasse" |
| `printable` | " Öko?Cafés ? der  Straße" |

"\u00ad" is a soft hyphen. White space is what `str.split` splits at.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_TRANSLITERATION = _UMLAUTS | str.maketrans({"Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})
_SOFT_HYPHEN = "\u00ad"
_MAX_SLUG = 100


def collapse_spaces(text: str) -> str:
    """A text in one line with single spaces, for titles and cells."""
    return " ".join(text.split())


def remove_spaces(text: str) -> str:
    """A text without white space, for numbers of records and typed values."""
    return "".join(text.split())


def normalize_spaces(text: str) -> str:
    """A text in one line with single spaces and without soft hyphens."""
    return collapse_spaces(text.replace(_SOFT_HYPHEN, ""))


def squash(text: str) -> str:
    """A text without white space and soft hyphens, for verbatim comparison."""
    return remove_spaces(text.replace(_SOFT_HYPHEN, ""))


def fold_case(text: str) -> str:
    """A text in one line without case ("ß" is "ss"), for questions that are asked again."""
    return collapse_spaces(text).casefold()


def fold_umlauts(text: str) -> str:
    """A text in one line without case and umlauts, for names that are typed."""
    return fold_case(text).translate(_UMLAUTS)


def fold(text: str) -> str:
    """A text without case, umlauts and accents, the form of index terms; white space stays."""
    folded = text.casefold().translate(_UMLAUTS)
    if folded.isascii():
        return folded
    decomposed = unicodedata.normalize("NFKD", folded)
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def printable(text: str) -> str:
    """A text that can be printed and stored, for names and values that messages repeat: in NFC,
    control characters and undecodable bytes as "?".
    """
    composed = unicodedata.normalize("NFC", text)
    return "".join(char if char.isprintable() else "?" for char in composed)


def url_safe(text: str) -> str:
    """A text with letters, digits, dots and hyphens only; "" where none is left."""
    german = unicodedata.normalize("NFC", text).translate(_TRANSLITERATION)
    plain = unicodedata.normalize("NFKD", german).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9.]+", "-", plain).strip("-.")


def slug(text: str) -> str:
    """The id of a document by its name: "12-2026-radwege"."""
    name = url_safe(text).lower().replace(".", "-")[:_MAX_SLUG].strip("-")
    return name or "dokument"


def unused_slug(text: str, taken: Container[str]) -> str:
    """The slug of a text, with a number if it is one of `taken`: "12-2026-radwege-2"."""
    name, number = slug(text), 1
    while name in taken:
        number += 1
        name = f"{slug(text)}-{number}"
    return name
