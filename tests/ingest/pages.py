"""Pages made by hand, as the stages of the layout see them: words and edges, lines with places,
lines in cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ingest.layout.cells import PageCell, group_lines, make_blocks
from ingest.layout.pdf import join_words
from ingest.layout.pdf_words import PrintedWord
from ingest.layout.walls import Wall, Walls
from ingest.stream import Box, Cell, Line, Style


class Page(NamedTuple):
    words: tuple[PrintedWord, ...]
    walls: Walls


Placed = tuple[str, int, tuple[int, int, int] | None]  # text of a line, its region, its cell


def words(
    x: float, baseline: float, text: str, size: float = 10.0, turn: int = 0, bold: bool = False
) -> list[PrintedWord]:
    """Return the words of a text that begins at x; each letter is half a size wide, a blank .3 of
    it.
    """
    made = []
    for word in text.split():
        right = x + 0.5 * size * len(word)
        box = Box(x, baseline - 0.8 * size, right, baseline + 0.2 * size)
        style = Style(size, bold)
        made.append(PrintedWord(word, box, baseline, style, turn, ((word, style),)))
        x = right + 0.3 * size
    return made


def content(
    *texts: Sequence[PrintedWord], upright: Iterable[tuple[float, float, float]] = (),
    level: Iterable[tuple[float, float, float]] = (),
) -> Page:  # fmt: skip
    """Return a page of words; walls are (place, start, end)."""
    walls = Walls(tuple(Wall(*wall) for wall in upright), tuple(Wall(*wall) for wall in level))
    return Page(tuple(word for text in texts for word in text), walls)


def grid(xs: Sequence[float], ys: Sequence[float]) -> dict[str, list[tuple[float, float, float]]]:
    """Return the edges of a drawn grid between the outer ones of the places."""
    return {
        "upright": [(x, ys[0], ys[-1]) for x in xs],
        "level": [(y, xs[0], xs[-1]) for y in ys],
    }


def placed(page: Page) -> list[Placed]:
    """Return the lines of a page in reading order, each with the number of its cell and its place
    in a table.
    """
    return [
        (
            join_words([word for segment in line for word in segment.words]),
            region,
            (table, cell.row, cell.column) if cell.row >= 0 else None,
        )
        for region, (table, cell) in enumerate(_numbered_cells(page))
        for line in group_lines(cell)
    ]


def _numbered_cells(page: Page) -> Iterator[tuple[int, PageCell]]:
    for number, block in enumerate(make_blocks(*page)):
        for cell in block:
            yield number, cell


def texts(page: Page) -> list[str]:
    return [text for text, _, _ in placed(page)]


def line(
    text: str,
    y: float = 0.0,
    *,
    x: float = 60.0,
    page: int = 0,
    size: float = 10.0,
    **other: object,
) -> Line:
    """Return a positioned line whose top is y; each letter is half a size wide."""
    box = Box(x, y, x + 0.5 * size * len(text), y + size)
    bold = bool(other.pop("bold", False))
    return Line(text, page, Style(size, bold), box, **other)  # type: ignore[arg-type]


LARGE, BOLD, SMALL = Style(size=20, bold=True), Style(size=10, bold=True), Style(size=10)


def styled(text: str) -> list[Line]:
    """Return the lines of a text: large behind "# ", bold between "**", else small."""
    lines = []
    for printed in text.strip().splitlines():
        style = LARGE if printed.startswith("# ") else BOLD if printed[:2] == "**" else SMALL
        lines.append(Line(printed.removeprefix("# ").strip("*"), style=style))
    return lines


def table(
    *rows: Sequence[str], page: int = 0, number: int = 0, first_row: int = 0, bold: int = 0
) -> list[Line]:
    """Return the lines of a table: "" is an empty cell, "/" parts the lines of one; the first rows
    are `bold`.
    """
    return [
        Line(
            text, page, Style(10.0, row < bold), Box(60.0 + 100 * column, 20.0 * row, 150.0 + 100 * column, 20.0 * row),
            Cell(number, first_row + row, column), opens=not place,
        )
        for row, cells in enumerate(rows)
        for column, cell in enumerate(cells)
        for place, text in enumerate(filter(None, cell.split("/")))
    ]  # fmt: skip
