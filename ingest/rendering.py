"""The text of a document as people quote it: paragraphs, list points and table rows, with the place of every line.

Words broken at line ends are joined, paragraphs are separated by an empty line, the cells of a row by tabs.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from ingest.layout.hyphens import WordCounts, join_cell_lines, join_lines
from ingest.readers.claims import Span
from ingest.stream import Line, Style
from ingest.tables import Table
from vectorstore.records import Page


class BlockKind(Enum):
    """What a block is on the page."""

    TEXT = auto()
    BULLET = auto()
    ROW = auto()
    HEADER = auto()
    CONTENTS = auto()


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A paragraph, list point or table row: its span, its lines, the style of the first, page from 0."""

    span: Span
    lines: tuple[int, ...]
    kind: BlockKind
    style: Style
    page: int


@dataclass(frozen=True, slots=True)
class Rendering:
    """The text, its blocks in order, the span of every line in it, and where pages begin."""

    text: str
    blocks: tuple[TextBlock, ...]
    spans: tuple[Span, ...]
    pages: tuple[Page, ...]
    cells: dict[tuple[int, ...], Span]

    def block_at(self, offset: int) -> int:
        """Return the number of the block that an offset is in, or of the last one before it."""
        return max(0, bisect_right(self.blocks, offset, key=lambda block: block.span.start) - 1)

    def span_of(self, lines: Sequence[int]) -> Span:
        """Return from the first to the last of some lines; the whole cell for the lines of a table's cell."""
        if (cell := self.cells.get(tuple(lines))) is not None:
            return cell
        return Span(min(self.spans[place].start for place in lines), max(self.spans[place].end for place in lines))

    def text_of(self, lines: Sequence[int]) -> str:
        """Return the text of lines as rendered."""
        span = self.span_of(lines)
        return self.text[span.start : span.end]


def make_vocabulary(lines: Iterable[Line]) -> WordCounts:
    """Return the words of a document that stand within its lines, where none is broken."""
    return WordCounts(" ".join(line.text.split()[1:-1]) if line.cell else line.text for line in lines)


def render(
    lines: Sequence[Line], tables: Sequence[Table], contents: frozenset[int], words: WordCounts,
    page_count: int, labels: Sequence[str], breaks: frozenset[int] = frozenset(),
    combined: frozenset[int] = frozenset(),
) -> Rendering:  # fmt: skip
    """Return the text of lines; `contents` are the lines of tables of contents.

    A block begins at each of the lines `breaks`; the lines `combined` go on in the block of the line before.
    """
    writer = _Writer(lines, words, breaks, combined)
    rows = {place: (row, True) for table in tables for row in table.header for place in row.lines}
    rows |= {place: (row, False) for table in tables for row in table.rows for place in row.lines}
    written: set[int] = set()
    for place, line in enumerate(lines):
        if place in written:
            continue
        if place in rows and place not in contents:
            row, is_header = rows[place]
            for part in _by_page(row.cells, lines):
                writer.add_row(part, BlockKind.HEADER if is_header else BlockKind.ROW)
            written.update(row.lines)
            continue
        writer.add_line(place, line, place in contents)
    return writer.finish(page_count, labels)


def _by_page(cells: Sequence[tuple[int, ...]], lines: Sequence[Line]) -> list[list[tuple[int, ...]]]:
    """Return the cells of a row, those of each page that it runs over apart."""
    pages = sorted({lines[place].page for cell in cells for place in cell})
    return [[tuple(place for place in cell if lines[place].page == page) for cell in cells] for page in pages]


class _Writer:
    """Collects blocks and the places of lines in them."""

    def __init__(
        self, lines: Sequence[Line], words: WordCounts, breaks: frozenset[int], combined: frozenset[int]
    ) -> None:
        self._lines, self._words, self._breaks, self._combined = lines, words, breaks, combined
        self._texts: list[str] = []
        self._blocks: list[tuple[list[int], BlockKind]] = []
        self._places: dict[int, tuple[int, int, int]] = {}  # line → block, start and end in it
        self._cells: dict[tuple[int, ...], tuple[int, int, int]] = {}

    def add_line(self, place: int, line: Line, listed: bool) -> None:
        """Add a line to the paragraph before, or as the first of a new one."""
        before = self._blocks[-1] if self._blocks else None
        kind = BlockKind.CONTENTS if listed else BlockKind.BULLET if line.bullet else BlockKind.TEXT
        goes_on = place in self._combined or (not line.opens and place not in self._breaks and not line.bullet)
        joins = (
            before is not None and goes_on and not listed and before[1] in (BlockKind.TEXT, BlockKind.BULLET)
        )  # fmt: skip
        if not joins or before is None:
            mark = "- " if line.bullet and not listed else ""
            self._texts.append(mark + line.text)
            self._blocks.append(([place], kind))
            self._places[place] = (len(self._blocks) - 1, len(mark), len(mark) + len(line.text))
            return
        combined = join_lines(self._texts[-1], line.text, self._words)
        last = before[0][-1]
        block, start, end = self._places[last]
        start_of_line = len(combined) - len(line.text)
        self._places[last] = (block, start, min(end, start_of_line))
        self._places[place] = (block, start_of_line, len(combined))
        self._texts[-1] = combined
        before[0].append(place)

    def add_row(self, cells: Sequence[tuple[int, ...]], kind: BlockKind) -> None:
        """Add a row of a table, its cells separated by tabs."""
        text = ""
        block = len(self._blocks)
        for cell in filter(None, cells):
            content = join_cell_lines([self._lines[place].text for place in cell], self._words)
            text += "\t" * bool(text)
            self._cells[tuple(cell)] = (block, len(text), len(text) + len(content))
            for place in cell:
                self._places[place] = (block, len(text), len(text) + len(content))
            text += content
        self._texts.append(text)
        self._blocks.append(([place for cell in cells for place in cell], kind))

    def finish(self, page_count: int, labels: Sequence[str]) -> Rendering:
        """Return the whole text with all places as offsets into it."""
        starts: list[int] = []
        offset = 0
        for text in self._texts:
            starts.append(offset)
            offset += len(text) + 2
        whole = "\n\n".join(self._texts)
        blocks = tuple(
            TextBlock(
                Span(start, start + len(text)), tuple(members), kind,
                self._lines[members[0]].style, self._lines[members[0]].page,
            )
            for start, text, (members, kind) in zip(starts, self._texts, self._blocks, strict=True)
        )  # fmt: skip
        spans = []
        for place in range(len(self._lines)):
            block, start, end = self._places[place]
            spans.append(Span(starts[block] + start, starts[block] + end))
        cells = {cell: Span(starts[block] + s, starts[block] + e) for cell, (block, s, e) in self._cells.items()}
        return Rendering(whole, blocks, tuple(spans), self._page_starts(spans, len(whole), page_count, labels), cells)

    def _page_starts(
        self, spans: Sequence[Span], length: int, page_count: int, labels: Sequence[str]
    ) -> tuple[Page, ...]:
        first: dict[int, int] = {}
        for line, span in zip(self._lines, spans, strict=True):
            first[line.page] = min(first.get(line.page, length), span.start)
        pages: list[Page] = []
        following = length
        for page in reversed(range(page_count)):
            following = min(first.get(page, following), following)
            pages.append(Page(following, page + 1, labels[page] if page < len(labels) else ""))
        return tuple(reversed(pages))
