"""The values of an edition that a question names: its counties, municipalities and units, as the reader is to see them."""

from __future__ import annotations

import re
from functools import lru_cache

from service.answering.names import Names
from service.answering.understanding.features import with_placeholders

_KINDS = ("place", "unit")


def slotted(question: str, names: Names) -> str:
    """Return the question with the edition's names as placeholders: what is learned means the same in every county."""
    spans: list[tuple[int, int, str]] = []
    for kind, pattern in zip(_KINDS, _patterns(names), strict=True):
        for match in pattern.finditer(question):
            if all(match.end() <= start or match.start() >= end for start, end, _ in spans):
                spans.append((match.start(), match.end(), kind))
    return with_placeholders(question, spans)


@lru_cache(maxsize=4)
def _patterns(names: Names) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """One pattern for all places of an edition, one for its units."""
    places = {*names.counties, *names.municipalities}
    return _any_of(places, "(?:er|s|es)?"), _any_of(names.units, "")


def _any_of(names: set[str] | list[str], ending: str) -> re.Pattern[str]:
    spelled = "|".join(re.escape(one) for one in sorted(names, key=lambda one: (-len(one), one)) if len(one) > 1)
    return re.compile(rf"(?i)(?<!\w)(?:{spelled or '(?!)'}){ending}(?!\w)")
