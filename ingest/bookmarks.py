"""A file's own outline: a line that a bookmark names on its page is a heading of the bookmark's level."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.blocks import Block, BlockKind
from ingest.layout.lines import squash


def with_bookmarks(blocks: Sequence[Block], bookmarks: Sequence[tuple[int, str, int]]) -> list[Block]:
    """Give the blocks that bookmarks (level from 1, title, page from 0) name their level; return the blocks."""
    named: dict[tuple[int, str], int] = {}
    for level, title, page in bookmarks:
        named.setdefault((page, _plain(title)), level)
    seen: set[tuple[int, str]] = set()
    for block in blocks if named else ():
        place = (block.marks[0][1], _plain(block.text)) if block.marks else (-1, "")
        if block.kind is BlockKind.TEXT and not block.level and block.role is None and place in named:
            block.level = 0 if place in seen else named[place]
            seen.add(place)
    return list(blocks)


def _plain(text: str) -> str:
    return squash(text).rstrip(":").casefold()
