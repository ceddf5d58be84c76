"""Hard pages of PDFs, each on a small one made for it: what becomes of them, and what is read of
sheets.
"""

from __future__ import annotations

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from prompts import say
from tests.ingest.cases import cases
from tests.ingest.papers import PROSE, Draw, at, layout_of, pdf, read_bytes, records, said
from vectorstore.records import Item

Text = tuple[float, float, str, float]
TITLES = ("Jobticket für alle", "Radwege im Norden", "Dächer mit Solarstrom", "Mehrweg auf Festen")
UNITS = ("Amt für Mobilität", "Tiefbauamt", "Amt für Gebäude", "Ordnungsamt")
PERIODS = ("2026 bis 2028", "ab 2027", "bis Ende 2030", "dauerhaft")
SENTENCES = (
    "Der Kreis stellt dafür Personal ab und holt die Städte dazu.",
    "Im zweiten Halbjahr wird ausgewertet, was daraus geworden ist.",
    "Wer mitmachen will, meldet sich bei der zuständigen Stelle.",
)


def texts(content: bytes) -> list[str]:
    return [line.text for line in layout_of(content).lines]


def prose(top: float = 500, count: int = 4) -> list[Text]:
    return [(60, top - 14 * number, f"{PROSE[:80]} {number}", 10) for number in range(count)]


def test_a_page_without_any_text_harms_no_other() -> None:
    layout = layout_of(pdf(at(*prose()), lambda canvas: None, at(*prose(400, 5))))
    assert layout.page_count == 3 and {line.page for line in layout.lines} == {0, 2}
    assert layout.warnings == (say("reading.without_text", pages=2),)


def test_a_first_letter_set_apart_belongs_to_its_word_and_a_real_blank_stays() -> None:
    parts: list[Text] = []
    for place, (first, remaining, gap) in enumerate(
        (("W", "er?", 1.1), ("R", "isiken", 1.1), ("A", "und B", 2.8))
    ):
        width = pdfmetrics.stringWidth(first, "Helvetica", 10)
        parts += [
            (60, 700 - 30 * place, first, 10),
            (60 + width + gap, 700 - 30 * place, remaining, 10),
        ]
    assert texts(pdf(at(*parts, *prose())))[:3] == ["Wer?", "Risiken", "A und B"]


def test_a_bullet_apart_marks_its_line_and_a_mark_in_a_column_is_a_cell() -> None:
    rows = [(700 - 14 * row, name) for row, name in enumerate(TITLES)]
    bullets = [(x, y, text, 10) for y, name in rows for x, text in ((60, "•"), (74, name))]
    lines = layout_of(pdf(at(*bullets, *prose()))).lines[:4]
    assert [(line.text, line.bullet) for line in lines] == [(title, True) for title in TITLES]


def test_what_is_printed_twice_is_read_once() -> None:
    words = [(60 + shift, 700, "Verantwortlich", 10) for shift in (0, 0.3, 0.6)]
    words.append(
        (60, 680, "Verantwortlich", 10)
    )  # a second line of the same words is text of its own
    document = read_bytes(pdf(at(*words, *prose()))).document
    assert document.text.count("Verantwortlich") == 2
    assert document.coverage is not None and document.coverage.lost == 0


def test_columns_of_prose_drawn_line_by_line_are_read_one_after_the_other() -> None:
    left = [
        f"{word} im Norden des Kreises ist gut"
        for word in ("Wald", "Heide", "Moor", "Wiese", "Acker", "Garten")
    ]
    right = [
        f"{word} im Süden wird bald verbessert"
        for word in ("Bach", "Fluss", "Teich", "Quelle", "See", "Kanal")
    ]
    rows = [
        (x, 700 - 13.0 * n, side[n], 10.0)
        for n in range(6)
        for x, side in ((60, left), (310, right))
    ]
    assert texts(pdf(at((60, 740, f"{PROSE[:90]}", 10), *rows, *prose(560, 2))))[1:13] == [
        *left,
        *right,
    ]


