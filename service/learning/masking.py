"""A question without what names a person, each such place replaced by what stood there: "[Telefonnummer]".

Notations are those that keep a question from a language model; names are told by their form alone: behind "Frau" or
"ich heiße", under a greeting. A name without any such form is not told from other words.
"""

from __future__ import annotations

import re

from service.language_models.masking import NOTATIONS

_NAME = r"[A-ZÄÖÜ][\wäöüß'’-]+"
_TITLES = r"(?:(?:Dr|Prof|Dipl)\.?(?:-\w+\.?)?\s+|(?:von|van|zu|de|der|den)\s+)*"
_SECTIONS = (
    "Jahr|Kapitel|Ziel|Projekt|Handlungsfeld|Thema|Maßnahme|Abschnitt|Punkt|Bericht|Teil|Monat|Quartal|Paragraf|Artikel"
    "|Absatz|Seite|Anlage|Nummer|Beschluss|Antrag|These|Grundsatz|Leitlinie|Bereich"
)
_PERSON = rf"{_TITLES}{_NAME}(?:\s{_NAME})?"
_NO_NAME = "und|oder|im|in|am|an|mit|für|als|die|der|das|zu|zur|bei|auf"
# what stands before a name or a number, which stays; what it names
_TOLD = tuple(
    (kind, re.compile(rf"(?P<before>{before})(?P<named>{named})"))
    for kind, before, named in (
        ("Name", r"\b(?:Herrn?|Frau|Familie|Eheleuten?|Nachbar(?:in)?)\s+", _PERSON),
        ("Name", r"\b(?:Dr|Prof)\.\s+", _PERSON),
        ("Name", r"(?i:\b(?:ich hei(?:ß|ss)e|mein name ist|name:|namens)\s+)", rf"[\wäöüß'’-]+(?:\s{_NAME})?"),
        ("Name", r"(?i:\b(?:ich bin|hier ist|hier spricht)\s+)", rf"{_NAME}\s{_NAME}"),
        ("Name", r"(?i:\b(?:gr(?:ü|ue)(?:ß|ss)en?|gru(?:ß|ss))[,!]?\s+(?:von\s+)?)", rf"{_NAME}(?:\s{_NAME})?"),
        ("Name", rf"(?<![\wäöüß])(?:herrn?|frau)\s+(?!(?:{_NO_NAME})\b)", r"[a-zäöüß'’-]{2,}"),
        (
            "Datum",
            r"(?i:\b(?:geb\.|geboren|geburtsdatum|geburtstag)[\s:]*(?:am\s+|ist\s+(?:der\s+)?)?)",
            r"\d{1,2}\.\s?(?:\d{1,2}\.|[A-Za-zäöü]+)\s?\d{2,4}",
        ),
        ("Adresse", r"", r"(?i:\b[\wäöüß-]*(?:straße|strasse|str\.)\s?\d{1,4}\s?[a-z]?\b)"),
        (
            "Adresse",
            rf"\b(?:Am|An der|Im|Zum|Zur|Auf dem|Auf der|In der|In den)\s+(?!(?:{_SECTIONS})\b)",
            r"[A-ZÄÖÜ][\wäöüß-]+\s\d{1,3}\s?[a-z]?\b(?!\s?(?:%|Prozent|Euro|Projekt|Jahr|Kommune|Gemeinde|Ziel))",
        ),
        ("Steuernummer", r"", r"(?<![\d/.,])(?:\d{2,3}/\d{3,4}/\d{4,5}|\d{2}\s\d{3}\s\d{3}\s\d{3})(?![\d/])"),
        ("Kennzeichen", r"", r"\b[A-ZÄÖÜ]{1,3}-[A-Z]{1,2}\s?\d{1,4}[EH]?\b"),
    )
)


def masked(question: str) -> str:
    """The question with every personal detail that its form tells replaced, white space made equal."""
    text = " ".join(question.split())
    for name, pattern in NOTATIONS:
        text = pattern.sub(f"[{name}]", text)
    for name, pattern in _TOLD:
        text = pattern.sub(rf"\g<before>[{name}]", text)
    return text
