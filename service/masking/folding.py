"""One form for the many ways to write the same: compatible letters, dashes, blanks, digits in words."""

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
_SPELLED = re.compile(rf"(?i)\b(?:{'|'.join(_DIGITS)})(?:[\s,-]+(?:{'|'.join(_DIGITS)})){{3,}}\b")
_LIKE = str.maketrans({"·": ".", "∙": ".", "•": ".", "⁄": "/", "∕": "/", "´": "'", "’": "'"})


def fold(text: str) -> str:
    """The text in one form (NFKC) without invisible signs, dashes and white space made equal, spelled digits joined."""
    plain = unicodedata.normalize("NFKC", text.translate(_LIKE))
    letters = ("-" if unicodedata.category(letter) == "Pd" else letter for letter in plain)
    plain = " ".join("".join(char for char in letters if unicodedata.category(char) != "Cf").split())
    return _SPELLED.sub(_join, plain)


def _join(spelled: re.Match[str]) -> str:
    words = re.findall(r"\w+", spelled[0].lower())
    return "".join(_DIGITS[word] for word in words)
