"""Every headed section is an item: headings without numbers, of lettered parts, of points, behind records."""

from __future__ import annotations

from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from ingest.register import RegisterEntry
from tests.ingest.papers import PROSE, Draw, at, by_ref, pdf, read_bytes, read_document, read_text
from vectorstore.records import DocumentKind, Item, ItemKind, ParsedDocument

WORDS = (
    "Der Kreis baut die Wege aus und hält sie instand. Die Gemeinden planen mit und tragen einen Teil der Kosten, "
    "damit alle sicher und ohne lange Fahrt zur Arbeit, zur Schule und zu den Ämtern kommen."
)

ENERGIES = ("Solarenergie", "Windenergie")
FACTS = ("Zuständig: Amt 66", "Zeitraum: 2026 bis 2028", "Kosten: 10.000 Euro")


def wrapped(text: str, width: int = 76) -> str:
    """Break a paragraph into lines as a programme prints them."""
    lines, line = [], ""
    for word in text.split():
        if len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return "\n".join([*lines, line])


def told(place: str) -> str:
    """Return a text of three sentences about a place, wrapped."""
    one = f"In {place} baut der Kreis die Wege aus und hält sie das ganze Jahr über instand."
    two = f"Die Gemeinden planen mit, denn nach {place} kommen viele ohne lange Fahrt zur Arbeit und zu den Ämtern."
    return wrapped(f"{one} {two} Was {place} kostet, trägt der Haushalt, damit alle sicher ans Ziel kommen können.")


def sections(document: ParsedDocument) -> list[tuple[str, str | None]]:
    """Return ref and parent of all sections in reading order, the title page left out."""
    return [(item.ref, item.parent) for item in document.items if item.kind is ItemKind.SECTION and item.ref != "Titel"]


def plain(chapters: list[str], leads: str = "") -> str:
    """Write a text without any type: contents, then parts, each a heading over its text."""
    return "\n".join(["Digitalplan\nKreis Quonau\n", leads, *chapters])


def test_lettered_parts_hold_what_the_contents_list_below_them(tmp_path: Path) -> None:
    listed = ("A. Der Rahmen", "Grundsätze der Arbeit", "B. Die Felder", "Bürgerservice", "C. Der Ausblick")
    leads = "Inhaltsverzeichnis\n" + "\n".join(
        f"{title} {'.' * (70 - len(title))} {n + 3}" for n, title in enumerate(listed)
    )
    body = [
        f"A. Der Rahmen\nGrundsätze der Arbeit\n{told('Ahausen')}\n",
        f"Offenheit\n{told('Behausen')}\n",
        f"B. Die Felder\nBürgerservice\n{told('Cehausen')}\nStatus\n{told('Dehausen')}\n",
        f"C. Der Ausblick\n{told('Ehausen')}",
    ]
    document = read_text(tmp_path, plain(body, f"{leads}\n"))
    assert sections(document) == [
        ("A", None), ("Grundsätze der Arbeit", "A"), ("Offenheit", "Grundsaetze-der-Arbeit"),
        ("B", None), ("Bürgerservice", "B"), ("Status", "Buergerservice"), ("C", None),
    ]  # fmt: skip
    items = by_ref(document)
    assert (items["B"].title, items["Status"].heading) == ("Die Felder", "Status")
    assert "".join(items["Status"].body.split()) == "".join(told("Dehausen").split())
    assert "....." not in document.document.text.partition("A. Der Rahmen\n\n")[2]


@pytest.mark.parametrize(
    "line",
    [
        "Gerade in Zeiten knapper Mittel ist ein strategisches",  # the first line of a sentence
        "Sachstand zum Konzept „Kurze",  # a quotation that goes on
        "Tabelle 3: Wege nach Gemeinden",
        "Kreistag 26.04.2022 26 x",  # a row of a form
        "☒ durchgeführt ☐ nicht",
        "680.496 100,0 %",
        "Wege, Plätze und Straßen;",
    ],
)
def test_what_is_no_heading_makes_no_section(tmp_path: Path, line: str) -> None:
    text = f"Wegeplan\n\n1. Lage\n\n{PROSE}\n\n{line}\n\n{PROSE}\n\n2. Wege\n\n{PROSE}\n\n3. Ausbau\n\n{PROSE}"
    document = read_text(tmp_path, text)
    assert [ref for ref, _ in sections(document)] == ["1", "2", "3"]
    assert line in by_ref(document)["1"].body


