"""Chunks: passages of one item, long ones cut between paragraphs or sentences; every character is in exactly one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from ingest.stream import Line, count_letters, squash
from vectorstore.records import Chunk, Coverage

_TARGET, _MOST = 1000, 1200  # characters
_SENTENCE_END = re.compile(r"(?<=[\w)“\"%]{2}[.!?])\s+(?=[A-ZÄÖÜ„\"])|\n\n")


class OwnedText(NamedTuple):
    """A run of text that belongs to one item, by offsets; `context` are the headings above it."""

    key: str
    start: int
    end: int
    context: tuple[str, ...] = ()


def cut_chunks(document_id: str, text: str, passages: Iterable[OwnedText]) -> tuple[Chunk, ...]:
    """Return the chunks of all passages; ids are stable while ref and order are."""
    numbers: Counter[str] = Counter()
    chunks = []
    for key, first, last, context in passages:
        for start, end in _cut(text, first, last):
            numbers[key] += 1
            chunk = Chunk(
                id=f"{document_id}/{key}#{numbers[key]}", document_id=document_id, key=key, text=text[start:end],
                context=" › ".join(context), start=start, end=end,
            )  # fmt: skip
            chunks.append(chunk)
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
    body, dropped, listed = [chunk.text for chunk in chunks], [line.text for line in furniture], list(contents)
    results: Counter[str] = Counter()
    for text in (*dropped, *listed, *body):
        results.update(count_letters(text))
    sizes = (sum(len(squash(text)) for text in texts) for texts in (body, dropped, listed))
    return Coverage(next(sizes), next(sizes), next(sizes), hidden, lost=(Counter(shown) - results).total())
