"""Dates, amounts and municipalities that a text mentions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

_MONTHS = ("januar", "februar", "märz", "april", "mai", "juni", "juli", "august", "september", "oktober", "november",
           "dezember")  # fmt: skip
_NAMES = "|".join(_MONTHS)
_DATES = re.compile(
    rf"\b(?P<day>[0-3]?\d)\.\s?(?P<month>[01]?\d)\.\s?(?P<year>(?:19|20)\d\d)\b"
    rf"|\b(?P<day2>[0-3]?\d)\.\s?(?P<name>{_NAMES})\s+(?P<year2>(?:19|20)\d\d)\b"
    rf"|\b(?P<name2>{_NAMES})\s+(?P<year3>(?:19|20)\d\d)\b"
    rf"|(?<![\d/.,-])(?P<year4>(?:19|20)\d\d)(?:\s?/\s?(?P<until>(?:20)?\d\d)(?!\d))?(?![\d.,]*\d)(?!\s?(?:€|Euro|Einwohner))",
    re.I,
)
_AMOUNT = re.compile(
    r"(?<![\w.,])\d{1,3}(?:[.\s]\d{3})*(?:,(?:\d+|-{1,2}|–))?\s*(?:(?:Mio|Mrd|Tsd)\.?|Millionen|Milliarden|Tausend)?\s*"
    r"(?:€|Euro\b|EUR\b|TEUR\b|T€)|\d+\s*Cent\b"
)
_ALL = re.compile(
    r"\balle[nr]?\s+(?:\d+\s+|\w+\s+)?(?:(?:kreisangehörige[nr]?\s+)?(?:Kommunen|Städte[n]?\s+und\s+Gemeinden|Gemeinden))",
    re.I,
)
_NAME = re.compile(
    r"^(?:[A-ZÄÖÜ][\wäöüß.-]*)(?:(?:\s(?:am|an der|im|in der|bei|ob der|auf|vor der))?\s[A-ZÄÖÜ][\wäöüß.-]*){0,2}$"
)
_OFFICIAL = re.compile(
    r"\b(?:Stadt|Gemeinde|Kommune|Hansestadt|Kreisstadt|Markt|Samtgemeinde|Verbandsgemeinde)\s"
    r"((?:Bad\s|Sankt\s|St\.\s|Groß\s|Klein\s)?[A-ZÄÖÜ][a-zäöüß-]+)"
)
_WITH_ARTICLE = re.compile(r"\b(?:[Dd](?:er|ie|as|en|em|es)|[Ee]in(?:e[rnms]?)?)\s([A-ZÄÖÜ][\wäöüß-]*)")


def dates(text: str) -> tuple[str, ...]:
    """Return the dates mentioned, as exact as they are: "2026-05-01", "2026-05" or "2026"; each once, in order."""
    found: dict[str, None] = {}
    for match in _DATES.finditer(text):
        for value in _values(match):
            found.setdefault(value)
    full = set(found)
    return tuple(value for value in found if len(value) > 4 or not any(o.startswith(value + "-") for o in full))


def _values(match: re.Match[str]) -> list[str]:
    part = match.groupdict()
    if part["year"]:
        return _day(part["year"], part["month"], part["day"])
    if part["year2"]:
        return _day(part["year2"], str(_MONTHS.index(part["name"].lower()) + 1), part["day2"])
    if part["year3"]:
        return [f"{part['year3']}-{_MONTHS.index(part['name2'].lower()) + 1:02}"]
    until = part["until"]
    return [part["year4"]] + ([part["year4"][:2] + until[-2:]] if until else [])


def _day(year: str, month: str, day: str) -> list[str]:
    try:
        return [date(int(year), int(month), int(day)).isoformat()]
    except ValueError:
        return [year]


def amounts(text: str) -> tuple[str, ...]:
    """Return the sums of money mentioned, as printed, each once."""
    return tuple(dict.fromkeys(" ".join(match[0].split()) for match in _AMOUNT.finditer(text)))


def names_all(text: str) -> bool:
    """Whether the text speaks of all municipalities."""
    return _ALL.search(text) is not None


class Gazetteer:
    """Municipalities recognised from the document itself: from lists of names and from "Stadt X", "Gemeinde Y"."""

    def __init__(self, cells: Iterable[str], prose: str) -> None:
        official = {match[1] for match in _OFFICIAL.finditer(prose)}
        listed = {name for cell in cells for name in _listed(cell)}
        nouns = set(_WITH_ARTICLE.findall(prose)) if listed else set()  # place names stand without an article
        self.names = {name for name in listed if name not in nouns} | {
            name for name in official if name in listed or len(re.findall(rf"\b{re.escape(name)}\b", prose)) >= 3
        }
        longest_first = "|".join(re.escape(name) for name in sorted(self.names, key=len, reverse=True))
        self._pattern = re.compile(
            rf"(?<![Kk]reis )(?<![Kk]reises )(?<!verwaltung )(?<![\w-])({longest_first})(?![\w-])"
        )

    def mentioned(self, text: str) -> tuple[str, ...]:
        """Return the municipalities that a text names, in order; "Kreis X" is none."""
        if not self.names:
            return ()
        return tuple(dict.fromkeys(match[1] for match in self._pattern.finditer(text)))


def _listed(cell: str) -> list[str]:
    """Return the names of a cell that is nothing but a list of at least two names, remarks in brackets aside."""
    bare = re.sub(r"\([^)]*\)", "", cell)
    bare = ",".join(part for part in re.split(r"[;,]|\sund\s", bare) if part.strip() and not _ALL.search(part))
    parts = [part.strip() for part in bare.split(",") if part.strip()]
    if len(parts) < 2 or not all(_NAME.match(part) for part in parts):
        return []
    return [part for part in parts if not re.match(r"(?:Land)?[Kk]reis\b", part)]
