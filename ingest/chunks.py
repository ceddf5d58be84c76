"""Chunks: indexed passages of one item, long ones split at paragraphs or sentences; each character
is in one chunk.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ingest.layout.runs import RunRole, count_by_role
from ingest.stream import Layout, count_letters
from vectorstore.language import remove_spaces
from vectorstore.records import Chunk, Coverage, ParsedDocument

_MIN_PARAGRAPH_CUT = 500  # characters at the least before a cut at a paragraph
_MAX_LENGTH = 1200  # characters of a chunk
# The blank in "Wege. Die", not in "z. B. Die"; or an empty line.
_SENTENCE_END = re.compile(r"(?<=[\w)“\"%]{2}[.!?])\s+(?=[A-ZÄÖÜ„\"])|\n\n")


class OwnedText(NamedTuple):
    """A span of text that belongs to the item `key`; `context` are the headings above it."""

    key: str
    start: int
    end: int
    context: tuple[str, ...] = ()


def cut_chunks(document_id: str, text: str, passages: Iterable[OwnedText]) -> tuple[Chunk, ...]:
    """Return the chunks of all passages; ids number the chunks of each item in order
    ("document/key#2").
    """
    counts: Counter[str] = Counter()
    chunks = []
    for key, passage_start, passage_end, context in passages:
        for start, end in _split_span(text, passage_start, passage_end):
            counts[key] += 1
            chunk = Chunk(
                id=f"{document_id}/{key}#{counts[key]}",
                document_id=document_id,
                key=key,
                text=text[start:end],
                context=" › ".join(context),
                start=start,
                end=end,
            )
            chunks.append(chunk)
    return tuple(chunks)


def _split_span(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the spans into which text[start:end] is cut, each of at most `_MAX_LENGTH` characters.

    A cut is made at the last end of a paragraph that is at least `_MIN_PARAGRAPH_CUT` characters
    behind the start. Without one it is made at the last end of a sentence, or of an earlier
    paragraph; without that at the last space, or else after `_MAX_LENGTH` characters. White space
    between two spans is left out.
    """
    while end - start > _MAX_LENGTH:
        window = text[start : start + _MAX_LENGTH]
        paragraph = window.rfind("\n\n", _MIN_PARAGRAPH_CUT)
        sentence_ends = [match.start() for match in _SENTENCE_END.finditer(window)]
        cuts = (paragraph, *sentence_ends[-1:], window.rfind(" "), _MAX_LENGTH)
        cut = next(offset for offset in cuts if offset > 0)  # -1: not found
        yield start, start + cut
        start += cut
        while start < end and text[start].isspace():
            start += 1
    if start < end:
        yield start, end


def find_misplaced(parsed: ParsedDocument) -> list[Chunk]:
    """Return the chunks that cannot be quoted from the item that they cite: they are outside of it
    and of its table row, or differ from the text of the document.
    """
    items = {item.key: item for item in parsed.items}
    misplaced = []
    for chunk in parsed.chunks:
        item = items.get(chunk.key)
        is_inside = item is not None and item.contains(chunk.start, chunk.end)
        if not is_inside or chunk.text != parsed.document.text[chunk.start : chunk.end]:
            misplaced.append(chunk)
    return misplaced


def measure_coverage(layout: Layout, contents: Iterable[str], chunks: Iterable[Chunk]) -> Coverage:
    """Return how many characters of a file, without white space, went where.

    They are in chunks, in tables of contents (the texts `contents`), in page headers and footers,
    or in runs such as struck text. `lost` counts the letters and digits that the file shows
    (`Layout.shown`) more often than chunks, contents, headers and footers do together.
    """
    rendered: Counter[str] = Counter()

    def size_of(texts: Iterable[str]) -> int:
        """Return the number of characters of texts, and add their letters to `rendered`."""
        size = 0
        for text in texts:
            rendered.update(count_letters(text))
            size += len(remove_spaces(text))
        return size

    counts = count_by_role(layout.runs)
    return Coverage(
        body=size_of(chunk.text for chunk in chunks),
        furniture=size_of(line.text for line in layout.furniture)
        + counts[RunRole.FURNITURE]
        + counts[RunRole.WATER_MARK],
        contents=size_of(contents),
        hidden=counts[RunRole.HIDDEN],
        struck=counts[RunRole.STRUCK],
        notes=counts[RunRole.NOTE_MARK],
        forms=counts[RunRole.FORM_VALUE],
        lost=(Counter(layout.shown) - rendered).total(),
    )
