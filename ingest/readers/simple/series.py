"""Series of numbers: lines that begin with numbers of one word and shape, and how surely they count something."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from ingest.readers.numbers import Printed, printed_number, ref_parts
from ingest.stream import Line

_ROMAN = "{roman}."
_DISTINCT = 0.8  # share of the numbers that differ
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

    @property
    def counts_pages(self) -> bool:
        """True if the numbers name a total that they do not come near: "15 von 187" on the pages of a part."""
        totals = [member.number.total for member in self.members if member.number.total]
        return len(totals) == len(self.members) and max(member.parts for member in self.members)[0] < min(totals) / 2

    @property
    def is_distinct(self) -> bool:
        """True if nearly all numbers differ, as those of records do and those of values do not."""
        return len({member.parts for member in self.members}) >= _DISTINCT * len(self.members)


def title_start(text: str, number: Printed) -> int:
    """Return the place in a line at which what follows its number begins."""
    return len(text[:_LONGEST].rstrip()) - len(number.rest)


def find_series(lines: Sequence[Line], apart: Collection[int]) -> tuple[Series, ...]:
    """Return the series of numbers that begin lines or fill cells, the longest first; `apart` are left out."""
    found: dict[tuple[str, bool, str, str], list[Member]] = defaultdict(list)
    for place, line in enumerate(lines):
        if place in apart:
            continue
        number = printed_number(line.text[:_LONGEST])
        if number is not None:
            found[number.form].append(Member(number, place))
    for form in [form for form in found if form[3].startswith(_ROMAN)]:
        coded = (form[0], True, ".", form[3].removeprefix(_ROMAN))
        if coded in found:  # M.1-01 and I.1-01 are of one series
            found[coded] = sorted([*found[coded], *map(_as_code, found.pop(form))], key=lambda member: member.line)
    series = [Series(form, tuple(members)) for form, members in found.items() if len(members) >= _LEAST]
    return tuple(sorted(series, key=lambda one: -len(one.members)))


def _as_code(member: Member) -> Member:
    """Return a member whose first Roman number is the letter of a code."""
    number = member.number
    code, _, digits = number.ref.partition(".")
    return replace(
        member,
        number=replace(number, code=code, gap=".", shape=number.shape.removeprefix(_ROMAN), parts=ref_parts(digits)),
    )


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
