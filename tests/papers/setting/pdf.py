"""Sets a book as PDF with reportlab: in passes, until contents and page totals agree with the pages."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.platypus import Flowable, KeepTogether, NextPageTemplate, PageBreak, Spacer, Table, TableStyle

from tests.papers.blocks import (
    Block,
    Book,
    Break,
    Cell,
    Contents,
    Figure,
    Footnote,
    Grid,
    Heading,
    Hidden,
    Keep,
    Labelled,
    MarginNote,
    Para,
    RunningHead,
)
from tests.papers.setting import Placed
from tests.papers.setting.faces import FACES, styles
from tests.papers.setting.flowables import BALLS, Aside, Ball, Dot, Line, Plot, Tell, Turned
from tests.papers.setting.sheets import Sheets, line_width

LIGATURES = (("fi", "\ufb01"), ("fl", "\ufb02"))
DINGBATS = {"☐": '<font name="ZapfDingbats">\u274f</font>', "☒": '<font name="ZapfDingbats">\u2718</font>'}
DINGBATS |= {sign: f'<font name="ZapfDingbats">{sign}</font>' for sign in "★✩✔✘➔■"}
PASSES = 4
BULLETS = {"sans": "–", "serif": "\u2022", "vera": "•"}  # a glyph of Symbol for the serif face


def set_book(book: Book) -> tuple[bytes, Placed]:
    if "{m}" not in book.foot and not any(isinstance(block, Contents) for block in book.blocks):
        return one_pass(book, Placed())
    known, seen = Placed(), ""
    for _ in range(PASSES):
        content, placed = one_pass(book, known)
        state = f"{placed.last} {sorted(placed.sorted().items())}"
        if state == seen:
            return content, placed
        known, seen = placed, state
    raise AssertionError(f"{book.title}: pages do not settle")


def one_pass(book: Book, known: Placed) -> tuple[bytes, Placed]:
    placed, buffer = Placed(), io.BytesIO()
    document = Sheets(buffer, book, known.last or 0)
    document.build(list(Typesetter(book, known, placed).story()), canvasmaker=document.canvas_maker())
    placed.last = document.page
    return buffer.getvalue(), placed


class Typesetter:
    """Makes flowables of blocks."""

    def __init__(self, book: Book, known: Placed, placed: Placed) -> None:
        self.book, self.known, self.placed = book, known, placed
        self.styles = styles(book)
        self.form = book.form

    def story(self) -> Iterator[Flowable]:
        for block in self.book.blocks:
            yield from self.flowables(block)

    def flowables(self, block: Block) -> Iterator[Flowable]:
        match block:
            case Para():
                if block.style == "title":
                    yield Spacer(0, 150)
                yield self.para(block)
            case Heading():
                text = " ".join(block.text) if block.spaced else block.text
                yield self.line(text, f"h{block.level}", block.owner, heading=True)
            case Labelled():
                yield from self.labelled(block)
            case Grid():
                yield from (self.table(block), Spacer(0, 8))
            case Break():
                self.form = block.form or self.form
                yield from (NextPageTemplate(self.form), PageBreak())
            case Contents():
                yield from self.contents(block)
            case RunningHead():
                yield Tell("head", block.text)
            case MarginNote():
                yield Aside(block.text, FACES[self.book.face][0])
            case Footnote():
                yield Tell("note", f"{block.number} {block.text}")
            case Figure():
                yield Plot(
                    block.values, self.book.accent, FACES[self.book.face][0], line_width(self.book.geometry, self.form)
                )
                yield self.line(block.caption, "caption", None)
            case Keep():
                yield KeepTogether([flowable for inner in block.blocks for flowable in self.flowables(inner)])
            case Hidden():
                return

    def para(self, para: Para, style: str | None = None) -> Flowable:
        if para.style == "mark":
            return Ball(para.text) if para.text in BALLS else Dot(para.text)
        return self.line(para.text, style or para.style, para.owner)

    def line(self, text: str, style: str, owner: int | None, heading: bool = False) -> Line:
        bullet = {"bulletText": BULLETS[self.book.face]} if style == "bullet" else {}
        line = Line(self.markup(text, style), self.styles[style], **bullet)
        line.placed, line.owner = self.placed, owner
        line.twice = "fake_bold" in self.book.damage and (heading or style in {"label", "strong"})
        return line

    def markup(self, text: str, style: str) -> str:
        """Return the text as reportlab's markup, with the damage that a typesetter does."""
        if "ligatures" in self.book.damage and self.book.face == "vera":
            for plain, ligature in LIGATURES:
                text = text.replace(plain, ligature)
        text = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", escape(text))
        for box, dingbat in DINGBATS.items():
            text = text.replace(box, dingbat)
        if "split_letters" in self.book.damage and style in {"label", "hint"} and text[:1].isalpha():
            text = f'{text[0]}<font size="2"> </font>{text[1:]}'
        return text

    def labelled(self, block: Labelled) -> Iterator[Flowable]:
        if block.form == "run_in":
            yield self.line(f"**{block.label.rstrip(':')}:** {', '.join(block.values)}", "body", block.owner)
            return
        yield self.line(block.label, "label", block.owner)
        if len(block.values) == 1 or block.values[0].endswith("."):
            yield self.line(" ".join(block.values), "body", block.owner)
            return
        yield from (self.line(value, "bullet", block.owner) for value in block.values)

    def contents(self, block: Contents) -> Iterator[Flowable]:
        width = line_width(self.book.geometry, self.form)
        for entry in block.entries:
            page = self.known.first(entry.owner) - self.book.offset + entry.wrong
            indent = 12 * (entry.level - 1)
            words = self.markup(entry.text, "entry")
            used = Line(words, self.styles["entry"])
            used.wrap(10_000, 100)
            dots = max(3, int((width - indent - used.getActualLineWidths0()[0] - 24) / self.dot_width()))
            text = f"{words} {'.' * dots} {max(page, 1)}"
            line = Line(text, self.styles["entry"].clone("entry", leftIndent=indent))
            yield line

    def dot_width(self) -> float:
        dots = Line("." * 50, self.styles["entry"])
        dots.wrap(10_000, 100)
        return float(dots.getActualLineWidths0()[0]) / 50

    def table(self, grid: Grid) -> Table:
        """Return the grid as a table that splits between its rows and repeats its head."""
        total = line_width(self.book.geometry, self.form)
        shares = [total * share / sum(grid.widths) for share in grid.widths]
        rows = [
            [self.cell(cell, row < grid.head and grid.look != "grey") if cell else "" for cell in cells]
            for row, cells in enumerate(grid.rows)
        ]
        table = Table(rows, colWidths=shares, repeatRows=grid.head, splitInRow=1)
        table.setStyle(TableStyle(list(self.commands(grid))))
        return table

    def cell(self, cell: Cell, head: bool) -> list[Flowable]:
        if cell.turned:
            return [Turned(cell.text, FACES[self.book.face][1])]
        names = {"body": "cell", "strong": "white" if head else "strong"}
        return [self.para(para, names.get(para.style)) for para in cell.paras]

    def commands(self, grid: Grid) -> Iterator[tuple[Any, ...]]:
        accent = HexColor(self.book.accent)
        yield ("VALIGN", (0, 0), (-1, -1), "TOP")
        if grid.look in {"ruled", "grey"}:
            yield ("GRID", (0, 0), (-1, -1), 0.5, HexColor("#7F7F7F"))
        if grid.look == "boxes":
            yield ("INNERGRID", (0, 0), (-1, -1), 6, HexColor("#FFFFFF"))
        if grid.look == "lines":
            yield ("LINEBELOW", (0, 0), (-1, -1), 0.4, HexColor("#BFBFBF"))
        if grid.head:
            yield ("BACKGROUND", (0, 0), (-1, grid.head - 1), HexColor("#D9D9D9") if grid.look == "grey" else accent)
        for row, cells in enumerate(grid.rows):
            for column, cell in enumerate(cells):
                if cell is None:
                    continue
                end = (column + cell.across - 1, row + cell.down - 1)
                if end != (column, row):
                    yield ("SPAN", (column, row), end)
                if grid.look == "boxes":
                    yield ("BACKGROUND", (column, row), end, HexColor("#EAF1F8"))
                    yield ("BOX", (column, row), end, 0.8, accent)
                if cell.bar:
                    yield ("BACKGROUND", (column, row), end, accent)
                if cell.fill and row >= grid.head:
                    yield ("BACKGROUND", (column, row), end, HexColor("#D9E2EC"))
