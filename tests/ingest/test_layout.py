"""Lines of hard layouts, each on a small PDF or text made for it."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfWriter
from pypdf.generic import FloatObject, NameObject
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from ingest.layout.furniture import mark_furniture
from ingest.layout.hyphens import Vocabulary, join_cell_lines, join_lines
from ingest.layout.lines import Line, RawDocument, letter_spaced, split_bullet, squash, ticked
from ingest.layout.pdf import read_pdf
from ingest.layout.text import read_text
from ingest.limits import ReadingLimits
from tests.ingest.papers import PROSE, Draw, at, pdf, read_bytes
from tests.ingest.phrases import phrases

CELLS = ((60, 700, "M 1", 10), (110, 700, "Radwege bauen", 10), (300, 700, "Amt 66", 10))

WORDS = Vocabulary(
    ["Die CO₂-reduzierte Mobilität sowie der Kantinenausschuss und die Wirtschaftsförderungen sind in Bearbeitung."]
)


def turned(content: bytes, angle: int, unit: float = 1.0) -> bytes:
    """Return a PDF whose pages say that they are shown turned, in units of so many points."""
    writer, made = PdfWriter(io.BytesIO(content)), io.BytesIO()
    for page in writer.pages:
        page.rotate(angle)
        page[NameObject("/UserUnit")] = FloatObject(unit)
    writer.write(made)
    return made.getvalue()


def raw_of(content: bytes, marked: bool = False) -> RawDocument:
    """Return the lines of a PDF as reading finds them, furniture `marked`."""
    raw = read_pdf(content, ReadingLimits())
    if marked:
        mark_furniture(raw)
    return raw


def kept(raw: RawDocument) -> list[str]:
    """Return the texts that are no furniture."""
    mark_furniture(raw)
    return [line.text for line in raw.lines if not line.noise]


def prose(canvas: Canvas, top: float = 500, count: int = 4) -> None:
    """Draw some sentences."""
    for number in range(count):
        canvas.drawString(60, top - 14 * number, f"{PROSE[:80]} {number}")


def sentences(top: float = 500, count: int = 4) -> list[tuple[float, float, str, float]]:
    return [(60, top - 14 * number, f"{PROSE[:80]} {number}", 10) for number in range(count)]


def test_a_page_without_any_text_harms_no_other() -> None:
    raw = raw_of(pdf(prose, lambda canvas: None, prose))
    assert raw.page_count == 3 and {line.page for line in raw.lines} == {0, 2}
    assert len(raw.heights) == 3 and len(raw.warnings) == 1


def test_cells_on_one_line_are_lines_with_their_edges() -> None:
    first, second, third = raw_of(pdf(at(*CELLS, *sentences()))).lines[:3]
    assert [line.text for line in (first, second, third)] == ["M 1", "Radwege bauen", "Amt 66"]
    assert second.right == pytest.approx(110 + pdfmetrics.stringWidth("Radwege bauen", "Helvetica", 10), abs=0.5)


def test_a_first_letter_set_apart_belongs_to_its_word_and_a_real_blank_stays() -> None:
    parts: list[tuple[float, float, str, float]] = []
    for place, (first, rest, gap) in enumerate((("W", "er?", 1.7), ("R", "isiken", 1.7), ("A", "und B", 2.8))):
        width = pdfmetrics.stringWidth(first, "Helvetica", 10)
        parts += [(60, 700 - 30 * place, first, 10), (60 + width + gap, 700 - 30 * place, rest, 10)]
    found = raw_of(pdf(at(*parts, *sentences()))).lines
    assert [line.text for line in found][:3] == ["Wer?", "Risiken", "A und B"]


def test_letterspaced_words_are_joined_and_ticks_and_bullets_of_symbol_fonts_can_be_read() -> None:
    assert letter_spaced("M A S S N A H M E") == "MASSNAHME"
    assert letter_spaced("Z I E L E  U N D  W E G E") == "ZIELE UND WEGE"
    assert letter_spaced("Die Felder A B C D sind frei") == "Die Felder A B C D sind frei"
    assert ticked("\uf0fe hoch \uf0a8 mittel") == "☑ hoch ☐ mittel"
    assert ticked("\uf0a7 ein Punkt") == "\uf0a7 ein Punkt"
    for sign in ("\x02", "\x7f", "\x84\x84", "\uf0b7"):
        assert split_bullet(f"{sign} Sprache") == (True, "Sprache")
        assert split_bullet(f"Handlungsfelder: {sign}") == (False, "Handlungsfelder:")
    assert split_bullet("●●○") == (False, "●●○")


def test_what_is_printed_twice_is_read_once_and_counted() -> None:
    words = [(60 + shift, 700, "Verantwortlich", 10) for shift in (0, 0.3, 0.6)]
    words.append((60, 680, "Verantwortlich", 10))  # a second line of the same words is text of its own
    document = read_bytes(pdf(at(*words, *sentences()))).document
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

    raw = raw_of(turned(pdf(page), angle))
    assert [line.text for line in raw.lines[:3]] == ["M 1", "Radwege", "Amt 66"]
    assert raw.heights == [595.0 if angle in (90, 270) else 842.0]
    assert raw.lines[0].x == pytest.approx(60, abs=1) and raw.lines[0].y == pytest.approx(raw.height - 60, abs=1)


def test_units_of_a_page_are_points() -> None:
    raw = raw_of(turned(pdf(prose), 0, 2.0))
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

    assert [line.text for line in raw_of(pdf(page)).lines if line.aside] == ["Handlungsfeld"]
    assert read_bytes(pdf(page)).document.text.count("Handlungsfeld") == 1


def test_columns_of_prose_drawn_line_by_line_are_read_one_after_the_other() -> None:
    left = (
        "Der Wald im Norden des Kreises ist", "in den letzten Jahren stark gelitten", "und wird nun mit vielen Bäumen",
        "neu bepflanzt, damit er auch in", "heißen Sommern bestehen kann und", "den Menschen Schatten gibt. Dafür",
    )  # fmt: skip
    right = (
        "Das Moor im Süden wird wieder nass,", "weil es so mehr Kohlenstoff hält als", "jeder Wald. Die Gräben werden",
        "geschlossen und die Wege auf Stege", "gelegt, die auch mit Rollstühlen zu", "befahren sind. Ein Verein führt",
    )  # fmt: skip
    head = "Eine Überschrift, die über beide Spalten der ganzen Seite geht, bis an den Rand"
    pairs = enumerate(zip(left, right, strict=True))
    rows = [(x, 700 - 13 * n, pair[x > 60], 10.0) for n, pair in pairs for x in (60, 310)]
    found = raw_of(pdf(at((60, 740, head, 10), *rows, (60, 590, f"Noch {head}", 10), *sentences(560, 1)))).lines
    assert [line.text for line in found[1:13]] == [*left, *right] and found[13].text.startswith("Noch")


def test_labels_and_values_side_by_side_stay_together() -> None:
    value = "ein Wert, der zum Feld mit der Nummer {} gehört"
    pairs = [((60, 700 - 20 * n, f"Feld {n}", 10), (200, 700 - 20 * n, value.format(n), 10)) for n in range(8)]
    found = [line.text for line in raw_of(pdf(at(*(one for pair in pairs for one in pair)))).lines]
    assert found[:4] == ["Feld 0", value.format(0), "Feld 1", found[3]]


def test_labels_of_sheets_at_one_height_are_no_furniture() -> None:
    def sheet(n: int) -> Draw:
        return at(
            (60, 810, "Klimaplan Kreis Quonau", 8), (290, 30, f"Seite {n + 3}", 8), (60, 780, f"M {n}", -10),
            (110, 780, f"Vorhaben {'abcdefghij'[n]}", -10), (60, 762, "Verantwortlich", -10),
            (60, 734, "Zeitraum:", -10), (60, 80, "Stand", -10), (60, 748, f"Amt {60 + n}", 10),
            (60, 720, f"bis {2030 + n}", 10), (60, 66, ("geplant", "in Arbeit", "fertig")[n % 3], 10), *sentences(),
        )  # fmt: skip

    raw = raw_of(pdf(*(sheet(number) for number in range(1, 10))))
    found = kept(raw)
    for label in ("Verantwortlich", "Zeitraum:", "Stand"):
        assert found.count(label) == 9
    assert [text for text in found if text.startswith("M ")] == [f"M {number}" for number in range(1, 10)]
    assert not any(text.startswith(("Klimaplan", "Seite")) for text in found)
    assert raw.labels == [str(number) for number in range(4, 13)]  # as the foot prints them


def test_on_two_pages_a_header_is_an_aside_and_no_furniture() -> None:
    heads = (60, 810, "Bericht Kreis Quonau", 7)
    raw = raw_of(pdf(*(at(heads, (500, 28, f"Seite {n}", 7), *sentences()) for n in (1, 2))), marked=True)
    assert not [line for line in raw.lines if line.noise]
    assert len([line for line in raw.lines if line.aside]) == 4


def test_a_running_head_with_the_sheets_number_stands_once() -> None:
    def page(number: int) -> Draw:
        head = f"M {number // 3 + 7} Vorhaben {'abcdefgh'[number // 3]}"
        return at((60, 800, head, 10), *sentences(700, 8), (290, 30, f"Seite {number + 1}", 10))

    document = read_bytes(pdf(*(page(number) for number in range(12)))).document
    for sheet in range(7, 11):
        assert f"M {sheet} Vorhaben" in document.text
    assert document.coverage is not None and document.coverage.lost == 0


def test_numbers_of_lines_are_furniture_and_a_column_of_numbers_in_a_table_is_none() -> None:
    rows = [[(66, str(n)), (110, f"Posten {n}"), (300, f"{n}.000")] for n in range(1, 31)]
    cells = [(x, 720 - 16 * n, text, 10) for n, row in enumerate(rows, start=1) for x, text in row]
    heads = ((60, 740, PROSE[:90], 10), (66, 720, "Nr.", 10), (110, 720, "Bezeichnung", 10), (300, 720, "Ansatz", 10))
    assert {str(number) for number in range(1, 31)} <= set(kept(raw_of(pdf(at(*heads, *cells)))))
    beside = [(85, 780 - 20.0 * n, f"Zeile mit Text, der {n}-mal anders ist", 11) for n in range(1, 31)]
    numbers = [(47, 780 - 20.0 * n, str(n), 11) for n in range(1, 31)]
    assert not [text for text in kept(raw_of(pdf(at(*beside, *numbers)))) if text.isdigit()]


def test_bookmarks_are_handed_on() -> None:
    def page(number: int) -> Draw:
        def draw(canvas: Canvas) -> None:
            canvas.bookmarkPage(str(number))
            canvas.addOutlineEntry(f"M {number} Vorhaben", str(number), level=min(number, 1))
            prose(canvas)

        return draw

    assert raw_of(pdf(page(0), page(1))).bookmarks == [(1, "M 0 Vorhaben", 0), (2, "M 1 Vorhaben", 1)]


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
        assert kept(read_text(text.encode())).count("Bedeutung") == 7


def test_legends_of_a_text_without_pages_cut_sentences_and_what_repeats_otherwise_stays() -> None:
    legend, lines = ["fertig (im letzten Jahr)", "in Arbeit", "Ideen"], list[str]()
    for number, word in enumerate(("aaaa", "bbbb", "cccc", "dddd")):
        lines += [f"1.{number} Projekt {number}", "Stand:", "derzeit keine Projekte vorhanden"]
        lines += [f"Die Gemeinden haben {word} gemeinsam mit dem Kreis", *legend, f"einen Plan {word} aufgestellt."]
    found = kept(RawDocument([Line(text) for text in lines]))
    assert not set(legend) & set(found)
    assert found.count("Stand:") == 4 and found.count("derzeit keine Projekte vorhanden") == 4
    lines = [text for n in range(5) for text in (f"M {n}", "Priorität hoch", "Das Projekt wird im Kreis umgesetzt.")]
    assert kept(RawDocument([Line(text) for text in lines])) == lines


def test_the_title_below_a_running_head_of_the_same_words_stays() -> None:
    pages = [
        f"Klimaplan Quonau\n\n{'Klimaplan Quonau' if n == 1 else PROSE}\n\n{n}\n\n-- {n} of 5 --\n" for n in range(1, 6)
    ]
    assert kept(read_text("".join(pages).encode())).count("Klimaplan Quonau") == 1


# Words that lines break


@pytest.mark.parametrize(("first", "second", "joined"), phrases("hyphens", "lines"))
def test_lines(first: str, second: str, joined: str) -> None:
    assert join_lines(first, second, WORDS) == joined


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (["Wirtschaftsförderunge", "n sind"], "Wirtschaftsförderungen sind"),
        (["Kantinen-au", "sschuss"], "Kantinen-ausschuss"),
        (["Bearbe", "itung"], "Bearbeitung"),
        (["Bürgermeister in", "weiteren Orten"], "Bürgermeister in weiteren Orten"),
        (["alle Kommunen", "Kreis"], "alle Kommunen Kreis"),
        (["Umwelt-", "Rat"], "Umwelt-Rat"),
        (["H ₂", "-Mobilität"], "H ₂-Mobilität"),
    ],
)
def test_cells(lines: list[str], joined: str) -> None:
    assert join_cell_lines(lines, WORDS) == joined


@given(st.lists(st.text(alphabet="abcDEF -äß.", min_size=1), min_size=1, max_size=5))
def test_cells_lose_nothing_but_hyphens_and_spaces(lines: list[str]) -> None:
    assert squash(join_cell_lines(lines, WORDS)).replace("-", "") == squash("".join(lines)).replace("-", "")
