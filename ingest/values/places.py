"""Municipalities that a document names, learned from the document itself."""

from __future__ import annotations

import re
from collections.abc import Iterable

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
