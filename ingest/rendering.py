"""The rendering of a document: its text as paragraphs, list points and table rows, with the span of
every line.

Words broken at line ends are joined, paragraphs are separated by an empty line, the cells of a row
by tabs.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import accumulate, chain

from ingest.layout.hyphens import WholeWords, join_cell_lines, join_lines
from ingest.readers.claims import Span
from ingest.stream import Line, Style
from ingest.table_grid import GridRow, Table
from vectorstore.records import Page

BULLET = "- "  # the mark of a list point
_BETWEEN = "\n\n"  # blocks


class BlockKind(Enum):
    """The kind of a block; HEADER is a row of column headers."""

    TEXT = auto()
    BULLET = auto()
    ROW = auto()
    HEADER = auto()
    CONTENTS = auto()


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A paragraph, list point or table row: span, indexes of its lines, style and page (from 0) of
    the first one.
    """

    span: Span
    lines: tuple[int, ...]
    kind: BlockKind
    style: Style
    page: int


@dataclass(frozen=True, slots=True)
class Rendering:
    """The text of a document and where its parts are.

    `blocks` are in order, `spans` has the span of every line, `cells` the span of each table cell
    by the indexes of its lines.
    """

    text: str
    blocks: tuple[TextBlock, ...]
    spans: tuple[Span, ...]
    pages: tuple[Page, ...]
    cells: dict[tuple[int, ...], Span]

    def block_at(self, offset: int) -> int:
        """Return the index of the block that an offset is in, or of the last one before it."""
        return max(0, bisect_right(self.blocks, offset, key=lambda block: block.span.start) - 1)

    def span_of(self, lines: Sequence[int]) -> Span:
        """Return the span from the first to the last of these lines (indexes).

        If the lines are those of a table cell, it is the span of the cell.
        """
        cell = self.cells.get(tuple(lines))
        if cell is not None:
            return cell
        return Span(
            min(self.spans[index].start for index in lines),
            max(self.spans[index].end for index in lines),
        )


def make_vocabulary(lines: Iterable[Line]) -> WholeWords:
    """Return the words of a document that are not broken at the end of a line.

    They tell whether a word at a line end has a hyphen of its own ("E-Mobilität"). The first and
    the last word of each line in a table cell are left out, as they may be broken without a hyphen.
    """
    texts = []
    for line in lines:
        text = line.text
        if line.cell:
            text = " ".join(text.split()[1:-1])
        texts.append(text)
    return WholeWords(texts)


def render(
    lines: Sequence[Line],
    tables: Sequence[Table],
    contents: frozenset[int],
    words: WholeWords,
    page_count: int,
    labels: Sequence[str],
    breaks: frozenset[int] = frozenset(),
    combined: frozenset[int] = frozenset(),
) -> Rendering:
    """Return the rendering of lines: their text in blocks.

    `contents` are the indexes of the lines in tables of contents. A block begins at each line whose
    index is in `breaks`; a line whose index is in `combined` continues the block before. `labels`
    are the printed page numbers. A table row that goes on over a page end becomes a row on each of
    the pages, as a block is on one page.
    """
    writer = _Writer(lines, words, breaks, combined)
    rows: dict[int, tuple[GridRow, BlockKind]] = {}
    for table in tables:
        for row in table.header:
            rows |= dict.fromkeys(row.lines, (row, BlockKind.HEADER))
        for row in table.rows:
            rows |= dict.fromkeys(row.lines, (row, BlockKind.ROW))
    done: set[int] = set()
    for index, line in enumerate(lines):
        if index in done:
            continue
        if index in rows and index not in contents:
            row, kind = rows[index]
            for page in sorted({lines[own].page for own in row.lines}):
                writer.add_row(_cells_on_page(row, page, lines), kind)
            done.update(row.lines)
        else:
            writer.add_line(index, line, listed=index in contents)
    return writer.finish(page_count, labels)


def _cells_on_page(row: GridRow, page: int, lines: Sequence[Line]) -> list[tuple[int, ...]]:
    """Return the part of a row that is on a page: for each cell the indexes of its lines there."""

    def is_on_page(index: int) -> bool:
        return lines[index].page == page

    return [tuple(filter(is_on_page, cell)) for cell in row.cells]


