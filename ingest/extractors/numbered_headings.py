"""Headings with numbers: decimal outlines, parts with numerals, and single series."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.blocks import Block, BlockKind
from ingest.plan.numbering import Number, Style, leading_bare, leading_letter, leading_number

_ENDED = re.compile(r"[.!?…;,]['\"“”»)]*$")
_RESOLVES = re.compile(r"beschlu(?:ss|ß)|beschließ|beantrag|wird gebeten", re.I)


@dataclass(slots=True)
class Head:
    """A block that is a heading.

    `level` is its depth from 1; `label`: a labelled field of a sheet; `resolves`: a point of a resolution;
    `overview`: it announces a chapter that comes later; `lists`: numbers follow at once, it opens a part of its own.
    """

    level: int
    title: str
    number: Number | None = None
    label: bool = False
    resolves: bool = False
    overview: bool = False
    lists: bool = False


def numbered_heads(blocks: Sequence[Block], moves: bool = False) -> dict[int, Head]:
    """Return the numbered headings by their position among the blocks; `moves`: the paper moves what to resolve."""
    found: dict[int, tuple[Number, str]] = {}
    for index, block in enumerate(blocks):
        if block.kind is BlockKind.TEXT:
            number = leading_number(block.text)
            if number:
                found[index] = number
    deep = {i: n for i, n in found.items() if n[0].depth > 1 and not _is_prose(n[1])}
    parts = _part_letters(blocks, found)
    if len(deep) >= 3:
        return _outline_heads(blocks, found, deep)
    if parts:
        heads = {i: Head(1, title, number) for i, (number, title) in parts.items()}
        heads |= {i: Head(2, n[1], n[0]) for i, n in found.items() if i > min(parts) and not _is_prose(n[1])}
        return heads
    return _series_heads(blocks, found, moves)


def _is_prose(text: str) -> bool:
    return len(text) > 300 or (bool(re.search(r"[.;,]$", text)) and len(text) > 60)


def _outline_heads(
    blocks: Sequence[Block], found: dict[int, tuple[Number, str]], deep: dict[int, tuple[Number, str]]
) -> dict[int, Head]:
    """Decimal outline: a chapter is a single number that numbers of its own follow; others are its overview."""
    heads = {i: Head(n[0].depth, n[1], n[0]) for i, n in deep.items()}
    chapters = {i: n for i, n in found.items() if n[0].depth == 1 and n[0].style is Style.DECIMAL and len(n[1]) < 160}
    for index, block in enumerate(blocks):
        bare = leading_bare(block.text) if block.kind is BlockKind.TEXT and index not in found else None
        if bare and len(bare[1]) < 100 and not _ENDED.search(bare[1]):
            chapters[index] = bare
    order = sorted(deep)
    opened: set[int] = set()
    for index in sorted(chapters, reverse=True):
        number, title = chapters[index]
        following = next((i for i in order if i > index), None)
        between = any(index < i < (following or index) for i in chapters)
        if following is not None and not between and deep[following][0].parts[0] == number.parts[0]:
            heads[index] = Head(1, title, number)
            opened.add(number.parts[0])
    names = {heads[i].title.casefold() for i in heads if heads[i].level == 1}
    for index, (number, title) in chapters.items():
        if index not in heads and number.parts[0] in opened and title.casefold() in names:
            heads[index] = Head(1, title, number, overview=True)
    return heads


def _part_letters(blocks: Sequence[Block], found: dict[int, tuple[Number, str]]) -> dict[int, tuple[Number, str]]:
    """Parts A, B, ...: letters in order, each with numbered headings below it."""
    letters = {}
    for index, block in enumerate(blocks):
        letter = leading_letter(block.text) if block.kind is BlockKind.TEXT else None
        if letter and len(letter[1]) < 120 and not _ENDED.search(letter[1]):
            letters[index] = letter
    kept: dict[int, tuple[Number, str]] = {}
    for index, letter in letters.items():
        if letter[0].parts[0] == len(kept) + 1:
            kept[index] = letter
    return kept if len(kept) >= 2 and any(i > min(kept) for i in found) else {}


def _series_heads(blocks: Sequence[Block], found: dict[int, tuple[Number, str]], moves: bool) -> dict[int, Head]:
    """One series of single numbers: the one behind a resolution, else the one with most text; others overview it."""
    runs: list[list[int]] = []
    for index in sorted(found):
        number = found[index][0]
        same = [run for run in runs[-1:] if found[run[-1]][0].style is number.style]
        if same and found[same[0][-1]][0].parts[0] < number.parts[0]:
            same[0].append(index)
        else:
            runs.append([index])
    runs = [run for run in runs if len(run) >= 2 and found[run[0]][0].parts[0] == 1] or [r for r in runs if len(r) >= 3]
    if not runs:
        return {}
    resolving = [run for run in runs if _resolves(blocks, run[0])] or (runs[:1] if moves else [])
    best = resolving[0] if resolving else max(runs, key=lambda run: _weight(blocks, run, runs))
    heads = {i: Head(2 if resolving else 1, found[i][1], found[i][0], resolves=bool(resolving)) for i in best}
    return {i: head for i, head in heads.items() if resolving or len(head.title) < 300}


def _weight(blocks: Sequence[Block], run: list[int], runs: list[list[int]]) -> int:
    after = min((other[0] for other in runs if other[0] > run[-1]), default=len(blocks))
    return sum(len(block.text) for block in blocks[run[0] : after])


def _resolves(blocks: Sequence[Block], index: int) -> bool:
    before = [block.text for block in blocks[max(0, index - 2) : index]]
    return any(_RESOLVES.search(text) and (len(text) < 80 or text.endswith(":")) for text in before)