def test_numbers_of_a_list_are_no_chapters(tmp_path: Path) -> None:
    points = "\n\n".join(f"{n}. der Ausbau des {n}. Abschnitts" for n in range(1, 6))
    body = f"{PROSE}\n\nIn den nächsten Jahren möchten wir herausstellen:\n\n{points}\n\n{PROSE}"
    document = read_text(tmp_path, f"Wegeplan\n\nVorwort\n\n{body}\n\nLage\n\n" + "\n\n".join([PROSE] * 20))
    assert [ref for ref, _ in sections(document)] == ["Vorwort", "Lage"]
    assert "5. der Ausbau des 5. Abschnitts" in by_ref(document)["Vorwort"].body


def test_points_that_are_answered_are_sections_however_long(tmp_path: Path) -> None:
    point = f"{WORDS} {WORDS}"
    text = f"Stellungnahme zum Antrag\n\n1. {point}\n\n{PROSE}\n\n2. Die Mittel werden bereitgestellt.\n\n{PROSE}"
    text += f"\n\n3. {point}\n\nAbgelehnt wird der dritte Punkt."
    items = by_ref(read_text(tmp_path, text, DocumentKind.OTHER))
    assert items["3"].title == "Der Kreis baut die Wege aus und hält sie instand."
    assert (items["3"].heading, items["3"].body) == ("3.", f"{point}\n\nAbgelehnt wird der dritte Punkt.")
    assert items["2"].title == "Die Mittel werden bereitgestellt."


def test_numbers_with_a_full_stop_are_no_days(tmp_path: Path) -> None:
    parts = "\n\n".join(f"2.{n}. Wege im Teil {n}\n\n{PROSE}" for n in range(1, 4))
    document = read_text(tmp_path, f"Wegeplan\n\n1. Lage\n\n1.1. Bestand\n\n{PROSE}\n\n2. Wege\n\n{parts}")
    assert sections(document) == [
        ("1", None), ("1.1", "1"), ("2", None), ("2.1", "2"), ("2.2", "2"), ("2.3", "2"),
    ]  # fmt: skip


def test_a_chapter_without_numbers_below_stands_beside_those_that_have_them(tmp_path: Path) -> None:
    divided = "\n\n".join(f"{n}. Feld {n}\n\n{n}.1 Lage\n\n{PROSE}\n\n{n}.2 Wege\n\n{PROSE}" for n in (1, 2))
    document = read_text(tmp_path, f"Wegeplan\n\n{divided}\n\n3. Ausbau\n\n{WORDS}\n\n4. Mittel\n\n{WORDS}")
    assert sections(document)[-2:] == [("3", None), ("4", None)]


def test_a_label_between_wrapped_lines_opens_a_section(tmp_path: Path) -> None:
    text = wrapped(f"{WORDS} {WORDS}")
    half = text.rsplit("\n", 1)[0]
    body = f"Antrag\n\n1. Der Kreis plant.\n2. Er baut.\n\n{half}\nBegründung/Sachverhalt:\n\n{text}\n\n{text}"
    items = by_ref(read_text(tmp_path, body, DocumentKind.MOTION))
    assert items["Begründung/Sachverhalt"].kind is ItemKind.SECTION


def test_marked_headings_keep_their_text_beside_records(tmp_path: Path) -> None:
    records = "\n\n".join(
        f"## Maßnahme {n}: Weg {n}\n\nZuständig: Amt 66\n\nZeitraum: 2026\n\nKosten: 10.000 Euro" for n in range(1, 7)
    )
    text = (
        f"# Wegeplan\n\n## 1 Lage\n\n{PROSE}\n\n## 1.1 Bestand\n\n{WORDS}\n\n### Verfahren:\n\n{WORDS}\n\n"
        f"## 1.2 Bedarf\n\n{PROSE}\n\n## 1.3 Mittel\n\n{PROSE}\n\n"
        f"{records}\n\n## Finanzierung\n\n{WORDS}\n\n### Zweck des Vorhabens\n\n{PROSE}"
    )
    document = read_text(tmp_path, text, name="papier.md")
    items = by_ref(document)
    assert [item.ref for item in document.items if item.kind is ItemKind.MEASURE] == [str(n) for n in range(1, 7)]
    assert (items["1.1"].body, items["Verfahren"].body) == (WORDS, WORDS)
    assert items["Finanzierung"].body == WORDS
    assert items["Zweck des Vorhabens"].parent == "Finanzierung"
    assert WORDS not in items["6"].body


