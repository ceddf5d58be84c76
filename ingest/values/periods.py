"""Dates and periods: single dates joined by "bis", opened by "ab" and "seit", closed by "bis".

Normal forms of periods: "2026/2030", "2026/" (from then on), "/2030" (up to and with).
"""

from __future__ import annotations

import re
from dataclasses import replace

from ingest.values.dates import MONTH, NTH, Atom, find_atoms, iso_day, ordinal
from ingest.values.found import Found
from vectorstore.notation import MONTHS, SPACE
from vectorstore.records import Value, ValueKind

S = SPACE
_FILL = (
    rf"(?:{S}+(?:zum|zur|in|im|ins|dem|den|das|der|des|Jahr|Jahre|Jahres|Schuljahr|Haushaltsjahr|einschließlich|einschl\."
    r"|spätestens|voraussichtlich|etwa|ca\.|vsl\.|mindestens|frühestens))*"
)
_TO = re.compile(rf"^(?:{S}+bis{_FILL}{S}+|{S}?[–—-]{S}?)\Z")
_AND = re.compile(rf"^{S}+und{_FILL}{S}+\Z")
_OPEN = re.compile(rf"(?<!\w)(?P<word>[Aa]b|[Ss]eit|[Bb]is|[Vv]on|[Vv]om|[Zz]wischen|[Bb]eginnend){_FILL}{S}+\Z")
_ON = re.compile(rf"{S}?(?:ff?\.?(?![\w])|und{S}später|und{S}danach|und{S}folgende)")
_TO_HALF = rf"{S}?(?:[–—-]|bis|/){S}?"
_HALF_DAY = re.compile(rf"(?<![\d.])(?P<day>[0-3]?\d)\.(?:{S}?(?P<month>[01]?\d)\.|{S}?(?P<name>{MONTH}))?{_TO_HALF}\Z")
_HALF_MONTH = re.compile(rf"(?<!\w)(?P<name>{MONTH})\.?{_TO_HALF}\Z")
_HALF_SPAN = re.compile(rf"(?<![\w.])(?:(?P<nth>{NTH})|Q(?P<digit>[1-4])){_TO_HALF}\Z")


def find_dates(text: str) -> list[Found]:
    """Return all dates and periods of a text, in its order."""
    atoms = find_atoms(text)
    found: list[Found] = []
    place = 0
    while place < len(atoms):
        one = _widened(text, atoms[place], atoms[place - 1].end if place else 0)
        after = atoms[place + 1] if place + 1 < len(atoms) else None
        if after is not None and _belong(text, one, after):
            one = replace(one, end=after.end, last=after.last, printed=(*one.printed, *after.printed), sort="joined")
            place += 1
        found.append(_opened(text, one))
        place += 1
    return found


def _widened(text: str, one: Atom, least: int) -> Atom:
    """Return a date with the half of a period before it: "1.-3. Mai 2024", "Mai bis Juli 2024", "Q1-Q3 2025"."""
    near = max(least, one.start - 24)
    half: re.Match[str] | None = None
    first: str | None = None
    if one.sort == "day" and len(one.first) == 10 and (half := _HALF_DAY.search(text, near, one.start)):
        month = half["month"] or (str(MONTHS[half["name"].lower()]) if half["name"] else one.first[5:7])
        first = iso_day(one.first[:4], month, half["day"])
    elif one.sort == "month" and (half := _HALF_MONTH.search(text, near, one.start)):
        first = f"{one.first[:4]}-{MONTHS[half['name'].lower()]:02}"
    elif one.sort in ("quarter", "half") and (half := _HALF_SPAN.search(text, near, one.start)):
        length = 6 if one.sort == "half" else 3
        first = f"{one.first[:4]}-{(ordinal(half['nth'] or half['digit']) - 1) * length + 1:02}"
    if half is None or first is None or len(first) < 5 or first >= one.first:
        return one
    printed = one.printed if one.sort in ("quarter", "half") else (first, *one.printed)
    return replace(one, start=half.start(), first=first, printed=printed, sort="joined")


def _belong(text: str, one: Atom, after: Atom) -> bool:
    """Whether two dates are beginning and end of one period."""
    between = text[one.end : after.start]
    if "joined" in (one.sort, after.sort) or len(between) > 40 or after.last < one.first[: len(after.last)]:
        return False
    if _TO.match(between):
        return True
    opened = _OPEN.search(text, max(0, one.start - 40), one.start)
    return opened is not None and opened["word"].lower() == "zwischen" and _AND.match(between) is not None


def _opened(text: str, one: Atom) -> Found:
    """Return the value of a date or a period, with "ab", "seit", "bis" before it or "ff." behind it."""
    opened = _OPEN.search(text, max(0, one.start - 40), one.start)
    word = opened["word"].lower() if opened else ""
    following = _ON.match(text, one.end) if not word else None
    joined = one.sort == "joined"
    begins = word in ("ab", "seit", "beginnend") or following is not None
    first = "" if word == "bis" else one.first
    last = "" if begins and not joined else one.last
    start = opened.start() if opened and (begins or joined or word == "bis") else one.start
    end = following.end() if following and not joined else one.end
    kind = ValueKind.DATE if first == last else ValueKind.PERIOD
    value = first if first == last else f"{first}/{last}"
    return Found(Value(kind, text[start:end], value, start, end), one.printed)
