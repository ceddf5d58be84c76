"""What each piece of text in a file is: body text, struck out, the mark of a note, and others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

RAISED_DIGITS = re.compile("([⁰¹²³⁴-⁹]+)")
_SIGN = r"[\[(]?(?:[\d⁰¹²³⁴-⁹]{1,3}|\*{1,3}|[†‡])[\])]?"
_MARK = re.compile(rf"{_SIGN}(?:\s*[,;–-]\s*{_SIGN})*")  # "1", "2, 3", "[4]", "*"
# "m²", "km²", "Nm³", "x²"; "CO²" for "CO₂"
_UNIT = re.compile(r"(?<![^\W\d_])(?:[kcdmhnNµ]?m|CO|NO|SO|[A-Za-z])\s?$")
_EXPONENT = re.compile(r"[-−–]?\d{1,3}\s*")
_RAISED = str.maketrans("0123456789-−–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻⁻")
_POWER_OF_TEN = re.compile(r"[·∙×x*]\s?10$")  # "4,8 · 10⁶"


class RunRole(StrEnum):
    """The role of a run.

    Body text and form values are in the lines of a layout. Struck text can be looked at, and is
    never searched, quoted or counted; neither are marks of notes, hidden text, page furniture and
    water marks.
    """

    BODY = "body"
    STRUCK = "struck"
    NOTE_MARK = "note_mark"
    FORM_VALUE = "form_value"
    HIDDEN = "hidden"
    FURNITURE = "furniture"
    WATER_MARK = "water_mark"


class TextRun(NamedTuple):
    """A piece of text with one role, on a page from 0."""

    text: str
    role: RunRole
    page: int = 0

    @property
    def length(self) -> int:
        """The number of its characters without white space."""
        return len("".join(self.text.split()))


def count_by_page(runs: Iterable[TextRun], role: RunRole) -> dict[int, int]:
    """Return the number of characters of one role on each page that has some."""
    counts: Counter[int] = Counter()
    for run in runs:
        if run.role is role:
            counts[run.page] += run.length
    return dict(+counts)


def count_by_role(runs: Iterable[TextRun]) -> Counter[RunRole]:
    """Return the number of characters of each role."""
    counts: Counter[RunRole] = Counter()
    for run in runs:
        counts[run.role] += run.length
    return counts


def is_sign(text: str) -> bool:
    """True for a number or sign, or several of them, that can mark a note."""
    return _MARK.fullmatch(text) is not None


def is_note_mark(before: str, mark: str) -> bool:
    """True if raised signs are the mark of a note; `before` is the text before them on their line,
    "" for none. A 2 or 3 behind a unit or a single letter ("m²", "x²") and a power of ten ("10⁶")
    are no marks.
    """
    is_power = _UNIT.search(before) is not None and mark in ("2", "3", "²", "³")
    return is_sign(mark) and not is_power and _POWER_OF_TEN.search(before) is None


def raise_exponent(before: str, text: str) -> str:
    """Return raised text as it is read behind the text `before`: digits behind a digit as an
    exponent ("10³"), as "103" would be another number; other text as it is.
    """
    if before[-1:].isdigit() and _EXPONENT.fullmatch(text):
        return text.translate(_RAISED)
    return text
