"""Numbers in sequence: which follows which, and the best chain of numbered lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from ingest.readers.numbers import PrintedNumber

_MOST_SKIPPED = 5  # lines that a chain skips and that count
_WINDOW = 60  # lines back in which the previous member of a chain is searched


@dataclass(frozen=True, slots=True)
class Member:
    """A number of a chain and the index of the line that it begins."""

    line: int
    number: PrintedNumber


def best_chain(
    members: Sequence[Member],
    weights: Mapping[int, float] | Sequence[float],
    step: Callable[[Member, Member], float],
    begins: Callable[[Member], bool],
    skip_cost: float,
) -> list[Member]:
    """Return the chain of members, each following the member before it, with the greatest sum of
    weights and steps; empty if there is none.

    `weights` are by line. `step` scores how well one member follows another, 0 for not at all. A
    chain begins with a member for which `begins` is true; each member that it leaves out costs
    `skip_cost`. It is found by dynamic programming over the best chain that ends at each member.
    """
    scores: list[float] = []  # of the best chain that ends at each member, -inf where there is none
    previous: list[int] = []  # index of the member before in that chain, -1 at its beginning
    for index, member in enumerate(members):
        score, source = -inf, -1
        if begins(member):
            score = 0.0
        for earlier in range(max(0, index - _WINDOW), index):
            fit = step(members[earlier], member)
            if fit <= 0:
                continue
            fit -= skip_cost * min(index - earlier - 1, _MOST_SKIPPED)
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


def follows(first: Sequence[int], second: Sequence[int]) -> bool:
    """True if the second number is the next after the first: one part is greater by 1, and all
    parts behind it are 1 or 0. "2.1" follows "1.4".
    """
    if len(first) != len(second):
        return False
    for index, (part, next_part) in enumerate(zip(first, second, strict=True)):
        if part != next_part:
            return next_part == part + 1 and all(later <= 1 for later in second[index + 1 :])
    return False
