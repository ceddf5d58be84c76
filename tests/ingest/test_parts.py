"""A record has one place: its row, the heading of its name and the labelled parts below that are one."""

from __future__ import annotations

from pathlib import Path

from tests.ingest.papers import PROSE, read_text
from vectorstore.records import ItemKind, ParsedDocument

TITLES = ("Jobticket für alle", "Radwege im Norden", "Dächer mit Solarstrom", "Mehrweg auf Festen")
UNITS = ("Amt für Mobilität", "Tiefbauamt", "Amt für Gebäude", "Ordnungsamt")


def _paper(folder: Path) -> ParsedDocument:
    rows = "\n".join(f"| {n} | {title} | {UNITS[n - 1]} |" for n, title in enumerate(TITLES, 1))
    table = f"## Übersicht\n\n| Nr. | Maßnahme | Zuständig |\n|---|---|---|\n{rows}\n\n"
    sheets = "\n\n".join(
        f"## {title}\n\n{PROSE}\n\n### Laufzeit\n\n2026 bis 203{n}\n\n### Besonderes\n\nBesonders ist {title}."
        for n, title in enumerate(TITLES, 1)
    )
    return read_text(folder, f"# Maßnahmenkatalog\n\n{PROSE}\n\n{table}{sheets}\n", name="katalog.md")


def test_a_row_and_the_heading_of_its_name_are_one_record_with_its_parts_as_fields(tmp_path: Path) -> None:
    document = _paper(tmp_path)
    records = [item for item in document.items if item.kind is ItemKind.MEASURE]
    assert [(one.ref, one.key, one.title, one.responsible) for one in records] == [
        (f"{n}", f"{n}", title, (unit,)) for n, (title, unit) in enumerate(zip(TITLES, UNITS, strict=True), 1)
    ]
    assert [one.period for one in records] == [f"2026 bis 203{n}" for n in range(1, 5)]
    assert all(PROSE in one.body and f"Besonders ist {one.title}." in one.body for one in records)
    text = document.document.text
    for one in records:
        assert {"Laufzeit", "Besonderes"} <= {field.label for field in one.fields}
        assert all(text[field.start :].startswith(field.text) for field in one.fields if field.start >= 0)


def test_parts_of_records_are_no_sections_and_no_letter_is_lost(tmp_path: Path) -> None:
    document = _paper(tmp_path)
    keys = {item.key for item in document.items}
    assert not [one for one in document.items if one.title.endswith(("Laufzeit", "Besonderes"))]
    assert {chunk.key for chunk in document.chunks} <= keys
    assert document.document.coverage is not None and document.document.coverage.lost == 0
    assert {one.parent for one in document.items} - {None} <= keys
