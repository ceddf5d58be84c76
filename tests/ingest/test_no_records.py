"""Titles of records that are sure, where they begin."""

from __future__ import annotations

from ingest.readers.rule_reader import make_family_reader
from ingest.stream import Layout, Line, Style
from tests.ingest.papers import PROSE

TITLE = Style(size=14, bold=True)
TEXT = Style(size=10)
WAYS = ("Radwege bauen", "Busse fahren", "Moore nässen", "Hecken pflanzen", "Dächer nutzen")


def sure(lines: list[Line]) -> list[str]:
    """Return the titles of the records that are sure."""
    order = make_family_reader(Layout(tuple(lines))).order
    return [title.text for family in order.find_sure(()) for title in family.proposal.titles]


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
    assert sure(lines) == [
        f"Gemeinsam mit Orten {way.split()[0]} und überall {way}" for way in WAYS
    ]
