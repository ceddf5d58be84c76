"""Headings without numbers stand in one another as the file says, and headings that repeat are labels."""

from __future__ import annotations

from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from tests.ingest.papers import Draw, at, by_ref, pdf, read_bytes, read_text
from tests.ingest.test_sections import told
from vectorstore.records import Item, ItemKind, ParsedDocument

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
