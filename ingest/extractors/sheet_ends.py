"""Headings of chapters that stand behind the text of a record, and end it.

A record reaches to the next one, so that the chapter between two records, or all chapters behind the last one, would
count as its text. A chapter shows itself by a number that continues those of the chapters before, in the same type;
behind the last record also by type that stands above that of the records.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from ingest.blocks import Block, BlockKind
from ingest.extractors.numbered_headings import Head
from ingest.extractors.plain_headings import LONGEST, is_half_sentence
from ingest.layout.lines import Role
from ingest.plan.numbering import Style, leading_letter, leading_number
from ingest.plan.numbers import printed_number

_LEAST = 2  # numbered chapters in one type, of which another may be one
_LARGER = 1.0  # points that a heading has to be larger than those of the records

Type = tuple[bool, int, float]


def sheet_ends(blocks: Sequence[Block], heads: Mapping[int, Head]) -> dict[int, Head]:
    """Return the headings on sheets that end them, by position; `heads` are those outside of all sheets."""
    ends = _numbered_ends(blocks, heads)
    last = max((block.sheet for block in blocks), default=-1)
    ended = any(blocks[index].sheet == last for index in ends)
    behind = None if ended or last < 0 else _higher_heading(blocks, last)
    if behind is None:
        return ends
    number, title = leading_letter(blocks[behind].text) or (None, blocks[behind].text)
    return {**ends, behind: Head(1, title, number)}


def _numbered_ends(blocks: Sequence[Block], heads: Mapping[int, Head]) -> dict[int, Head]:
    """Return the headings whose number comes next, in the type that the numbered chapters outside of sheets have."""
    outside = [i for i, head in heads.items() if head.number is not None and head.number.style is Style.DECIMAL]
    types = Counter(_type(blocks[i]) for i in outside if blocks[i].bold or blocks[i].level)
    usual = {one for one, count in types.items() if count >= _LEAST}
    ends: dict[int, Head] = {}
    before: tuple[int, ...] = ()
    for index, block in enumerate(blocks):
        if index in outside:
            number = heads[index].number
            before = number.parts if number is not None else before
        elif before and block.sheet >= 0 and block.role is None and _type(block) in usual and _is_title(block):
            found = leading_number(block.text)
            if found is not None and _comes_next(before, found[0].parts):
                ends[index] = Head(found[0].depth, found[1], found[0])
                before = found[0].parts
    return ends


def _comes_next(before: tuple[int, ...], parts: tuple[int, ...]) -> bool:
    """Whether a number may follow another in an outline: 2.2 or 2.1.1 or 3 behind 2.1."""
    if len(parts) > len(before):
        return parts == (*before, 1)
    above = len(parts) - 1
    return parts[:above] == before[:above] and parts[above] == before[above] + 1


def _higher_heading(blocks: Sequence[Block], last: int) -> int | None:
    """Return the first heading on the last sheet that stands above records: of their level by mark, or larger type."""
    records = [block for block in blocks if block.role is Role.RECORD]
    levels = [block.level for block in records if block.level]
    size = _size_on_sheets(blocks)
    printed = next((block.text for block in records if block.sheet == last), "")
    counts = Counter(block.text for block in blocks)
    for index, block in enumerate(blocks):
        if block.sheet != last or block.role is not None or counts[block.text] > 1 or not _is_title(block):
            continue
        if block.level and levels and block.level <= min(levels) and not _goes_on(printed, block.text):
            return index
        if size and block.size >= size + _LARGER:
            return index
    return None


def _size_on_sheets(blocks: Sequence[Block]) -> float:
    """Return the largest type, in points, of what makes a sheet: titles, labels and most of the text; 0 for none."""
    made = [block.size for block in blocks if block.role in (Role.RECORD, Role.LABEL)]
    texts = Counter[float]()
    for block in blocks:
        if block.sheet >= 0:
            texts[block.size] += len(block.text)
    return max([*made, *(size for size, _ in texts.most_common(1))], default=0.0)


def _goes_on(printed: str, text: str) -> bool:
    """Whether a heading has the number of its record once more, or its whole title with more behind it."""
    record, again = printed_number(printed), printed_number(text)
    if record is not None and again is not None and (record.form, record.parts) == (again.form, again.parts):
        return True
    behind = text[len(printed) :]
    return bool(printed) and text.casefold().startswith(printed.casefold()) and not behind[:1].isalnum()


def _is_title(block: Block) -> bool:
    short = block.kind is BlockKind.TEXT and len(block.text) <= LONGEST
    return short and not block.text.endswith((".", ",", ";", ":")) and not is_half_sentence(block.text)


def _type(block: Block) -> Type:
    return block.bold, block.level, round(block.size)
