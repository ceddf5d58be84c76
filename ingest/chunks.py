"""Chunks: passages of one item, long ones cut between paragraphs or sentences; every character is in exactly one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ingest.stream import Line, count_letters
from vectorstore.records import Chunk, Coverage

_TARGET = 1000  # characters
_MOST = 1200
_SENTENCE_END = re.compile(r"(?<=[\w)“\"%]{2}[.!?])\s+(?=[A-ZÄÖÜ„\"])|\n\n")


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of text that belongs to one item, by offsets; `context` are the headings above it."""

    key: str
    start: int
    end: int
    context: tuple[str, ...] = ()


def cut_chunks(document_id: str, text: str, passages: Iterable[Passage]) -> tuple[Chunk, ...]:
    """Return the chunks of all passages; ids are stable while ref and order are."""
    numbers: Counter[str] = Counter()
    chunks = []
    for passage in passages:
        for start, end in _cut(text, passage.start, passage.end):
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


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut text[start:end] at the last border before the limit; paragraphs are preferred to sentences."""
    while end - start > _MOST:
        window = text[start : start + _MOST]
        paragraph = window.rfind("\n\n", _TARGET // 2)
        borders = [match.start() for match in _SENTENCE_END.finditer(window)]
        cut = paragraph if paragraph > 0 else (borders[-1] if borders else window.rfind(" "))
        cut = cut if cut > 0 else _MOST
        yield start, start + cut
        start += cut
        while start < end and text[start].isspace():
            start += 1
    if start < end:
        yield start, end


def measure_coverage(
    shown: Mapping[str, int], hidden: int, furniture: Iterable[Line], contents: Iterable[str], chunks: Iterable[Chunk]
) -> Coverage:
    """Count the characters of a file by what became of them; `shown` are its letters and digits before reading."""
    texts = [chunk.text for chunk in chunks]
    dropped, listed = [line.text for line in furniture], list(contents)
    found: Counter[str] = Counter()
    for text in (*dropped, *listed, *texts):
        found.update(count_letters(text))
    return Coverage(
        body=_size(texts),
        furniture=_size(dropped),
        contents=_size(listed),
        hidden=hidden,
        lost=(Counter(shown) - found).total(),
    )


def _size(texts: Iterable[str]) -> int:
    return sum(len("".join(text.split())) for text in texts)
