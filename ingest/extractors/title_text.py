"""What belongs to the text of a title, and what only stands behind it."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Sequence

from ingest.extractors.labelled_lines import LONGEST_TITLE

_PARTED = 0.7  # of the texts behind numbers that one sign parts into title and text
_MOST_ENDINGS = 0.75  # share of titles that end with a bracket which is then no part of them
_BRACKET = re.compile(r"(?:(?<!\s)\s++)?\([^()]{2,60}\)$")


def joined(parts: Sequence[str]) -> str:
    """Return the lines of a title as one, words broken at line ends whole again."""
    text = parts[0]
    for part in parts[1:]:
        text = text[:-1] + part if text.endswith("-") and part[:1].islower() else f"{text} {part}"
    return " ".join(text.split()).strip(" :|–—")


def parting(texts: Sequence[str]) -> str:
    """Return what parts title and text in most of the texts that follow numbers, "" where nothing does."""
    found: dict[str, float] = {}
    for mark in (": ", ". ", " – ", " (", "; ", " → ", " ➔ "):
        inside = [text.index(mark) for text in texts if mark in text[:LONGEST_TITLE]]
        ended = sum(mark not in text[:LONGEST_TITLE] and text.endswith(mark.strip()) for text in texts)
        several = len({before(text, mark) for text in texts}) > 0.5 * len(texts)
        if several and len(inside) + ended >= _PARTED * len(texts) and len(inside) >= 0.5 * _PARTED * len(texts):
            found[mark] = statistics.mean(inside)
    return min(found, key=lambda mark: found[mark], default="")


def before(text: str, mark: str) -> str:
    """Return what stands before a sign that parts title and text, the whole text without one."""
    return text.split(mark, 1)[0].removesuffix(mark.strip()) if mark else text


def recurring_endings(titles: Sequence[str]) -> frozenset[str]:
    """Return what most titles end with and is none of theirs: a term or a unit, one of few that recur.

    "Tauschbörse langfristig", "Baumpflanzungen (BAU)": found where three in four titles end with a bracket, or with
    one of a handful of last words that at least two titles share.
    """
    if len(titles) < 4:
        return frozenset()
    brackets = [match[0] for title in titles if (match := _BRACKET.search(title))]
    if len(brackets) >= _MOST_ENDINGS * len(titles):
        return frozenset(brackets)
    last = Counter(title.rsplit(" ", 1)[-1] for title in titles if " " in title)
    common = {word for word, count in last.items() if count >= 2}
    covered = sum(last[word] for word in common)
    few = len(common) <= max(3, len(titles) // 6)
    return frozenset(f" {word}" for word in common) if few and covered >= 0.8 * len(titles) else frozenset()


def without_ending(title: str, endings: frozenset[str]) -> str:
    """Return a title without the longest of some endings."""
    ending = next((one for one in sorted(endings, key=len, reverse=True) if title.endswith(one)), "")
    return title[: len(title) - len(ending)].strip(" :|–—-") if ending else title


def without_references(title: str) -> str:
    """Cut numbers of records from the end of a title: "Leitziel Ü-01, K-26"."""
    pattern = re.compile(r"[\s,;(]+[A-ZÄÖÜ][A-Za-zÄÖÜäöü]{0,5}[ -]?\d{1,3}(?:\.\d{1,3})*\)?(?=[\s,;]|$)[\s,;]*$")
    shorter = pattern.sub("", title)
    while shorter != title and re.search(r"[A-ZÄÖÜ][A-Za-zÄÖÜäöü]{0,5}[-]\d{1,3}$", title):
        title, shorter = shorter, pattern.sub("", shorter)
    return title
