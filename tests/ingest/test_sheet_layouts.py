"""Layouts of sheets that have no test of their own elsewhere: each is read from a small paper in our own words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import docx
import pytest
from reportlab.pdfgen.canvas import Canvas

from ingest.plan.numbers import counted, printed_number
from ingest.plan.words import meaning
from ingest.register import RegisterEntry
from tests.ingest.papers import read_document
from tests.ingest.phrases import phrases
from vectorstore.records import Item, ItemKind

RECORDS = (ItemKind.MEASURE, ItemKind.PROJECT, ItemKind.GOAL)
TITLES = ("Jobticket für alle", "Radwege im Norden", "Dächer mit Solarstrom", "Mehrweg auf Festen")
UNITS = ("Amt für Mobilität", "Tiefbauamt", "Amt für Gebäude", "Ordnungsamt")
PERIODS = ("2026 bis 2028", "ab 2027", "bis Ende 2030", "dauerhaft")


def records(path: Path) -> list[Item]:
    return [item for item in read_document(RegisterEntry("x", path)).items if item.kind in RECORDS]


def written(folder: Path, name: str, text: str) -> list[Item]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return records(path)


def told(items: list[Item]) -> list[tuple[str, str]]:
    return [(item.ref, item.title) for item in items]


@pytest.mark.parametrize(("text", "ref", "label", "counts"), phrases("sheet_layouts", "numbers_in_many_notations"))
def test_numbers_in_many_notations(text: str, ref: str, label: str, counts: tuple[int, ...]) -> None:
    number = printed_number(text)
    assert number is not None and (number.ref, number.label, number.rest) == (ref, label, "Rad")
    assert counted(ref, roman="{roman}" in label) == counts


@pytest.mark.parametrize(
    "text",
    ["2025 war trocken", "2023/2024 im Plan", "03/2025 Sitzung", "EU 2030 Ziele", "Nur 32 Prozent der Befragten"],
)
def test_years_number_nothing(text: str) -> None:
    assert printed_number(text) is None


def test_bullets_under_goals_are_measures(tmp_path: Path) -> None:
    goals = [
        f"## Teilziel {number}: {goal}\n\n- {TITLES[a]} – Es wird gebaut.\n- {TITLES[b]} – Es wird geprüft."
        for number, goal, a, b in ((1, "Weniger Verkehr", 0, 1), (2, "Mehr Strom", 2, 3), (3, "Weniger Müll", 1, 2))
    ]
    items = written(tmp_path, "ziele.md", "# Ziele\n\n" + "\n\n".join(goals))
    found = [item.title for item in items if item.kind is ItemKind.GOAL]
    assert found == ["Weniger Verkehr", "Mehr Strom", "Weniger Müll"]
    assert [item.title for item in items if item.kind is ItemKind.MEASURE] == [
        TITLES[place] for place in (0, 1, 2, 3, 1, 2)
    ]


def test_numbered_headings_above_records_are_none(tmp_path: Path) -> None:
    parts = [
        f"## Baustein {part} – {heading}\n\n"
        + "\n\n".join(f"### A.{part}.{n} {TITLES[n]}\n\nZuständig: {UNITS[n]}\n\nKosten: keine" for n in range(1, 4))
        for part, heading in enumerate(("Verkehr", "Strom", "Müll"), start=1)
    ]
    assert {item.ref[:2] for item in written(tmp_path, "bericht.md", "# Bericht\n\n" + "\n\n".join(parts))} == {"A."}


def drawn(path: Path, *pages: Sequence[tuple[float, float, str, float]]) -> Path:
    """Write a PDF of texts with their place and size; sizes below zero are bold."""
    canvas = Canvas(str(path))
    for page in pages:
        for x, y, text, size in page:
            canvas.setFont("Helvetica-Bold" if size < 0 else "Helvetica", abs(size))
            canvas.drawString(x, y, text)
        canvas.showPage()
    canvas.save()
    return path


SHEETS = tuple(enumerate(zip(TITLES, UNITS, PERIODS, strict=True), start=1))


@pytest.mark.parametrize("place", ["above", "right"])
def test_numbers_at_the_edge_of_the_page_and_right_of_titles(tmp_path: Path, place: str) -> None:
    pages = []
    for number, (title, unit, period) in SHEETS:
        rows = enumerate((("Zuständig", unit), ("Zeitraum", period), ("Kosten", "keine")))
        cells = [one for row, (label, text) in rows
                 for one in ((62, 700 - 40 * row, label, -10), (200, 700 - 40 * row, text, 10))]  # fmt: skip
        mark = (62, 790, f"M {number}", 8) if place == "above" else (480, 750, f"M {number}", -13)
        pages.append([(62, 40, f"Seite {number}", 8), mark, (62, 750, title, -13), *cells])
    items = records(drawn(tmp_path / "plan.pdf", *pages))
    assert told(items) == [(f"M {number}", title) for number, title in enumerate(TITLES, start=1)]
    assert [item.responsible for item in items] == [(unit,) for unit in UNITS]


def test_labels_over_two_lines(tmp_path: Path) -> None:
    pages = [
        [
            (62, 750, f"M {number} {title}", -13), (62, 700, "Umsetzungsverant-", -10), (62, 688, "wortung", -10),
            (200, 700, unit, 10), (62, 660, "Zeitraum", -10), (200, 660, period, 10), (62, 620, "Kosten", -10),
            (200, 620, "keine", 10),
        ]
        for number, (title, unit, period) in SHEETS
    ]  # fmt: skip
    items = records(drawn(tmp_path / "plan.pdf", *pages))
    assert [item.responsible for item in items] == [(unit,) for unit in UNITS]
    assert items[0].fields[0].label == "Umsetzungsverantwortung"


PROSE = (
    "Der Kreis stellt dafür Personal ab und holt die Städte dazu.",
    "Im zweiten Halbjahr wird ausgewertet, was daraus geworden ist.",
    "Wer mitmachen will, meldet sich bei der zuständigen Stelle.",
)


@pytest.mark.parametrize("place", ["head", "head and title", "foot"])
def test_numbers_that_run_over_the_pages_of_a_sheet(tmp_path: Path, place: str) -> None:
    pages = []
    for number, (title, unit, period) in SHEETS:
        head = f"Maßnahme A1.{number}" + {"head": "", "head and title": f" {title}", "foot": f" | {title}"}[place]
        for page in (1, 2):
            rows = (("Beschreibung", PROSE[0]), ("Zuständig", unit)) if page == 1 else (("Zeitraum", period),)
            texts = [(62, 810, "Klimaplan des Kreises Ahrenstein", 8), (500, 20, f"Seite {2 * number + page - 2}", 8)]
            texts.append((62, 40 if place == "foot" else 795, head, 8))
            texts += [(62, 775, title, -11)] * (place == "head")
            for row, (label, text) in enumerate(rows):
                y = 700 - 80 * row
                texts += [(62, y, label, -10), (62, y - 14, text, 10), (62, y - 28, PROSE[number % 3], 10)]
            pages.append(texts)
    items = records(drawn(tmp_path / "plan.pdf", *pages))
    assert told(items) == [(f"A1.{number}", title) for number, title in enumerate(TITLES, start=1)]
    assert [item.page for item in items] == [1, 3, 5, 7]
    assert not any("Klimaplan" in item.body or "Maßnahme A1" in item.body for item in items)


def test_running_heads_of_chapters_are_furniture(tmp_path: Path) -> None:
    pages = [
        [(62, 810, f"{number}. {title}", 8), *[(62, 760, f"{number}. {title}", -14)] * (page == 1),
         *((62, 730 - 14 * row, PROSE[(row + number + page) % 3], 10) for row in range(12))]
        for number, title in enumerate(TITLES, start=1) for page in (1, 2, 3)
    ]  # fmt: skip
    parsed = read_document(RegisterEntry("x", drawn(tmp_path / "bericht.pdf", *pages)))
    assert parsed.document.text.count(TITLES[1]) == 1


def test_headings_that_pages_happen_to_end_with_stay_where_they_are(tmp_path: Path) -> None:
    pages = [
        [*((62, 730 - 14 * row, PROSE[(row + page) % 3], 10) for row in range(20)),
         *[(62, 85, f"1.{page} {TITLES[page // 4]}", -11)] * (page % 4 == 1)]
        for page in range(12)
    ]  # fmt: skip
    text = read_document(RegisterEntry("x", drawn(tmp_path / "bericht.pdf", *pages))).document.text
    before = [text[: text.index(title)] for title in TITLES[:3]]
    assert [sum(one.count(line) for line in PROSE) for one in before] == [40, 120, 200]


def test_titles_of_a_plain_text_go_on_to_the_label_that_follows_others(tmp_path: Path) -> None:
    titles = ("Jobticket", "Radwege im Norden und", "Dächer mit Solarstrom:", "Mehrweg auf Festen")
    more = ("", "Süden des Kreises\n", "Schulen und Hallen\n", "")
    sheets = [
        f"KA-{number}: {title}\n{rest}Beschreibung\n{PROSE[number % 3]}\nZuständig\n{unit}\nZeitraum\n{period}\n"
        for number, (title, rest, unit, period) in enumerate(zip(titles, more, UNITS, PERIODS, strict=True), start=1)
    ]
    items = written(tmp_path, "plan.txt", "Klimaplan des Kreises\n\n" + "\n".join(sheets))
    assert [item.title for item in items] == [
        "Jobticket",
        "Radwege im Norden und Süden des Kreises",
        "Dächer mit Solarstrom: Schulen und Hallen",
        "Mehrweg auf Festen",
    ]


def test_a_record_that_only_the_contents_bear_out(tmp_path: Path) -> None:
    titles = (*TITLES, "Lastenräder für Vereine")
    contents = "\n".join(f"KA-{number} {title} {number + 2}" for number, title in enumerate(titles, start=1))
    sheets = [
        f"KA-{number} {title}\n\nBeschreibung: {PROSE[number % 3]}\n\nZuständig: {unit}\n\nZeitraum: {period}\n"
        for number, (title, unit, period) in enumerate(zip(TITLES, UNITS, PERIODS, strict=True), start=1)
    ]
    text = f"Klimaplan des Kreises\n\nInhalt\n{contents}\n\n" + "\n".join(
        [*sheets, f"KA-5 {titles[4]}\n\nIn Arbeit.\n"]
    )
    assert told(written(tmp_path, "plan.txt", text)) == [(f"KA-{n}", title) for n, title in enumerate(titles, start=1)]


def test_rows_of_a_balance_are_no_records(tmp_path: Path) -> None:
    carriers = ("Strom", "Heizöl", "Erdgas", "Fernwärme", "Holz", "Summe Energieträger")
    balances = [
        [(70, 760, f"Bilanz für das Jahr {year}", -11)]
        + [one for row, carrier in enumerate(carriers) for one in (
            (70, 720 - 16 * row, carrier, -10), (220, 720 - 16 * row, f"{(row + 3) * year}.{year % 900:03d}", 10),
            (330, 720 - 16 * row, f"{row + 7},{row}%", 10))]
        for year in (2000, 2011)
    ]  # fmt: skip
    sheets = [
        [(70, 760, title, -11), (70, 740, "Zielsetzung:", 11), (70, 726, PROSE[0], 11),
         (70, 680, "Umsetzungsstand:", 11), (70, 666, PROSE[1], 11)]
        for title in TITLES
    ]  # fmt: skip
    assert [item.title for item in records(drawn(tmp_path / "bericht.pdf", *balances, *sheets))] == list(TITLES)


@pytest.mark.parametrize(("label", "field"), [("Energieträger", None), ("Projektträger", "responsible")])
def test_words_that_only_end_like_a_field(label: str, field: str | None) -> None:
    assert meaning(label) == field


def test_forms_and_lists_of_a_word_file(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("Klimaplan des Kreises", 0)
    for place, (title, unit) in enumerate(zip(TITLES, UNITS, strict=True)):
        paragraph = document.add_paragraph(style="List Number")
        paragraph.add_run(title).bold = True
        paragraph.add_run(f" {PROSE[place // 2]}")
        document.add_paragraph(f"zuständ. Amt: {unit}")
        document.add_paragraph(f"Zeitraum: {2027 + place // 2}")
    document.save(str(tmp_path / "liste.docx"))
    items = records(tmp_path / "liste.docx")
    assert told(items) == [(str(number), title) for number, title in enumerate(TITLES, start=1)]
    assert [item.responsible for item in items] == [(unit,) for unit in UNITS]

    form = docx.Document()
    form.add_heading("Klimaplan des Kreises", 0)
    for number, (title, unit, period) in enumerate(zip(TITLES, UNITS, PERIODS, strict=True), start=1):
        table = form.add_table(rows=2, cols=2)
        table.cell(0, 0).text = f"Nr.: A-{number}"
        table.cell(0, 1).text = f"Titel: {title}"
        table.cell(1, 0).text = f"Zuständig: {unit}"
        table.cell(1, 0).add_paragraph(f"Zeitraum: {period}")
        table.cell(1, 1).text = "Kosten: keine"
        form.add_paragraph("")
    form.save(str(tmp_path / "formular.docx"))
    items = records(tmp_path / "formular.docx")
    assert told(items) == [(f"A-{number}", title) for number, title in enumerate(TITLES, start=1)]
    assert [item.period for item in items] == list(PERIODS)
