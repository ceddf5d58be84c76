"""Lines of hard layouts, each on a small PDF or text made for it."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pypdf._page
import pytest
from pypdf import PdfWriter
from pypdf.generic import FloatObject, NameObject
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from ingest.blocks import Block, build_blocks
from ingest.layout.furniture import mark_furniture
from ingest.layout.html import read_markdown
from ingest.layout.lines import Line, RawDocument, letter_spaced, split_bullet, ticked
from ingest.layout.pdf import _Extraction, read_pdf
from ingest.layout.text import read_text
from ingest.limits import ReadingLimits
from ingest.reading import read_source
from ingest.register import RegisterEntry
from ingest.sources import Source
from tests.ingest.papers import PROSE
from vectorstore.records import ParsedDocument

LEFT = (
    "Der Wald im Norden des Kreises ist",
    "in den letzten Jahren stark gelitten",
    "und wird nun mit vielen Bäumen",
    "neu bepflanzt, damit er auch in",
    "heißen Sommern bestehen kann und",
    "den Menschen Schatten gibt. Dafür",
    "stehen Mittel des Landes bereit, die",
)
RIGHT = (
    "Das Moor im Süden wird wieder nass,",
    "weil es so mehr Kohlenstoff hält als",
    "jeder Wald. Die Gräben werden dazu",
    "geschlossen und die Wege auf Stege",
    "gelegt, die auch mit Rollstühlen zu",
    "befahren sind. Ein Verein führt im",
    "Frühjahr durch die Flächen und zeigt",
)


def pdf(*pages: Callable[[Canvas], object]) -> bytes:
    """Return a PDF of the pages drawn."""
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=(595, 842))
    for draw in pages:
        canvas.setFont("Helvetica", 10)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return made.getvalue()


def turned(content: bytes, angle: int, unit: float = 1.0) -> bytes:
    """Return a PDF whose pages say that they are shown turned, in units of so many points."""
    writer, made = PdfWriter(io.BytesIO(content)), io.BytesIO()
    for page in writer.pages:
        page.rotate(angle)
        page[NameObject("/UserUnit")] = FloatObject(unit)
    writer.write(made)
    return made.getvalue()


def lines(content: bytes) -> list[Line]:
    """Return the lines of a PDF as reading finds them."""
    return read_pdf(content, ReadingLimits()).lines


def kept(content: bytes) -> list[str]:
    """Return the texts of a PDF that are no furniture."""
    raw = read_pdf(content, ReadingLimits())
    mark_furniture(raw)
    return [line.text for line in raw.lines if not line.noise]


def blocks(raw: RawDocument) -> list[Block]:
    """Return the blocks of a document."""
    mark_furniture(raw)
    return build_blocks(raw)


def parsed(content: bytes, suffix: str = ".pdf") -> ParsedDocument:
    """Return the document that is made of a file."""
    return read_source(RegisterEntry("papier", Path(f"a{suffix}")), Source(f"a{suffix}", content))


def prose(canvas: Canvas, top: float = 500, count: int = 4) -> None:
    """Draw some sentences."""
    for number in range(count):
        canvas.drawString(60, top - 14 * number, f"{PROSE[:80]} {number}")


def test_pypdf_asks_for_the_width_of_runs() -> None:
    assert pypdf._page.TextExtraction is _Extraction  # type: ignore[attr-defined]


def test_a_page_without_any_text_harms_no_other() -> None:
    raw = read_pdf(pdf(prose, lambda canvas: None, prose), ReadingLimits())
    assert raw.page_count == 3 and {line.page for line in raw.lines} == {0, 2}
    assert len(raw.heights) == 3 and len(raw.warnings) == 1


def test_cells_on_one_line_are_lines_with_their_edges() -> None:
    def row(canvas: Canvas) -> None:
        for x, text in ((60, "M 1"), (110, "Radwege bauen"), (300, "Amt 66")):
            canvas.drawString(x, 700, text)
        prose(canvas)

    first, second, third = lines(pdf(row))[:3]
    assert [line.text for line in (first, second, third)] == ["M 1", "Radwege bauen", "Amt 66"]
    assert second.right == pytest.approx(110 + pdfmetrics.stringWidth("Radwege bauen", "Helvetica", 10), abs=0.5)


def test_a_first_letter_set_apart_belongs_to_its_word_and_a_real_blank_stays() -> None:
    def labels(canvas: Canvas) -> None:
        for place, (first, rest, gap) in enumerate((("W", "er?", 1.7), ("R", "isiken", 1.7), ("A", "und B", 2.8))):
            canvas.drawString(60, 700 - 30 * place, first)
            width = pdfmetrics.stringWidth(first, "Helvetica", 10)
            canvas.drawString(60 + width + gap, 700 - 30 * place, rest)
        prose(canvas)

    assert [line.text for line in lines(pdf(labels))][:3] == ["Wer?", "Risiken", "A und B"]


def test_letterspaced_words_are_joined() -> None:
    assert letter_spaced("M A S S N A H M E") == "MASSNAHME"
    assert letter_spaced("Z I E L E  U N D  W E G E") == "ZIELE UND WEGE"
    assert letter_spaced("Die Felder A B C D sind frei") == "Die Felder A B C D sind frei"


def test_what_is_printed_twice_is_read_once_and_counted() -> None:
    def bold(canvas: Canvas) -> None:
        for shift in (0, 0.3, 0.6):
            canvas.drawString(60 + shift, 700, "Verantwortlich")
        canvas.drawString(60, 680, "Verantwortlich")  # a second line of the same words is text of its own
        prose(canvas)

    document = parsed(pdf(bold)).document
    assert document.text.count("Verantwortlich") == 2
    assert document.coverage is not None and document.coverage.lost == 0
    assert document.coverage.furniture == 2 * len("Verantwortlich")


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_turned_pages_are_read_upright(angle: int) -> None:
    def page(canvas: Canvas) -> None:
        width, height = (842, 595) if angle in (90, 270) else (595, 842)
        moves = {90: (595, 0), 180: (595, 842), 270: (0, 842)}
        canvas.translate(*moves[angle])
        canvas.rotate(angle)
        for x, text in ((60, "M 1"), (200, "Radwege"), (500, "Amt 66")):
            canvas.drawString(x, height - 60, text)
        canvas.drawString(width - 100, 40, "Ende")
        prose(canvas, height - 150)

    raw = read_pdf(turned(pdf(page), angle), ReadingLimits())
    assert [line.text for line in raw.lines[:3]] == ["M 1", "Radwege", "Amt 66"]
    assert raw.heights == [595.0 if angle in (90, 270) else 842.0]
    assert raw.lines[0].x == pytest.approx(60, abs=1) and raw.lines[0].y == pytest.approx(raw.height - 60, abs=1)


def test_units_of_a_page_are_points() -> None:
    raw = read_pdf(turned(pdf(prose), 0, 2.0), ReadingLimits())
    assert (raw.height, raw.lines[0].size, raw.lines[0].x, raw.lines[0].y) == (1684.0, 20.0, 120.0, 1000.0)


def test_letters_up_a_margin_are_one_line_beside_the_text() -> None:
    def page(canvas: Canvas) -> None:
        prose(canvas, 700)
        canvas.saveState()
        canvas.translate(30, 300)
        canvas.rotate(90)
        x = 0.0
        for letter in "Handlungsfeld":
            canvas.drawString(x, 0, letter)
            x += pdfmetrics.stringWidth(letter, "Helvetica", 10)
        canvas.restoreState()
        prose(canvas, 600)

    margin = [line for line in lines(pdf(page)) if line.aside]
    assert [line.text for line in margin] == ["Handlungsfeld"]
    assert parsed(pdf(page)).document.text.count("Handlungsfeld") == 1


def test_labels_and_values_side_by_side_stay_together() -> None:
    def sheet(canvas: Canvas) -> None:
        for number in range(8):
            canvas.drawString(60, 700 - 20 * number, f"Feld {number}")
            canvas.drawString(200, 700 - 20 * number, f"ein Wert, der zum Feld mit der Nummer {number} gehört")

    found = [line.text for line in lines(pdf(sheet))]
    assert found[:4] == ["Feld 0", "ein Wert, der zum Feld mit der Nummer 0 gehört", "Feld 1", found[3]]


def test_labels_of_sheets_at_one_height_are_no_furniture() -> None:
    def sheet(number: int) -> Callable[[Canvas], object]:
        def draw(canvas: Canvas) -> None:
            canvas.setFont("Helvetica", 8)
            canvas.drawString(60, 810, "Klimaplan Kreis Quonau")
            canvas.drawString(290, 30, f"Seite {number + 3}")
            canvas.setFont("Helvetica-Bold", 10)
            canvas.drawString(60, 780, f"M {number}")
            canvas.drawString(110, 780, f"Vorhaben {'abcdefghij'[number]}")
            canvas.drawString(60, 762, "Verantwortlich")
            canvas.drawString(60, 734, "Zeitraum:")
            canvas.drawString(60, 80, "Stand")
            canvas.setFont("Helvetica", 10)
            canvas.drawString(60, 748, f"Amt {60 + number}")
            canvas.drawString(60, 720, f"bis {2030 + number}")
            canvas.drawString(60, 66, ("geplant", "in Arbeit", "fertig")[number % 3])
            prose(canvas)

        return draw

    found = kept(pdf(*(sheet(number) for number in range(1, 10))))
    for label in ("Verantwortlich", "Zeitraum:", "Stand"):
        assert found.count(label) == 9
    assert [text for text in found if text.startswith("M ")] == [f"M {number}" for number in range(1, 10)]
    assert not any(text.startswith(("Klimaplan", "Seite")) for text in found)


def test_a_running_head_with_the_sheets_number_stands_once() -> None:
    def page(number: int) -> Callable[[Canvas], object]:
        def draw(canvas: Canvas) -> None:
            sheet = number // 3 + 7
            canvas.drawString(60, 800, f"M {sheet} Vorhaben {'abcdefgh'[number // 3]}")
            prose(canvas, 700, 8)
            canvas.drawString(290, 30, f"Seite {number + 1}")

        return draw

    document = parsed(pdf(*(page(number) for number in range(12)))).document
    for sheet in range(7, 11):
        assert f"M {sheet} Vorhaben" in document.text
    assert document.coverage is not None and document.coverage.lost == 0


def test_a_column_of_numbers_in_a_table_is_no_line_number() -> None:
    def table(canvas: Canvas) -> None:
        canvas.drawString(60, 740, PROSE[:90])
        for x, text in ((66, "Nr."), (110, "Bezeichnung"), (300, "Ansatz")):
            canvas.drawString(x, 720, text)
        for number in range(1, 31):
            for x, text in ((66, str(number)), (110, f"Posten {number}"), (300, f"{number}.000")):
                canvas.drawString(x, 720 - 16 * number, text)

    assert {str(number) for number in range(1, 31)} <= set(kept(pdf(table)))


def test_ticks_of_a_symbol_font_can_be_read() -> None:
    assert ticked("\uf0fe hoch \uf0a8 mittel") == "☑ hoch ☐ mittel"
    assert ticked("\uf0a7 ein Punkt") == "\uf0a7 ein Punkt"


def test_bookmarks_are_handed_on() -> None:
    def page(number: int) -> Callable[[Canvas], object]:
        def draw(canvas: Canvas) -> None:
            canvas.bookmarkPage(str(number))
            canvas.addOutlineEntry(f"M {number} Vorhaben", str(number), level=min(number, 1))
            prose(canvas)

        return draw

    raw = read_pdf(pdf(page(0), page(1)), ReadingLimits())
    assert raw.bookmarks == [(1, "M 0 Vorhaben", 0), (2, "M 1 Vorhaben", 1)]


def test_marks_of_pages_in_a_text_make_pages() -> None:
    made = "".join(f"Absatz {'abcd'[n]}: {PROSE}\n\nSeite {n + 1} von 4\n\n-- {n + 1} of 4 --\n\n" for n in range(4))
    raw = read_text(made.encode())
    mark_furniture(raw)
    assert raw.page_count == 4 and raw.labels == ["1", "2", "3", "4"]
    assert [line.page for line in raw.lines if not line.noise] == [0, 1, 2, 3]


def test_numbers_of_measures_in_a_text_are_no_pages() -> None:
    made = "".join(f"Maßnahme {n} von 5\n\n{PROSE}\n\n" for n in range(1, 6))
    assert read_text(made.encode()).page_count == 0


def test_a_table_set_with_blanks_becomes_rows() -> None:
    made = f"""{PROSE}

