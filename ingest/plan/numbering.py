"""Numbers at the beginning of headings: decimal outlines, part letters, Roman numerals, theses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from vectorstore.notation import MONTHS, one_of


class Style(Enum):
    """How a number is written."""

    DECIMAL = auto()
    ROMAN = auto()
    LETTER = auto()


@dataclass(frozen=True, slots=True)
class Number:
    """A heading's number: its style, its parts as integers, and as printed without a closing full stop."""

    style: Style
    parts: tuple[int, ...]
    printed: str

    @property
    def depth(self) -> int:
        """How many parts the number has."""
        return len(self.parts)


_DEEP = re.compile(r"^((?:[1-9]\d?)(?:(?:\.[1-9]\d?){1,4}(?:\.[a-z])?|\.[a-z]))\.?\s+(?=\S)")
_FLAT = re.compile(r"^(0?[1-9]\d?)(?:\.|\))\s+(?=\S)")
_BARE = re.compile(r"^([1-9]\d?)\s+(?=[A-ZÄÖÜ„])")
_WORDED = re.compile(
    r"^(?:(?:Ziel|Oberziel|Leitziel|Handlungsziel)|Maßnahme|Projekt|Themenfeld|Thema|"
    r"Handlungsfeld|Kapitel|These|Leitsatz|Leitlinie)\s+(0?[1-9]\d?(?:\.[1-9]\d?){0,4})\s*(?::|\.|–|-)\s+(?=\S)"
)
_ROMAN = re.compile(r"^([IVXL]+)\.\s+(?=[A-ZÄÖÜ„])")
_LETTER = re.compile(r"^([A-H])\.\s+(?=[A-ZÄÖÜ„])")
_DATE = re.compile(  # "2.1. Haushalt" is a number: days and months without a year have two digits somewhere
    rf"^\d{{1,2}}\.\s*(?:{one_of(MONTHS)}\b|\d{{1,2}}\.\s*\d{{2,4}}(?:\s|$)|\d{{2}}\.(?:\s|$))|^0\d\.\d{{1,2}}\.(?:\s|$)",
    re.I,
)
_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50}


def leading_number(text: str) -> tuple[Number, str] | None:
    """Return the number that a line begins with and the rest, None where there is none (dates are none)."""
    if _DATE.match(text):
        return None
    for pattern, read in ((_DEEP, _decimal), (_FLAT, _decimal), (_WORDED, _decimal), (_ROMAN, _roman)):
        match = pattern.match(text)
        if match:
            number = read(match[1])
            return (number, text[match.end() :]) if number else None
    return None


def leading_letter(text: str) -> tuple[Number, str] | None:
    """Return the part letter that a line begins with ("B. Ziele") and the rest."""
    match = _LETTER.match(text)
    if not match:
        return None
    return Number(Style.LETTER, (ord(match[1]) - ord("A") + 1,), match[1]), text[match.end() :]


def leading_bare(text: str) -> tuple[Number, str] | None:
    """Return a chapter number without full stop ("3 Mobilität") and the rest."""
    match = _BARE.match(text)
    if not match or _DATE.match(text):
        return None
    return _decimal(match[1]), text[match.end() :]


def to_roman(value: int) -> str:
    """Write a number below 50 in Roman numerals."""
    tens, ones = divmod(value, 10)
    return "X" * tens + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[ones]


def _decimal(printed: str) -> Number:
    """Read a decimal number; a letter at its end counts from a: "7.1.b" is 7, 1, 2."""
    parts = (int(part) if part.isdigit() else ord(part) - ord("a") + 1 for part in printed.split("."))
    return Number(Style.DECIMAL, tuple(parts), printed)


def _roman(printed: str) -> Number | None:
    values = [_VALUES[letter] for letter in printed]
    total = sum(-v if v < w else v for v, w in zip(values, [*values[1:], 0], strict=True))
    return Number(Style.ROMAN, (total,), printed) if total < 50 and to_roman(total) == printed else None
