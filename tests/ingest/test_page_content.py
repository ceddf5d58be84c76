"""What PDFium tells of a page: words with box, baseline and style, rules and box edges."""

from __future__ import annotations

from typing import Any, NamedTuple

import pypdfium2
import pytest
from pypdf import PdfWriter
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from ingest.layout.pdf import join_words
from ingest.layout.pdf_objects import DrawnPage
from ingest.layout.pdf_words import PageWords, read_words
from ingest.layout.walls import Walls, make_walls, read_drawing
from tests.ingest.cases import cases, values
from tests.ingest.papers import Draw, at, drawn, operators, pdf, then
from tests.ingest.pdf_objects import put, rewritten

STATES = values(__file__, "states")
Edge = tuple[float, float, float]


class Shown(NamedTuple):
    words: PageWords
    walls: Walls


def page_of(draw: Draw, angle: int = 0) -> Shown:
    """Return what a page drawn so shows, turned clockwise by an angle."""

    def finish(writer: PdfWriter) -> None:
        page = writer.pages[0]
        page.rotate(angle)
        put(page["/Resources"], {"/ExtGState": STATES})

    document = pypdfium2.PdfDocument(rewritten(pdf(draw), finish))
    try:
        shown = DrawnPage(document[0])
        found = read_words(shown.page, shown, ())
        drawing = read_drawing(shown.objects, found.frame)
        return Shown(found, make_walls(drawing, found.words))
    finally:
        document.close()


def near(edges: tuple[Edge, ...]) -> list[Any]:
    """Return edges as they are compared: PDFium gives strokes a point more at each end."""
    return [pytest.approx(edge, abs=1.2) for edge in edges]


def width_of(text: str, font: str = "Helvetica", size: float = 10) -> float:
    return pdfmetrics.stringWidth(text, font, size)


def test_words_have_box_baseline_and_style() -> None:
    page = page_of(then(operators("1 0 0 rg"), drawn("60 742 -12 Radweg Nord")))
    first, second = page.words.words
    assert (first.text, second.text, first.turn) == ("Radweg", "Nord", 0)
    assert (first.style.size, first.style.bold, first.style.colour) == (12.0, True, 0xFF0000)
    assert first.baseline == second.baseline == pytest.approx(100, abs=0.1)
    assert first.box.left == pytest.approx(60, abs=0.5)
    right = 60 + width_of("Radweg", "Helvetica-Bold", 12)
    assert first.box.right == pytest.approx(right, abs=1)
    assert first.box.top < 100 < first.box.bottom


def test_letters_that_are_filled_and_outlined_are_bold() -> None:
    page = page_of(operators("BT /F1 10 Tf 2 Tr 60 700 Td (Radweg) Tj ET"))
    assert [word.style.bold for word in page.words.words] == [True]


def test_ligatures_and_soft_hyphens_are_plain_letters_and_marks_without_shape_are_counted() -> None:
    page = page_of(at((60, 700, "Of\u00adfen und A\u0308mter", 10)))
    text = "".join(word.text for word in page.words.words)
    assert "Of" in text and not {"\u00ad", "\u200b"} & set(text)


@cases("gap", "text")
def test_words_that_touch_are_one(gap: float, text: str) -> None:
    words = page_of(drawn(f"60 700 10 St\n{60 + width_of('St') + gap} 700 10 raße")).words.words
    assert join_words(words) == text


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_turned_page_is_read_upright(angle: int) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.translate(*{90: (595, 0), 180: (595, 842), 270: (0, 842)}[angle])
        canvas.rotate(angle)
        for row in range(3):
            canvas.drawString(60, 500 - 20 * row, f"Zeile {row} eines Textes")
        canvas.line(60, 400, 300, 400)

    page = page_of(draw, angle)
    assert [word.turn for word in page.words.words] == [0] * len(page.words.words)
    first = min(page.words.words, key=lambda word: (word.baseline, word.box.left))
    assert (first.text, first.box.left) == ("Zeile", pytest.approx(60, abs=1))
    height = 842 if angle == 180 else 595
    assert first.baseline == pytest.approx(height - 500, abs=1)
    assert list(page.walls.level) == near(((height - 400, 60, 300),))


@cases("code", "upright", "level")
def test_rules_and_box_edges(code: str, upright: tuple[Edge, ...], level: tuple[Edge, ...]) -> None:
    page = page_of(operators(code))
    assert (sorted(page.walls.upright), sorted(page.walls.level)) == (near(upright), near(level))


def heights_of(page: Shown) -> list[float]:
    """Return the places of level walls, rounded."""
    return [round(wall.at) for wall in page.walls.level]


def test_underlines_are_no_walls() -> None:
    text = "Der Kreis baut Wege für alle aus."
    rules = f"60 698 m {60 + width_of(text)} 698 l S 40 590 m 500 590 l S"
    page = page_of(then(drawn(f"60 700 10 {text}\n60 600 10 {text}"), operators(rules)))
    assert heights_of(page) == [252]


def test_a_rule_between_close_rows_of_a_table_is_a_wall() -> None:
    rows = "62 700 10 Schule am Hafen\n473 700 10 2.109\n62 689 10 Turnhalle\n481 689 10 860"
    rules = "60 697 m 500 697 l S 60 686 m 500 686 l S"
    assert heights_of(page_of(then(drawn(rows), operators(rules)))) == [145, 156]


@pytest.mark.parametrize(("corners", "are_walls"), [(50, True), (800, False)])
def test_what_has_very_many_corners_is_a_drawing(corners: int, are_walls: bool) -> None:
    code = "60 400 m "
    for step in range(1, corners):
        code += f"{60 + 10 * (step // 2 % 40)} {400 + 10 * ((step + 1) // 2 % 30)} l "
    assert bool(page_of(operators(f"{code} S")).walls.level) is are_walls
