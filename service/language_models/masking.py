"""What names a person by its notation: with that no question leaves the house, and without it one is kept."""

from __future__ import annotations

import re

_DAY = r"(?:\d{1,2}[./-]\s?\d{1,2}[./-]\s?(?:\d{4}|\d{2})|\d{1,2}\.?\s?[a-zäöü]{3,9}\.?\s?\d{4}|\d{4}-\d\d-\d\d)\b"
_COUNTRIES = (
    "A[DLT]|B[AEG]|C[HYZ]|D[EK]|E[ES]|F[IR]|G[BER]|H[RU]|I[EST]|L[ITUV]|M[CDEKT]|N[LO]|P[LT]|R[OS]|S[EIKM]|TR|UA|XK"
)
_NO_MONEY = r"(?!\s?(?:€|%|euro|eur\b|mio|prozent|tonnen|kwh|mwh))"
_COUNTED = (
    "Euro|Ein|Mensch|Person|Haushalt|B[äa]um|Wohn|Tonne|Quadrat|Hektar|Kilo|Meter|Stunde|Pl[äa]tz|Kind|Bürger|Fahrz|Fahrr"
    "|Besuch|Liter|Arbeit|Unternehm|Gebäude|Mal|Stück|Stelle|Jahr|Schül|Studier|Beschäft|Antr|Mega|Giga|Fahrt|Fahrg"
)
_SECTIONS = (
    "Jahr|Kapitel|Ziel|Projekt|Handlungsfeld|Thema|Maßnahme|Abschnitt|Punkt|Bericht|Teil|Monat|Quartal|Paragraf|Artikel"
    "|Absatz|Seite|Anlage|Nummer|Beschluss|Antrag|These|Grundsatz|Leitlinie|Bereich"
)
_IDENTITY = r"[CFGHJKLMNPRTVWXYZ](?=(?:[A-Z]*\d){3})[CFGHJKLMNPRTVWXYZ\d]{8}\d?"
# each with what stands in its place where a text is kept without it, what stands before it and stays, and its form
NOTATIONS = tuple(
    (kind, re.compile(rf"(?P<before>{before})(?:{form})"))
    for kind, before, form in (
        (
            "E-Mail-Adresse",
            "",
            r"(?i:(?<![\w.+-])[\w.+-]++(?:\s?@\s?|\s?[(\[](?:at|ät|@)[)\]]\s?)[\w-]+(?:(?:\.|\s?[(\[](?:dot|punkt)[)\]]\s?)[\w-]+)+)",
        ),
        ("Kontonummer", "", r"(?i:\bde(?:[ .-]?\d){20}\b)"),  # IBAN
        (
            "Kontonummer",
            "",
            rf"(?i:\b(?:{_COUNTRIES})\d\d(?:[ .-]?[a-z]{{4}})?(?:[ .-]?(?=[a-z]{{0,3}}\d)[a-z\d]{{4}}){{2,7}}"
            r"(?:[ .-]?(?=[a-z]{0,2}\d)[a-z\d]{1,3})?\b)",
        ),
        ("Ausweisnummer", "", rf"\b{_IDENTITY}\b"),
        (
            "Versicherungsnummer",
            "",
            r"(?i:(?<![\d.,])\d\d(?:[ .-]?\d\d){3}[ -]?[a-z][ -]?\d\d[ -]?\d(?!\d)|\b[a-z]\d{9}\b)",
        ),
        (
            "Ausweisnummer",
            r"(?i:\b(?:(?:personal)?ausweis|(?:reise)?pass|führerschein)(?:-?(?:nummer|nr\.?))?(?: ist| lautet)?:?\s+)",
            r"(?=\w*\d\w*\d)\w{8,11}\b",
        ),
        (
            "Aktenzeichen",
            "",
            r"(?i:\b(?:az|aktenzeichen|(?:kunden|steuer|bg|konto|mitglieds)-?(?:nummer|nr|id)|blz)\b"
            r"\.?(?: ist| lautet)?:?\s*[\w/.-]*\d[\w/.-]*)",
        ),
        (
            "Steuernummer",
            "",
            r"(?<![\d.,/])(?:\d{2,3}[ /]\d{3}[ /]\d{4,5}|\d{2,3}/\d{4}/\d{4,5}|\d\d \d{3} \d{3} \d{3}|[1-9]\d{10})"
            rf"(?![\d/])(?i:{_NO_MONEY})",
        ),
        (
            "Telefonnummer",
            "",
            r"(?<![\d.,/])(?<!\d-)(?<!\b0\d )(?!0\d(?:[/-]| \d\d (?:19|20)\d\d\b))"
            r"(?!0\d{2,4}[/-](?:19|20)\d\d\b(?![ /-]?\d))"
            r"(?:(?:\+\s?|00)\d\d|[(]?0(?=\d?\s?[1-9]))(?:[\s/()–-]{0,3}\d){6,13}+(?!\d)"
            rf"(?i:{_NO_MONEY})|(?<![\d.,])(?:0\d{{2,4}}|\+[34]\d)(?:\.\d{{2,}})+(?![.\d])",
        ),
        (
            "Telefonnummer",
            r"(?i:\b(?:tel|telefon|fax|handy|durchwahl|whatsapp)(?:nummer|nr)?\b\.?(?: ist| unter| lautet)?:?\s*)",
            r"\d(?:[\s/()–-]{0,2}\d){4,}",
        ),
        (
            "Datum",
            r"(?i:\b(?:geb\.?|geboren|geburtsdatum|geburtstag|gebdat|born|date of birth)[\s:,]*"
            r"(?:(?:am|on|is|ist|der|den)\s+)*)",
            rf"(?i:{_DAY})",
        ),
        ("Datum", r"(?i:(?:\b(?:bin|ist|wurde)|,)\s+am\s+)", rf"(?i:{_DAY}(?=\s(?:in\s\w+\s)?geboren\b))"),
        (
            "Adresse",
            "",
            r"(?<![\w-])(?!(?:Rad\w*|Schul|Fuß|Wander|Wirtschafts)weg|(?:Arbeits|Park|Spiel|Sport|Stell|Ausbildungs|Kita-?)platz)"
            r"[A-ZÄÖÜ][\wäöüß-]*(?:weg|platz|allee|gasse|ring|damm|ufer)\s\d{1,3}\s?[a-z]?\b",
        ),
        (
            "Adresse",
            "",
            r"(?i:(?<![\w-])(?!(?:bundes|landes|kreis|staats)stra)[\wäöüß-]*(?:straße|strasse|str\.)\s?\d{1,3}\s?[a-z]?\b)",
        ),
        (
            "Adresse",
            rf"\b(?:Am|An der|Im|Zum|Zur|Auf dem|Auf der|In der|In den)\s+(?!(?:{_SECTIONS})\b)",
            r"[A-ZÄÖÜ][\wäöüß-]+\s\d{1,3}\s?[a-z]?\b(?!\s?(?:%|Prozent|Euro|Projekt|Jahr|Kommune|Gemeinde|Ziel))",
        ),
        ("Ort", "", rf"(?<![\d.,])(?!\d\d000)\d{{5}}\s(?!{_COUNTED})[A-ZÄÖÜ][a-zäöüß]{{2,}}"),  # postcode and town
        ("Kennzeichen", "", r"(?<!Maßnahme )(?<!Projekt )(?<!Ziel )\b[A-ZÄÖÜ]{1,3}-[A-Z]{1,2}\s?\d{1,4}[EH]?\b"),
    )
)


def is_personal(text: str) -> bool:
    """True where a text holds any notation of what belongs to a person."""
    return any(pattern.search(text) for _, pattern in NOTATIONS)


def masked(text: str) -> str:
    """A text with what notation tells as a person's replaced by what it is."""
    for kind, pattern in NOTATIONS:
        text = pattern.sub(rf"\g<before>[{kind}]", text)
    return text
