"""Numbers in sequence: which follows which, and the best chain of numbered lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf

from ingest.readers.numbers import PrintedNumber

_MOST_SKIPPED = 5  # members that a chain skips at one place and that count
_SKIP_COST = 0.15  # of each member that a chain skips
_WINDOW = 60  # members back among which the previous member of a chain is searched


@dataclass(frozen=True, slots=True)
class Member:
    """A number of a chain and the index of the line that it begins."""

    line: int
    number: PrintedNumber


def best_chain(members: Sequence[Member], weights: Mapping[int, float]) -> list[Member]:
    """Return the chain of members, each following the member before it in an outline, with the
    greatest sum of weights and steps; empty if there is none.

    `weights` are by line: how much it looks like a heading. The steps score how well one member
    follows another (1.2 after 1.1: 1); members that a chain leaves out cost, up to `_MOST_SKIPPED`
    between two of its members. It is found by dynamic programming over the best chain that ends at
    each member; each is compared with the `_WINDOW` members before it.
    """
    scores: list[float] = []  # of the best chain that ends at each member, -inf where there is none
    previous: list[int] = []  # index of the member before in that chain, -1 at its beginning
    for index, member in enumerate(members):
        score, source = -inf, -1
        if _begins_outline(member):
            score = 0.0
        for earlier in range(max(0, index - _WINDOW), index):
            fit = _outline_step(members[earlier], member)
            if fit <= 0:
                continue
            fit -= _SKIP_COST * min(index - earlier - 1, _MOST_SKIPPED)
            if fit > 0 and scores[earlier] + fit > score:
                score, source = scores[earlier] + fit, earlier
        scores.append(score + weights[member.line])
        previous.append(source)
    chain: list[Member] = []
    index = max(range(len(scores)), key=scores.__getitem__, default=-1)
    if index >= 0 and scores[index] == -inf:
        return []
    while index >= 0:
        chain.append(members[index])
        index = previous[index]
    return chain[::-1]


def _outline_step(before: Member, member: Member) -> float:
    """Return how well a number follows another in an outline, from 0 for not at all to 1.

    It is 1 for 1.1 (or 1.0) after 1, and for 1.2 and also 2 after 1.1 or 1.1.3. Over a gap it is
    less: 1/2 for 1.3 after 1.1, and 0 for more than two numbers left out.
    """
    first, (*upper, last) = before.number.counts, member.number.counts
    depth = len(upper)
    if tuple(upper) == first and last <= 1:  # the first number below the one before
        return 1.0
    if depth >= len(first) or tuple(upper) != first[:depth]:
        return 0.0
    gap = last - first[depth]
    if 0 < gap <= 3:
        return 1.0 / gap
    return 0.0


def _begins_outline(member: Member) -> bool:
    """True if an outline may begin with a number: one of one part, or the first of its level."""
    counts = member.number.counts
    return counts[-1] <= 1 or len(counts) == 1


def follows(first: Sequence[int], second: Sequence[int]) -> bool:
    """True if the second number is the next after the first, with as many parts: one part is
    greater by 1, the parts before it are equal, and all parts behind it are 1 or 0. "2.1" follows
    "1.4".
    """
    if len(first) != len(second):
        return False
    for index, (part, next_part) in enumerate(zip(first, second, strict=True)):
        if part != next_part:
            return next_part == part + 1 and all(later <= 1 for later in second[index + 1 :])
    return False
