"""Nothing is lost: every character that a file shows lies in one chunk, or is told as furniture, contents or hidden.

What a file shows is counted where its library hands it over, before anything is understood; so nothing can be called
furniture away, and a fault of any later stage is seen here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ingest.blocks import Block, BlockKind
from ingest.extractors.items import Passage
from ingest.layout.lines import RawDocument, letters
from vectorstore.records import Chunk, Coverage, Item

_LETTER = re.compile(r"[^\W_]")


def swept(
    blocks: Sequence[Block], passages: Sequence[Passage], items: Sequence[Item], owners: Mapping[int, str]
) -> list[Passage]:
    """Return passages for all text that lies in none yet.

    A table's row belongs to the record that was joined with it, other text to the item that `owners` names for its
    block's start, else to the item before it.
    """
    rows = {item.table_start: item.key for item in items if item.table_start is not None}
    starts = sorted((item.start, item.order, item.key) for item in items)
    made: list[Passage] = []
    for block, start, end in _gaps(blocks, passages):
        before = [key for place, _, key in starts if place <= start][-1:] or [starts[0][2]]
        key = rows.get(block.start) or owners.get(block.start) or before[0]
        if made and made[-1].key == key and start - made[-1].end <= 2:
            made[-1].end = end
        else:
            made.append(Passage(key, start, end, ()))
    return made


def measured(raw: RawDocument, blocks: Sequence[Block], chunks: Iterable[Chunk]) -> Coverage:
    """Count the characters of a file by what became of them."""
    furniture = [line.text for line in raw.lines if line.noise]
    contents = [block.text for block in blocks if block.kind is BlockKind.CONTENTS]
    body = [chunk.text for chunk in chunks]
    found: Counter[str] = Counter()
    for text in (*furniture, *contents, *body):
        found.update(letters(text))
    lost = (raw.shown - found).total()
    return Coverage(
        body=_size(body),
        furniture=_size(furniture),
        contents=_size(contents),
        hidden=raw.hidden.total(),
        lost=lost,
    )


def _gaps(blocks: Sequence[Block], passages: Sequence[Passage]) -> Iterator[tuple[Block, int, int]]:
    """Yield the stretches with letters that no passage holds, with their blocks; tables of contents left out."""
    spans = iter(sorted((passage.start, passage.end) for passage in passages))
    span = next(spans, None)
    for block in blocks:
        place = block.start
        while span is not None and span[0] < block.end:
            if span[1] > place:
                yield from _lettered(block, place, min(span[0], block.end))
                place = max(place, span[1])
            if span[1] >= block.end:
                break
            span = next(spans, None)
        yield from _lettered(block, place, block.end)


def _lettered(block: Block, start: int, end: int) -> Iterator[tuple[Block, int, int]]:
    listed = block.kind is BlockKind.CONTENTS
    if start < end and not listed and _LETTER.search(block.text, start - block.start, end - block.start):
        yield block, start, end


def _size(texts: Iterable[str]) -> int:
    return sum(len("".join(text.split())) for text in texts)
