"""Headings of chapters that stand behind the text of a record, and end it.

A record reaches to the next one, so that the chapter between two records, or all chapters behind the last one, would
count as its text. A chapter shows itself by a number that continues those of the chapters before, in the same type;
behind the last record also by type that stands above that of the records.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from ingest.blocks import Block, BlockKind
from ingest.extractors.headings import LONGEST, Head, is_half_sentence, stands_behind_all
from ingest.layout.lines import Role
from ingest.plan.numbering import Style, leading_letter, leading_number
from ingest.plan.numbers import printed_number

_LEAST = 2  # numbered chapters in one type, of which another may be one
_LARGER = 1.0  # points that a heading has to be larger than those of the records


def chapters_on_sheets(blocks: Sequence[Block], heads: Mapping[int, Head]) -> dict[int, Head]:
    """Return the headings on sheets that end them, by position; `heads` are those outside of all sheets."""
    outside = {i: head for i, head in heads.items() if head.number and head.number.style is Style.DECIMAL}
    types = Counter(_type(blocks[i]) for i in outside if blocks[i].bold or blocks[i].level)
    last = max((block.sheet for block in blocks), default=-1)
    higher = _Higher(blocks, last) if last >= 0 else None
    ends: dict[int, Head] = {}
    before: tuple[int, ...] = ()
    for index, block in enumerate(blocks):
        if index in outside:
            number = outside[index].number
            before = number.parts if number is not None else before
        if block.sheet < 0 or block.role is not None or not _is_title(block):
            continue
        found = leading_number(block.text)
        if found and before and types[_type(block)] >= _LEAST and _comes_next(before, found[0].parts):
            ends[index] = Head(found[0].depth, found[1], found[0])
            before = found[0].parts
        elif higher is not None and higher.stands_above(block) and not any(blocks[i].sheet == last for i in ends):
            number, title = leading_letter(block.text) or (None, block.text)
            ends[index] = Head(1, title, number)
    return ends


def _comes_next(before: tuple[int, ...], parts: tuple[int, ...]) -> bool:
    """Whether a number may follow another in an outline: 2.2 or 2.1.1 or 3 behind 2.1."""
    if len(parts) > len(before):
        return parts == (*before, 1)
    above = len(parts) - 1
    return parts[:above] == before[:above] and parts[above] == before[above] + 1


class _Higher:
    """Tells headings on the last sheet that stand above records: of their level by mark, or in larger type."""

    def __init__(self, blocks: Sequence[Block], last: int) -> None:
        records = [block for block in blocks if block.role is Role.RECORD]
        self._last, self._level = last, min((block.level for block in records if block.level), default=0)
        self._printed = next((block.text for block in records if block.sheet == last), "")
        self._counts = Counter(block.text for block in blocks)
        letters = Counter[float]()
        for block in blocks:
            letters[block.size] += len(block.text) if block.sheet >= 0 else 0
        made = [block.size for block in blocks if block.role in (Role.RECORD, Role.LABEL)]
        self._size = max([*made, *(size for size, _ in letters.most_common(1))], default=0.0)

    def stands_above(self, block: Block) -> bool:
        """Whether a block on the last sheet is set as what stands above records."""
        if block.sheet != self._last or self._counts[block.text] > 1:
            return False
        if 0 < block.level <= self._level and not self._goes_on(block.text):
            return True
        return stands_behind_all(block.text) or (self._size > 0 and block.size >= self._size + _LARGER)

    def _goes_on(self, text: str) -> bool:
        """Whether a heading has the number of its record once more, or its whole title with more behind it."""
        record, again = printed_number(self._printed), printed_number(text)
        if record is not None and again is not None and (record.form, record.parts) == (again.form, again.parts):
            return True
        more = text[len(self._printed) :]
        return bool(self._printed) and text.casefold().startswith(self._printed.casefold()) and not more[:1].isalnum()


def _is_title(block: Block) -> bool:
    short = block.kind is BlockKind.TEXT and len(block.text) <= LONGEST
    return short and not block.text.endswith((".", ",", ";", ":")) and not is_half_sentence(block.text)


def _type(block: Block) -> tuple[bool, int, int]:
    return block.bold, block.level, round(block.size)