def test_letters_up_a_margin_are_one_line_and_no_part_of_the_text() -> None:
    def page(canvas: Canvas) -> None:
        at(*prose(700, 8))(canvas)
        canvas.saveState()
        canvas.translate(30, 300)
        canvas.rotate(90)
        canvas.drawString(0, 0, "Handlungsfeld")
        canvas.restoreState()

    assert read_bytes(pdf(page)).document.text.count("Handlungsfeld") == 1
    assert texts(pdf(page))[-1] == "Handlungsfeld"


def test_bookmarks_and_labels_of_pages_are_handed_on() -> None:
    def page(number: int) -> Draw:
        def draw(canvas: Canvas) -> None:
            canvas.bookmarkPage(str(number))
            canvas.addOutlineEntry(f"M {number} Vorhaben", str(number), level=min(number, 1))
            at(*prose(), (290, 30, f"Seite {number + 3}", 8))(canvas)

        return draw

    layout = layout_of(pdf(page(0), page(1), page(2)))
    assert layout.bookmarks == (
        (1, "M 0 Vorhaben", 0),
        (2, "M 1 Vorhaben", 1),
        (2, "M 2 Vorhaben", 2),
    )
    assert layout.labels == ("3", "4", "5")


# Sheets: what is read of them


def sheets(draw: str) -> list[Item]:
    """Return the records of four pages, each drawn by lines "x y size text" with the values of a
    sheet filled in.
    """
    pages = []
    for n, title in enumerate(TITLES):
        filled = draw.format(
            n=n + 1, title=title, unit=UNITS[n], period=PERIODS[n], said=SENTENCES[n % 3], word="abcd"[n],
        )  # fmt: skip
        rows = [line.split(" ", 3) for line in filled.strip().splitlines()]
        pages.append(at(*((float(x), float(y), text, float(size)) for x, y, size, text in rows)))
    return records(read_bytes(pdf(*pages)))


def told(items: list[Item]) -> list[tuple[str, str, tuple[str, ...], str | None]]:
    return [(item.ref, item.title, item.responsible, item.period) for item in items]


ALL = [(f"M {n + 1}", TITLES[n], (UNITS[n],), PERIODS[n]) for n in range(4)]
ABOVE = """60 660 -10 Zuständig
60 646 10 {unit}
60 620 -10 Laufzeit
60 606 10 {period}
60 580 -10 Inhalt
60 566 10 {said}"""
BESIDE = """60 660 -10 Zuständig
200 660 10 {unit}
60 640 -10 Laufzeit
200 640 10 {period}
60 620 -10 Inhalt
200 620 10 {said}"""


@cases("fields")
@pytest.mark.parametrize(
    "head",
    [
        "60 700 -14 M {n} {title}",
        "60 720 -14 M {n}\n60 700 -14 {title}",
        "60 740 -14 M {n}\n60 722 10 Verkehr\n60 700 -14 {title}",
        "60 720 8 M {n}\n60 700 -14 {title}",
        "60 700 -12 M {n}\n120 700 -12 {title}",
    ],
    ids=["one line", "two lines", "two lines above", "a small number", "side by side"],
)
def test_the_head_of_a_sheet_has_number_and_title(head: str, fields: str) -> None:
    assert told(sheets(f"{head}\n{fields}")) == ALL


def test_a_title_over_two_lines_is_whole() -> None:
    items = sheets(f"60 714 -14 M {{n}} {{title}} und\n60 698 -14 auch im Fall {{word}}\n{ABOVE}")
    assert [item.title for item in items] == [
        f"{TITLES[n]} und auch im Fall {'abcd'[n]}" for n in range(4)
    ]


def test_one_number_has_one_head() -> None:
    """The running head of each page prints the number again, with other words."""
    items = sheets(f"60 810 8 Steckbrief M {{n}}\n60 700 -14 M {{n}} {{title}}\n{ABOVE}")
    assert told(items) == ALL


