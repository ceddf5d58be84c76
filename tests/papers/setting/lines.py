"""Lines of plain text: wrapped words with hyphens where asked for, and tables as columns of blanks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import zip_longest

import pyphen

from tests.papers.blocks import Cell, Grid

WIDTH = 88
DOTS = {"green": "●", "yellow": "●", "red": "●", "grey": "○"}
DOTS |= {"empty": "○", "quarter": "◔", "half": "◑", "most": "◕", "full": "●"}


@cache
def german() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="de_DE")


def wrapped(text: str, width: int = WIDTH, indent: str = "", hyphens: bool = False) -> list[str]:
    """Return the text in lines of at most `width`; long words are hyphenated at line ends where asked for."""
    lines, line = [], ""
    for word in text.split():
        while line and len(line) + 1 + len(word) > width - len(indent):
            head, tail = broken(word, width - len(indent) - len(line) - 1) if hyphens else ("", word)
            lines.append(f"{line} {head}".rstrip())
            line, word = "", tail
        line = f"{line} {word}".strip()
    return [indent + one for one in [*lines, line] if one]


def broken(word: str, room: int) -> tuple[str, str]:
    """Return the part of a word that fits with its hyphen, and the rest; ("", word) where none does."""
    if not word.isalpha() or len(word) < 8:
        return "", word
    cuts = [cut for cut in german().positions(word) if cut + 1 <= room]
    return (word[: cuts[-1]] + "-", word[cuts[-1] :]) if cuts else ("", word)


def plain(cell: Cell | None) -> str:
    if cell is None:
        return ""
    if cell.bar and not cell.text:
        return "■"
    return " ".join(DOTS[p.text] if p.style == "mark" else p.text.replace("**", "") for p in cell.paras)


def table_lines(grid: Grid, hyphens: bool) -> list[tuple[int | None, list[str]]]:
    """Return each row with the record it belongs to and its lines, columns side by side."""
    shares = [max(6, int(WIDTH * share / sum(grid.widths)) - 2) for share in grid.widths]
    made: list[tuple[int | None, list[str]]] = []
    for cells in grid.rows:
        owner = next((p.owner for cell in cells if cell for p in cell.paras if p.owner is not None), None)
        made.append((owner, side_by_side(cells, shares, hyphens)))
    return made


def side_by_side(cells: Sequence[Cell | None], shares: Sequence[int], hyphens: bool) -> list[str]:
    columns, widths, index = [], [], 0
    while index < len(cells):
        cell = cells[index]
        across = cell.across if cell else 1
        width = sum(shares[index : index + across]) + 2 * (across - 1)
        columns.append(wrapped(plain(cell), width, hyphens=hyphens))
        widths.append(width)
        index += across
    lines = zip_longest(*columns, fillvalue="")
    return ["  ".join(part.ljust(width) for part, width in zip(line, widths, strict=True)).rstrip() for line in lines]
