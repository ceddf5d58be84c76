"""Sets a book as PDF with reportlab: in passes, until contents and page totals agree with the pages."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import reportlab
from reportlab.lib.colors import HexColor, black, white
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, KeepTogether, NextPageTemplate, PageBreak, Spacer, Table, TableStyle

from tests.papers import blocks
from tests.papers.setting.pages import FACES, Line, Sheets, Told, aside, line_width, mark, plot, told, turned

SIZES = {"sans": 9.5, "serif": 10.5, "vera": 8.5}
HYPHENS = {"hyphenationLang": "de_DE", "embeddedHyphenation": 1}
LIGATURES = (("fi", "\ufb01"), ("fl", "\ufb02"))
DINGBATS = {"☐": '<font name="ZapfDingbats">\u274f</font>', "☒": '<font name="ZapfDingbats">\u2718</font>'}
DINGBATS |= {sign: f'<font name="ZapfDingbats">{sign}</font>' for sign in "★✩✔✘➔■"}
BULLETS = {"sans": "–", "serif": "\u2022", "vera": "•"}  # a glyph of Symbol for the serif face


def set_book(book: blocks.Book) -> tuple[bytes, blocks.Placed]:
    """Return the file, and on which pages every record stands."""
    if "{m}" not in book.foot and not any(isinstance(block, blocks.Contents) for block in book.blocks):
        return one_pass(book, blocks.Placed())
    known = blocks.Placed()
    for _ in range(4):
        content, placed = one_pass(book, known)
        if placed == known:
            return content, placed
        known = placed
    raise AssertionError(f"{book.title}: pages do not settle")


def one_pass(book: blocks.Book, known: blocks.Placed) -> tuple[bytes, blocks.Placed]:
    placed, buffer = blocks.Placed(), io.BytesIO()
    document = Sheets(buffer, book, known.last or 0)
    document.build(list(Typesetter(book, known, placed).story()), canvasmaker=Told)
    placed.last = document.page
    return buffer.getvalue(), placed


class Typesetter:
    """Makes flowables of blocks."""

    def __init__(self, book: blocks.Book, known: blocks.Placed, placed: blocks.Placed) -> None:
        self.book, self.known, self.placed = book, known, placed
        self.plain, self.bold = FACES[book.face]
        self.styles = styles(book)
        self.form = book.form

    def story(self) -> Iterator[Flowable]:
        for block in self.book.blocks:
            yield from self.flowables(block)

    def flowables(self, block: blocks.Block) -> Iterator[Flowable]:
        match block:
            case blocks.Para():
                if block.style == "title":
                    yield Spacer(0, 150)
                yield self.para(block)
            case blocks.Heading():
                yield self.line(block.printed, f"h{block.level}", block.owner)
            case blocks.Labelled():
                yield from map(self.para, block.paras())
            case blocks.Grid():
                yield from (self.table(block), Spacer(0, 8))
            case blocks.Break():
                self.form = block.form or self.form
                yield from (NextPageTemplate(self.form), PageBreak())
            case blocks.Contents():
                yield from self.contents(block)
            case blocks.Note(kind="margin"):
                yield aside(block.text, self.plain)
            case blocks.Note(kind="head"):
                yield told("head", block.text)
            case blocks.Note(kind="foot"):
                yield told("foot", f"{block.number} {block.text}")
            case blocks.Figure():
                yield plot(block.values, self.book.accent, self.plain, self.width)
                yield self.line(block.caption, "caption", None)
            case blocks.Keep(form="page"):
                yield KeepTogether([flowable for inner in block.blocks for flowable in self.flowables(inner)])

    @property
    def width(self) -> float:
        return line_width(self.book.geometry, self.form)

    def para(self, para: blocks.Para, style: str | None = None) -> Flowable:
        if para.style == "mark":
            return mark(para.text)
        return self.line(para.text, style or para.style, para.owner)

    def line(self, text: str, style: str, owner: int | None) -> Line:
        bullet = {"bulletText": BULLETS[self.book.face]} if style == "bullet" else {}
        line = Line(self.markup(text, style), self.styles[style], **bullet)
        line.placed, line.owner = self.placed, owner
        line.twice = "fake_bold" in self.book.damage and style in {"h1", "h2", "h3", "h4", "label", "strong"}
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

    def contents(self, block: blocks.Contents) -> Iterator[Flowable]:
        """Yield the lines of the contents, dots up to their page."""
        dot = self.printed_width("." * 50) / 50
        for entry in block.entries:
            page = max(self.known.first(entry.owner) - self.book.offset + entry.wrong, 1)
            indent, words = 12 * (entry.level - 1), self.markup(entry.text, "entry")
            dots = max(3, int((self.width - indent - self.printed_width(words) - 24) / dot))
            style = self.styles["entry"].clone("entry", leftIndent=indent)
            yield Line(f"{words} {'.' * dots} {page}", style)

    def printed_width(self, markup: str) -> float:
        line = Line(markup, self.styles["entry"])
        line.wrap(10_000, 100)
        return float(line.getActualLineWidths0()[0])

    def table(self, grid: blocks.Grid) -> Table:
        """Return the grid as a table that splits between its rows and repeats its head."""
        shares = [self.width * share / sum(grid.widths) for share in grid.widths]
        rows = [
            [self.cell(cell, row < grid.head and grid.look != "grey") if cell else "" for cell in cells]
            for row, cells in enumerate(grid.rows)
        ]
        table = Table(rows, colWidths=shares, repeatRows=grid.head, splitInRow=1)
        table.setStyle(TableStyle(list(self.commands(grid))))
        return table

    def cell(self, cell: blocks.Cell, head: bool) -> list[Flowable]:
        if cell.turned:
            return [turned(cell.text, self.bold)]
        names = {"body": "cell", "strong": "white" if head else "strong"}
        return [self.para(para, names.get(para.style)) for para in cell.paras]

    def commands(self, grid: blocks.Grid) -> Iterator[tuple[Any, ...]]:
        accent, whole = HexColor(self.book.accent), ((0, 0), (-1, -1))
        yield ("VALIGN", *whole, "TOP")
        if grid.look in {"ruled", "grey"}:
            yield ("GRID", *whole, 0.5, HexColor("#7F7F7F"))
        if grid.look == "boxes":
            yield ("INNERGRID", *whole, 6, HexColor("#FFFFFF"))
        if grid.look == "lines":
            yield ("LINEBELOW", *whole, 0.4, HexColor("#BFBFBF"))
        if grid.head:
            yield ("BACKGROUND", (0, 0), (-1, grid.head - 1), HexColor("#D9D9D9") if grid.look == "grey" else accent)
        placed = ((column, row, cell) for row, cells in enumerate(grid.rows) for column, cell in enumerate(cells))
        for column, row, cell in placed:
            if cell is None:
                continue
            area = ((column, row), (column + cell.across - 1, row + cell.down - 1))
            if area[0] != area[1]:
                yield ("SPAN", *area)
            if grid.look == "boxes":
                yield ("BACKGROUND", *area, HexColor("#EAF1F8"))
                yield ("BOX", *area, 0.8, accent)
            if cell.bar:
                yield ("BACKGROUND", *area, accent)
            if cell.fill and row >= grid.head:
                yield ("BACKGROUND", *area, HexColor("#D9E2EC"))


@cache
def register_vera() -> None:
    """Register the free font that comes with reportlab: embedded as a subset, with ligatures."""
    folder = Path(reportlab.__file__).parent / "fonts"
    for name in ("Vera", "VeraBd", "VeraIt", "VeraBI"):
        pdfmetrics.registerFont(TTFont(name, str(folder / f"{name}.ttf")))
    pdfmetrics.registerFontFamily("Vera", normal="Vera", bold="VeraBd", italic="VeraIt", boldItalic="VeraBI")


def styles(book: blocks.Book) -> dict[str, ParagraphStyle]:
    """Return the paragraph styles of a book; narrow columns always break words."""
    register_vera()
    plain, bold = FACES[book.face]
    size = SIZES[book.face] * book.geometry.scale
    hyphens = HYPHENS if "hyphens" in book.damage else {}
    base = ParagraphStyle("body", fontName=plain, fontSize=size, leading=size * 1.32, spaceAfter=4, **hyphens)
    accent = HexColor(book.accent)

    def style(name: str, **changes: Any) -> ParagraphStyle:
        if "fontSize" in changes:
            changes.setdefault("leading", changes["fontSize"] * 1.25)
        return ParagraphStyle(name, parent=base, **changes)

    return headings(book, style, size) | {
        "body": style("flush", **({"alignment": TA_JUSTIFY} if book.face == "serif" else {})),
        "cell": style("cell", **HYPHENS),
        "title": style("title", fontName=bold, fontSize=24, textColor=accent, spaceAfter=16),
        "subtitle": style("subtitle", fontSize=13, leading=18, spaceAfter=8),
        "label": style("label", fontName=bold, spaceBefore=3, spaceAfter=1, keepWithNext=1, **HYPHENS),
        "strong": style("strong", fontName=bold, **HYPHENS),
        "white": style("white", fontName=bold, textColor=white, **HYPHENS),
        "bullet": style(
            "bullet", leftIndent=11, bulletIndent=2, spaceAfter=2,
            bulletFontName="Symbol" if book.face == "serif" else plain,
        ),
        "small": style("small", fontSize=size - 2),
        "hint": style("hint", fontSize=size - 1.5, textColor=accent),
        "caption": style("caption", fontSize=size - 1, leading=(size - 1) * 1.3, spaceAfter=10),
        "entry": style("entry", spaceAfter=1),
    }  # fmt: skip


def headings(book: blocks.Book, style: Any, size: float) -> dict[str, ParagraphStyle]:
    """Return the styles of headings: larger ones, or as the book has them."""
    plain, bold = FACES[book.face]
    accent = HexColor(book.accent)
    colour = black if book.heads in ("black", "centred") else accent
    made = {"fontName": plain if book.heads == "light" else bold, "textColor": colour}
    made |= {"alignment": TA_CENTER} if book.heads == "centred" else {}
    heads = {
        f"h{level}": style(f"h{level}", fontSize=points, spaceBefore=10, spaceAfter=5, keepWithNext=1, **made)
        for level, points in enumerate((size + 7, size + 4, size + 2, size + 0.5), start=1)
    }
    if book.heads == "bar":
        bar = {"textColor": white, "backColor": accent, "borderPadding": (4, 5, 4, 5)}
        bar |= {"fontName": bold, "fontSize": size + 2, "leading": (size + 2) * 1.3}
        bar |= {"spaceBefore": 14, "spaceAfter": 12, "keepWithNext": 1}
        heads |= {name: style(name, **bar) for name in ("h1", "h2")}
    if book.heads == "small":
        small = {"fontName": bold, "spaceBefore": 8, "spaceAfter": 3, "keepWithNext": 1}
        heads |= {name: style(name, **small) for name in ("h2", "h3", "h4")}
    return heads