def test_chapters_between_and_behind_records_end_them(tmp_path: Path) -> None:
    pieces = ["Wegeplan"]
    for number, title in (("1.", "Lage"), ("1.1", "Bestand"), ("1.2", "Bedarf"), ("2.", "Maßnahmen")):
        pieces += [f"**{number} {title}**", f"{title}: {WORDS}"]
    names = {"2.1 Wege": ("Radweg", "Steg", "Brücke"), "2.2 Plätze": ("Dorfplatz", "Anger", "Kai")}
    for place, chapter in enumerate(names):
        pieces.append(f"**{chapter}**")
        for count, name in enumerate(names[chapter], start=1 + 3 * place):
            pieces += [f"**Maßnahme {count}: {name}**", told(name), *FACTS]
    pieces += ["**3. Ausblick**", told("Ehausen"), "**Laubverwertung**", told("Dehausen")]
    document = read_text(tmp_path, "\n\n".join(pieces), name="papier.md")
    items = {item.title: item for item in document.items}
    records = [item for item in document.items if item.kind is ItemKind.MEASURE]
    assert [(item.title, item.theme and item.theme.ref) for item in records] == [
        (name, chapter.split()[0]) for chapter in names for name in names[chapter]
    ]
    assert (items["Wege"].kind, items["Plätze"].parent) == (ItemKind.THEME, items["Maßnahmen"].key)
    assert (items["Ausblick"].parent, items["Laubverwertung"].parent) == (None, items["Ausblick"].key)
    assert items["Laubverwertung"].body.split() == told("Dehausen").split()
    assert "Ausblick" not in records[-1].body


def test_bold_headings_part_a_chapter(tmp_path: Path) -> None:
    def page(n: int) -> Draw:
        texts, y = [], 760.0 - 30 * n
        for title, size in ((f"{n}. Feld {n}", -15), (f"{n}.1 Lage {n}", -12), *((f"{t} {n}", -10) for t in ENERGIES)):
            texts.append((60.0, y, title, float(size)))
            said = [] if size == -15 else wrapped(WORDS).split("\n")
            texts += [(60.0, y - 16 - 13 * row, line, 9.5) for row, line in enumerate(said)]
            y -= 40 + 13 * len(said)
        return at(*texts)

    (tmp_path / "papier.pdf").write_bytes(pdf(at((60, 790, "Wegeplan", -18)), *map(page, (1, 2, 3))))
    document = read_document(RegisterEntry("papier", tmp_path / "papier.pdf", title="Wegeplan"))
    expected = [
        ref
        for n in (1, 2, 3)
        for ref in ((f"{n}", None), (f"{n}.1", f"{n}"), *((f"{title} {n}", f"{n}.1") for title in ENERGIES))
    ]
    assert sections(document) == expected


