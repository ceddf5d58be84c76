"""Headings with numbers: decimal outlines, parts with numerals, and single series."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.blocks import Block, BlockKind
from ingest.plan.numbering import Number, Style, leading_bare, leading_letter, leading_number

_ENDED = re.compile(r"[.!?…;,]['\"“”»)]*$")
_RESOLVES = re.compile(r"beschlu(?:ss|ß)|beschließ|beantrag|wird gebeten", re.I)

_LETTERED = 3  # parts with letters, without any numbers below them
_PART_TEXT = 150  # characters that stand in each
LONGEST_TITLE = 300  # characters; what is longer is a point with a number, and no title
_LISTED = 0.8  # of the numbers of a list that follow one another at once
_LIST_SHARE = 0.2  # of the text behind its first number that a list is at most


@dataclass(slots=True)
class Head:
    """A block that is a heading.

    `level` is its depth from 1; `label`: a labelled field of a sheet; `resolves`: a point of a resolution;
    `overview`: it announces a chapter that comes later; `lists`: numbers follow at once, it opens a part of its own;
    `below`: it has no number and stands in the chapter or part before it; `rank`: how high it stands among headings
    without numbers, the highest first, None where nothing tells.
    """

    level: int
    title: str
    number: Number | None = None
    label: bool = False
    resolves: bool = False
    overview: bool = False
    lists: bool = False
    below: bool = False
    rank: tuple[float, ...] | None = None


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
    heads |= _undivided(blocks, chapters, heads)
    opened |= {head.number.parts[0] for head in heads.values() if head.number is not None and head.level == 1}
    names = {heads[i].title.casefold() for i in heads if heads[i].level == 1}
    for index, (number, title) in chapters.items():
        if index not in heads and number.parts[0] in opened and title.casefold() in names:
            heads[index] = Head(1, title, number, overview=True)
    return heads


def _undivided(
    blocks: Sequence[Block], chapters: dict[int, tuple[Number, str]], heads: dict[int, Head]
) -> dict[int, Head]:
    """Chapters without numbers below: each comes next behind those before, in their type, with text of its own."""
    types = {(blocks[i].bold, round(blocks[i].size)) for i, head in heads.items() if head.level == 1}
    made: dict[int, Head] = {}
    for index in sorted(chapters):
        number, title = chapters[index]
        known = {**heads, **made}
        sooner, later = (
            max((i for i in known if i < index), default=None),
            min((i for i in known if i > index), default=None),
        )
        if index in heads or sooner is None or (blocks[index].bold, round(blocks[index].size)) not in types:
            continue
        between = any(sooner < i < index for i in chapters)
        before, after = known[sooner].number, known[later].number if later is not None else None
        follows = before is not None and before.parts[0] == number.parts[0] - 1
        goes_on = after is None or after.parts[0] == number.parts[0] + 1 or later in chapters
        text = sum(len(block.text) for block in blocks[index + 1 : later or len(blocks)])
        if follows and goes_on and not between and text >= _PART_TEXT and not _ENDED.search(title):
            made[index] = Head(1, title, number)
    return made


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
    numbered = len(kept) >= 2 and any(i > min(kept) for i in found)
    return kept if numbered or (len(kept) >= _LETTERED and _have_text(blocks, list(kept))) else {}


def _have_text(blocks: Sequence[Block], places: Sequence[int]) -> bool:
    """Whether text stands behind each of some headings, up to the next."""
    ends = [*places[1:], len(blocks)]
    return all(sum(len(one.text) for one in blocks[i + 1 : j]) >= _PART_TEXT for i, j in zip(places, ends, strict=True))


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
    runs = [run for run in runs if not _is_list(blocks, run)]
    if not runs:
        return {}
    resolving = [run for run in runs if _resolves(blocks, run[0])] or (runs[:1] if moves else [])
    best = resolving[0] if resolving else max(runs, key=lambda run: _weight(blocks, run, runs))
    heads = {i: Head(2 if resolving else 1, found[i][1], found[i][0], resolves=bool(resolving)) for i in best}
    answered = sum(i + 1 not in found for i in best) > 0.5 * len(best)
    return {i: head for i, head in heads.items() if resolving or answered or len(head.title) < LONGEST_TITLE}


def _is_list(blocks: Sequence[Block], run: list[int]) -> bool:
    """Whether numbers only count the points of a list in running text: announced, with nothing between them."""
    announced = run[0] > 0 and blocks[run[0] - 1].text.rstrip().endswith(":")
    if not announced or _resolves(blocks, run[0]):
        return False
    at_once = sum(later == sooner + 1 for sooner, later in pairwise(run))
    own = sum(len(block.text) for block in blocks[run[0] : run[-1] + 1])
    rest = sum(len(block.text) for block in blocks[run[0] :])
    return at_once >= _LISTED * (len(run) - 1) and own <= _LIST_SHARE * rest


def _weight(blocks: Sequence[Block], run: list[int], runs: list[list[int]]) -> int:
    after = min((other[0] for other in runs if other[0] > run[-1]), default=len(blocks))
    return sum(len(block.text) for block in blocks[run[0] : after])


def _resolves(blocks: Sequence[Block], index: int) -> bool:
    before = [block.text for block in blocks[max(0, index - 2) : index]]
    return any(_RESOLVES.search(text) and (len(text) < 80 or text.endswith(":")) for text in before)
