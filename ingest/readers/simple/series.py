"""Series of numbers: lines that begin with numbers of one word and shape, and how surely they count something."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ingest.readers.numbers import Printed, printed_number, ref_parts
from ingest.stream import Line

_LEAST = 2  # members of a series
_LONGEST = 200  # characters of a line that a number heads


@dataclass(frozen=True, slots=True)
class Member:
    """A line that begins with a number: the number, and its line."""

    number: Printed
    line: int

    @property
    def parts(self) -> tuple[int, ...]:
        """What of the number counts on."""
        return self.number.parts or ref_parts(self.number.ref)


@dataclass(frozen=True, slots=True)
class Series:
    """Numbers of one word and shape, in the order of the lines; the letters before the digits may differ."""

    form: tuple[str, bool, str, str]
    members: tuple[Member, ...]

    @property
    def word(self) -> str:
        """The word before the numbers ("Maßnahme"), "" without one."""
        return self.form[0]


def find_series(lines: Sequence[Line], apart: Collection[int]) -> tuple[Series, ...]:
    """Return the series of numbers that begin lines or fill cells, the longest first; `apart` are left out."""
    found: dict[tuple[str, bool, str, str], list[Member]] = defaultdict(list)
    for place, line in enumerate(lines):
        if place in apart:
            continue
        number = printed_number(line.text[:_LONGEST])
        if number is not None:
            found[number.form].append(Member(number, place))
    series = [Series(form, tuple(members)) for form, members in found.items() if len(members) >= _LEAST]
    return tuple(sorted(series, key=lambda one: -len(one.members)))


def rising(members: Sequence[Member]) -> list[Member]:
    """Return the longest run of members whose numbers rise, each code's numbers for themselves."""
    by_code: dict[str, list[Member]] = defaultdict(list)
    for member in members:
        by_code[member.number.code].append(member)
    kept: list[Member] = []
    for own in by_code.values():
        kept += _longest_rising(own)
    return sorted(kept, key=lambda member: member.line)


def _longest_rising(members: Sequence[Member]) -> list[Member]:
    """Return the longest strictly rising subsequence (patience sorting with links)."""
    tails: list[int] = []
    links: list[int] = []
    for place, member in enumerate(members):
        low, high = 0, len(tails)
        while low < high:
            middle = (low + high) // 2
            if members[tails[middle]].parts < member.parts:
                low = middle + 1
            else:
                high = middle
        links.append(tails[low - 1] if low else -1)
        tails[low : low + 1] = [place]
    chain: list[Member] = []
    place = tails[-1] if tails else -1
    while place >= 0:
        chain.append(members[place])
        place = links[place]
    return chain[::-1]


def counts_on(first: tuple[int, ...], second: tuple[int, ...]) -> bool:
    """True if a number may follow another in an outline: 2.2 or 3 behind 2.1, 2.1.1 behind 2.1."""
    if len(second) > len(first):
        return second[: len(first)] == first and all(part == 1 for part in second[len(first) :])
    place = len(second) - 1
    return second[:place] == first[:place] and second[place] == first[place] + 1
