"""Line numbers that stand glued before the text of their lines: every line's or every fifth line's."""

from __future__ import annotations

import re
from collections.abc import Sequence

_NUMBER = re.compile(r"^\s*(\d{1,4})\s+(?=\S)")
_LEAST = 20  # numbers that go on from one another
_RUN_ON = 0.2  # share of numbered lines that go on in lower case: lists begin anew with every number


def glued_numbers(texts: Sequence[str]) -> dict[int, int]:
    """Return by line the length of the number glued before it, where numbers count the lines; empty where none do.

    A number counts lines where it is by one more than that of the line before, or by five more than the one five
    lines before.
    """
    found = {place: match for place, text in enumerate(texts) if (match := _NUMBER.match(text))}
    counted: set[int] = set()
    for step in (1, 5):
        for place in found:
            following = found.get(place + step)
            if following is not None and int(following[1]) == int(found[place][1]) + step:
                counted |= {place, place + step}
    runs_on = sum(texts[place][found[place].end()].islower() for place in counted)
    if len(counted) < _LEAST or runs_on < _RUN_ON * len(counted):
        return {}
    return {place: found[place].end() for place in sorted(counted)}
