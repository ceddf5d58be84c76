"""What looks like records and is none: page feet, lists, cross references, repeated heads."""

from __future__ import annotations

import pytest

from ingest.readers.rule_reader import make_family_reader
from ingest.stream import Layout, Line, Style
from tests.ingest.papers import PROSE, RECORDS, read_text
from vectorstore.records import ParsedDocument

TITLE = Style(size=14, bold=True)
TEXT = Style(size=10)
WAYS = ("Radwege bauen", "Busse fahren", "Moore nässen", "Hecken pflanzen", "Dächer nutzen")


def titles(parsed: ParsedDocument) -> list[str]:
    return [item.title for item in parsed.items if item.kind in RECORDS]


def sure(lines: list[Line]) -> list[tuple[str, str]]:
    """Return number and title of the records that are sure."""
    order = make_family_reader(Layout(tuple(lines))).order
    heads = []
    for family in order.find_sure(()):
        proposal = family.proposal
        heads += [
            (head.printed_ref, title.text)
            for head, title in zip(proposal.heads, proposal.titles, strict=True)
        ]
    return heads


def sheet(number: str, *title: str) -> list[Line]:
    """Return a sheet with its number above its title of several lines."""
    first, *more = title
    return [
        Line(number, style=TITLE, region=2),
        Line(first, style=TITLE, region=1),
        *(Line(text, style=TITLE, region=1, opens=False) for text in more),
        Line("Zuständig: Amt für Wege", style=TEXT),
        Line(PROSE * 2, style=TEXT),
    ]


def test_a_title_begins_where_its_paragraph_does() -> None:
    lines = [Line(PROSE, style=TEXT)] * 4
    for number, way in enumerate(WAYS, 1):
        lines += sheet(f"M {number}", f"Gemeinsam mit Orten {way.split()[0]}", f"und überall {way}")
    assert [title for _, title in sure(lines)] == [
        f"Gemeinsam mit Orten {way.split()[0]} und überall {way}" for way in WAYS
    ]


def test_lines_that_only_list_numbers_are_no_records() -> None:
    listed = "\n\n".join(f"P{number} {way} wie früher" for number, way in enumerate(WAYS, 1))
    sheets = "\n\n".join(
        f"M{number} {way}\n\nZuständig: Amt {number}\n\n{PROSE}"
        for number, way in enumerate(WAYS, 1)
    )
    found = titles(read_text(f"Plan\n\n{PROSE}\n\n{listed}\n\n{PROSE}\n\n{sheets}\n"))
    assert not [title for title in found if "früher" in title and not title.startswith("Dächer")]
    assert set(WAYS) <= set(found)


@pytest.mark.parametrize("above", ["", "Maßnahmen", "Projektsteckbriefe"])
def test_numbered_texts_are_records_only_where_a_word_says_so(above: str) -> None:
    heading = f"## {above}\n\n" if above else ""
    points = (f"### TOP {number} {way}\n\n{PROSE}" for number, way in enumerate(WAYS, 1))
    parsed = read_text(f"# Sitzung\n\n{PROSE}\n\n{heading}" + "\n\n".join(points), "a.md")
    assert titles(parsed) == (list(WAYS) if above else [])
    assert bool(parsed.document.proposed) is not bool(above)


def test_first_numbers_of_several_letters_are_no_series() -> None:
    codes = zip(("O", "PH", "KG", "VK", "EV"), WAYS, strict=True)
    text = "\n\n".join(f"{code} 1 {way}\n\n{PROSE}" for code, way in codes)
    assert titles(read_text(f"Plan\n\n{PROSE}\n\n{text}\n")) == []


def test_page_feet_are_no_projects() -> None:
    feet = "".join(f"{PROSE}\n\n{page}. Plan für morgen\n\n" for page in range(18, 24, 2))
    text = f"# Plan\n\n## Leuchtturmprojekte\n\n{feet}"
    assert titles(read_text(text, name="plan.md")) == []


def test_a_head_that_comes_again_is_no_row() -> None:
    heads = "| Nr. | Maßnahme | Zuständig |\n"
    rows = [f"| {number} | {way} | Amt {number} |\n" for number, way in enumerate(WAYS, 1)]
    table = f"{heads}|---|---|---|\n{''.join(rows[:3])}{heads}{''.join(rows[3:])}"
    assert titles(read_text(f"# Plan\n\n{PROSE}\n\n{table}", name="plan.md")) == list(WAYS)


@pytest.mark.parametrize("office", ["Amt", "Fachbereich", "Dezernat"])
def test_the_number_of_an_office_is_none_of_a_record(office: str) -> None:
    text = "\n\n".join(f"{office} {number} {way}\n\n{PROSE}" for number, way in enumerate(WAYS, 1))
    assert titles(read_text(f"Plan\n\n{PROSE}\n\n{text}\n")) == []