def test_what_is_ticked_is_the_value() -> None:
    choices = ("kurzfristig", "mittelfristig", "langfristig")
    boxes = " ".join(f"[{{x{place}}}] {choice}" for place, choice in enumerate(choices))
    pages = [
        at((60, 700, f"M {n} {title}", -14), (60, 660, "Zuständig", -10), (60, 646, UNITS[n], 10),
           (60, 620, "Laufzeit", -10), (60, 606, boxes.format(**{f"x{m}": " x"[m == n % 3] for m in range(3)}), 10))
        for n, title in enumerate(TITLES)
    ]  # fmt: skip
    assert [item.period for item in records(read_bytes(pdf(*pages)))] == [
        choices[n % 3] for n in range(4)
    ]


def test_a_name_ends_with_a_line_that_has_room_for_the_next_word() -> None:
    second = ("Kämmerei", "Stadtwerke", "Kulturbüro", "Feuerwehr")
    pages = [
        at((76, 780, f"M {n} {title}", -14), (76, 740, "Zuständig", -10), (76, 725, f"{UNITS[n]} am Markt,", 10),
           (76, 713, second[n], 10), (76, 701, "Bauhof", 10), (76, 660, "Dauer", -10), (76, 645, PERIODS[n], 10),
           *prose())
        for n, title in enumerate(TITLES)
    ]  # fmt: skip
    assert [item.responsible[-2:] for item in records(read_bytes(pdf(*pages)))] == [
        (unit, "Bauhof") for unit in second
    ]


def test_rows_of_a_balance_are_no_records() -> None:
    carriers = ("Strom", "Heizöl", "Erdgas", "Fernwärme", "Holz", "Summe Energieträger")
    balances = [
        at((70, 760, f"Bilanz für das Jahr {year}", -11), *(
            value for row, carrier in enumerate(carriers) for value in (
                (70, 720 - 16 * row, carrier, -10), (220, 720 - 16 * row, f"{(row + 3) * year}.{year % 900:03d}", 10),
                (330, 720 - 16 * row, f"{row + 7},{row}%", 10))))
        for year in (2000, 2011)
    ]  # fmt: skip
    pages = [
        at((70, 760, title, -11), (70, 740, "Zielsetzung:", 11), (70, 726, SENTENCES[0], 11),
           (70, 680, "Umsetzungsstand:", 11), (70, 666, SENTENCES[1], 11))
        for title in TITLES
    ]  # fmt: skip
    content = pdf(*balances, *pages)
    assert records(read_bytes(content)) == []
    read = read_bytes(content, choices=said(*TITLES[:2]))
    assert [item.title for item in records(read)] == list(TITLES)


def test_a_drawn_table_over_page_ends_is_one_list() -> None:
    def page(first: int, head: bool) -> Draw:
        def draw(canvas: Canvas) -> None:
            rows = [("Nr.", "Maßnahme", "Zuständig", "Zeitraum")] * head
            for n in range(first, first + 5):
                rows.append(
                    (
                        f"M {n}",
                        f"Weg nach {'ABCDEFGHIJKL'[n]}-Dorf",
                        f"Amt 6{n % 9}",
                        f"ab 20{n + 30}",
                    )
                )
            for place, cells in enumerate(rows):
                for x, end, text in zip(
                    (60, 120, 320, 420), (120, 320, 420, 530), cells, strict=True
                ):
                    canvas.rect(x, 700 - 20 * place, end - x, 20)
                    canvas.drawString(x + 4, 706 - 20 * place, text)

        return draw

    found = records(read_bytes(pdf(page(1, True), page(6, False))))
    assert [(item.ref, item.responsible, item.page) for item in found] == [
        (f"M {n}", (f"Amt 6{n % 9}",), 1 if n < 6 else 2) for n in range(1, 11)
    ]  # fmt: skip
