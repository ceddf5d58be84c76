"""Series of numbers that are records, and what else repeats, about which staff are asked.

A series is taken where its numbers say that they are those of records ("M 12", "Projekt 3") and run
on, and its records have a label in common, or a word for records and texts of their own. Nothing is
taken for its look.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from ingest.keys import RECORDS
from ingest.readers.kinds import kind_of_word
from ingest.readers.labels import Label
from ingest.readers.proposals import Proposal
from ingest.readers.record_heads import RecordHead
from ingest.readers.sequences import follows

_NAMED = 0.8  # share of the numbers with a code, or a word for a kind of records
_RUNNING = 0.5  # share of the numbers that come next after another one, or begin a series
# share of the titles within a better family, from which these are parts of its records
_INSIDE = 0.7
_NEW = 0.5  # least share of records that no better family has
_MAX_DISTANCE = 2  # lines within which two titles are of one record
_AFTER_LAST = 60  # lines after the last title in which its record may go on
_REACH = 80  # most lines of a record in which labels count


def is_series(proposal: Proposal) -> bool:
    """True if the numbers of a proposal say that they are those of records, and run on."""
    count = len(proposal.heads)
    named = sum(map(_is_named, proposal.heads))
    return named >= _NAMED * count and _count_running(proposal) >= _RUNNING * count


def has_common_label(proposal: Proposal, labels: Sequence[Label]) -> bool:
    """True if most records have the same label, less than `_REACH` lines below their titles."""
    lines = [head.line for head in proposal.heads]
    counts: Counter[str] = Counter()
    for start, end in zip(lines, [*lines[1:], lines[-1] + _REACH], strict=True):
        last = min(end, start + _REACH)
        counts.update({label.key for label in labels if start < label.line < last})
    return 2 * max(counts.values(), default=0) > len(lines)


def _is_named(head: RecordHead) -> bool:
    """True if a number has letters before its digits, or a word for a kind of records."""
    number = head.number
    return number is not None and (bool(number.code) or kind_of_word(number.word) in RECORDS)


def _count_running(proposal: Proposal) -> int:
    """Return how many numbers come next after one of the same letters, or are the first of
    several.
    """
    counts: dict[str, set[tuple[int, ...]]] = {}
    for head in proposal.heads:
        if head.number is not None:
            counts.setdefault(head.number.code, set()).add(head.number.counts)
    running = 0
    for series in counts.values():
        ordered = sorted(series)
        running += ordered[0][-1] <= 1 < len(ordered)  # the first of several, a 1 or 0
        running += sum(follows(before, after) for before, after in pairwise(ordered))
    return running


def choose(
    proposals: Iterable[Proposal],
    rank: Callable[[Proposal], tuple[float, ...]],
    known: Sequence[Proposal] = (),
) -> list[Proposal]:
    """Return the families among proposals, those of the highest rank first.

    Proposals overlap: a record that a family before it or one of the `known` families has is left
    out of those after it. Families that are parts of others are left out as well.
    """
    taken = _Taken(known)
    chosen: list[Proposal] = []
    for proposal in sorted(proposals, key=rank, reverse=True):
        if any(_is_part(proposal, other) for other in (*chosen, *known)):
            continue
        further = taken.further(proposal)
        if len(further.heads) >= _NEW * len(proposal.heads):
            chosen.append(further)
            taken.add(proposal)
    return chosen


def without_records(proposal: Proposal, others: Sequence[Proposal]) -> Proposal:
    """Return a proposal without the records that other families have, by number, title or place."""
    return _Taken(others).further(proposal)


class _Taken:
    """The numbers, titles and lines of the families looked at so far."""

    def __init__(self, proposals: Sequence[Proposal]) -> None:
        """Begin with the families that are known before, whose records nothing else may have."""
        self._refs: set[str] = set()
        self._titles: set[str] = set()
        self._lines: set[int] = set()
        for proposal in proposals:
            self.add(proposal)

    def add(self, proposal: Proposal) -> None:
        """Take all that a family has: its numbers, titles and lines, and a few lines around them
        (`_MAX_DISTANCE`): two titles as near as this belong to one record.
        """
        self._refs |= proposal.refs
        self._titles |= proposal.folded_titles
        for head in proposal.heads:
            self._lines.update(range(head.line - _MAX_DISTANCE, head.line + _MAX_DISTANCE + 1))

    def further(self, proposal: Proposal) -> Proposal:
        """Return a family without the records that another family has already. A record is known by
        its number, its title or its place: one of them is enough, because two proposals may take
        different lines for its title.
        """
        kept = []
        for index, head in enumerate(proposal.heads):
            is_taken = head.ref in self._refs or head.line in self._lines
            if not is_taken and proposal.folded_title(index) not in self._titles:
                kept.append(index)
        return proposal.only(kept)


def _is_part(proposal: Proposal, other: Proposal) -> bool:
    """True if a family is no family of its own beside another: most of its records (`_INSIDE`) are
    between the first and the last record of the other, or up to `_AFTER_LAST` lines behind the
    last, where it may go on.
    """
    first, last = other.heads[0].line, other.heads[-1].line + _AFTER_LAST
    inside = sum(first < head.line < last for head in proposal.heads)
    return inside >= _INSIDE * len(proposal.heads)
