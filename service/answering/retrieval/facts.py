"""The kinds of facts that questions ask for: recognised by their notation in a text, and by the
fields of records that state them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from service.answering import lexicon
from service.answering.query import AnswerType
from vectorstore.language import remove_spaces

_MONTHS = "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
_PERIODS = r"Quartal\w*|Halbjahr\w*|\w*jährlich\w*|monatlich\w*"
_BODIES = "GmbH|mbH|AG|KG|eG|Stadtwerke|Verband|Verein|Büro|Amt|Fachbereich|Ministerium"
_NUMERALS = "zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf"
_NOTATION: Mapping[AnswerType, re.Pattern[str]] = {
    # two marks of a series: "Soest, Werl und Warstein"
    AnswerType.NAMES: re.compile(r"(?s)(?:,|;|\bund\b|\bsowie\b|/).*?(?:,|;|\bund\b|\bsowie\b|/)"),
    AnswerType.AMOUNT: re.compile(  # "1.200 Euro", "5,- €", "€ 5"
        r"\d[\d.,\s]*(?:,-)?\s*(?:€|Euro|EUR|Mio|Millionen|Mrd|Cent|TEUR|T€|%)|€\s*\d|kostenlos"
    ),
    # "2026", "1.5.", "Mai", "halbjährlich"; how long ("drei Jahre") is not when
    AnswerType.DATE: re.compile(
        rf"\b(?:19|20)\d{{2}}\b|\d{{1,2}}\.\s?\d{{1,2}}\.|\b(?:{_MONTHS}|{_PERIODS})\b"
    ),
    # "12", "1.200,5", "drei", but not the "5" of "5.2" or "1. 5."
    AnswerType.QUANTITY: re.compile(
        rf"(?<![\w.,])\d+(?:[.,]\d+)*(?![\d.]|\.\s?\d)|\b(?:{_NUMERALS})\b"
    ),
    AnswerType.CONTACT: re.compile(  # "(02921) 30-0", "rad@kreis.de", "Hauptstraße 5"
        r"\(?\b0\d{2,}\)?[\s/-]*\d{2,}|[\w.-]+@[\w.-]+|www\.|https?://|(?:[Ss]tr(?:aße|\.)|platz)\s+\d"
    ),
    AnswerType.ORGANISATION: re.compile(rf"\b(?:{_BODIES})\b|e\.\s?V\."),
    AnswerType.PERSON: re.compile(  # "Frau Meier", "Landrätin: Eva Irrgang"
        r"\b(?:Herrn?|Frau|Dr\.|Prof\.)\s+[A-ZÄÖÜ]|\b[A-ZÄÖÜ]\w+\s*:?\s+[A-ZÄÖÜ][a-zäöüß]+\s+[A-ZÄÖÜ]"
    ),
    AnswerType.REASON: re.compile(
        r"(?i)\b(?:weil|da|denn|wegen|aufgrund|daher|darum|damit|infolge|dadurch|um)\b"
    ),
}


def field_relevance(answer_type: AnswerType, field: str | None) -> float:
    """How well a field states an answer type, 0 to 1: 1 if it is the fact itself.

    `field` is the meaning of the field ("status"), None if it is unknown. The values are data
    (`lexicon/fields.toml`); 0 without one.
    """
    relevance: dict[str, float] = lexicon.table("fields").get(answer_type.value, {})
    return relevance.get(field or "", 0.0)


def is_recognizable(answer_type: AnswerType) -> bool:
    """True if a type of answer can be recognised by its notation."""
    return answer_type in _NOTATION


def find_facts(answer_type: AnswerType, text: str) -> set[str]:
    """The dates, amounts or the like that a text states, as printed but for spaces."""
    return set(map(remove_spaces, _NOTATION[answer_type].findall(text)))


def has_fact(answer_type: AnswerType, text: str) -> bool:
    """True if a text has the notation of a type of answer (a date, an amount); False for types
    without one.
    """
    return answer_type in _NOTATION and _NOTATION[answer_type].search(text) is not None
