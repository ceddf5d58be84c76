"""What a paper says of its own outline: its table of contents, and the bookmarks of its file."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.blocks import Block, BlockKind
from ingest.layout.lines import squash
from ingest.plan.numbers import leading_letter, leading_number

_HEAD = re.compile(r"^(?:Inhalt|Inhaltsverzeichnis|Inhaltsübersicht|Gliederung)\s*:?(?:\s+Seite)?$", re.I)
_RUN = r"(?:(?<=^.)|(?<=^.\s)|(?<![.·_])(?<![.·_]\s))(?:[.·_]\s?){4,}+|(?:(?<=^.)|(?<!…))…++"  # from its beginning
_LEADERS = re.compile(rf"^(?P<title>.*?\S)\s*+(?:{_RUN})\s*+(?P<page>\d{{1,3}})?\s*$")
_TABBED = re.compile(r"^(?P<title>[^\t]+?)[^\S\t]*+\t\s*+(?P<page>\d{1,3})$")
_SPACED = re.compile(r"^(?P<title>.{2,110}?\S)\s+(?P<page>\d{1,3})$")

_LAST_NUMBER = re.compile(r"(\d{1,3})\s*$")
_LISTED = 3  # entries behind which one that is broken over two lines ends no table of contents
_BROKEN = 2  # blocks behind the first half of an entry, among which the next entry is
_BROKEN_LONGEST = 100  # characters of a first half
_LONGEST = 400  # characters of a line of contents


def mark_contents(blocks: Sequence[Block]) -> list[str]:
    """Mark the blocks of tables of contents; return the titles that they list, without numbers."""
    titles: list[str] = []
    inside = False
    page = 0
    for index, block in enumerate(blocks):
        if block.kind is BlockKind.TEXT and _HEAD.match(block.text):
            block.kind, inside = BlockKind.CONTENTS, True
            continue
        entry = _entry(block, inside)
        if entry is None:
            broken = inside and len(titles) >= _LISTED and _goes_on(blocks[index : index + 1 + _BROKEN], page)
            inside = broken or (inside and block.kind is BlockKind.TEXT and len(block.text) < 60 and not titles)
            continue
        block.kind = BlockKind.CONTENTS
        titles.append(_bare(entry))
        page = _page(block.text)
    return titles


def _goes_on(blocks: Sequence[Block], page: int) -> bool:
    """Whether a table of contents goes on behind the first half of an entry: by an entry of no earlier page."""
    following = [block for block in blocks[1:] if _entry(block, inside=True) is not None]
    return bool(following) and len(blocks[0].text) < _BROKEN_LONGEST and _page(following[0].text) >= page


def _page(text: str) -> int:
    digits = _LAST_NUMBER.search(text)
    return int(digits[1]) if digits else 0


def _entry(block: Block, inside: bool) -> str | None:
    """Return the title that a line of contents lists, None for other blocks."""
    if block.kind not in (BlockKind.TEXT, BlockKind.BULLET) or len(block.text) >= _LONGEST:
        return None
    patterns = (_LEADERS, _TABBED, _SPACED) if inside else (_LEADERS, _TABBED)
    for pattern in patterns:
        match = pattern.match(block.text)
        if match and (pattern is not _LEADERS or match["page"] or inside):
            return match["title"]
    return None


def _bare(title: str) -> str:
    numbered = leading_letter(title) or leading_number(title)
    return (numbered.rest if numbered else title).strip()


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
