"""Goals of the United Nations for sustainable development: "SDG 11", "SDGs 7, 11 und 13", "Nachhaltigkeitsziel 4"."""

from __future__ import annotations

import re

from ingest.values.found import Found
from vectorstore.records import Value, ValueKind

_LAST = 17
_NUMBER = r"\d{1,2}(?:\.[\da-d])?(?![\d%]|[.,]\d|\s%)"
_NEXT = rf"(?:\s?(?:,|und|&|/|sowie|bis|–|-)\s?(?:SDGs?\s)?{_NUMBER}(?!\s[A-ZÄÖÜ]))"
_GOALS = re.compile(
    rf"(?=[SUVN])(?<!\w)(?:SDGs?(?:-Ziele?n?)?|(?:UN-|VN-)?Nachhaltigkeitsziele?[ns]?|Sustainable Development Goals?)"
    rf"(?:\sNr\.|:)?[ \u00a0]?(?P<first>{_NUMBER})(?P<more>{_NEXT}*)"
)
_MORE = re.compile(r"(?P<sign>,|und|&|/|sowie|bis|–|-)\s?(?:SDGs?\s)?(?P<number>\d{1,2})(?:\.[\da-d])?")


def find_goals(text: str) -> list[Found]:
    """Return each goal that is named by its number, 1 to 17; those inside "7 bis 9" have the range as their text."""
    found: list[Found] = []
    for match in _GOALS.finditer(text):
        last = _number(match["first"])
        end = match.end("first")
        found.extend(_goal(text, match.start(), end, last))
        for more in _MORE.finditer(text, match.start("more"), match.end("more")):
            number = _number(more["number"])
            if more["sign"] in ("bis", "–", "-"):
                for between in range(last + 1, number):
                    found.extend(_goal(text, match.start("first"), more.end(), between))
            found.extend(_goal(text, more.start("number"), more.end(), number))
            last = number
    return found


def _number(printed: str) -> int:
    return int(printed.partition(".")[0])


def _goal(text: str, start: int, end: int, number: int) -> list[Found]:
    if not 1 <= number <= _LAST:
        return []
    return [Found(Value(ValueKind.SDG, text[start:end], str(number), start, end))]
