"""The values of an edition that a question names (counties, municipalities, units), as the reader is to see them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from service.answering.names import Names
from service.answering.understanding.features import with_placeholders


class Slots:
    """Finds the names of an edition in questions; one pattern for all places, one for all units."""

    def __init__(self, names: Names) -> None:
        places = {*names.counties, *names.municipalities}
        self._patterns = (("place", _any_of(places, "(?:er|s|es)?")), ("unit", _any_of(names.units, "")))

    def put_in(self, question: str) -> str:
        """Return the question with names as placeholders, so that what is learned means the same in every county."""
        spans: list[tuple[int, int, str]] = []
        for kind, pattern in self._patterns:
            for match in pattern.finditer(question):
                if all(match.end() <= start or match.start() >= end for start, end, _ in spans):
                    spans.append((match.start(), match.end(), kind))
        return with_placeholders(question, spans)


def _any_of(names: Iterable[str], ending: str) -> re.Pattern[str]:
    spelled = "|".join(re.escape(one) for one in sorted(set(names), key=lambda one: (-len(one), one)) if len(one) > 1)
    return re.compile(rf"(?i)(?<!\w)(?:{spelled or '(?!)'}){ending}(?!\w)")
