"""Places outside the edition: questions on them are not answered from other counties' papers."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

from service.answering import lexicon
from vectorstore.analysis import fold

_WORD = re.compile(r"[\w./+-]*\w")
_ADMINISTRATION = re.compile(
    r"\b(?:Land)?[Kk]reise?s?\s+([A-ZÄÖÜ][\w-]+)|\b(?:Landkreise?s?|Stadt|Städteregion|Gemeinde|Bezirke?s?)\s+([A-ZÄÖÜ][\w-]+)"
)
_PARTNER = re.compile(r"(?i)\b(?:mit|gemeinsam mit|zusammen mit|und|nach|von|bis)\s+(?:dem|der|den)?\s*$")


def foreign_place(
    question: str, counties: Collection[str], mentioned: Collection[str], known: Collection[str]
) -> str | None:
    """The place outside the edition that the question is about, or None.

    `counties` and `mentioned` are folded: names of the edition's counties, of the municipalities in its records;
    `known` are all words of its documents. A place counts where it stands behind "Kreis", "Stadt" and the like, or
    where it is on the list of well-known places and no document mentions it. A partner ("mit dem Kreis ...") does not.
    """
    for match in _ADMINISTRATION.finditer(question):
        name: str = match[1] or match[2]
        inside = any(fold(name).startswith(one) for one in counties) or fold(name) in mentioned
        if not inside and _is_place(name) and not _PARTNER.search(question[: match.start()]):
            return name
    for match in _WORD.finditer(question):
        word = match[0]
        if not word[0].isupper() or fold(word) in counties or _PARTNER.search(question[: match.start()]):
            continue
        if _whole_county(word, question) or (word.lower() in lexicon.lines("places.txt") and fold(word) not in known):
            return word
    return None


def _is_place(name: str) -> bool:
    return name.lower() in lexicon.lines("places.txt") or name.lower() in lexicon.lines("places.txt", 1)


def _whole_county(word: str, question: str) -> bool:
    """True for "Hochsauerlandkreis" and "Märkischer Kreis": a county by its whole name."""
    lowered = word.lower()
    if lowered.endswith(("kreis", "kreises")) and lowered.removesuffix("es") in lexicon.lines("places.txt"):
        return True
    two_words = next((place for place in _two_words() if place[0][:-2] == lowered[: len(place[0]) - 2]), None)
    return two_words is not None and bool(re.search(rf"(?i)\b{re.escape(word)}\s+{two_words[1]}", question))


@cache
def _two_words() -> list[tuple[str, str]]:
    parts = (place.split() for place in lexicon.lines("places.txt"))
    return [(words[0], words[1]) for words in parts if len(words) == 2 and words[1] == "kreis"]
