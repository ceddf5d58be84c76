"""Sets a book as DOCX with python-docx, the same bytes each time."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_BREAK
from docx.shared import Pt, RGBColor

from tests.papers import blocks

EPOCH = (2020, 1, 1, 0, 0, 0)
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NAMED = {"title": "Title", "subtitle": "Subtitle", "bullet": "List Bullet", "caption": "Caption", "item": "List Number"}


def set_book(book: blocks.Book) -> tuple[bytes, blocks.Placed]:
    document = Document()
    document.core_properties.title = book.title
    section = document.sections[0]
    section.header.paragraphs[0].text = book.head
    section.footer.paragraphs[0].text = book.foot.format(n=1, m=1)
    for block in book.blocks:
        write(document, block)
    buffer, timeless = io.BytesIO(), io.BytesIO()
    document.save(buffer)
    with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(timeless, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, EPOCH), old.read(name), zipfile.ZIP_DEFLATED)
    return timeless.getvalue(), blocks.Placed()


def runs(paragraph: Any, text: str, bold: bool = False) -> None:
    for number, part in enumerate(re.split(r"\*\*(.+?)\*\*", text)):
        if part:
            paragraph.add_run(part).bold = bold or number % 2 == 1 or None


def write(document: Any, block: blocks.Block) -> None:
    match block:
        case blocks.Para():
            runs(document.add_paragraph(style=NAMED.get(block.style)), block.text, block.style in {"label", "strong"})
        case blocks.Heading():
            document.add_heading(block.printed, block.level)
        case blocks.Labelled():
            for para in block.paras():
                write(document, para)
        case blocks.Grid():
            write_grid(document, block)
        case blocks.Break():
            turn(document, block)
        case blocks.Contents():
            for number, entry in enumerate(block.entries):
                document.add_paragraph(f"{entry.text}\t{3 + number // 2}")
        case blocks.Figure():
            document.add_paragraph(block.caption, style="Caption")
        case blocks.Note(kind="foot"):
            document.add_paragraph(f"{block.number} {block.text}").runs[0].font.size = Pt(7)
        case blocks.Note(kind="margin"):
            document.add_paragraph(block.text.replace("\n", " ")).runs[0].italic = True
        case blocks.Keep(form="page"):
            for inner in block.blocks:
                write(document, inner)


def turn(document: Any, block: blocks.Break) -> None:
    if block.form is None:
        document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        return
    section = document.add_section()
    wide = block.form in {"landscape", "rotated"}
    if wide != (section.orientation == WD_ORIENT.LANDSCAPE):
        section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = section.page_height, section.page_width


def write_grid(document: Any, grid: blocks.Grid) -> None:
    table = document.add_table(len(grid.rows), len(grid.widths), style="Table Grid")
    for row, cells in enumerate(grid.rows):
        known = table.rows[row].cells
        for column, cell in enumerate(cells):
            if cell is None:
                continue
            target = known[column]
            if cell.across > 1 or cell.down > 1:
                target = target.merge(table.cell(row + cell.down - 1, column + cell.across - 1))
            write_cell(target, cell, row < grid.head)
    for row in range(grid.head):
        properties = table.rows[row]._tr.get_or_add_trPr()
        properties.append(properties.makeelement(f"{WORD}tblHeader"))
    document.add_paragraph()


def write_cell(target: Any, cell: blocks.Cell, head: bool) -> None:
    if cell.turned:
        properties = target._tc.get_or_add_tcPr()
        properties.append(properties.makeelement(f"{WORD}textDirection", {f"{WORD}val": "btLr"}))
    if cell.bar and not cell.text:
        target.paragraphs[0].text = "■"
        return
    for number, para in enumerate(cell.paras):
        paragraph = target.paragraphs[0] if number == 0 else target.add_paragraph()
        if para.style == "mark":
            run = paragraph.add_run(blocks.BALLS.get(para.text, "●"))
            if para.text in blocks.LIGHTS:
                run.font.color.rgb = RGBColor.from_string(blocks.LIGHTS[para.text][1:])
        else:
            runs(paragraph, para.text, head or para.style in {"label", "strong"})
