"""Headings without numbers: front matter, labelled sections, what follows the numbered chapters."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.blocks import Block, BlockKind
from ingest.extractors.numbered_headings import Head
from ingest.plan.numbering import leading_number
from ingest.unfuse import SECTION_WORDS

_LABEL = re.compile(r"^[A-ZÄÖÜ][^.!?:\t]{1,48}:$")
_ENDED = re.compile(r"[.!?…;,]['\"“”»)]*$")
_WORDS = re.compile(rf"^(?:{SECTION_WORDS}):?$")
_PARAGRAPH_SIGN = re.compile(r"^§+\s?\d+[a-z]?\s+\S")
_BACK_MATTER = re.compile(
    rf"^(?:{SECTION_WORDS}|Anlagen?|Anhang|Archiv|Impressum|Projektlisten?|Maßnahmenlisten?|Glossar|Literatur\w*|"
    r"Quellen\w*|Abkürzungsverzeichnis|Kontakt|Ansprechpartner\w*|Schlusswort)\b(?!.*[.!?]$)"
)
_LONGEST = 90  # characters of an unnumbered heading


def add_plain_heads(blocks: Sequence[Block], heads: dict[int, Head], titles: set[str]) -> None:
    """Add unnumbered headings: in front of the first number, and behind it only where it is certain.

    `titles` are those of the table of contents, case folded.
    """
    first = min(heads, default=len(blocks))
    largest = max((blocks[i].size for i in heads if blocks[i].size), default=0.0)
    for index, block in enumerate(blocks):
        if block.kind is not BlockKind.TEXT or index in heads or (index == 0 and not _WORDS.match(block.text)):
            continue
        bare = block.text.rstrip(":")
        if _PARAGRAPH_SIGN.match(block.text) and len(block.text) <= _LONGEST:
            heads[index] = Head(1, bare)
        elif index < first and _LABEL.match(block.text) and len(block.text.split()) <= 5:
            heads[index] = Head(1, bare, label=True)
        elif index < first and _is_front_heading(blocks, index):
            opens_list = index + 1 < len(blocks) and leading_number(blocks[index + 1].text) is not None
            heads[index] = Head(1, bare, lists=opens_list and index + 1 not in heads)
        elif index > first and _ends_numbers(block, titles, largest):
            heads[index] = Head(1, bare)


def _is_front_heading(blocks: Sequence[Block], index: int) -> bool:
    """Whether a short line in front of all numbers is a heading, by what stands around it."""
    block = blocks[index]
    text = block.text
    if _WORDS.match(text) or block.level:
        return True
    if not 3 <= len(text) <= _LONGEST or _ENDED.search(text) or text.endswith(":"):
        return False
    following = blocks[index + 1] if index + 1 < len(blocks) else None
    if following is None or following.kind in (BlockKind.CONTENTS, BlockKind.HEAD_ROW):
        return False
    if not (text[0].isupper() or text[0] in '„“"'):
        return False
    previous = blocks[index - 1]
    if block.bold and not following.bold and not previous.bold and index > 1:
        return True
    after_end = bool(re.search(r"[.!?:\d]['\"“”»)]*$", previous.text)) or previous.kind is not BlockKind.TEXT
    prose = len(following.text) > 150 or (bool(re.search(r"[.!?:]$", following.text)) and len(following.text) > 40)
    return (prose and (after_end or len(text) < 40)) or (leading_number(following.text) is not None and after_end)


def _ends_numbers(block: Block, titles: set[str], largest: float) -> bool:
    """Whether an unnumbered heading ends the numbered chapters."""
    if block.level == 1:
        return True
    if len(block.text) > _LONGEST or _ENDED.search(block.text):
        return False
    if block.text.rstrip(":").casefold() in titles or _BACK_MATTER.match(block.text):
        return True
    return block.bold and bool(largest) and block.size >= largest - 0.2 and not block.text.endswith(":")