def test_projects_under_goals_and_headings_of_status(tmp_path: Path) -> None:
    names = (("sparsame Lampen", "Dächer mit Strom"), ("neue Radwege", "Busse am Abend"))
    parts = ["Bericht des Kreises", *(f"{n}. Feld {n}\n\n{told(f'Ort{n}')}" for n in (1, 2, 3)), "1. Feld 1"]
    for number, status in enumerate(("umgesetzte Projekte", "Projekte in Planung"), start=1):
        parts += [
            f"1.{number} Strategisches Ziel {number}",
            f"Der Kreis wird grüner ({number}).",
            f"1.{number}.1 {status}",
        ]
        for place, name in enumerate(names[number - 1], start=1):
            ref = f"1.{number}.1.{place}"
            parts += [f"{ref} {name}", "Projektbeschreibung:", told(f"Ort{place}"), "Sachstand:", told(f"Dorf{place}")]
    parts += [
        "2. Feld 2",
        "2.1 Strategisches Ziel 1",
        "Der Kreis hilft.",
        "3. Feld 3",
        "3.1 Strategisches Ziel 1",
        "Der Kreis lernt.",
        "Projektlisten",
        told("Zehausen"),
    ]
    items = [item for item in read_text(tmp_path, "\n\n".join(parts)).items if item.kind is not ItemKind.SECTION]
    projects = [item for item in items if item.kind is ItemKind.PROJECT]
    assert [(one.ref, one.title, one.status) for one in projects] == [
        ("1.1.1.1", "sparsame Lampen", "implemented"), ("1.1.1.2", "Dächer mit Strom", "implemented"),
        ("1.2.1.1", "neue Radwege", "planned"), ("1.2.1.2", "Busse am Abend", "planned"),
    ]  # fmt: skip
    assert all(one.theme and one.goal and one.description and one.state for one in projects)
    assert [(one.kind, one.ref, one.title) for one in items if one not in projects] == [
        (ItemKind.THEME, "1", "Feld 1"), (ItemKind.GOAL, "1.1", "Der Kreis wird grüner (1)."),
        (ItemKind.GOAL, "1.2", "Der Kreis wird grüner (2)."), (ItemKind.THEME, "2", "Feld 2"),
        (ItemKind.GOAL, "2.1", "Der Kreis hilft."), (ItemKind.THEME, "3", "Feld 3"),
        (ItemKind.GOAL, "3.1", "Der Kreis lernt."),
    ]  # fmt: skip
    assert "Zehausen" not in projects[-1].body


def test_motion_with_sections(tmp_path: Path) -> None:
    text = (
        f"An den Landrat\n\nAntrag zum Radverkehr\n\nBeschlussvorschlag:\n\n"
        f"1. Der Kreistag beschließt einen Radweg. {PROSE}\n\n"
        f"2. Die Verwaltung berichtet bis 2027.\n\nQuonau,\n\n3. Mai "
        f"2026\n\nBegründung: Der Kreis hat viele Wege. {PROSE}\n\n"
        "Mit freundlichen Grüßen"
    )
    document = read_text(tmp_path, text, DocumentKind.MOTION)
    items = by_ref(document)
    assert [r for r, i in items.items() if i.kind is ItemKind.RESOLUTION] == ["1", "2"]
    assert items["1"].heading == "1." and items["1"].parent == "Beschlussvorschlag"
    assert items["Begründung"].body.startswith("Der Kreis hat") and "Mai" not in items["2"].body
    assert [chunk.text for chunk in document.chunks if "Mai 2026" in chunk.text and chunk.key == "Titel"]


def test_long_sections_are_cut_between_sentences(tmp_path: Path) -> None:
    document = read_text(tmp_path, f"Leitbild\n\nEinleitung\n\n{' '.join([PROSE] * 40)}")
    chunks = [chunk for chunk in document.chunks if chunk.key == "Einleitung"]
    assert len(chunks) >= 4 and all(len(chunk.text) <= 1200 and chunk.text.endswith(".") for chunk in chunks)
    assert len({chunk.id for chunk in chunks}) == len(chunks)


# Headings without numbers stand in one another as the file says, and headings that repeat are labels

FIELDS = ("Wolken und Dienste", "Service", "Sicherheit", "Weiterbildung")


def markdown(label: str = "**{}**") -> str:
    """Write fields of action under a heading, each with the same two labels."""
    parts = ["# Digitalplan\n", "## Einleitung\n", told("Ahausen"), "\n## Felder\n"]
    for field in FIELDS:
        parts += [f"### {field}\n", label.format("Strategisches Ziel"), "\n" + told(f"{field}stadt")]
        parts += ["\n" + label.format("Ansätze") + "\n", f"* Der Kreis baut in {field}dorf aus, was fehlt.\n"]
    return "\n".join([*parts, "\n## Schluss\n", told("Zehausen")])


def inside(document: ParsedDocument) -> list[Item]:
    """What stands under something."""
    return [item for item in document.items if item.parent is not None]


def by_key(document: ParsedDocument, key: str) -> str:
    """The ref of an item."""
    return next(item.ref for item in document.items if item.key == key)


