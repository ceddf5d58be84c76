"""Hard pages of PDFs, each on a small one made for it: what becomes of them, and what is read of
sheets.
"""

from __future__ import annotations

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from prompts import say
from tests.ingest.cases import cases
from tests.ingest.papers import (
    PROSE,
    Draw,
    drawn,
    is_whole,
    layout_of,
    lines_of,
    operators,
    pdf,
    read_bytes,
    records,
    said,
    then,
)
from vectorstore.records import Item

TITLES = ("Jobticket für alle", "Radwege im Norden", "Dächer mit Solarstrom", "Mehrweg auf Festen")
UNITS = ("Amt für Mobilität", "Tiefbauamt", "Amt für Gebäude", "Ordnungsamt")
PERIODS = ("2026 bis 2028", "ab 2027", "bis Ende 2030", "dauerhaft")
SECOND = ("Kämmerei", "Stadtwerke", "Kulturbüro", "Feuerwehr")
CHOICES = ("kurzfristig", "mittelfristig", "langfristig")
SENTENCES = (
    "Der Kreis stellt dafür Personal ab und holt die Städte dazu.",
    "Im zweiten Halbjahr wird ausgewertet, was daraus geworden ist.",
    "Wer mitmachen will, meldet sich bei der zuständigen Stelle.",
)


def texts(page: str) -> list[str]:
    """Return the lines of a page that is drawn by lines "x y size text"."""
    return lines_of(layout_of(pdf(drawn(page))))


def prose(top: float = 500, count: int = 4) -> str:
    return "".join(f"\n60 {top - 14 * n} 10 {PROSE[:80]} {n}" for n in range(count))


def test_a_page_without_any_text_harms_no_other() -> None:
    layout = layout_of(pdf(drawn(prose()), lambda canvas: None, drawn(prose(400, 5))))
    assert layout.page_count == 3 and {line.page for line in layout.lines} == {0, 2}
    assert layout.warnings == (say("reading.without_text", pages=2),)


def test_a_first_letter_set_apart_belongs_to_its_word_and_a_real_blank_stays() -> None:
    page = ""
    for row, (first, rest, gap) in enumerate(
        (("W", "er?", 1.1), ("R", "isiken", 1.1), ("A", "und B", 2.8))
    ):
        right = 60 + pdfmetrics.stringWidth(first, "Helvetica", 10) + gap
        page += f"60 {700 - 30 * row} 10 {first}\n{right} {700 - 30 * row} 10 {rest}\n"
    assert texts(page + prose())[:3] == ["Wer?", "Risiken", "A und B"]


def test_a_bullet_apart_marks_its_line_and_a_mark_in_a_column_is_a_cell() -> None:
    rows = (
        f"60 {700 - 14 * n} 10 •\n74 {700 - 14 * n} 10 {name}\n" for n, name in enumerate(TITLES)
    )
    lines = layout_of(pdf(drawn("".join(rows) + prose()))).lines[:4]
    assert [(line.text, line.bullet) for line in lines] == [(title, True) for title in TITLES]


def test_what_is_printed_twice_is_read_once() -> None:
    words = "".join(f"{60 + shift} 700 10 Verantwortlich\n" for shift in (0, 0.3, 0.6))
    below = "60 680 10 Verantwortlich"  # a second line of the same words is text of its own
    document = read_bytes(pdf(drawn(words + below + prose()))).document
    assert document.text.count("Verantwortlich") == 2 and is_whole(document)


def test_columns_of_prose_drawn_line_by_line_are_read_one_after_the_other() -> None:
    woods = ("Wald", "Heide", "Moor", "Wiese", "Acker", "Garten")
    waters = ("Bach", "Fluss", "Teich", "Quelle", "See", "Kanal")
    left = [f"{word} im Norden des Kreises ist gut" for word in woods]
    right = [f"{word} im Süden wird bald verbessert" for word in waters]
    page = f"60 740 10 {PROSE[:90]}\n"
    for n in range(6):
        page += f"60 {700 - 13 * n} 10 {left[n]}\n310 {700 - 13 * n} 10 {right[n]}\n"
    assert texts(page + prose(560, 2))[1:13] == [*left, *right]


def test_letters_up_a_margin_are_one_line_and_no_part_of_the_text() -> None:
    margin = operators("BT /F1 10 Tf 0 1 -1 0 30 300 Tm (Handlungsfeld) Tj ET")
    content = pdf(then(drawn(prose(700, 8)), margin))
    assert read_bytes(content).document.text.count("Handlungsfeld") == 1
    assert lines_of(layout_of(content))[-1] == "Handlungsfeld"


def test_bookmarks_and_labels_of_pages_are_handed_on() -> None:
    def page(number: int) -> Draw:
        def draw(canvas: Canvas) -> None:
            canvas.bookmarkPage(str(number))
            canvas.addOutlineEntry(f"M {number} Vorhaben", str(number), level=min(number, 1))
            drawn(f"290 30 8 Seite {number + 3}{prose()}")(canvas)

        return draw

    layout = layout_of(pdf(page(0), page(1), page(2)))
    titles = [f"M {number} Vorhaben" for number in range(3)]
    assert layout.bookmarks == tuple(zip((1, 2, 2), titles, range(3), strict=True))
    assert layout.labels == ("3", "4", "5")


# Blocks that are drawn in another order than they stand


def test_a_head_that_is_drawn_last_is_read_before_what_stands_below_it() -> None:
    page = f"70 600 10 {PROSE[:60]}\n70 560 -10 Zielgruppe\n70 760 -20 Radweg am Fluss"
    assert texts(page) == ["Radweg am Fluss", PROSE[:60], "Zielgruppe"]


