"""The adopted strategic goals as a PDF: two parts that both count in Roman numerals."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from ingest.sample import layout
from ingest.sample.layout import BODY, BOLD, LEFT, PAGE_WIDTH, REGULAR, RIGHT, Flow
from ingest.sample.model import paragraphs
from ingest.sample.report_pdf import Built


def build_goals(source: dict[str, Any]) -> Built:
    """Build twice: the first time to learn the page numbers of the contents."""
    draft = _build(source, {})
    return _build(source, draft.pages)


def _build(source: dict[str, Any], pages: dict[str, int]) -> Built:
    buffer, built = BytesIO(), Built()
    canvas = Canvas(buffer, pagesize=(PAGE_WIDTH, layout.PAGE_HEIGHT), invariant=1)
    canvas.setTitle(source["title"])
    canvas.setAuthor("Kreis Lauterfeld (Beispieldaten)")
    flow = Flow(canvas, lambda _: None, lambda f: _end(f, source))
    _front(flow, source, pages)
    for part in source["parts"]:
        _part(flow, part, built)
    flow.close()
    canvas.save()
    built.data, built.total = buffer.getvalue(), flow.page
    return built


def _front(flow: Flow, source: dict[str, Any], pages: dict[str, int]) -> None:
    flow.write(source["title"], layout.Style(BOLD, 17, 24, hyphenate=False))
    flow.write(source["subtitle"], layout.Style(size=11, leading=18))
    flow.write(source["stand"], layout.Style(size=11, leading=18))
    flow.write("Inhaltsverzeichnis", layout.HEADING)
    for part in source["parts"]:
        _entry(flow, f"{part['letter']}. {part['title']}", pages.get(part["letter"], 1))
        for section in part["sections"]:
            page = pages.get(f"{part['letter']}.{section['numeral']}", 1)
            _entry(flow, f"{section['numeral']}. {section['title']}", page, indent=14)


def _entry(flow: Flow, title: str, page: int, indent: float = 0) -> None:
    style = layout.Style(size=9, leading=17, indent=indent)
    flow.line(layout.leader(title, page, indent), style)


def _part(flow: Flow, part: dict[str, Any], built: Built) -> None:
    flow.new_page()
    heading = f"{part['letter']}. {part['title']}"
    built.pages[part["letter"]] = flow.write(heading, layout.THEME)
    for section in part["sections"]:
        heading = f"{section['numeral']}. {section['title']}"
        key = f"{part['letter']}.{section['numeral']}"
        built.pages[key] = flow.write(heading, layout.GOAL)
        for block in section["blocks"]:
            _block(flow, block)


def _block(flow: Flow, block: dict[str, Any]) -> None:
    if "label" in block:
        flow.write(block["label"], layout.LABEL)
    for text in paragraphs(block["text"]):
        flow.write(text, BODY)
    for bullet in block.get("bullets", []):
        flow.write(bullet, layout.BULLET, first="• ")


def _end(flow: Flow, source: dict[str, Any]) -> None:
    flow.canvas.setFont(REGULAR, 8)
    flow.canvas.drawString(LEFT, 42, source["footer"])
    flow.canvas.drawRightString(PAGE_WIDTH - RIGHT, 42, f"– {flow.page} –")
