"""The kinds of facts that a text can hold, by their notation: amounts, dates, numbers, contact ways, names, causes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from service.answering.evidence.counting import DATE, NUMBER, NUMBER_WORDS
from service.answering.query import Asked, Sought

_FACT = {
    Asked.AMOUNT: re.compile(
        r"\d[\d.,\s]*(?:,-)?\s*(?:€|Euro|EUR|Mio|Millionen|Mrd|Cent|TEUR|T€|%|Prozent)|kostenlos|kostenfrei|gebührenfrei|unentgeltlich|€\s*\d",
        re.IGNORECASE,
    ),
    Asked.DATE: re.compile(
        r"\b(?:19|20)\d{2}\b|\d{1,2}\.\s?\d{1,2}\.|\b(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|"
        r"November|Dezember|Frühjahr|Sommer|Herbst|Winter|Halbjahr\w*|Quartal\w*|jährlich\w*|monatlich\w*|zweimal|halbjährlich)\b|"
        r"\b(?:\d+|ein\w*|zwei|drei|vier|fünf|sechs|zehn)\w*\s?(?:Jahre?n?|Monate?n?|Wochen?|Tage?n?)\b",
        re.IGNORECASE,
    ),
    Asked.NUMBER: NUMBER,
    Asked.CONTACT: re.compile(
        r"\(?\d{3,}\)?[\s/-]*\d{2,}|[\w.-]+@[\w.-]+|www\.|https?://|\bApp\b|Straße\s+\d", re.IGNORECASE
    ),
    Asked.ORGANISATION: re.compile(
        r"\b(?:GmbH|mbH|AG|KG|eG|e\.\s?V\.|SE|GbR)\b|\b(?:Firma|Büro|Planungsbüro|Unternehmen)\s+[A-ZÄÖÜ]|Stadtwerke|[Ww]erke\s+[A-ZÄÖÜ]"
    ),
    Asked.PERSON: re.compile(
        r"\b(?:Herrn?|Frau|Dr\.|Prof\.)\s+(?:(?:Dr|Prof)\.\s+)*(?!Landr|Bürgermeister|Oberb|Vorsitz|Präsident|Minister)[A-ZÄÖÜ]|\b(?:Landr[aä]t(?:in)?|Leiter(?:in)?|Vorsitzende[rn]?)"
        r"\s*:?\s+[A-ZÄÖÜ][a-zäöüß]+\s+[A-ZÄÖÜ]|[A-ZÄÖÜ][a-zäöüß-]+(?:-[A-ZÄÖÜ][a-zäöüß]+)?\s+[A-ZÄÖÜ][a-zäöüß]+\s+(?:Vorsitzende|Landr[aä]t)"
    ),
}
FIGURE = re.compile(rf"(?i)(?<![\w.,])\d|\b(?:{NUMBER_WORDS})\b")  # no digit of a name: "CO2"
CAUSE = re.compile(
    r"(?i)\b(?:weil|da|denn|wegen|aufgrund|auf grund|grund|gründe\w*|deshalb|daher|darum|deswegen|dadurch|infolge|"
    r"sodass|so dass|damit|mangels|fehl\w*|scheiter\w*|ursach\w*|zugunsten|angesichts|mangel\w*|nämlich|"
    r"zu (?:wenig|teuer|hoch|gering)\w*)\b"
)


_NAMES = re.compile(r",|;|\bund\b|\bsowie\b|/")
_DIGIT = re.compile(r"\d")
_TOLD: Mapping[Sought, Asked] = {
    Sought.DATE: Asked.DATE,
    Sought.AMOUNT: Asked.AMOUNT,
    Sought.PERSON: Asked.PERSON,
    Sought.ORGANISATION: Asked.ORGANISATION,
    Sought.CONTACT: Asked.CONTACT,
}
_KEPT = 16_384  # sentences, each with a kind of fact: those of what is asked about come again


def holds(asked: Asked, text: str) -> bool:
    """True where a text holds the kind of fact asked for, or nothing special is asked."""
    return asked is Asked.NOTHING or bool(_FACT[asked].search(text))


@lru_cache(maxsize=_KEPT)
def sentence_holds(asked: Asked, text: str) -> bool:
    """The same of a sentence, kept."""
    return holds(asked, text)


@lru_cache(maxsize=_KEPT)
def measures(text: str) -> bool:
    """True where a sentence holds a number that is no date and no part of a name."""
    return bool(FIGURE.search(DATE.sub(" ", text) if _DIGIT.search(text) else text))


def tells(kind: Sought, text: str) -> bool:
    """True where a sentence holds a kind of fact by its notation."""
    if kind is Sought.QUANTITY:
        return measures(text)
    if kind in _TOLD:
        return sentence_holds(_TOLD[kind], text)
    if kind is Sought.REASON:
        return bool(CAUSE.search(text))
    return kind is Sought.NAMES and len(_NAMES.findall(text)) > 1