Nr.    Maßnahme            Zuständig       Zeit

1.1    Mähen mit           Untere Natur-   2026
       Rücksicht           schutzbehörde

1.2    Blühende Wege       Amt 66          2027

{PROSE}
"""
    texts = [block.text for block in blocks(read_text(made.encode()))]
    assert "1.1\tMähen mit Rücksicht\tUntere Naturschutzbehörde\t2026" in texts
    assert "1.2\tBlühende Wege\tAmt 66\t2027" in texts


def test_headings_in_markdown_stand_alone_with_their_level() -> None:
    made = f"Klimaplan\n=========\n\nTeil eins\n---------\n{PROSE}\n### M 12 Jobticket\n{PROSE}\n## Ziele\n{PROSE}\n"
    found = {block.text: block.level for block in blocks(read_markdown(made.encode(), ReadingLimits())) if block.level}
    assert found == {"Klimaplan": 1, "Teil eins": 2, "M 12 Jobticket": 3, "Ziele": 2}


def test_points_of_a_markdown_list_keep_the_numbers_that_are_printed() -> None:
    raw = read_markdown(f"{PROSE}\n\n3. Wald\n\n5. Wasser\n5. Wege\n".encode(), ReadingLimits())
    assert [line.text for line in raw.lines[1:]] == ["3. Wald", "5. Wasser", "5. Wege"]


def test_links_of_markdown_are_read_as_they_are_written() -> None:
    raw = read_markdown(
        f'{PROSE}\n\nSiehe [Plan](https://kreis.example/plan "Stand 2026").\n'.encode(), ReadingLimits()
    )
    assert raw.lines[1].text == 'Siehe [Plan](https://kreis.example/plan "Stand 2026").'


def test_a_markdown_table_without_outer_bars() -> None:
    made = f"{PROSE}\n\nNr. | Maßnahme | Amt\n:--|:--:|--:\nM 1 | Leihräder | 61\n\n{PROSE}\n"
    rows = [line.cells for line in read_markdown(made.encode(), ReadingLimits()).lines if line.cells]
    assert rows == [("Nr.", "Maßnahme", "Amt"), ("M 1", "Leihräder", "61")]


def test_a_numbered_list_keeps_its_numbers() -> None:
    made = "\n".join(f"{n} Vorhaben {n} im Kreis" for n in range(1, 41))
    assert "17 Vorhaben 17 im Kreis" in parsed(made.encode(), ".txt").document.text


def test_labels_of_a_text_are_no_furniture_where_their_values_begin_small() -> None:
    owners = (
        "Amt für Kreisentwicklung und Büro der Leitung",
        "Amt 66",
        "Hauptamt",
        "Bauamt",
        "Amt 61",
        "Schulamt",
        "x",
    )
    sheets = [f"M {n} Weg {n}\n\nZuständig\n\n{owners[n]}\n\nBedeutung\n\nhoch\n\n{PROSE}\n\n" for n in range(7)]
    for text in ("".join(sheets), "".join(f"{sheet}-- {n} of 7 --\n\n" for n, sheet in enumerate(sheets, start=1))):
        raw = read_text(text.encode())
        mark_furniture(raw)
        assert [line.text for line in raw.lines if not line.noise].count("Bedeutung") == 7


def test_the_title_below_a_running_head_of_the_same_words_stays() -> None:
    pages = [
        f"Klimaplan Quonau\n\n{'Klimaplan Quonau' if n == 1 else PROSE}\n\n{n}\n\n-- {n} of 5 --\n" for n in range(1, 6)
    ]
    raw = read_text("".join(pages).encode())
    mark_furniture(raw)
    assert [line.text for line in raw.lines if not line.noise].count("Klimaplan Quonau") == 1


def test_bullets_of_symbol_fonts_are_bullets_whatever_control_character_they_became() -> None:
    for sign in ("\x02", "\x7f", "\x84\x84", "\uf0b7"):
        assert split_bullet(f"{sign} Sprache") == (True, "Sprache")
        assert split_bullet(f"Handlungsfelder: {sign}") == (False, "Handlungsfelder:")
