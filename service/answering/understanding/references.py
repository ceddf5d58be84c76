"""Numbers of items that a question names: "5.5.2.1", "B.X", "These 3", "Teil B", "Punkt IV"."""

from __future__ import annotations

import re

_REF = re.compile(r"(?<![\w.,])(?:[A-Z]\.[IVX]+(?:\.\d+)?|\d+(?:\.\d+){1,3})(?![\w]|[.,]\d)")
_SHORT_DATE = re.compile(r"(?:0?[1-9]|[12]\d|3[01])\.(?:0[1-9]|1[0-2])\.?(?:\d{4})?")
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
    found = [match[0] for match in _REF.finditer(question) if not _SHORT_DATE.fullmatch(match[0])]
    found += [match[1] for match in _PART.finditer(question)]
    found += [match[1].upper() for match in _ROMAN.finditer(question)]
    found += [match[1] for match in _SINGLE.finditer(question)]
    return tuple(dict.fromkeys(found))
