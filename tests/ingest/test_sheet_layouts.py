"""Layouts of sheets that have no test of their own elsewhere: each is read from a small paper in our own words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.ingest.papers import at, pdf, read_bytes, read_text, records
from vectorstore.records import Item, ItemStatus, ParsedDocument

TITLES = ("Jobticket für alle", "Radwege im Norden", "Dächer mit Solarstrom", "Mehrweg auf Festen")
UNITS = ("Amt für Mobilität", "Tiefbauamt", "Amt für Gebäude", "Ordnungsamt")
PERIODS = ("2026 bis 2028", "ab 2027", "bis Ende 2030", "dauerhaft")


def written(folder: Path, name: str, text: str) -> list[Item]:
    return records(read_text(folder, text, name=name))


def drawn(*pages: Sequence[tuple[float, float, str, float]]) -> ParsedDocument:
    return read_bytes(pdf(*(at(*page) for page in pages)))


def told(items: list[Item]) -> list[tuple[str, str]]:
    return [(item.ref, item.title) for item in items]


def test_numbered_headings_above_records_are_none(tmp_path: Path) -> None:
    parts = [
        f"## Baustein {part} – {heading}\n\n"
        + "\n\n".join(f"### A.{part}.{n} {TITLES[n]}\n\nZuständig: {UNITS[n]}\n\nKosten: keine" for n in range(1, 4))
        for part, heading in enumerate(("Verkehr", "Strom", "Müll"), start=1)
    ]
    assert {item.ref[:2] for item in written(tmp_path, "bericht.md", "# Bericht\n\n" + "\n\n".join(parts))} == {"A."}


PROSE = (
    "Der Kreis stellt dafür Personal ab und holt die Städte dazu.",
    "Im zweiten Halbjahr wird ausgewertet, was daraus geworden ist.",
    "Wer mitmachen will, meldet sich bei der zuständigen Stelle.",
)


def test_headings_that_pages_happen_to_end_with_stay_where_they_are() -> None:
    pages = [
        [*((62, 730 - 14 * row, PROSE[(row + page) % 3], 10) for row in range(20)),
         *[(62, 85, f"1.{page} {TITLES[page // 4]}", -11)] * (page % 4 == 1)]
        for page in range(12)
    ]  # fmt: skip
    text = drawn(*pages).document.text
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
        "Jobticket", "Radwege im Norden und Süden des Kreises", "Dächer mit Solarstrom: Schulen und Hallen",
        "Mehrweg auf Festen",
    ]  # fmt: skip


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


def test_rows_of_a_balance_are_no_records() -> None:
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
    assert [item.title for item in records(drawn(*balances, *sheets))] == list(TITLES)


def test_a_question_that_all_sheets_print_below_a_label_is_no_part_of_its_value(tmp_path: Path) -> None:
    asked = "Welche Stellen der Verwaltung und welche Partner müssen einbezogen werden?"
    sheets = [
        f"## M {n} {title}\n\n**Zuständig**\n\n{UNITS[n]}\n\n**Welche a) und**\n\n{asked}\n\na) Forstamt b) Vereine\n\n"
        f"**Wann?**\n\nWie lange dauert es bis zum Ende?\n\n{PERIODS[n]}"
        for n, title in enumerate(TITLES)
    ]
    items = written(tmp_path, "bericht.md", "# Maßnahmenplan\n\n" + "\n\n".join(sheets))
    assert [(item.responsible, item.period) for item in items] == [
        ((unit,), period) for unit, period in zip(UNITS, PERIODS, strict=True)
    ]
    assert {item.cooperation for item in items} == {"Forstamt, Vereine"}
    assert all(asked in item.body for item in items)


def test_the_one_of_some_choices_that_is_ticked_is_the_value() -> None:
    choices = ("kurzfristig", "mittelfristig", "langfristig")
    pages = [
        [(76, 780, f"M {n} {title}", -14), (76, 740, "Zuständig", -10), (76, 725, UNITS[n], 10),
         (76, 700, "Dauer", -10),
         (177, 680, (" " * 20).join(f"[x] {one}" if place == n % 3 else one for place, one in enumerate(choices)), 10)]
        for n, title in enumerate(TITLES)
    ]  # fmt: skip
    items = records(drawn(*pages))
    assert [item.period for item in items] == [choices[n % 3] for n in range(4)]


def test_what_stands_behind_all_titles_is_a_value(tmp_path: Path) -> None:
    codes, horizons = ("MOR", "BAU, MOR", "RKU", "KOM"), ("kurzfristig", "mittelfristig", "langfristig", "sofort")
    text = "# Maßnahmenplan\n\n" + "\n\n".join(
        f"## Maßnahme {n}: {title} ({{}})\n\n{PROSE[0]}" for n, title in enumerate(TITLES, start=1)
    )
    units = written(tmp_path, "bericht.md", text.format(*codes))
    assert [(item.title, item.responsible) for item in units] == [
        (title, tuple(code.split(", "))) for title, code in zip(TITLES, codes, strict=True)
    ]
    periods = written(tmp_path, "plan.md", text.format(*horizons))
    assert [item.period for item in periods] == list(horizons)


def test_values_say_what_a_label_means_whose_words_do_not(tmp_path: Path) -> None:
    states = ("begonnen", "vorbereitet", "läuft", "beendet")
    sheets = [
        f"## M {n} {title}\n\n**Wer**\n\n{UNITS[n]}\n\n**So weit ist es**\n\n{states[n]}\n\nSiehe auch M {3 - n} dort."
        for n, title in enumerate(TITLES)
    ]
    items = written(tmp_path, "bericht.md", "# Maßnahmenplan\n\n" + "\n\n".join(sheets))
    assert [[one.text for one in item.fields if one.field == "status"] for item in items] == [[one] for one in states]


def test_a_name_ends_with_a_line_that_has_room_for_the_next_word() -> None:
    second = ("Kämmerei", "Stadtwerke", "Kulturbüro", "Feuerwehr")
    third = ("Forstamt", "Jugendamt", "Schulamt", "Bauhof")
    pages = [
        [(76, 780, f"M {n} {title}", -14), (76, 740, "Zuständig", -10), (76, 725, f"{UNITS[n]} im Haus am Markt,", 10),
         (76, 713, second[n], 10), (76, 701, third[n], 10), (76, 660, "Dauer", -10), (76, 645, PERIODS[n], 10)]
        for n, title in enumerate(TITLES)
    ]  # fmt: skip
    items = records(drawn(*pages))
    assert [item.responsible[-2:] for item in items] == list(zip(second, third, strict=True))


def test_a_row_of_labels_over_one_row_of_values_is_no_list(tmp_path: Path) -> None:
    sheets = [
        f"<h3>M {n}: {title}</h3><table><tr><th>Zuständig</th><th>Laufzeit</th><th>Kosten</th></tr>"
        f"<tr><td>{UNITS[n]}</td><td>{PERIODS[n]}</td><td>keine</td></tr></table><p>Ziel: Es wird besser.</p>"
        for n, title in enumerate(TITLES)
    ]
    items = written(tmp_path, "bericht.html", f"<h1>Maßnahmenplan</h1>{''.join(sheets)}")
    assert [(item.responsible, item.period, item.cost) for item in items] == [
        ((unit,), period, "keine") for unit, period in zip(UNITS, PERIODS, strict=True)
    ]


def test_chapters_whose_records_hold_the_labels_are_none() -> None:
    lines: list[tuple[str, int]] = []
    for chapter in range(2, 9):
        lines += [(f"{chapter} Feld der {UNITS[chapter % 4]}", -9), ("Ausgangslage", -9), (PROSE[0], 9)]
        lines += [("Leitziel", -9), (PROSE[1], 9)]
        for n in range(1, 9):
            lines += [
                (f"Projekt {chapter}.{n} {TITLES[n % 4]} {n}", -9),
                (f"Zuständig: {UNITS[n % 4]}", 9),
                (PROSE[2], 9),
            ]
            lines += [("Sachstand: läuft gut", 9)]
    pages = (lines[start : start + 31] for start in range(0, len(lines), 31))
    drawing = ([(60, 760 - 20 * y, *line) for y, line in enumerate(page)] for page in pages)
    refs = [one.ref for one in records(drawn(*drawing))]
    assert refs == [f"{chapter}.{n}" for chapter in range(2, 9) for n in range(1, 9)]


def test_points_of_lists_are_no_labels() -> None:
    steps = ("Vergabe vorbereiten", "Gespräche führen", "Antrag stellen", "Bericht geben")
    pages = []
    for n in range(1, 13):
        points = [f"{place}. {steps[(n + place) % 4]}" for place in range(1, 2 + n % 3)]
        left = {0: f"M {n}", 1: "Federführung", 2: "Nächste Schritte", 2 + len(points): "Dringlichkeit"}
        right = [f"{TITLES[n % 4]} {n}", UNITS[n % 4], *points, "sehr hoch"]
        pages.append(
            [(60, 700 - 15 * y, text, -9) for y, text in left.items()]
            + [(180, 700 - 15 * y, text, -9 if y == 0 else 9) for y, text in enumerate(right)]
        )
    found = records(drawn(*pages))
    assert [(one.responsible, one.priority) for one in found] == [((UNITS[n % 4],), "sehr hoch") for n in range(1, 13)]


def test_a_bold_title_above_plain_words_in_one_cell_is_the_title() -> None:
    rows = [
        [
            (60, y, f"1.{n}", 9), (90, y, f"Radweg am Bach {'abcdef'[n]}", -9),
            (90, y - 11, "Zwei Kilometer neuer Weg.", 9), (300, y, "Bauamt", 9), (420, y, f"203{n}", 9),
        ]
        for n, y in ((n, 640 - 40 * n) for n in range(1, 6))
    ]  # fmt: skip
    head = [(60, 700, "Nr.", -9), (90, 700, "Maßnahme", -9), (300, 700, "Zuständig", -9), (420, 700, "Zeitraum", -9)]
    group = [(52, 670, "Handlungsfeld 1: Bus, Bahn und Rad", -9)]
    found = records(drawn([*head, *group, *(one for row in rows for one in row)]))
    assert [(one.ref, one.title, one.description) for one in found] == [
        (f"1.{n}", f"Radweg am Bach {'abcdef'[n]}", "Zwei Kilometer neuer Weg.") for n in range(1, 6)
    ]


# A record has one place: its row, the heading of its name and the labelled parts below that are one


def catalogue(folder: Path) -> ParsedDocument:
    rows = "\n".join(f"| {n} | {title} | {UNITS[n - 1]} |" for n, title in enumerate(TITLES, 1))
    table = f"## Übersicht\n\n| Nr. | Maßnahme | Zuständig |\n|---|---|---|\n{rows}\n\n"
    sheets = "\n\n".join(
        f"## {title}\n\n{PROSE[0]}\n\n### Laufzeit\n\n2026 bis 203{n}\n\n### Besonderes\n\nBesonders ist {title}."
        for n, title in enumerate(TITLES, 1)
    )
    return read_text(folder, f"# Maßnahmenkatalog\n\n{PROSE[0]}\n\n{table}{sheets}\n", name="katalog.md")


def test_a_row_and_the_heading_of_its_name_are_one_record_with_its_parts_as_fields(tmp_path: Path) -> None:
    document = catalogue(tmp_path)
    found = records(document)
    assert [(one.ref, one.key, one.title, one.responsible) for one in found] == [
        (f"{n}", f"{n}", title, (unit,)) for n, (title, unit) in enumerate(zip(TITLES, UNITS, strict=True), 1)
    ]
    assert [one.period for one in found] == [f"2026 bis 203{n}" for n in range(1, 5)]
    assert all(PROSE[0] in one.body and f"Besonders ist {one.title}." in one.body for one in found)
    text = document.document.text
    for one in found:
        assert {"Laufzeit", "Besonderes"} <= {field.label for field in one.fields}
        assert all(text[field.start :].startswith(field.text) for field in one.fields if field.start >= 0)


def test_parts_of_records_are_no_sections_and_no_letter_is_lost(tmp_path: Path) -> None:
    document = catalogue(tmp_path)
    keys = {item.key for item in document.items}
    assert not [one for one in document.items if one.title.endswith(("Laufzeit", "Besonderes"))]
    assert {chunk.key for chunk in document.chunks} <= keys
    assert document.document.coverage is not None and document.document.coverage.lost == 0
    assert {one.parent for one in document.items} - {None} <= keys


def test_labels_that_slashes_part_on_one_line_are_fields(tmp_path: Path) -> None:
    text = "\n\n".join(
        f"## Projekt 2.{n} {TITLES[n]}\n\nZuständig: {UNITS[n]} / Partner: Sportbund / Laufzeit: {PERIODS[n]}\n\nMehr."
        for n in range(1, 4)
    )
    found = written(tmp_path, "bericht.md", f"# Bericht\n\n{text}\n\nSachstand: Erledigt")
    assert [(one.responsible, one.cooperation) for one in found] == [((UNITS[n],), "Sportbund") for n in range(1, 4)]
    assert all(one.period and one.period.startswith(PERIODS[n]) for n, one in enumerate(found, 1))
    assert found[0].fields[0].text == UNITS[1]


def test_a_state_of_few_words_that_names_a_status_is_one(tmp_path: Path) -> None:
    states = (
        "Erledigt",
        "Noch nicht begonnen",
        "In Arbeit",
        "Der Rat befasst sich im Herbst mit dem, was die Umsetzung kostet",
    )
    sheets = "\n\n".join(
        f"## M {n} {TITLES[n]}\n\nZuständig: {UNITS[n]}\n\nBearbeitungsstand: {state}" for n, state in enumerate(states)
    )
    found = written(tmp_path, "bericht.md", f"# Maßnahmenkatalog\n\n{sheets}")
    assert [one.status for one in found] == [ItemStatus.IMPLEMENTED, None, ItemStatus.IN_PROGRESS, None]


def test_labels_behind_bullets_are_fields_and_a_sample_sheet_is_no_record(tmp_path: Path) -> None:
    rows = [(0, "Titel der Maßnahme", "federführende Stelle"), *((n, TITLES[n], UNITS[n]) for n in range(1, 4))]
    pages = [
        [(60, 700, f"M {n} {title}", -12), (60, 660, PROSE[0], 9), (60, 640, f"• Zuständigkeit: {unit}", 9),
         (60, 626, f"• Zeitraum: {PERIODS[n]}", 9), (60, 612, f"• Kosten: {n + 1}.000 Euro", 9)]
        for n, title, unit in rows
    ]  # fmt: skip
    found = records(drawn(*pages))
    assert [(one.title, one.responsible, one.period) for one in found] == [
        (TITLES[n], (UNITS[n],), PERIODS[n]) for n in range(1, 4)
    ]
