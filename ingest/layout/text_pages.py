"""Pages of a text file that marks them by lines: "-- 3 of 24 --", "Seite 3", "- 3 -"."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise

_DIGITS = re.compile(r"\d+")
_LONGEST = 40  # characters of a mark
_LEAST = 3  # marks that make a numbering of pages
_WORD = re.compile(r"\b(?:seite|page|s\.)\s*\W*0", re.I)
_FRAMED = re.compile(r"^[^\w\s]+\s*0.*[^\w\s]+$")


def page_breaks(lines: list[str]) -> list[int]:
    """Return the numbers of the lines that begin a new page, none where no line of one shape counts the pages.

    A mark has a running number from 1 (or 2) to the last, the same signs around it every time, and either the word
    for a page or a frame of signs. Where two kinds of marks follow each other the later one counts.
    """
    shapes: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for place, line in enumerate(lines):
        text = " ".join(line.split())
        if not 0 < len(text) <= _LONGEST or not any(map(str.isdigit, text)):
            continue
        numbers = [int(number) for number in _DIGITS.findall(text)[:2] if len(number) < 5]
        total = f"/{numbers[1]}" if len(numbers) > 1 else ""
        if numbers:
            shapes[_DIGITS.sub("0", text) + total].append((place, numbers[0]))
    kinds = [marks for shape, marks in shapes.items() if _is_numbering(shape, marks)]
    if not kinds:
        return []
    best = max(kinds, key=lambda marks: (len(marks), marks[0][0]))
    first = best[0][0]
    leads = not any(line.strip() for line in lines[:first])
    starts = [place if leads else place + 1 for place, _ in best]
    begun = starts[1:] if leads else starts
    return [start for start in begun if any(line.strip() for line in lines[start:])]


def _is_numbering(shape: str, marks: list[tuple[int, int]]) -> bool:
    if len(marks) < _LEAST or not (_WORD.search(shape) or _FRAMED.match(shape.split("/")[0])):
        return False
    numbers = [number for _, number in marks]
    rising = sum(after == before + 1 for before, after in pairwise(numbers))
    return numbers[0] <= 2 and rising == len(numbers) - 1
