"""What names a person in a question, by its notation: with that, nothing leaves the house."""

from __future__ import annotations

import re

_PERSONAL = tuple(
    re.compile(notation)
    for notation in (
        r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",  # mail
        r"(?<![\d.,])(?:\+\d{2}|0\d{2,5})[\s/()–-]*\d{2,}(?:[\s/–-]?\d+)*",  # telephone
        r"\b[A-Z]{2}\d{2}(?:\s?[A-Z\d]{4}){3,7}(?:\s?[A-Z\d]{1,3})?\b",  # IBAN
        r"(?<![\d.,])\d{2,3}[ /]\d{3}[ /]\d{4,5}(?!\d)|(?<!\d)\d{11}(?!\d)",  # numbers of taxpayers
        r"(?i)\b(?:az|aktenzeichen|kundennummer|steuernummer|steuer-id|bg-nummer)\b\.?:?\s*[\w/.-]*\d[\w/.-]*",  # files
        r"\b[A-ZÄÖÜ][\wäöüß-]*(?:straße|strasse|str\.|weg|platz|allee|gasse|ring|damm|ufer)\s\d{1,4}\s?[a-z]?\b",
        r"(?<!\d)\d{5}\s[A-ZÄÖÜ][a-zäöüß]{2,}",  # postcode and town
    )
)


def is_personal(text: str) -> bool:
    """True where a text holds a telephone or file number, a mail or street address, or an account."""
    return any(pattern.search(text) for pattern in _PERSONAL)
