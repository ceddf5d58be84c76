"""Sets papers from a list of pieces: as PDF with furniture, hyphenation and narrow tables, and as text with tabs."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import pyphen
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

LEFT, RIGHT, TOP, BOTTOM = 60.0, 535.0, 770.0, 70.0
_SIZES = {"h1": 15.0, "h2": 12.0, "h3": 10.0, "label": 10.0, "p": 9.5, "bullet": 9.5}
_DIVIDE = pyphen.Pyphen(lang="de_DE")


@dataclass(frozen=True)
class Piece:
    """A piece of a paper: `style` is h1, h2, h3, label, p, bullet, contents or table."""

    style: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    heads: int = 1
    widths: tuple[float, ...] = ()


@dataclass
class Paper:
    """Pieces in order, with running header and legend."""

    pieces: list[Piece] = field(default_factory=list)
    header: str = ""
    legend: tuple[str, ...] = ()

    def add(self, style: str, text: str) -> None:
        self.pieces.append(Piece(style, text))


@lru_cache(maxsize=100_000)
def _width(text: str, size: float, bold: bool) -> float:
    return float(stringWidth(text, "Helvetica-Bold" if bold else "Helvetica", size))


def wrap(text: str, size: float, width: float, bold: bool = False) -> list[str]:
    """Break a paragraph into lines, dividing words with a hyphen."""
    lines, line = [], ""
    for word in text.split():
        trial = f"{line} {word}".strip()
        if _width(trial, size, bold) <= width:
            line = trial
            continue
        for first, second in reversed(list(_DIVIDE.iterate(word.strip(".,;:")))) if not bold and word.isalpha() else ():
            if _width(f"{line} {first}-", size, bold) <= width and len(first) > 1 and len(second) > 2:
                lines.append(f"{line} {first}-".strip())
                line = word[len(first) :]
                break
        else:
            lines.append(line)
            line = word
    return [*lines, line] if line else lines


def wrap_cell(text: str, size: float, width: float) -> list[str]:
    """Break a cell's text; a word too wide for the cell breaks anywhere, without a hyphen."""
    lines, line = [], ""
    for word in text.split():
        trial = f"{line} {word}".strip()
        if _width(trial, size, False) <= width:
            line = trial
            continue
        if line:
            lines.append(line)
        while _width(word, size, False) > width:
            cut = next(n for n in range(len(word), 0, -1) if _width(word[:n], size, False) <= width)
            lines.append(word[:cut])
            word = word[cut:]
        line = word
    return [*lines, line] if line else lines


class _Setter:
    def __init__(self, path: Path, paper: Paper) -> None:
        self.canvas = Canvas(str(path), pagesize=A4)
        self.paper, self.y, self.page = paper, TOP, 0
        self._begin()

    def _begin(self) -> None:
        self.page += 1
        self._text(LEFT, 805, 7, self.paper.header, False)
        self._text(500, 28, 7, f"Seite {self.page}", False)
        for number, word in enumerate(self.paper.legend):
            self._text(66, 56 - 8.5 * number, 7, word, False)
        self.y = TOP

    def _text(self, x: float, y: float, size: float, text: str, bold: bool) -> None:
        drawing = self.canvas.beginText(x, y)
        drawing.setFont("Helvetica-Bold" if bold else "Helvetica", size)
        drawing.textLine(text)
        self.canvas.drawText(drawing)

    def need(self, height: float) -> bool:
        """Begin a new page where the height does not fit; tells whether it did."""
        if self.y - height > BOTTOM:
            return False
        self.canvas.showPage()
        self._begin()
        return True

    def lines(self, piece: Piece) -> None:
        size, bold = _SIZES[piece.style], piece.style in ("h1", "h2", "h3", "label")
        indent = 14.0 if piece.style == "bullet" else 0.0
        self.y -= 6 if bold else 4.5
        for number, line in enumerate(wrap(piece.text, size, RIGHT - LEFT - indent, bold)):
            self.need(1.42 * size)
            if indent and number == 0:
                self._text(LEFT + 3, self.y, 10, "•", False)
            self._text(LEFT + indent, self.y, size, line, bold)
            self.y -= 1.42 * size

    def contents(self, piece: Piece) -> None:
        self.need(14)
        title, page = piece.text.split("\t")
        self._text(LEFT, self.y, 9.5, f"{title} {'.' * 40} {page}", False)
        self.y -= 18.5

    def table(self, piece: Piece) -> None:
        for number, row in enumerate(piece.rows):
            cells = [wrap_cell(cell, 6.8, width - 4) for cell, width in zip(row, piece.widths, strict=False)]
            height = 8.4 * max(1, max(map(len, cells))) + 6
            if self.need(height) and number >= piece.heads:
                for head in piece.rows[: piece.heads]:
                    self._row([wrap_cell(c, 6.8, w - 4) for c, w in zip(head, piece.widths, strict=False)], piece)
            self._row(cells, piece)
        self.y -= 14

    def _row(self, cells: list[list[str]], piece: Piece) -> None:
        x = LEFT
        for cell, width in zip(cells, piece.widths, strict=False):
            for number, line in enumerate(cell):
                self._text(x, self.y - 8.4 * number, 6.8, line, False)
            x += width
        self.y -= 8.4 * max(1, max(map(len, cells))) + 6

    def finish(self) -> None:
        self.canvas.save()


def set_pdf(paper: Paper, path: Path) -> Path:
    """Write the paper as PDF."""
    setter = _Setter(path, paper)
    for piece in paper.pieces:
        if piece.style == "table":
            setter.table(piece)
        elif piece.style == "contents":
            setter.contents(piece)
        else:
            setter.lines(piece)
    setter.finish()
    return path