class _Writer:
    """Collects the blocks of a text, and the positions of lines and cells in them."""

    def __init__(
        self,
        lines: Sequence[Line],
        words: WholeWords,
        breaks: frozenset[int],
        combined: frozenset[int],
    ) -> None:
        self._lines, self._words, self._breaks, self._combined = lines, words, breaks, combined
        self._texts: list[str] = []
        self._blocks: list[tuple[list[int], BlockKind]] = []
        self._positions: dict[int, tuple[int, int, int]] = {}  # line → block, start and end in it
        self._cells: dict[tuple[int, ...], tuple[int, int, int]] = {}  # lines of a cell → the same

    def add_line(self, index: int, line: Line, *, listed: bool) -> None:
        """Add a line to the block before, or begin a new block with it.

        A line of a table of contents (`listed`) is always a block of its own. Any other line
        continues a paragraph or list point if it is in `combined`, or if it does not begin a
        paragraph (`Line.opens`), has no list mark and is not in `breaks`.
        """
        if listed:
            self._begin_block(index, BlockKind.CONTENTS, "")
        elif self._continues_block(index, line):
            self._continue_block(index, line)
        elif line.bullet:
            self._begin_block(index, BlockKind.BULLET, BULLET)
        else:
            self._begin_block(index, BlockKind.TEXT, "")

    def _continues_block(self, index: int, line: Line) -> bool:
        """True if a line continues the block before, which must be a paragraph or list point.

        For which lines this is so, see `add_line`.
        """
        if not self._blocks or self._blocks[-1][1] not in (BlockKind.TEXT, BlockKind.BULLET):
            return False
        if index in self._combined:
            return True
        return not line.opens and not line.bullet and index not in self._breaks

    def _begin_block(self, index: int, kind: BlockKind, mark: str) -> None:
        """Begin a new block with a line; `mark` is printed before its text.

        The position of the line in the block is stored without the mark ("- " for a list point).
        """
        text = mark + self._lines[index].text
        self._positions[index] = (len(self._blocks), len(mark), len(text))
        self._texts.append(text)
        self._blocks.append(([index], kind))

    def _continue_block(self, index: int, line: Line) -> None:
        """Join a line to the text of the block before.

        The positions of this line and of the line before in the text of the block are stored.
        """
        merged_text = join_lines(self._texts[-1], line.text, self._words)
        indexes, _ = self._blocks[-1]
        block, start, end = self._positions[indexes[-1]]
        start_of_line = len(merged_text) - len(line.text)
        # the line before may have lost its hyphen
        self._positions[indexes[-1]] = (block, start, min(end, start_of_line))
        self._positions[index] = (block, start_of_line, len(merged_text))
        self._texts[-1] = merged_text
        indexes.append(index)

    def add_row(self, cells: Sequence[tuple[int, ...]], kind: BlockKind) -> None:
        """Add a row of a table, its cells separated by tabs; empty cells are left out."""
        text = ""
        for cell in filter(None, cells):
            content = join_cell_lines([self._lines[index].text for index in cell], self._words)
            if text:
                text += "\t"
            self._cells[cell] = position = (len(self._blocks), len(text), len(text) + len(content))
            self._positions.update(dict.fromkeys(cell, position))
            text += content
        self._texts.append(text)
        self._blocks.append(([*chain.from_iterable(cells)], kind))

    def finish(self, page_count: int, labels: Sequence[str]) -> Rendering:
        """Return the rendering, all positions as offsets in the whole text."""
        lengths = [len(text) + len(_BETWEEN) for text in self._texts]
        starts = list(accumulate(lengths, initial=0))
        full_text = _BETWEEN.join(self._texts)
        blocks = []
        for start, text, (indexes, kind) in zip(starts, self._texts, self._blocks, strict=False):
            first, span = self._lines[indexes[0]], Span(start, start + len(text))
            blocks.append(TextBlock(span, tuple(indexes), kind, first.style, first.page))

        def span_of(position: tuple[int, int, int]) -> Span:
            block, start, end = position
            return Span(starts[block] + start, starts[block] + end)

        spans = tuple(span_of(self._positions[index]) for index in range(len(self._lines)))
        cells = {cell: span_of(position) for cell, position in self._cells.items()}
        pages = self._page_starts(spans, len(full_text), page_count, labels)
        return Rendering(full_text, tuple(blocks), spans, pages, cells)

    def _page_starts(
        self, spans: Sequence[Span], length: int, page_count: int, labels: Sequence[str]
    ) -> tuple[Page, ...]:
        """Return all pages with the offsets at which they start.

        A page without lines starts where the next page does, the last one at the end of the text.
        So pages are looked at from the last one backwards. A page beyond `labels` has the label "".
        """
        first_offsets: dict[int, int] = {}  # by page
        for line, span in zip(self._lines, spans, strict=True):
            first_offsets[line.page] = min(first_offsets.get(line.page, length), span.start)
        pages: list[Page] = []
        next_start = length
        for page in reversed(range(page_count)):
            next_start = min(first_offsets.get(page, next_start), next_start)
            label = "".join(labels[page : page + 1])
            pages.append(Page(next_start, page + 1, label))
        return tuple(reversed(pages))
