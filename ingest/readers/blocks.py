"""Blocks that repeat the same labels: each is a record, and its labels are fields.

Nothing that was learned is asked here. What stands between the last label of one block and the
first label of the next is, behind the value of the last label, number and title of the next.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.readers.labels import Label
from ingest.readers.lines import DocumentLines
from ingest.readers.numbers import NumberFamily
from ingest.readers.proposals import Proposal, has_titles
from ingest.readers.record_heads import IN_LINE, NumberPlace, RecordHead
from ingest.readers.series import is_series
from prompts import say

LEAST = 3  # labels of a block, and blocks of a family
# fields by one of which blocks are records; others are in chapters and profiles too
_DECIDING = frozenset(("responsible", "partners", "period", "cost", "funding", "priority"))
_HEADED = 0.8  # share of the blocks with a head, from which heads are theirs
_EXTRA = 0.2  # heads that are in no block, or further ones of a block, for each block
_BEFORE_FIRST = 30  # lines above the first block in which its head may be
_AFTER_LAST = 60  # lines behind the first label of the last block in which its head may be
_MOST_LINES = 7  # above a block in which its number or title stands
_SHOWN = 3  # labels that a reason names
_MOST = 0.6  # share of the blocks from which a label is one of the family
_ONCE = 0.8  # share of the blocks with a label that have it once


@dataclass(frozen=True, slots=True)
class BlockFamily:
    """Blocks with the same labels: the lines of the first label of each, the last line of a label
    before it (-1 without one), the lines of the values of labels for titles and for numbers (None
    without one), and the first print of each label in the order of the text.
    """

    starts: tuple[int, ...]
    befores: tuple[int, ...]
    titles: tuple[int | None, ...]
    numbers: tuple[int | None, ...]
    labels: tuple[Label, ...]

    @property
    def deciding(self) -> int:
        """The number of fields among its labels that only records have."""
        return len(_DECIDING.intersection(label.meaning for label in self.labels))

    @property
    def reason(self) -> str:
        """The German sentence that says why blocks are records."""
        names = ", ".join(f"„{label.text}“" for label in self.labels[:_SHOWN])
        count = len(self.labels)
        return say("evidence.blocks", blocks=len(self.starts), labels=count, names=names)

    def block_of(self, line: int) -> int | None:
        """Return the index of the block with a line, None outside of all. A block begins behind the
        last label of the one before it.
        """
        if line > self.starts[-1] + _AFTER_LAST:
            return None
        index = bisect_left(self.befores, line) - 1
        if index < 0 and line > self.starts[0] - _BEFORE_FIRST:
            return 0
        return index if index >= 0 else None

    def heads_of(self, proposal: Proposal) -> Proposal:
        """Return a proposal without heads outside of all blocks. Of several heads without a number
        in a block the last one above its labels is taken.
        """
        kept: dict[int, list[int]] = defaultdict(list)
        for index, head in enumerate(proposal.heads):
            block = self.block_of(head.line)
            # a number below the title stands right above the labels, else it is of something else
            if block is None or head.line < head.number_line < self.starts[block] - 1:
                continue
            kept[block].append(index)
        chosen = []
        for block, indices in kept.items():
            above = [n for n in indices if proposal.heads[n].line < self.starts[block]]
            if above and not any(proposal.heads[n].number for n in indices):
                indices = above[-1:]
            chosen += indices
        return proposal.only(chosen)


class BlockHeads:
    """Finds the heads of blocks: among the `proposals` of a document, else as the last lines
    with numbers above their labels, or as the values of labels for titles. `make` returns the
    proposal with some heads.
    """

    def __init__(
        self,
        document: DocumentLines,
        proposals: Sequence[Proposal],
        make: Callable[[Sequence[RecordHead]], Proposal],
    ) -> None:
        self._document, self._proposals, self._make = document, proposals, make

    def find(self, family: BlockFamily) -> Proposal | None:
        """Return the heads of blocks, None without heads for most blocks.

        The first of these is taken: lines with numbers above the labels, unless the best proposal
        has them all; this proposal, if it has numbers; the values of labels for titles; the best
        proposal without numbers. To the last two numbers are added that stand around them.
        """
        best, highest = None, None
        for proposal in self._proposals:
            heads = family.heads_of(proposal)
            rank = self._rank(family, proposal, heads)
            if rank is not None and (highest is None or rank > highest):
                best, highest = heads, rank
        numbered = self._read(self._numbered_heads(family), family)
        if numbered is not None and _are_counted(numbered):
            if best is not None and best.lines >= numbered.lines:
                return best
            return numbered
        if best is not None and are_numbered(best.heads):
            return best
        values = [  # of labels for titles ("Maßnahmentitel")
            RecordHead(line, first_label=start)
            for line, start in zip(family.titles, family.starts, strict=True)
            if line is not None
        ]
        plain = self._read(values, family) or best
        if plain is None:
            return None
        return self._with_numbers(plain, family)

    def is_sure(self, family: BlockFamily, heads: Proposal) -> bool:
        """True if heads have numbers, are values of labels for titles, or are all set off by their
        look. Other texts above labels may be anything.
        """
        lines = heads.lines
        is_titled = lines.issubset(family.titles)
        return is_titled or are_numbered(heads.heads) or all(map(self._document.is_styled, lines))

    def _read(self, heads: Iterable[RecordHead], family: BlockFamily) -> Proposal | None:
        """Return the proposal with these heads, None unless most blocks have one and their titles
        differ.
        """
        found = list(heads)
        if len(found) < max(LEAST, _HEADED * len(family.starts)):
            return None
        proposal = self._make(found)
        return proposal if has_titles(proposal) else None

    def _numbered_heads(self, family: BlockFamily) -> list[RecordHead]:
        """Return the last line with a number above the labels of each block, or the line below a
        number that stands alone: of the numbers of one form those that most blocks have.
        """
        by_form: dict[NumberFamily, dict[int, RecordHead]] = defaultdict(dict)
        for before, start in zip(family.befores, family.starts, strict=True):
            for index in reversed(range(max(before + 1, start - _MOST_LINES), start)):
                number = self._document.number(index)
                if number is None:
                    continue
                head = RecordHead(index, number, IN_LINE, index)
                if not number.text_after:
                    head = RecordHead(index + 1, number, NumberPlace("near", -1), index)
                if head.line < start:
                    by_form[number.family].setdefault(start, head)
        most = max(by_form.values(), key=len, default={})
        return list(most.values())

    def _with_numbers(self, heads: Proposal, family: BlockFamily) -> Proposal:
        """Return heads with the values of labels for numbers, or the numbers that stand alone
        between the labels of the block before and of their own; as they are unless most have one
        and these differ. They must have letters or begin at 1, since page numbers stand there too.
        """
        found = []
        for head in heads.heads:
            block = family.block_of(head.line) or 0
            first = max(family.befores[block] + 1, head.line - _MOST_LINES)
            # the value of a label, else the title itself; then upwards from the title, then down
            around = [
                family.numbers[block] or head.line,
                *reversed(range(first, head.line)),
                *range(head.line + 1, family.starts[block]),
            ]
            found.append(self._with_number(head, around))
        numbered = self._make(found)
        return numbered if _are_counted(numbered) else heads

    def _with_number(self, head: RecordHead, around: Iterable[int]) -> RecordHead:
        """Return a head with the first number that stands alone in the lines `around` it."""
        for index in around:
            number = self._document.number(index)
            if number is not None and not number.text_after:
                place = NumberPlace("near", index - head.line)
                return replace(head, number=number, place=place, number_line=index)
        return head

    def _rank(
        self, family: BlockFamily, proposal: Proposal, heads: Proposal
    ) -> tuple[float, ...] | None:
        """Return how well heads fit blocks, None if they do not.

        Each block should have one head, and no head should be elsewhere. Of what fits, the share
        of numbers counts first, then how well it fits, then a look that is set off, and last how
        early in the text the heads are.
        """
        count, lines = len(heads.heads), [head.line for head in heads.heads]
        blocks = len(family.starts)
        headed = len({family.block_of(line) for line in lines})
        outside = sum(family.block_of(head.line) is None for head in proposal.heads)
        extra = outside + count - headed
        if headed < _HEADED * blocks or extra > _EXTRA * blocks:
            return None
        return (
            round(sum(head.number is not None for head in heads.heads) / count, 1),
            round((headed - extra) / blocks, 1),
            round(sum(map(self._document.is_set_off, lines)) / count, 1),
            -sum(lines) / count,
        )


def are_numbered(heads: Sequence[RecordHead]) -> bool:
    """True if most heads have numbers."""
    return 2 * sum(head.number is not None for head in heads) > len(heads)


def _are_counted(proposal: Proposal) -> bool:
    """True if most heads have numbers that differ and have letters or begin at 1, as page numbers
    hardly do.
    """
    if len(proposal.refs) < _HEADED * len(proposal.heads):
        return False
    counts = (head.number.counts[-1] for head in proposal.heads if head.number)
    return min(counts) == 1 or is_series(proposal)


def find_block_families(labels: Sequence[Label]) -> Iterator[BlockFamily]:
    """Yield the families of blocks, those with most labels first; none shares lines with another.

    `labels` are in the order of the text.
    """
    remaining = list(labels)
    while True:
        family = _find_best(remaining)
        if family is None:
            return
        yield family
        first, last = family.starts[0], family.starts[-1]
        remaining = [label for label in remaining if not first <= label.line <= last]


def _find_best(labels: Sequence[Label]) -> BlockFamily | None:
    """Return the family with most labels in its blocks, None without one. Each label is tried as
    the one with which blocks begin; of those with equally many the one printed first is taken.
    """
    prints: dict[str, list[Label]] = defaultdict(list)
    for label in labels:
        prints[label.key].append(label)
    best, most = None, 0
    for own in prints.values():
        if len(own) < LEAST:
            continue
        members = _find_members(own, labels)
        size = sum(members.values())
        if len(members) + 1 >= LEAST and size > most:
            best, most = _make_family(own, members, labels), size
    return best


def _find_members(own: Sequence[Label], labels: Sequence[Label]) -> dict[str, int]:
    """Return the labels that most blocks have, and hardly one has twice, with the number of blocks.
    Each block begins with one of the prints `own`.
    """
    counts: Counter[str] = Counter()
    repeated: Counter[str] = Counter()
    for first, last in _bounds(own, labels):
        keys = Counter(label.key for label in labels[first + 1 : last])
        counts.update(keys.keys())
        repeated.update(key for key, count in keys.items() if count > 1)
    return {
        key: count
        for key, count in counts.items()
        if count >= max(LEAST, _MOST * len(own)) and repeated[key] <= (1 - _ONCE) * count
    }


def _bounds(own: Sequence[Label], labels: Sequence[Label]) -> Iterator[tuple[int, int]]:
    """Yield for each block that begins with one of the prints `own` the index of its first label
    and that of the first label of the next.
    """
    lines = [label.line for label in labels]
    firsts = (bisect_left(lines, label.line) for label in own)
    return pairwise([*firsts, len(labels)])


def _make_family(
    own: Sequence[Label], members: dict[str, int], labels: Sequence[Label]
) -> BlockFamily:
    """Return the family of blocks that begin with the prints `own`."""
    befores = list[int]()
    titles, numbers = list[int | None](), list[int | None]()
    starts = [label.line for label in own]
    for first, last in _bounds(own, labels):
        befores.append(labels[first - 1].lines[-1] if first else -1)
        values: dict[str | None, int] = {}  # meaning of a label → first line of its value
        for label in labels[first:last]:
            # behind the label in its line, or below a label that fills its line
            values.setdefault(label.meaning, label.lines[-1] + label.is_whole)
        titles.append(values.get("title"))
        numbers.append(values.get("ref"))
    first_prints: dict[str, Label] = {}
    for label in labels:
        if label.key in members:
            first_prints.setdefault(label.key, label)
    shown = (own[0], *first_prints.values())
    return BlockFamily(tuple(starts), tuple(befores), tuple(titles), tuple(numbers), shown)
