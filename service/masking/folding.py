"""Normalizes a text for masking: Unicode NFKC, dashes, white space, digits written as words."""

from __future__ import annotations

import re
import unicodedata

_DIGITS = {
    word: str(number)
    for number, words in enumerate(
        ("null", "eins ein", "zwei zwo", "drei", "vier", "fünf fuenf", "sechs", "sieben", "acht", "neun")
    )
    for word in words.split()
}
_SPELLED_DIGITS = re.compile(rf"(?i)\b(?:{'|'.join(_DIGITS)})(?:[\s,-]+(?:{'|'.join(_DIGITS)})){{3,}}\b")
_SIMILAR_SIGNS = str.maketrans({"·": ".", "∙": ".", "•": ".", "⁄": "/", "∕": "/", "´": "'", "’": "'"})


def fold(text: str) -> str:
    """Normalize a text: NFKC, dashes as "-", single spaces, no invisible characters, number words as digits."""
    plain = unicodedata.normalize("NFKC", text.translate(_SIMILAR_SIGNS))
    chars = ("-" if unicodedata.category(char) == "Pd" else char for char in plain)
    plain = " ".join("".join(char for char in chars if unicodedata.category(char) != "Cf").split())
    return _SPELLED_DIGITS.sub(_to_digits, plain)


def _to_digits(spelled: re.Match[str]) -> str:
    words = re.findall(r"\w+", spelled[0].lower())
    return "".join(_DIGITS[word] for word in words)