def test_what_stands_beside_keeps_the_order_of_the_file() -> None:
    page = "320 700 10 rechts oben\n70 600 10 links unten"
    assert texts(page) == ["rechts oben", "links unten"]


# Sheets: what is read of them


def sheet(n: int, draw: str) -> Draw:
    """Return a page with the values of a sheet filled in."""
    values = {"n": n + 1, "title": TITLES[n], "unit": UNITS[n], "period": PERIODS[n]}
    values |= {"said": SENTENCES[n % 3], "word": "abcd"[n], "second": SECOND[n]}
    return drawn(draw.format(**values))


def sheets(draw: str) -> list[Item]:
    """Return the records of four sheets."""
    return records(read_bytes(pdf(*(sheet(n, draw) for n in range(4)))))


def told(items: list[Item]) -> list[tuple[str, str, tuple[str, ...], str | None]]:
    return [(item.ref, item.title, item.responsible, item.period) for item in items]


ALL = [(f"M {n + 1}", TITLES[n], (UNITS[n],), PERIODS[n]) for n in range(4)]
ABOVE = """60 660 -10 Zuständig
60 646 10 {unit}
60 620 -10 Laufzeit
60 606 10 {period}
60 580 -10 Inhalt
60 566 10 {said}"""
HEADS = {
    "one line": "60 700 -14 M {n} {title}",
    "two lines": "60 720 -14 M {n}\n60 700 -14 {title}",
    "two lines above": "60 740 -14 M {n}\n60 722 10 Verkehr\n60 700 -14 {title}",
    "a small number": "60 720 8 M {n}\n60 700 -14 {title}",
    "side by side": "60 700 -12 M {n}\n120 700 -12 {title}",
}


@cases("fields")
@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
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
    head = "60 700 -14 M {n} {title}\n60 660 -10 Zuständig\n60 646 10 {unit}\n60 620 -10 Laufzeit"
    boxes = " ".join(f"[ ] {choice}" for choice in CHOICES)
    pages = []
    for n in range(4):
        ticked = boxes.replace(f"[ ] {CHOICES[n % 3]}", f"[x] {CHOICES[n % 3]}")
        pages.append(sheet(n, f"{head}\n60 606 10 {ticked}"))
    periods = [item.period for item in records(read_bytes(pdf(*pages)))]
    assert periods == [CHOICES[n % 3] for n in range(4)]


def test_a_name_ends_with_a_line_that_has_room_for_the_next_word() -> None:
    items = sheets(
        "76 780 -14 M {n} {title}\n76 740 -10 Zuständig\n76 725 10 {unit} am Markt,\n"
        "76 713 10 {second}\n76 701 10 Bauhof\n76 660 -10 Dauer\n76 645 10 {period}" + prose()
    )
    assert [item.responsible[-2:] for item in items] == [(unit, "Bauhof") for unit in SECOND]


def test_rows_of_a_balance_are_no_records() -> None:
    carriers = ("Strom", "Heizöl", "Erdgas", "Fernwärme", "Holz", "Summe Energieträger")
    balances = []
    for year in (2000, 2011):
        balance = f"70 760 -11 Bilanz für das Jahr {year}\n"
        for row, carrier in enumerate(carriers):
            y, value = 720 - 16 * row, f"{(row + 3) * year}.{year % 900:03d}"
            balance += f"70 {y} -10 {carrier}\n220 {y} 10 {value}\n330 {y} 10 {row + 7},{row}%\n"
        balances.append(drawn(balance))
    text = (
        f"70 740 11 Zielsetzung:\n70 726 11 {SENTENCES[0]}\n70 680 11 Umsetzungsstand:\n"
        f"70 666 11 {SENTENCES[1]}"
    )
    pages = [drawn(f"70 760 -11 {title}\n{text}") for title in TITLES]
    content = pdf(*balances, *pages)
    assert records(read_bytes(content)) == []
    read = read_bytes(content, choices=said(*TITLES[:2]))
    assert [item.title for item in records(read)] == list(TITLES)


def test_a_drawn_table_over_page_ends_is_one_list() -> None:
    def page(first: int, head: bool) -> Draw:
        def draw(canvas: Canvas) -> None:
            rows = [("Nr.", "Maßnahme", "Zuständig", "Zeitraum")] * head
            for n in range(first, first + 5):
                title = f"Weg nach {'ABCDEFGHIJKL'[n]}-Dorf"
                rows.append((f"M {n}", title, f"Amt 6{n % 9}", f"ab 20{n + 30}"))
            for place, cells in enumerate(rows):
                for x, width, text in zip(
                    (60, 120, 320, 420), (60, 200, 100, 110), cells, strict=True
                ):
                    canvas.rect(x, 700 - 20 * place, width, 20)
                    canvas.drawString(x + 4, 706 - 20 * place, text)

        return draw

    found = records(read_bytes(pdf(page(1, True), page(6, False))))
    assert [(item.ref, item.responsible, item.page) for item in found] == [
        (f"M {n}", (f"Amt 6{n % 9}",), 1 if n < 6 else 2) for n in range(1, 11)
    ]  # fmt: skip


def test_a_large_number_beside_a_title_is_none_of_its_words() -> None:
    page = "110 730 -20 Fortschreibung der\n110 704 -20 Bilanz\n44 704 -36 04"
    assert set(texts(page)) == {"Fortschreibung der", "Bilanz", "04"}


# Sheets: what is read of them
