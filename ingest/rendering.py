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
from itertools import accumulate

from ingest.layout.hyphens import WholeWords, join_cell_lines, join_lines
from ingest.readers.claims import Span
from ingest.stream import Line, Style
from ingest.tables import Table
from vectorstore.records import Page


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
    """The text, its blocks in order, the span of every line, the pages, and the spans of table
    cells by their lines.
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
        """Return the span from the first to the last of these lines (indexes), or that of the cell
        they fill.
        """
        if (cell := self.cells.get(tuple(lines))) is not None:
            return cell
        return Span(
            min(self.spans[index].start for index in lines),
            max(self.spans[index].end for index in lines),
        )


def make_vocabulary(lines: Iterable[Line]) -> WholeWords:
    """Return the unbroken words of a document; in cells, first and last words may be broken."""
    return WholeWords(
        " ".join(line.text.split()[1:-1]) if line.cell else line.text for line in lines
    )


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
    """Return the rendering of lines; `contents` are the indexes of lines of tables of contents.

    A block begins at each of the lines `breaks`; the lines `combined` continue the block of the
    line before.
    """
    writer = _Writer(lines, words, breaks, combined)
    rows = {
        index: (row, BlockKind.HEADER)
        for table in tables
        for row in table.header
        for index in row.lines
    }
    rows |= {
        index: (row, BlockKind.ROW) for table in tables for row in table.rows for index in row.lines
    }
    done: set[int] = set()
    for index, line in enumerate(lines):
        if index in done:
            continue
        if index in rows and index not in contents:
            row, kind = rows[index]
            for part in _split_by_page(row.cells, lines):
                writer.add_row(part, kind)
            done.update(row.lines)
        else:
            writer.add_line(index, line, listed=index in contents)
    return writer.finish(page_count, labels)


def _split_by_page(
    cells: Sequence[tuple[int, ...]], lines: Sequence[Line]
) -> list[list[tuple[int, ...]]]:
    """Return the cells of a row, a list for each page that the row is on."""
    pages = sorted({lines[index].page for cell in cells for index in cell})
    return [
        [tuple(index for index in cell if lines[index].page == page) for cell in cells]
        for page in pages
    ]


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
        """Add a line to the paragraph or list point before if it continues that, else begin a
        block.

        It does if in `combined`, or if it opens no paragraph, has no list mark and is not in
        `breaks`; never if it is `listed`, in a table of contents.
        """
        previous = self._blocks[-1] if self._blocks else None
        kind = BlockKind.CONTENTS if listed else BlockKind.BULLET if line.bullet else BlockKind.TEXT
        continues = index in self._combined or (
            not line.opens and index not in self._breaks and not line.bullet
        )
        is_paragraph = previous is not None and previous[1] in (BlockKind.TEXT, BlockKind.BULLET)
        if previous is None or not is_paragraph or not continues or listed:
            mark = "- " if line.bullet and not listed else ""
            self._texts.append(mark + line.text)
            self._blocks.append(([index], kind))
            self._positions[index] = (len(self._blocks) - 1, len(mark), len(mark) + len(line.text))
            return
        merged_text = join_lines(self._texts[-1], line.text, self._words)
        last_index = previous[0][-1]
        block, start, end = self._positions[last_index]
        start_of_line = len(merged_text) - len(line.text)
        self._positions[last_index] = (
            block,
            start,
            min(end, start_of_line),
        )  # it may have lost its hyphen
        self._positions[index] = (block, start_of_line, len(merged_text))
        self._texts[-1] = merged_text
        previous[0].append(index)

    def add_row(self, cells: Sequence[tuple[int, ...]], kind: BlockKind) -> None:
        """Add a row of a table, its cells separated by tabs."""
        text = ""
        for cell in filter(None, cells):
            content = join_cell_lines([self._lines[index].text for index in cell], self._words)
            text += "\t" if text else ""
            self._cells[cell] = position = (len(self._blocks), len(text), len(text) + len(content))
            self._positions.update(dict.fromkeys(cell, position))
            text += content
        self._texts.append(text)
        self._blocks.append(([index for cell in cells for index in cell], kind))

    def finish(self, page_count: int, labels: Sequence[str]) -> Rendering:
        """Return the rendering, all positions as offsets in the whole text."""
        starts = list(
            accumulate((len(text) + 2 for text in self._texts), initial=0)
        )  # two: the line breaks between
        full_text = "\n\n".join(self._texts)
        blocks = []
        for start, text, (indexes, kind) in zip(starts, self._texts, self._blocks, strict=False):
            first = self._lines[indexes[0]]
            blocks.append(
                TextBlock(
                    Span(start, start + len(text)), tuple(indexes), kind, first.style, first.page
                )
            )

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
        """Return all pages; one without lines starts where the next one does, else at the end of
        the text.
        """
        first_offsets: dict[int, int] = {}  # by page
        for line, span in zip(self._lines, spans, strict=True):
            first_offsets[line.page] = min(first_offsets.get(line.page, length), span.start)
        pages: list[Page] = []
        next_start = length
        for page in reversed(range(page_count)):
            next_start = min(first_offsets.get(page, next_start), next_start)
            pages.append(Page(next_start, page + 1, labels[page] if page < len(labels) else ""))
        return tuple(reversed(pages))
