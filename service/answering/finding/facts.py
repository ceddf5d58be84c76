"""Kinds of facts that a sentence can hold, told by their notation, and the fields of records that state them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from service.answering.query import Asked

_MONTHS = "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
_PERIODS = r"Quartal\w*|Halbjahr\w*|\w*jährlich\w*|monatlich\w*"
_BODIES = "GmbH|mbH|AG|KG|eG|Stadtwerke|Verband|Verein|Büro|Amt|Fachbereich|Ministerium"
_NUMERALS = "zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf"
_NOTATION: Mapping[Asked, re.Pattern[str]] = {
    Asked.AMOUNT: re.compile(r"\d[\d.,\s]*(?:,-)?\s*(?:€|Euro|EUR|Mio|Millionen|Mrd|Cent|TEUR|T€|%)|€\s*\d|kostenlos"),
    Asked.DATE: re.compile(
        rf"\b(?:19|20)\d{{2}}\b|\d{{1,2}}\.\s?\d{{1,2}}\.|\b(?:{_MONTHS}|{_PERIODS})\b|\b\w+\s?(?:Jahr|Monat|Woche)e?n?\b"
    ),
    Asked.QUANTITY: re.compile(rf"(?<![\w.,])\d+(?:[.,]\d+)*(?![\d.]|\.\s?\d)|\b(?:{_NUMERALS})\b"),
    Asked.CONTACT: re.compile(
        r"\(?\b0\d{2,}\)?[\s/-]*\d{2,}|[\w.-]+@[\w.-]+|www\.|https?://|(?:[Ss]tr(?:aße|\.)|platz)\s+\d"
    ),
    Asked.ORGANISATION: re.compile(rf"\b(?:{_BODIES})\b|e\.\s?V\."),
    Asked.PERSON: re.compile(
        r"\b(?:Herrn?|Frau|Dr\.|Prof\.)\s+[A-ZÄÖÜ]|\b[A-ZÄÖÜ]\w+\s*:?\s+[A-ZÄÖÜ][a-zäöüß]+\s+[A-ZÄÖÜ]"
    ),
    Asked.REASON: re.compile(r"(?i)\b(?:weil|da|denn|wegen|aufgrund|daher|darum|damit|infolge|dadurch|um)\b"),
}
_NAMES = re.compile(r",|;|\bund\b|\bsowie\b|/")
MEANINGS: Mapping[Asked, Mapping[str, float]] = {
    Asked.STATUS: {"status": 1.0, "state": 1.0, "period": 0.7, "situation": 0.4},
    Asked.RESPONSIBLE: {"responsible": 1.0, "partners": 0.6},
    Asked.ORGANISATION: {"responsible": 1.0, "partners": 0.6},
    Asked.PERSON: {"responsible": 1.0, "partners": 0.4},
    Asked.CONTACT: {"responsible": 1.0},
    Asked.DATE: {"period": 1.0, "status": 0.5, "state": 0.5},
    Asked.AMOUNT: {"cost": 1.0, "funding": 0.8},
    Asked.QUANTITY: {"period": 0.5, "effect": 0.5, "indicator": 0.3, "state": 0.3, "situation": 0.3},
    Asked.REASON: {"situation": 1.0, "goal": 0.7, "obstacles": 0.3},
    Asked.METHOD: {"steps": 1.0, "description": 0.6},
}


def has_notation(asked: Asked) -> bool:
    """Whether a kind of fact can be told by its notation."""
    return asked is Asked.NAMES or asked in _NOTATION


@lru_cache(maxsize=32_768)
def tells(asked: Asked, text: str) -> bool:
    """Whether a text holds a kind of fact by its notation; false for kinds without one."""
    if asked is Asked.NAMES:
        return len(_NAMES.findall(text)) > 1
    notation = _NOTATION.get(asked)
    return notation is not None and bool(notation.search(text))
