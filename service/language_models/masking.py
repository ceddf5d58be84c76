"""What names a person in a question, by its notation: with that, nothing leaves the house."""

from __future__ import annotations

import re

# each with what stands in its place where a text is kept without it
NOTATIONS = tuple(
    (name, re.compile(notation))
    for name, notation in (
        ("E-Mail-Adresse", r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
        ("Kontonummer", r"\b[A-Z]{2}\d{2}(?:\s?[A-Z\d]{4}){3,7}(?:\s?[A-Z\d]{1,3})?\b"),  # IBAN
        (
            "Aktenzeichen",
            r"(?i)\b(?:az|aktenzeichen|kundennummer|steuernummer|steuer-id|bg-nummer)\b\.?:?\s*[\w/.-]*\d[\w/.-]*",
        ),
        ("Steuernummer", r"(?<![\d.,])\d{2,3}[ /]\d{3}[ /]\d{4,5}(?!\d)|(?<!\d)\d{11}(?!\d)"),
        ("Telefonnummer", r"(?<![\d.,])(?:\+\d{2}|0\d{2,5})[\s/()–-]*\d{2,}(?:[\s/–-]?\d+)*"),
        (
            "Adresse",
            r"\b[A-ZÄÖÜ][\wäöüß-]*(?:straße|strasse|str\.|weg|platz|allee|gasse|ring|damm|ufer)\s\d{1,4}\s?[a-z]?\b",
        ),
        ("Ort", r"(?<!\d)\d{5}\s[A-ZÄÖÜ][a-zäöüß]{2,}"),  # postcode and town
    )
)


def is_personal(text: str) -> bool:
    """True where a text holds a telephone or file number, a mail or street address, or an account."""
    return any(pattern.search(text) for _, pattern in NOTATIONS)
