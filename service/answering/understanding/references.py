"""Numbers of items that a question names: "5.5.2.1", "B.X", "These 3", "Teil B", "Punkt IV"."""

from __future__ import annotations

import re

_REF = re.compile(
    r"(?<![\w.,])(?:[A-Z]\.[IVX]+(?:\.\d+)?|\d+(?:\.\d+){1,3})(?![\w]|[.,]\d|\s*(?:Uhr|Euro|EUR|€|%|Prozent|Mio|Meter|km|m²|ha)\b|\s*[€%])"
)
_SHORT_DATE = re.compile(r"(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.?(?:\d{2}|\d{4})?")
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")
_PART = re.compile(r"\b(?:Teil|Part)\s+([A-Z])\b")
_ROMAN = re.compile(
    r"\b(?:punkt|beschlusspunkt|nummer|nr\.?|ziffer|ziel|prinzip|handlungsprinzip|resolution)\s+([IVX]+)\b",
    re.IGNORECASE,
)
_SINGLE = re.compile(
    r"\b(?:these|leitsatz|thesis|kapitel|thema|themenfeld|theme|chapter)\s+(?:nr\.?\s*|nummer\s+)?(\d{1,2})\b",
    re.IGNORECASE,
)


def references(question: str) -> tuple[str, ...]:
    """The numbers as the documents print them, in the order of their kinds; dates are none."""
    found = [match[0] for match in _REF.finditer(question) if not _is_other(match, question)]
    found += [match[1] for match in _PART.finditer(question)]
    found += [match[1].upper() for match in _ROMAN.finditer(question)]
    found += [match[1] for match in _SINGLE.finditer(question)]
    return tuple(dict.fromkeys(found))


def _is_other(match: re.Match[str], question: str) -> bool:
    """True for dates ("1.5.", "24.10.25") and for thousands ("412.000")."""
    if _THOUSANDS.fullmatch(match[0]):
        return True
    dotted = question[match.end() : match.end() + 1] == "." and match.end() + 1 < len(question)
    two_parts = match[0].count(".") == 1
    return bool(_SHORT_DATE.fullmatch(match[0])) and (dotted or not two_parts or len(match[0].split(".")[1]) == 2)
