"""Chunks: passages of one item, long ones cut between paragraphs or sentences; every character lies in one of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ingest.blocks import Block, BlockKind
from ingest.extractors.items import Passage
from ingest.layout.lines import RawDocument, letters
from vectorstore.records import Chunk, Coverage, Item

_TARGET = 1000  # characters
_MOST = 1200
_SENTENCE_END = re.compile(r"(?<=[\w)“\"%]{2}[.!?])\s+(?=[A-ZÄÖÜ„\"])|\n\n")
_LETTER = re.compile(r"[^\W_]")


def cut_chunks(document_id: str, text: str, passages: Iterable[Passage]) -> tuple[Chunk, ...]:
    """Return the chunks of all passages; ids are stable while ref and order are."""
    numbers: Counter[str] = Counter()
    chunks = []
    for passage in passages:
        for start, end in _spans(text, passage.start, passage.end):
            numbers[passage.key] += 1
            chunks.append(
                Chunk(
                    id=f"{document_id}/{passage.key}#{numbers[passage.key]}",
                    document_id=document_id,
                    key=passage.key,
                    text=text[start:end],
                    context=" › ".join(passage.context),
                    start=start,
                    end=end,
                )
            )
    return tuple(chunks)


def _spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut text[start:end] at the last border before the limit; paragraphs are preferred to sentences."""
    while end - start > _MOST:
        window = text[start : start + _MOST]
        paragraph = window.rfind("\n\n", _TARGET // 2)
        borders = [match.start() for match in _SENTENCE_END.finditer(window)]
        cut = paragraph if paragraph > 0 else (borders[-1] if borders else window.rfind(" "))
        cut = cut if cut > 0 else _MOST
        yield start, start + cut
        start += cut + len(text[start + cut : end]) - len(text[start + cut : end].lstrip())
    if start < end:
        yield start, end


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
