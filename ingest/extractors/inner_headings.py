"""Headings without numbers inside a section: what is set off as a title, or stands alone as one in plain text.

Only sections that are neither records nor points are parted, so that no record changes. What a file marks as a heading
is one; bold or large type is one where text in ordinary type follows; in plain text a short line of its own is one
where a sentence or a list follows and none is left open.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import pairwise

from ingest.blocks import Block, BlockKind
from ingest.extractors.kinds import has_project_fields, is_group, kind_of
from ingest.extractors.outline import Section
from ingest.extractors.plain_headings import is_half_sentence, reads_like_title
from ingest.plan.numbering import Number, leading_letter, leading_number
from vectorstore.records import DocumentKind, ItemKind

_CLOSED = re.compile(r"[.!?:…;\d)\]'\"“”»]$")
_PROSE = 60  # characters of a paragraph at least
_PLAIN_LONGEST = 80  # characters of a heading that nothing but its place tells
_MANY_WORDS = 10
_LEVELS = 7  # behind the levels that a file's own headings have
_REPEATED = 3  # prints of one heading that tell it from those that stand above it
_LARGER = 1.08  # of the body's size of type

_PARTED = (ItemKind.SECTION, ItemKind.THEME)


def part_sections(
    root: Section, blocks: Sequence[Block], titles: Collection[str], title: str, kind: DocumentKind
) -> None:
    """Part the sections under `root` at the headings inside them; `titles` are those of the table of contents.

    `title` and `kind` are the document's, by which it is told what is a record.
    """
    headings = _Headings(blocks, titles)
    sections = [one for one in root.walk() if one.level and not one.overview and _is_parted(one, title, kind)]
    for section in sections:
        _part(section, headings)


def _is_parted(section: Section, title: str, kind: DocumentKind) -> bool:
    if section.resolves or section.label or is_group(section):
        return False
    if section.given is None and has_project_fields(section):
        return False
    return kind_of(section, title, kind) in _PARTED


def _part(section: Section, headings: _Headings) -> None:
    """Give each heading among a section's blocks a section of its own, up to the next one or a section below."""
    heads = {block.start: rank for block in section.blocks if (rank := headings.rank(block)) is not None}
    if not heads:
        return
    blocks, section.blocks = section.blocks, []
    borders = sorted(one.heading.start for one in section.children if one.heading is not None)
    borders.append(blocks[-1].end + 1)
    open_sections: list[tuple[tuple[float, ...], Section]] = []
    previous = -1
    for block in blocks:
        if borders[bisect_left(borders, previous)] < block.start:
            open_sections = []
        previous = block.start
        rank = heads.get(block.start)
        if rank is not None:
            while open_sections and open_sections[-1][0] >= rank:
                open_sections.pop()
            above = open_sections[-1][1] if open_sections else section
            number, title = _numbered(block.text)
            made = Section(above.level + 1, title.rstrip(": "), block, number, parent=above, inner=True)
            above.children.append(made)
            open_sections.append((rank, made))
        else:
            (open_sections[-1][1] if open_sections else section).blocks.append(block)
    _dissolve(section)


def _numbered(text: str) -> tuple[Number | None, str]:
    return leading_number(text) or leading_letter(text) or (None, text)


def _dissolve(section: Section) -> None:
    """Give the headings of inner sections that hold nothing back to the section above, and put all in reading order."""
    kept: list[Section] = []
    for child in section.children:
        if child.inner:
            _dissolve(child)
        if child.inner and child.heading is not None and not child.blocks and not child.children:
            section.blocks.append(child.heading)
        else:
            kept.append(child)
    section.children[:] = sorted(kept, key=lambda one: one.heading.start if one.heading is not None else 0)
    section.blocks.sort(key=lambda block: block.start)


class _Headings:
    """Which blocks of a document are headings without numbers, and how high they rank."""

    def __init__(self, blocks: Sequence[Block], titles: Collection[str]) -> None:
        self._titles = {title.casefold() for title in titles}
        self._after = {above.start: below for above, below in pairwise(blocks)}
        self._before = {below.start: above for above, below in pairwise(blocks)}
        self._counts = Counter(block.text for block in blocks if block.kind is BlockKind.TEXT)
        texts = Counter[tuple[float, bool]]()
        for block in blocks:
            texts[round(block.size, 1), block.bold] += len(block.text)
        (self._size, self._bold), _ = texts.most_common(1)[0] if texts else ((0.0, False), 0)
        self._set = any(block.level or block.size for block in blocks)

    def rank(self, block: Block) -> tuple[float, ...] | None:
        """Return how high a block ranks as a heading, the highest first; None where it is none."""
        if block.kind is not BlockKind.TEXT or block.role is not None or not reads_like_title(block):
            return None
        if block.level:
            return (block.level, 0.0, 0.0)
        if self._is_set_off(block):
            return (_LEVELS, -round(block.size), not block.bold)
        if self._stands_alone(block):
            repeated = self._counts[block.text] >= _REPEATED
            return (_LEVELS + 1, not self._is_listed(block), repeated)
        return None

    def _is_set_off(self, block: Block) -> bool:
        """Whether a block is bold or large, and ordinary type follows, or another heading below it."""
        if not self._is_marked(block):
            return False
        following = self._next(block)
        while following is not None and self._is_marked(following) and reads_like_title(following):
            following = self._next(following)
        return following is not None and not self._is_marked(following) and _goes_ahead(following)

    def _is_marked(self, block: Block) -> bool:
        if block.level:
            return True
        large = bool(self._size) and block.size >= _LARGER * self._size
        return large or (block.bold and not self._bold and block.size >= self._size - 0.3)

    def _stands_alone(self, block: Block) -> bool:
        """Whether a short line of plain text is a heading: none is left open before it, a sentence or list follows."""
        if self._set or len(block.text) > _PLAIN_LONGEST or len(block.text.split()) > _MANY_WORDS:
            return False
        if block.text[0].isdigit():
            return False
        previous, following = self._before.get(block.start), self._next(block)
        if following is None or not _goes_ahead(following):
            return False
        if self._is_listed(block):
            return True
        if previous is None or not self._is_closed(previous):
            return False
        listed = following.kind is BlockKind.BULLET and self._counts[block.text] >= 2
        return listed or (following.kind is BlockKind.TEXT and _is_prose(following.text))

    def _is_closed(self, block: Block) -> bool:
        if block.kind is BlockKind.BULLET:
            return len(block.text) > 20 and not is_half_sentence(block.text)
        return block.kind is not BlockKind.TEXT or _CLOSED.search(block.text) is not None or self._is_listed(block)

    def _is_listed(self, block: Block) -> bool:
        lettered = leading_letter(block.text)
        title = lettered[1] if lettered is not None else block.text
        return title.rstrip(":").casefold() in self._titles

    def _next(self, block: Block) -> Block | None:
        return self._after.get(block.start)


def _goes_ahead(block: Block) -> bool:
    """Whether a block may follow a heading: it does not go on in the middle of a sentence."""
    return block.kind is not BlockKind.TEXT or not block.text[:1].islower()


def _is_prose(text: str) -> bool:
    return len(text) >= _PROSE and (_CLOSED.search(text) is not None or len(text) >= 2 * _PROSE)