@pytest.mark.parametrize("label", ["**{}**", "#### {}"])
def test_marked_headings_hold_those_below_them_and_labels_are_called_by_them(tmp_path: Path, label: str) -> None:
    document = read_text(tmp_path, markdown(label), name="plan.md")
    labels = ("Strategisches Ziel", "Ansätze")
    below = [(one, of, f"{of}: {one}") for of in FIELDS for one in labels]
    fields = [(of, "Felder", of) for of in FIELDS]
    assert sorted(
        (item.ref, item.parent and by_key(document, item.parent), item.title) for item in inside(document)
    ) == (sorted([*fields, *below]))
    others = [(item.ref, item.parent) for item in document.items if item.title not in {title for *_, title in below}]
    assert others[:3] == [("Titel", None), ("Einleitung", None), ("Felder", None)] and others[-1] == ("Schluss", None)


def test_a_topic_under_few_of_many_chapters_is_no_label(tmp_path: Path) -> None:
    chapters = [f"{n}.{m} Feld {n}{m}\n\n{told(f'Ort{n}{m}')}\n" for n in range(1, 8) for m in (1, 2)]
    for place in (1, 5, 9):
        chapters[place] += f"\n**Bürgerbeteiligung**\n\n{told(f'Dorf{place}')}\n"
    document = read_text(tmp_path, "\n".join(["# Plan des Kreises", *chapters]), name="plan.md")
    assert [item.ref for item in document.items].count("Bürgerbeteiligung") == 3


def test_indicators_are_numbered_by_letters(tmp_path: Path) -> None:
    sheets = [
        f"{number} Kennzahl {number}\n\n**Definition:**\n\n{told(f'Ort{number[0]}')}\n\n**Region**\n\n{told('Land')}\n"
        for number in ("1.1.a", "1.1.b", "2.1.a", "2.1.b", "3.2.a")
    ]
    document = read_text(tmp_path, "\n".join(["# Kennzahlen des Kreises", *sheets]), name="plan.md")
    refs = [item.ref for item in document.items if item.parent is None and item.ref != "Titel"]
    assert refs == ["1.1.a", "1.1.b", "2.1.a", "2.1.b", "3.2.a"]
    assert by_ref(document)["2.1.b"].title == "Kennzahl 2.1.b"


def test_a_bookmark_makes_the_line_that_it_names_a_heading() -> None:
    def page(number: int, title: str) -> Draw:
        def draw(canvas: Canvas) -> None:
            canvas.bookmarkPage(str(number))
            if number:
                canvas.addOutlineEntry(title, str(number), level=0)
            rows = told(f"Ort{number}").split("\n")
            at((72, 760, title, 11), *((72, 716 - 14 * row, text, 11) for row, text in enumerate(rows)))(canvas)

        return draw

    titles = enumerate(("Plan des Kreises", "wege und brücken", "Schulen", "Bäder"))
    document = read_bytes(pdf(*(page(*one) for one in titles)))
    assert {"wege und brücken", "Schulen", "Bäder"} <= {item.ref for item in document.items}
    assert "Ort2" in by_ref(document)["Schulen"].body


def test_the_name_of_a_picture_ends_no_chapter_though_the_contents_list_it(tmp_path: Path) -> None:
    fields = [(f"{n}.{m} Feld {n}{m}", told(f"Ort{n}{m}")) for n in (1, 2, 3) for m in (1, 2)]
    picture = "Abbildung 12: Wege nach Gemeinden"
    listed = [f"{title} {'.' * (70 - len(title))} 3" for title in (*(title for title, _ in fields), picture)]
    chapters = [f"{title}\n{text}\n" for title, text in fields]
    chapters[2] += f"\n{picture}\n{told('Bildhausen')}\n"
    document = read_text(tmp_path, "\n".join(["Plan des Kreises\n\nInhaltsverzeichnis", *listed, "", *chapters]))
    assert "Bildhausen" in by_ref(document)["2.1"].body


def test_headings_right_under_a_heading_that_says_fields_are_themes(tmp_path: Path) -> None:
    document = read_text(tmp_path, markdown().replace("## Felder", "## Strategische Handlungsfelder"), name="plan.md")
    assert [item.ref for item in document.items if item.kind is ItemKind.THEME] == list(FIELDS)
    alone = markdown().split("### Service")[0].replace("## Felder", "## Handlungsfelder") + "\n## Schluss\n" + told("X")
    assert not [item for item in read_text(tmp_path, alone, name="plan.md").items if item.kind is ItemKind.THEME]
